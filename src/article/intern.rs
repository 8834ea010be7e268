//! Stores equal lists of names only once.
//!
//! A million articles may share a thousand lists of categories. Lists are equal if they are spelled the
//! same, because the spelling of the oldest article is the one shown.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex};

use super::Article;
use crate::generator::Author;
use crate::lock::lock;
use crate::name::Name;

type Categories = Arc<[Box<[Name]>]>;

/// The lists found so far, by their text. Readers on several threads share them.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    categories: InternedLists<Box<[Name]>>,
    tags: InternedLists<Name>,
    authors: InternedLists<Author>,
}

type InternedLists<T> = Mutex<HashMap<String, Arc<[T]>>>;

impl Interner {
    /// Replaces the lists of an article by equal ones found earlier.
    pub(crate) fn share(&self, article: &mut Article) {
        one(&self.categories, of_categories(&article.categories), &mut article.categories);
        one(&self.tags, of_tags(&article.tags), &mut article.tags);
        one(&self.authors, of_authors(&article.authors), &mut article.authors);
    }
}

fn one<K: Hash + Eq, T>(known: &Mutex<HashMap<K, Arc<[T]>>>, written: K, list: &mut Arc<[T]>) {
    // The map is valid after every statement, so a panic in another thread does no harm.
    let mut known = lock(known);
    *list = Arc::clone(known.entry(written).or_insert_with(|| Arc::clone(list)));
}

/// Returns a list as text. Control characters, which no name contains, separate names and end groups.
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
            // `None` differs from an empty text.
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
    use crate::article::{Outcome, ParseOptions, Source, parse_front_matter};
    use crate::content_path::ContentPath;

    fn article(front: &str) -> Article {
        let options = ParseOptions::new(crate::generator::plain::PLAIN);
        let text = format!("---\ntitle: x\n{front}---\n");
        let source = Source { place: &ContentPath::new("a.md"), bytes: text.as_bytes(), modified: None };
        match parse_front_matter(&source, &options).outcome {
            Outcome::Article(article) => Article::clone(&article),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn lists_with_equal_spelling_are_stored_once() {
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
        assert_eq!(
            (&other.categories, &other.tags),
            (&one.categories, &one.tags),
            "both must name the same categories and tags"
        );
        assert_eq!(&**other.categories[0][1].spelled(), "b");
        assert_eq!(&**other.tags[0].spelled(), "T");
        assert_eq!(other.authors[0].email.as_deref(), Some("b@example.org"));
        let apart = shared("categories: [[a], [B]]\n");
        assert_eq!((apart.categories.len(), apart.authors.len()), (2, 0));
    }
}
