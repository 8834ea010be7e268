//! What a site's other files say of how its articles are read: languages, what sections hand down, which keys hold
//! dates, and who is meant by a short name.
//!
//! Knows the shapes of these files (Hugo's and Zola's configuration, `_data/authors.yml`, `authors.yml`). Does not know
//! where they are.

use super::Author;
use super::cascade::Cascade;
use super::category;
use super::languages::Languages;
use crate::name::Name;
use crate::syntax::front_matter::{Fields, Value};

/// All of it; empty where nothing is said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SiteContext {
    /// In which languages.
    pub languages: Languages,
    /// What sections hand down.
    pub cascade: Cascade,
    /// Which keys hold dates, where a site has an order of its own.
    pub dates: Option<DateOrder>,
    /// Who is meant by a short name.
    pub people: People,
    /// Which keys file articles, where others than usual do.
    pub filing: Filing,
    /// Tags whose articles are encrypted on the site, as Hexo's `encrypt.tags` names them.
    pub locked_tags: Vec<Name>,
}

/// The keys by which articles are filed: Hugo's `[taxonomies]` may name others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filing {
    /// Instead of `categories`.
    pub categories: Option<String>,
    /// Instead of `tags`.
    pub tags: Option<String>,
}

impl Filing {
    /// What a table from singular to plural says, the plural being the key.
    pub fn parse(taxonomies: Option<&Value>) -> Self {
        let Some(Value::Map(taxonomies)) = taxonomies else {
            return Self::default();
        };
        let other = |singular: &str, usual: &str| {
            let plural = taxonomies.get(singular)?.as_text()?.trim();
            (!plural.is_empty() && !plural.eq_ignore_ascii_case(usual)).then(|| plural.to_owned())
        };
        Self { categories: other("category", "categories"), tags: other("tag", "tags") }
    }

    /// What is filed by which key, in a line.
    pub fn told(&self) -> Option<String> {
        let told = |of: &str, key: &Option<String>| key.as_ref().map(|key| format!("{of} by `{key}`"));
        let told: Vec<String> =
            [told("categories", &self.categories), told("tags", &self.tags)].into_iter().flatten().collect();
        (!told.is_empty()).then(|| told.join(", "))
    }
}

/// Where a date may stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateSource {
    /// In a key of the front matter.
    Key(String),
    /// In the name of the file.
    FileName,
}

/// Where the dates of an article stand, each first match counting: Hugo's `[frontmatter]`. What the file system or a
/// repository says of files (`:fileModTime`, `:git`) is left out: the same files are to make the same feeds anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateOrder {
    /// All that are set, each by itself.
    lists: Vec<Vec<DateSource>>,
    /// Of publication.
    pub published: Vec<DateSource>,
    /// Of the last edit.
    pub updated: Vec<DateSource>,
    /// Of the end.
    pub expires: Vec<DateSource>,
}

impl DateOrder {
    /// The order that a configuration's `frontmatter` sets; none where it sets none.
    pub fn parse(value: Option<&Value>) -> Option<Self> {
        let Some(Value::Map(set)) = value else {
            return None;
        };
        let date = sources(set, "date", &["date", "publishdate", "lastmod"]);
        let published = sources(set, "publishdate", &["publishdate", "date"]);
        let updated = sources(set, "lastmod", &["lastmod", "date", "publishdate"]);
        let expires = sources(set, "expirydate", &["expirydate"]);
        Some(Self {
            lists: vec![date.clone(), published.clone(), updated.clone(), expires.clone()],
            // An article that has a date only is none without.
            published: [published, date].concat(),
            updated,
            expires,
        })
    }

    /// Whether an article of these fields has its date by the name of its file, if that has one: what is left of the
    /// name is then its slug.
    pub fn is_by_name(&self, fields: &Fields) -> bool {
        let has = |source: &&DateSource| match source {
            DateSource::Key(key) => fields.get(key).is_some_and(|value| !value.is_blank()),
            DateSource::FileName => true,
        };
        self.lists.iter().any(|list| list.iter().find(has) == Some(&DateSource::FileName))
    }
}

