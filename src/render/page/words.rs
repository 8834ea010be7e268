//! The texts of the pages in all languages. Each language has one data file, which contains every text once.
//!
//! This file selects the language of a site's pages and fills numbers, names and dates into the texts.

use std::borrow::Cow;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike as _, Utc};
use serde::Deserialize;

use super::direction;
use crate::feed::{Kind, Language, Masthead};
use crate::text::push;
use plural::Plural;

mod plural;
#[cfg(test)]
mod tests;

/// A name as a heading and in the navigation, for example `Series` for a taxonomy `series`.
fn capitalised(name: &str) -> String {
    let mut rest = name.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// The texts in one language. `words/en.toml` explains them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    languages: Vec<String>,
    pub skip: String,
    pub breadcrumb: String,
    pub sections: String,
    pub pages: String,
    pub web_site: String,
    pub subscribe: String,
    subscribe_to: String,
    pub what_a_feed_is: String,
    this_is_a_feed: String,
    pub open_in_reader: String,
    pub web_readers: String,
    feeds: [String; 2],
    categories: [String; 2],
    tags: [String; 2],
    authors: [String; 2],
    pub articles: String,
    pub latest: String,
    page_of: String,
    pub newer: String,
    pub older: String,
    below: String,
    pub nothing_yet: String,
    pub empty_site: String,
    skipped: String,
    pub in_feeds: String,
    read_at: String,
    pub start_page: String,
    pub everything: [String; 3],
    pub not_found: [String; 2],
    pub gone: [String; 2],
    updated: String,
    thousands: String,
    thousands_from: usize,
    plural: Plural,
    some_feeds: Vec<String>,
    some_articles: Vec<String>,
    date: String,
    first: String,
    months: Vec<String>,
}

/// The files of all languages. Special cases follow general ones, because the last match wins, both here and in the
/// style sheet.
const FILES: [&str; 13] = [
    include_str!("words/en.toml"),
    include_str!("words/ar.toml"),
    include_str!("words/fr.toml"),
    include_str!("words/de.toml"),
    include_str!("words/it.toml"),
    include_str!("words/ja.toml"),
    include_str!("words/ko.toml"),
    include_str!("words/pt.toml"),
    include_str!("words/pt-PT.toml"),
    include_str!("words/ru.toml"),
    include_str!("words/zh.toml"),
    include_str!("words/es.toml"),
    include_str!("words/zh-Hant.toml"),
];

/// Parsed when the first page is rendered.
static ALL: LazyLock<Vec<Words>> =
    LazyLock::new(|| FILES.into_iter().map(|file| toml::from_str(file).expect("a test parses it")).collect());

/// Returns the CSS rules that explain a feed in its own language, in English by default.
pub(super) fn explain_feeds() -> String {
    let mut rules = String::new();
    for words in &*ALL {
        let languages: Vec<_> = words.languages.iter().map(|language| format!(":lang({language})")).collect();
        let only = if words.is_default() { String::new() } else { format!(":is({})", languages.join(",")) };
        push!(rules, ":is(rss,feed){only}::before{{content:\"{}\"}}\n", words.this_is_a_feed);
    }
    rules
}

