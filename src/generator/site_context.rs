//! How other files of a site affect the reading of its articles: languages, cascades, the keys of dates, and the short
//! names of authors.
//!
//! The sources are the configurations of Hugo and Zola, `_data/authors.yml` and `authors.yml`. The caller finds and
//! opens these files.

use std::sync::Arc;

use super::Author;
use super::cascade::Cascade;
use super::category;
use super::collections::Collections;
use super::defaults::Defaults;
use super::hexo::NameKeys;
use super::hugo::Sections;
use super::languages::Languages;
use super::math::MathSettings;
use crate::key::RESERVED;
use crate::name::{Name, fold, slug};
use crate::syntax::front_matter::{Fields, Value};

/// Everything that affects the reading of articles; the default for sites without such files.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SiteContext {
    pub(crate) languages: Languages,
    /// Front matter that articles have by default, by path: `defaults` of Jekyll.
    pub(crate) defaults: Vec<Defaults>,
    /// Front matter that sections pass on.
    pub(crate) cascade: Cascade,
    /// Front matter in the names of files (Hexo).
    pub(crate) name_keys: NameKeys,
    /// The sections with a page of their own (Hugo).
    pub(crate) sections: Sections,
    /// What the generator publishes although the front matter says otherwise.
    pub(crate) publishes: Publishes,
    /// The keys of dates, if the site configures them.
    pub(crate) dates: Option<DateOrder>,
    /// The authors that articles refer to by a short name.
    pub(crate) people: People,
    /// The keys of categories and tags, if the site configures them.
    pub(crate) filing: Filing,
    /// Whether `:smile:` is an emoji, by the configuration or a package of the site.
    pub(crate) has_emoji: bool,
    /// Whether the site configures `CommonMark` in place of the Markdown of its generator.
    pub(crate) is_common_mark: bool,
    /// What the site says about mathematics.
    pub(crate) math: MathSettings,
    /// Tags whose articles are encrypted on the site, from Hexo's `encrypt.tags`.
    pub(crate) locked_tags: Vec<Name>,
    /// The configuration, if bodies can refer to its values (Jekyll).
    pub(crate) variables: Fields,
    /// The directory of the sources, relative to the one with the configuration, if it is not the usual one (Hexo,
    /// Jekyll).
    pub(crate) source: Option<String>,
    /// The collections whose documents are articles (Jekyll).
    pub(crate) collections: Collections,
    /// Names that count although they begin with an underscore (Jekyll).
    pub(crate) included: Vec<String>,
}

/// Returns whether a package shows names of emoji as emoji, for example `hexo-filter-github-emojis` and `remark-gemoji`.
pub(crate) fn shows_emoji(package: &str) -> bool {
    let mut words = package.split(['-', '/']);
    let is_of_markdown = ["hexo-", "remark-", "markdown-it-"].iter().any(|part| package.contains(part));
    is_of_markdown && words.any(|word| matches!(word, "emoji" | "emojis" | "gemoji"))
}

/// Hugo's `buildDrafts` and `buildExpired`, and Hexo's `render_drafts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Publishes {
    /// Articles that say `draft: true`.
    pub drafts: bool,
    /// Articles in `_drafts`, and those that say `published: false`.
    pub unpublished: bool,
    pub expired: bool,
}

/// The keys of categories and tags, which Hugo's `[taxonomies]` can change, and further taxonomies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filing {
    /// The key that replaces `categories`.
    pub categories: Option<String>,
    /// The key that replaces `tags`.
    pub tags: Option<String>,
    /// The taxonomies other than categories, tags and authors. Every site has `series`.
    pub others: Vec<Taxonomy>,
}

/// A taxonomy other than categories, tags and authors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taxonomy {
    pub name: String,
    /// The front matter keys of its terms.
    pub keys: [String; 4],
    /// Its directory in URLs.
    pub directory: Arc<str>,
}

/// The taxonomy whose terms are the collections of Jekyll.
pub(crate) const COLLECTIONS: &str = "collections";

impl Default for Filing {
    fn default() -> Self {
        let mut filing = Self { categories: None, tags: None, others: Vec::new() };
        filing.add("series", &Languages::default());
        filing
    }
}

impl Filing {
    /// Adds a taxonomy, unless its name is that of a kind of its own or its directory is taken.
    pub(crate) fn add(&mut self, name: &str, languages: &Languages) {
        const KINDS: [&str; 6] = ["category", "categories", "tag", "tags", "author", "authors"];
        let Some(slug) = slug(name).filter(|slug| !KINDS.contains(&slug.as_str())) else {
            return;
        };
        let is_code = *slug == *languages.default || languages.others.iter().any(|other| *other.code == *slug);
        let is_reserved = RESERVED.contains(&slug.as_str()) || (languages.are_several() && is_code);
        let directory: Arc<str> = if is_reserved { format!("taxonomy-{slug}").into() } else { slug.into() };
        if self.others.iter().all(|other| other.directory != directory) {
            let name = name.trim();
            let keys = ["", "taxonomies.", "params.", "extra."].map(|table| format!("{table}{name}"));
            self.others.push(Taxonomy { name: name.to_owned(), keys, directory });
        }
    }

    /// Returns the directory of a taxonomy by its name in any spelling.
    pub(crate) fn directory(&self, name: &str) -> Option<Arc<str>> {
        if fold(name) == COLLECTIONS {
            return Some(COLLECTIONS.into());
        }
        let named = self.others.iter().find(|other| fold(&other.name) == fold(name));
        named.map(|other| Arc::clone(&other.directory)).or_else(|| slug(name).map(Into::into))
    }