fn sources(set: &Fields, key: &str, usual: &[&str]) -> Vec<DateSource> {
    let written: Vec<&str> =
        set.get(key).map_or_else(Vec::new, |value| value.elements().iter().filter_map(Value::as_text).collect());
    let written = if written.is_empty() { vec![":default"] } else { written };
    let mut sources = Vec::new();
    for word in written {
        match word.to_ascii_lowercase().as_str() {
            ":filename" => sources.push(DateSource::FileName),
            ":default" => sources.extend(usual.iter().flat_map(|key| with_aliases(key))),
            word if word.starts_with(':') => {}
            word => sources.extend(with_aliases(word)),
        }
    }
    sources
}

/// A key and those that Hugo takes for the same.
fn with_aliases(key: &str) -> Vec<DateSource> {
    let aliases: &[&str] = match key {
        "publishdate" => &["pubdate", "published"],
        "lastmod" => &["modified"],
        "expirydate" => &["unpublishdate"],
        _ => &[],
    };
    std::iter::once(key).chain(aliases.iter().copied()).map(|key| DateSource::Key(key.to_owned())).collect()
}

/// Who is meant by a short name: `_data/authors.yml` (Jekyll), `authors.yml` (Docusaurus).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct People(Vec<(String, Author)>);

impl People {
    /// The people of a file, a table of tables; what names nobody is left out.
    pub fn parse(fields: &Fields) -> Self {
        let person = |(key, value): &(String, Value)| {
            let Value::Map(_) = value else {
                return None;
            };
            let known = Fields(vec![("author".to_owned(), value.clone())]);
            Some((key.trim().to_owned(), category::authors(&known, &Self::default()).first()?.clone()))
        };
        Self(fields.0.iter().filter_map(person).collect())
    }

    /// Who a short name stands for.
    pub fn named(&self, key: &str) -> Option<&Author> {
        self.0.iter().find(|(known, _)| known == key.trim()).map(|(_, author)| author)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::front_matter;

    fn fields(yaml: &str) -> Fields {
        front_matter::parse(&format!("---\n{yaml}\n---\n")).unwrap().fields
    }

    #[test]
    fn an_order_of_dates_has_hugos_words_and_aliases() {
        let order = |yaml: &str| DateOrder::parse(fields(yaml).get("frontmatter"));
        let of = |sources: Vec<DateSource>| {
            let word = |source| match source {
                DateSource::Key(key) => key,
                DateSource::FileName => "NAME".to_owned(),
            };
            sources.into_iter().map(word).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(order("title: x"), None);
        let set = order("frontmatter: {date: [':filename', ':default'], lastmod: [lastmod, ':fileModTime', ':git']}")
            .unwrap();
        let date = "NAME date publishdate pubdate published lastmod modified";
        assert_eq!(of(set.published.clone()), format!("publishdate pubdate published date {date}"));
        assert_eq!(of(set.updated.clone()), "lastmod modified");
        assert_eq!(of(set.expires.clone()), "expirydate unpublishdate");
        assert!(set.is_by_name(&fields("date: 2020-01-01")));
        let set = order("frontmatter: {publishDate: [myDate, date], date: myDate}").unwrap();
        assert_eq!(of(set.published.clone()), "mydate date mydate");
        assert!(!set.is_by_name(&fields("title: x")));
        let set = order("frontmatter: {date: [date, ':filename']}").unwrap();
        assert!(set.is_by_name(&fields("date:")) && !set.is_by_name(&fields("date: 2020-01-01")));
    }

    #[test]
    fn people_are_known_by_short_names() {
        let people = People::parse(&fields("ann: {name: Ann Lee, email: ann@example.org}\nbob: {title: Author}\nx: y"));
        assert_eq!(people.named("ann").unwrap().name.to_string(), "Ann Lee");
        assert_eq!(people.named("ann").unwrap().email.as_deref(), Some("ann@example.org"));
        assert_eq!(people.named("x"), None);
    }
}
