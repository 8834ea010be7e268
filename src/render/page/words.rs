//! The texts of the pages, in the languages they are written in: one table, a
//! file for each language, in which every text stands once.
//!
//! Knows which language a site's pages speak; where a text stands is the
//! templates' business.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike as _, Utc};

use super::direction;
use crate::feed::{Kind, Language, Masthead};

mod arabic;
mod english;
mod european_portuguese;
mod french;
mod german;
mod italian;
mod japanese;
mod korean;
mod plural;
mod portuguese;
mod russian;
mod simplified_chinese;
mod spanish;
#[cfg(test)]
mod tests;
mod traditional_chinese;

/// The texts in one language. Where a text holds `{}`, a number or a name
/// stands there; nothing else in it is one.
pub(super) struct Words {
    /// Whom they are for, as ranges (RFC 4647); the first is what they are
    /// written in.
    languages: &'static [&'static str],
    pub skip: &'static str,
    pub breadcrumb: &'static str,
    pub web_site: &'static str,
    pub subscribe: &'static str,
    /// Holds `subscribe` as well: whoever speaks to the page says what is seen.
    subscribe_to: &'static str,
    pub what_a_feed_is: &'static str,
    /// Above a feed that is opened in a browser.
    this_is_a_feed: &'static str,
    pub open_in_reader: &'static str,
    /// What the feeds of a kind are called, and the way to all of them.
    feeds: [&'static str; 2],
    categories: [&'static str; 2],
    tags: [&'static str; 2],
    authors: [&'static str; 2],
    pub articles: &'static str,
    below: &'static str,
    pub nothing_yet: &'static str,
    pub in_feeds: &'static str,
    read_at: &'static str,
    pub start_page: &'static str,
    /// All feeds at once: the heading, the explanation, the link to the file.
    pub everything: [&'static str; 3],
    pub not_found: [&'static str; 2],
    pub gone: [&'static str; 2],
    updated: &'static str,
    newest_of: &'static str,
    /// Which of the forms below goes with a number.
    plural: fn(usize) -> usize,
    some_feeds: &'static [&'static str],
    some_articles: &'static [&'static str],
    /// A date of `{day}`, `{month}` and `{year}`.
    date: &'static str,
    /// How the first of a month is written.
    first: &'static str,
    /// The months by name, or none where they are numbers.
    months: &'static [&'static str],
}

/// The table. What is for few stands after what is for many: the last that
/// fits is taken, here as in the style sheet.
const ALL: [&Words; 13] = [
    &english::WORDS,
    &arabic::WORDS,
    &french::WORDS,
    &german::WORDS,
    &italian::WORDS,
    &japanese::WORDS,
    &korean::WORDS,
    &portuguese::WORDS,
    &european_portuguese::WORDS,
    &russian::WORDS,
    &simplified_chinese::WORDS,
    &spanish::WORDS,
    &traditional_chinese::WORDS,
];

/// The rules of the style sheet that explain a feed in its own language,
/// English where there is no other.
pub(super) fn explain_feeds() -> String {
    let mut rules = String::new();
    for words in ALL {
        let languages: Vec<_> = words.languages.iter().map(|language| format!(":lang({language})")).collect();
        let only = if words.is_default() { String::new() } else { format!(":is({})", languages.join(",")) };
        // Writing to a String cannot fail.
        let _ = writeln!(rules, ":is(rss,feed){only}::before{{content:\"{}\"}}", words.this_is_a_feed);
    }
    rules
}

impl Words {
    /// The texts of a site in `language`, English where there are none in it.
    pub fn of(language: &Language) -> &'static Self {
        ALL.into_iter().rfind(|words| words.speaks(language.as_str())).unwrap_or(ALL[0])
    }

    fn speaks(&self, tag: &str) -> bool {
        let within =
            |range: &&str| tag.strip_prefix(*range).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        self.languages.iter().any(within)
    }

    fn is_default(&self) -> bool {
        self.languages == ALL[0].languages
    }

    /// What all feeds of a kind are called together, and the way to them.
    fn kinds(&self, kind: Kind) -> [&'static str; 2] {
        match kind {
            Kind::Site => [self.articles, self.start_page],
            Kind::Category => self.categories,
            Kind::Tag => self.tags,
            Kind::Author => self.authors,
            Kind::Feed => self.feeds,
        }
    }

    /// What all feeds of a kind are called together.
    pub fn kind(&self, kind: Kind) -> &'static str {
        self.kinds(kind)[0]
    }

    /// The invitation to all feeds of a kind.
    pub fn all(&self, kind: Kind) -> &'static str {
        self.kinds(kind)[1]
    }

    /// So many of something, in the form that goes with the number.
    fn some(&self, forms: &[&str], n: usize) -> String {
        forms.get((self.plural)(n)).copied().unwrap_or("{}").replace("{}", &n.to_string())
    }

    /// So many articles.
    pub fn count(&self, articles: usize) -> String {
        self.some(self.some_articles, articles)
    }

    /// So many feeds.
    pub fn feed_count(&self, feeds: usize) -> String {
        self.some(self.some_feeds, feeds)
    }

    /// How many of its articles a feed shows.
    pub fn shown(&self, shown: usize, of: usize) -> String {
        if shown >= of {
            return self.count(of);
        }
        self.newest_of.replacen("{}", &shown.to_string(), 1).replacen("{}", &of.to_string(), 1)
    }

    /// The language of these texts, where the site around them speaks another:
    /// a voice that reads them out must know (WCAG 2.2, 3.1.2).
    pub fn foreign(&self, masthead: &Masthead) -> Option<&'static str> {
        let language = self.languages[0];
        let same = |tag: &str| tag.split('-').next() == language.split('-').next();
        (!same(masthead.language.as_str())).then_some(language)
    }

    /// The direction of these texts, where the site around them has another.
    pub fn direction(&self, masthead: &Masthead) -> Option<&'static str> {
        self.foreign(masthead).and(direction(&masthead.language)).map(|_| "ltr")
    }

    /// The invitation to one feed among many.
    pub fn subscribe_to(&self, title: &str) -> String {
        self.subscribe_to.replace("{}", title)
    }

    /// What unfolds the categories below one.
    pub fn below(&self, title: &str) -> String {
        self.below.replace("{}", title)
    }

    /// The invitation to read an article where it lives.
    pub fn read_at(&self, host: &str) -> String {
        self.read_at.replace("{}", host)
    }

    /// An instant as its date where the site is at home: who wrote `2026-01-01`
    /// in Shanghai did not mean the last day of December.
    pub fn date(&self, masthead: &Masthead, instant: DateTime<Utc>) -> String {
        let date = instant.with_timezone(&masthead.time_zone).date_naive();
        let day = if date.day() == 1 { self.first.to_owned() } else { date.day().to_string() };
        let month = match self.months.get(date.month0() as usize) {
            Some(&name) => name.to_owned(),
            None => date.month().to_string(),
        };
        self.date.replace("{day}", &day).replace("{month}", &month).replace("{year}", &date.year().to_string())
    }

    /// That something was edited on a date.
    pub fn updated(&self, masthead: &Masthead, instant: DateTime<Utc>) -> String {
        self.updated.replace("{}", &self.date(masthead, instant))
    }
}
