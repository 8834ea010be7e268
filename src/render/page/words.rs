//! The texts of the pages in all languages. Each language has one file, which contains every text once.
//!
//! This file selects the language of a site's pages and fills numbers, names and dates into the texts.

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

/// The texts in one language. `{}` in a text is replaced by a number or a name.
pub(super) struct Words {
    /// Language ranges (RFC 4647) that these texts serve. The first one is the language of the texts.
    languages: &'static [&'static str],
    pub skip: &'static str,
    pub breadcrumb: &'static str,
    pub web_site: &'static str,
    pub subscribe: &'static str,
    /// Contains the text of `subscribe`, so that speech input users can say what they see.
    subscribe_to: &'static str,
    pub what_a_feed_is: &'static str,
    /// Shown above a feed that is opened in a browser.
    this_is_a_feed: &'static str,
    pub open_in_reader: &'static str,
    /// The name of the feeds of a kind, and the text of the link to all of them.
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
    /// All feeds at once: heading, explanation, link to the file.
    pub everything: [&'static str; 3],
    pub not_found: [&'static str; 2],
    pub gone: [&'static str; 2],
    updated: &'static str,
    newest_of: &'static str,
    /// Returns which of the forms below goes with a number.
    plural: fn(usize) -> usize,
    some_feeds: &'static [&'static str],
    some_articles: &'static [&'static str],
    /// A pattern with `{day}`, `{month}` and `{year}`.
    date: &'static str,
    /// How the first day of a month is written.
    first: &'static str,
    /// The names of the months; empty if they are written as numbers.
    months: &'static [&'static str],
}

/// All languages. Special cases follow general ones, because the last match wins, both here and in the
/// style sheet.
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

/// Returns the CSS rules that explain a feed in its own language, in English by default.
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
    /// Returns the texts for a site in `language`, English if there is no translation.
    pub(crate) fn of(language: &Language) -> &'static Self {
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

    /// Returns the name of all feeds of a kind, and the text of the link to them.
    fn kinds(&self, kind: Kind) -> [&'static str; 2] {
        match kind {
            Kind::Site => [self.articles, self.start_page],
            Kind::Category => self.categories,
            Kind::Tag => self.tags,
            Kind::Author => self.authors,
            Kind::Feed => self.feeds,
        }
    }

    /// Returns the name of all feeds of a kind.
    pub(crate) fn kind(&self, kind: Kind) -> &'static str {
        self.kinds(kind)[0]
    }

    /// Returns the text of the link to all feeds of a kind.
    pub(crate) fn all(&self, kind: Kind) -> &'static str {
        self.kinds(kind)[1]
    }

    /// Returns a number with its noun in the right form.
    fn some(&self, forms: &[&str], n: usize) -> String {
        forms.get((self.plural)(n)).copied().unwrap_or("{}").replace("{}", &n.to_string())
    }

    /// Returns a number of articles, for example "3 articles".
    pub(crate) fn count(&self, articles: usize) -> String {
        self.some(self.some_articles, articles)
    }

    /// Returns a number of feeds, for example "3 feeds".
    pub(crate) fn feed_count(&self, feeds: usize) -> String {
        self.some(self.some_feeds, feeds)
    }

    /// Returns how many of its articles a feed shows, for example "The newest 30 of 112 articles".
    pub(crate) fn shown(&self, shown: usize, of: usize) -> String {
        if shown >= of {
            return self.count(of);
        }
        self.newest_of.replacen("{}", &shown.to_string(), 1).replacen("{}", &of.to_string(), 1)
    }

    /// Returns the language of these texts if it differs from the site's, because a screen reader must know
    /// it (WCAG 2.2, 3.1.2).
    pub(crate) fn foreign(&self, masthead: &Masthead) -> Option<&'static str> {
        let language = self.languages[0];
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
        let date = instant.with_timezone(&masthead.time_zone).date_naive();
        let day = if date.day() == 1 { self.first.to_owned() } else { date.day().to_string() };
        let month = match self.months.get(date.month0() as usize) {
            Some(&name) => name.to_owned(),
            None => date.month().to_string(),
        };
        self.date.replace("{day}", &day).replace("{month}", &month).replace("{year}", &date.year().to_string())
    }

    /// Returns the text that gives the date of the last update.
    pub(crate) fn updated(&self, masthead: &Masthead, instant: DateTime<Utc>) -> String {
        self.updated.replace("{}", &self.date(masthead, instant))
    }
}