    /// Returns the names of all taxonomies that have feeds of their own.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.others.iter().map(|other| other.name.as_str()).chain([COLLECTIONS])
    }

    /// Returns the name of the taxonomy with this directory.
    pub(crate) fn name<'a>(&'a self, directory: &'a str) -> &'a str {
        self.others.iter().find(|other| *other.directory == *directory).map_or(directory, |other| &other.name)
    }

    /// Parses the table of taxonomies, which maps the singular to the plural. The plural is the front matter key.
    pub(crate) fn parse(taxonomies: Option<&Value>, languages: &Languages) -> Self {
        let Some(Value::Map(taxonomies)) = taxonomies else {
            return Self::default();
        };
        let other = |singular: &str, usual: &str| {
            let plural = taxonomies.get(singular)?.as_text()?.trim();
            (!plural.is_empty() && !plural.eq_ignore_ascii_case(usual)).then(|| plural.to_owned())
        };
        let (categories, tags) = (other("category", "categories"), other("tag", "tags"));
        let mut filing = Self { categories, tags, ..Self::default() };
        let others =
            taxonomies.0.iter().filter(|(singular, _)| !matches!(singular.as_str(), "category" | "tag" | "author"));
        others.filter_map(|(_, plural)| plural.as_text()).for_each(|plural| filing.add(plural, languages));
        filing
    }

    /// Describes the changed keys in one line, which `check` prints; `None` if there are none.
    pub(crate) fn describe(&self) -> Option<String> {
        let describe = |of: &str, key: &Option<String>| key.as_ref().map(|key| format!("{of} by `{key}`"));
        let others = self.others.iter().map(|other| other.name.clone()).filter(|name| name != "series");
        let describe: Vec<String> = [describe("categories", &self.categories), describe("tags", &self.tags)]
            .into_iter()
            .flatten()
            .chain(others)
            .collect();
        (!describe.is_empty()).then(|| describe.join(", "))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DateSource {
    Key(String),
    /// The name of the file, as in `2021-08-04-title.md`.
    FileName,
}

/// Where to look for the dates of an article, from Hugo's `[frontmatter]`; the first match counts. Dates from the file
/// system or a repository (`:fileModTime`, `:git`) are skipped, because the same files must produce the same feeds on
/// every machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DateOrder {
    /// Sources of the date in permalinks.
    pub date: Vec<DateSource>,
    pub published: Vec<DateSource>,
    /// Sources of the date of the last edit.
    pub updated: Vec<DateSource>,
    pub expires: Vec<DateSource>,
}

impl DateOrder {
    /// Parses `frontmatter` of a configuration; returns `None` if it is not a table.
    pub(crate) fn parse(value: Option<&Value>) -> Option<Self> {
        let Some(Value::Map(set)) = value else {
            return None;
        };
        let date = sources(set, "date", &USUAL_DATES);
        let published = sources(set, "publishdate", &["publishdate", "date"]);
        let updated = sources(set, "lastmod", &["lastmod", "date", "publishdate"]);
        let expires = sources(set, "expirydate", &["expirydate"]);
        Some(Self {
            date: date.clone(),
            // Without `date` here, an article that has only this key would be undated.
            published: [published, date].concat(),
            updated,
            expires,
        })
    }

    /// The sources of the date in permalinks if the site configures none.
    pub(crate) fn usual() -> Vec<DateSource> {
        USUAL_DATES.iter().flat_map(|key| with_aliases(key)).collect()
    }

    /// Whether the date of an article with these fields comes from its file name. If it does, the rest of the name is
    /// the slug.
    pub(crate) fn is_by_name(&self, fields: &Fields) -> bool {
        let has = |source: &&DateSource| match source {
            DateSource::Key(key) => fields.get(key).is_some_and(|value| !value.is_blank()),
            DateSource::FileName => true,
        };
        let mut lists = [&self.date, &self.published, &self.updated, &self.expires].into_iter();
        lists.any(|list| list.iter().find(has) == Some(&DateSource::FileName))
    }
}

const USUAL_DATES: [&str; 3] = ["date", "publishdate", "lastmod"];

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

fn with_aliases(key: &str) -> Vec<DateSource> {
    let aliases: &[&str] = match key {
        "publishdate" => &["pubdate", "published"],
        "lastmod" => &["modified"],
        "expirydate" => &["unpublishdate"],
        _ => &[],
    };
    std::iter::once(key).chain(aliases.iter().copied()).map(|key| DateSource::Key(key.to_owned())).collect()
}

/// Authors by their short names, from `_data/authors.yml` (Jekyll) or `authors.yml` (Docusaurus).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct People(Vec<(String, Author)>);

impl People {
    /// Parses a table of tables; skips entries without a name.
    pub(crate) fn parse(fields: &Fields) -> Self {
        let person = |(key, value): &(String, Value)| {
            let Value::Map(_) = value else {
                return None;
            };
            let known = Fields(vec![("author".to_owned(), value.clone())]);
            Some((key.trim().to_owned(), category::authors(&known, &Self::default()).first()?.clone()))
        };
        Self(fields.0.iter().filter_map(person).collect())
    }

    pub(crate) fn named(&self, key: &str) -> Option<&Author> {
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
    fn the_order_of_dates_follows_the_words_and_aliases_of_hugo() {
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
    fn authors_are_found_by_their_short_names() {
        let people = People::parse(&fields("ann: {name: Ann Lee, email: ann@example.org}\nbob: {title: Author}\nx: y"));
        assert_eq!(people.named("ann").unwrap().name.to_string(), "Ann Lee");
        assert_eq!(people.named("ann").unwrap().email.as_deref(), Some("ann@example.org"));
        assert_eq!(people.named("x"), None);
    }
}
