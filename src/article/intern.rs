//! Equal lists of names stand once in memory.
//!
//! A million articles have a thousand lists of categories. Equal is what is
//! spelled alike: two spellings of one name are two lists, since the oldest
//! article's spelling counts. Knows articles, and no library.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Article, Author};
use crate::name::Name;

type Categories = Arc<[Box<[Name]>]>;

/// The lists of one reading of files, by what is written in them; readers on
/// several threads share it.
#[derive(Debug, Default)]
pub struct Interner {
    categories: Lists<Box<[Name]>>,
    tags: Lists<Name>,
    authors: Lists<Author>,
}

type Lists<T> = Mutex<HashMap<String, Arc<[T]>>>;

impl Interner {
    /// Gives an article the lists of an earlier one where they are equal.
    pub fn share(&self, article: &mut Article) {
        one(&self.categories, of_categories(&article.categories), &mut article.categories);
        one(&self.tags, of_tags(&article.tags), &mut article.tags);
        one(&self.authors, of_authors(&article.authors), &mut article.authors);
    }
}

fn one<K: Hash + Eq, T>(known: &Mutex<HashMap<K, Arc<[T]>>>, written: K, list: &mut Arc<[T]>) {
    // What a panic elsewhere left is whole after every statement.
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    *list = Arc::clone(known.entry(written).or_insert_with(|| Arc::clone(list)));
}

/// What is written in a list, with control characters, which no name has,
/// between the names and after each group of them.
fn of_categories(categories: &Categories) -> String {
    let mut written = String::new();
    for path in categories.iter() {
        for name in path {
            push(&mut written, name.spelled());
        }
        written.push('\u{2}');
    }
    written
}

fn of_tags(tags: &[Name]) -> String {
    let mut written = String::new();
    for name in tags {
        push(&mut written, name.spelled());
    }
    written
}

fn of_authors(authors: &[Author]) -> String {
    let mut written = String::new();
    for author in authors {
        push(&mut written, author.name.spelled());
        for more in [&author.email, &author.url] {
            // None and the empty text are not the same.
            push(&mut written, more.as_deref().unwrap_or("\u{3}"));
        }
    }
    written
}

fn push(written: &mut String, text: &str) {
    written.push_str(text);
    written.push('\u{1}');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{
        Dialect, Directories, Lists as Meaning, Outcome, ParseOptions, Place, SiteContext, Source, Undated, Zones,
        parse_front_matter,
    };

    fn article(front: &str) -> Article {
        let options = ParseOptions {
            dialect: Dialect::Plain,
            lists: Meaning::Path,
            directories: Directories::Silent,
            zones: Zones::default(),
            undated: Undated::Last,
            lead_keys: Vec::new(),
            max_bytes: crate::article::MAX_BYTES,
            address_keys: Vec::new(),
            defaults: Vec::new(),
            site_context: SiteContext::default(),
        };
        let text = format!("---\ntitle: x\n{front}---\n");
        let source = Source { place: &Place::new("a.md"), bytes: text.as_bytes(), modified: None };
        match parse_front_matter(&source, &options).outcome {
            Outcome::Article(article) => Article::clone(&article),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn lists_spelled_alike_are_one_and_others_are_not() {
        let interner = Interner::default();
        let shared = |front: &str| {
            let mut article = article(front);
            let before = article.clone();
            interner.share(&mut article);
            assert_eq!(article, before);
            article
        };
        let front = "categories: [a, B]\ntags: [t]\nauthor: {name: Ann, email: a@example.org}\n";
        let (one, same) = (shared(front), shared(front));
        assert!(Arc::ptr_eq(&one.categories, &same.categories) && Arc::ptr_eq(&one.tags, &same.tags));
        assert!(Arc::ptr_eq(&one.authors, &same.authors));
        let other = shared("categories: [a, b]\ntags: [T]\nauthor: {name: Ann, email: b@example.org}\n");
        assert_eq!((&other.categories, &other.tags), (&one.categories, &one.tags), "spellings of the same names");
        assert_eq!(&**other.categories[0][1].spelled(), "b");
        assert_eq!(&**other.tags[0].spelled(), "T");
        assert_eq!(other.authors[0].email.as_deref(), Some("b@example.org"));
        let apart = shared("categories: [[a], [B]]\n");
        assert_eq!((apart.categories.len(), apart.authors.len()), (2, 0));
    }
}