impl Words {
    /// Returns the texts for a site in `language`, English if there is no translation.
    pub(crate) fn of(language: &Language) -> &'static Self {
        ALL.iter().rfind(|words| words.speaks(language.as_str())).unwrap_or(&ALL[0])
    }

    fn speaks(&self, tag: &str) -> bool {
        let within = |range: &String| {
            tag.strip_prefix(range.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        self.languages.iter().any(within)
    }

    fn is_default(&self) -> bool {
        self.languages == ALL[0].languages
    }

    /// Returns the name of all feeds of a kind, and the text of the link to them.
    fn kinds<'a>(&'a self, kind: &'a Kind) -> [Cow<'a, str>; 2] {
        let texts = match kind {
            Kind::Site => return [&self.articles, &self.start_page].map(|text| text.as_str().into()),
            Kind::Category => &self.categories,
            Kind::Tag => &self.tags,
            Kind::Author => &self.authors,
            Kind::Taxonomy(name) => return [name, name].map(|name| capitalised(name).into()),
            Kind::Feed => &self.feeds,
        };
        texts.each_ref().map(|text| text.as_str().into())
    }

    /// Returns the name of all feeds of a kind.
    pub(crate) fn kind<'a>(&'a self, kind: &'a Kind) -> Cow<'a, str> {
        let [kind, _] = self.kinds(kind);
        kind
    }

    /// Returns the text of the link to all feeds of a kind.
    pub(crate) fn all<'a>(&'a self, kind: &'a Kind) -> Cow<'a, str> {
        let [_, all] = self.kinds(kind);
        all
    }

    /// Returns a number with its noun in the right form.
    fn some(&self, forms: &[String], n: usize) -> String {
        forms.get(self.plural.form(n)).map_or("{}", String::as_str).replace("{}", &self.number(n))
    }

    /// Returns a number of articles, for example "3 articles".
    pub(crate) fn count(&self, articles: usize) -> String {
        self.some(&self.some_articles, articles)
    }

    /// Returns a number of feeds, for example "3 feeds".
    pub(crate) fn feed_count(&self, feeds: usize) -> String {
        self.some(&self.some_feeds, feeds)
    }

    /// Returns the number of a page of a list, for example "Page 3 of 12".
    pub(crate) fn page_of(&self, number: usize, of: usize) -> String {
        self.page_of.replacen("{}", &self.number(number), 1).replacen("{}", &self.number(of), 1)
    }

    /// Returns how many files were skipped.
    pub(crate) fn skipped(&self, files: usize) -> String {
        self.skipped.replace("{}", &self.number(files))
    }

    /// Formats a number with separators between groups of three digits.
    pub(crate) fn number(&self, n: usize) -> String {
        let digits = n.to_string();
        if n < self.thousands_from {
            return digits;
        }
        let mut grouped = String::with_capacity(digits.len() + 4);
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push_str(&self.thousands);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// Returns the language of these texts if it differs from the site's, because a screen reader must know
    /// it (WCAG 2.2, 3.1.2).
    pub(crate) fn foreign(&self, masthead: &Masthead) -> Option<&str> {
        let language = self.languages[0].as_str();
        let same = |tag: &str| tag.split('-').next() == language.split('-').next();
        (!same(masthead.language.as_str())).then_some(language)
    }

    /// Returns the direction of these texts if it differs from the site's.
    pub(crate) fn direction(&self, masthead: &Masthead) -> Option<&'static str> {
        self.foreign(masthead).and(direction(&masthead.language)).map(|_| "ltr")
    }

    /// Returns the label of the subscription link of one feed among many.
    pub(crate) fn subscribe_to(&self, title: &str) -> String {
        self.subscribe_to.replace("{}", title)
    }

    /// Returns the label of the control that unfolds the subcategories.
    pub(crate) fn below(&self, title: &str) -> String {
        self.below.replace("{}", title)
    }

    /// Returns the text of the link to an article on its own site.
    pub(crate) fn read_at(&self, host: &str) -> String {
        self.read_at.replace("{}", host)
    }

    /// Formats an instant as a date in the site's time zone. An author in Shanghai who wrote `2026-01-01`
    /// did not mean the last day of December.
    pub(crate) fn date(&self, masthead: &Masthead, instant: DateTime<Utc>) -> String {
        let date = masthead.time_zone.local(instant).date();
        let day = if date.day() == 1 { self.first.clone() } else { date.day().to_string() };
        let month = match self.months.get(date.month0() as usize) {
            Some(name) => name.clone(),
            None => date.month().to_string(),
        };
        self.date.replace("{day}", &day).replace("{month}", &month).replace("{year}", &date.year().to_string())
    }

    /// Returns the text that gives the date of the last update.
    pub(crate) fn updated(&self, masthead: &Masthead, instant: DateTime<Utc>) -> String {
        self.updated.replace("{}", &self.date(masthead, instant))
    }
}
