//! `select`: the conditions for the articles of an additional feed.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::article::{Article, ImageQuery, Pattern, TextFacts, TextQueries};
use crate::diagnostic::Problem;
use crate::generator::site_context::Filing;
use crate::name::{Name, fold};
use crate::site::one_or_many::OneOrMany;
use crate::syntax::date::{self, ParsedDate, Zones};
use crate::syntax::glob::Glob;
use crate::text::Language;

/// The conditions for the articles of a feed. All conditions must hold; of a list, one element must match.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Select {
    categories: Vec<CategoryMatch>,
    not_categories: Vec<CategoryMatch>,
    tags: Vec<Name>,
    not_tags: Vec<Name>,
    authors: Vec<Name>,
    not_authors: Vec<Name>,
    /// Terms of other taxonomies, by the name of the taxonomy as written.
    terms: Vec<(String, Vec<Name>)>,
    pub(super) languages: Vec<Language>,
    title: Option<Pattern>,
    not_title: Option<Pattern>,
    since: Option<DateTime<Utc>>,
    /// The last instant.
    until: Option<DateTime<Utc>>,
    newer_than: Option<TimeDelta>,
    path: Vec<Glob>,
    /// The smallest and the largest number of words.
    words: Option<(u32, u32)>,
    text: Option<Pattern>,
    has_image: Option<bool>,
    has_audio: Option<bool>,
    /// Further conditions of which one must hold, unless there are none.
    any: Vec<Self>,
}

/// A category as a condition: a name at any level, or a path from the top. Subcategories match too.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CategoryMatch {
    /// The text as written, for reports.
    pub text: String,
    /// The whole text as one folded name, because a name such as `C/C++` may contain a slash.
    whole: String,
    /// The folded names between slashes. Only several names form a path.
    path: Vec<String>,
}

impl CategoryMatch {
    pub(super) fn new(text: &str) -> Self {
        let parts: Vec<String> = text.split('/').map(str::trim).filter(|part| !part.is_empty()).map(fold).collect();
        Self { text: text.to_owned(), whole: fold(text), path: parts }
    }

    /// Whether the condition holds for a category, given by its folded names from the top.
    pub(crate) fn holds<'a>(&self, path: impl ExactSizeIterator<Item = &'a str> + Clone) -> bool {
        let anywhere = path.clone().any(|name| name == self.whole);
        let from_top = self.path.len() > 1
            && path.len() >= self.path.len()
            && path.zip(&self.path).all(|(name, part)| name == part);
        anywhere || from_top
    }
}

/// A condition that names a category, tag or author.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Condition<'a> {
    Category(&'a CategoryMatch),
    Tag(&'a Name),
    Author(&'a Name),
}

/// What a site knows that the conditions depend on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SelectContext<'a> {
    pub filing: &'a Filing,
    /// What was asked about the texts of articles when they were read.
    pub text_queries: &'a TextQueries,
    /// The language of articles that do not set one.
    pub language: Option<&'a Language>,
    pub now: DateTime<Utc>,
}

impl Select {
    /// Returns whether an article meets the conditions.
    pub(crate) fn takes(&self, article: &Article, context: SelectContext<'_>) -> bool {
        let in_any = |matches: &[CategoryMatch]| {
            let holds = |path: &[Name], of: &CategoryMatch| of.holds(path.iter().map(|name| &**name.folded()));
            article.categories.iter().any(|path| matches.iter().any(|of| holds(path, of)))
        };
        let tagged = |wanted: &[Name]| article.tags.iter().any(|tag| wanted.contains(tag));
        let by = |wanted: &[Name]| article.authors.iter().any(|author| wanted.contains(&author.name));
        let filed = |(taxonomy, wanted): &(String, Vec<Name>)| {
            let directory = context.filing.directory(taxonomy);
            article.terms.iter().any(|(of, name)| Some(of) == directory.as_ref() && wanted.contains(name))
        };
        let read = |holds: &dyn Fn(&TextFacts) -> bool| article.text_facts.as_deref().is_some_and(holds);
        let published = |holds: &dyn Fn(DateTime<Utc>) -> bool| article.published.is_some_and(holds);
        (self.categories.is_empty() || in_any(&self.categories))
            && !in_any(&self.not_categories)
            && (self.tags.is_empty() || tagged(&self.tags))
            && !tagged(&self.not_tags)
            && (self.authors.is_empty() || by(&self.authors))
            && !by(&self.not_authors)
            && self.terms.iter().all(filed)
            && (self.languages.is_empty() || self.speaks(article, context.language))
            && self.title.as_ref().is_none_or(|title| title.is_match(&article.title))
            && self.not_title.as_ref().is_none_or(|title| !title.is_match(&article.title))
            && self.since.is_none_or(|since| published(&|instant| instant >= since))
            && self.until.is_none_or(|until| published(&|instant| instant <= until))
            && self.newer_than.is_none_or(|age| published(&|instant| instant > context.now - age))
            && (self.path.is_empty() || self.path.iter().any(|glob| glob.is_match(article.place.as_str())))
            && self.words.is_none_or(|(least, most)| read(&|facts| (least..=most).contains(&facts.words)))
            && self.text.as_ref().is_none_or(|text| read(&|facts| context.text_queries.is_match(text, facts)))
            && self.has_image.is_none_or(|wanted| read(&|facts| facts.names_image == wanted))
            && self.has_audio.is_none_or(|wanted| read(&|facts| facts.names_audio == wanted))
            && (self.any.is_empty() || self.any.iter().any(|one| one.takes(article, context)))
    }

    /// Returns whether an article is in one of the languages. `zh` includes `zh-CN`, but `zh-CN` does not include `zh`.
    fn speaks(&self, article: &Article, language: Option<&Language>) -> bool {
        let own = article.language.as_deref().and_then(Language::parse);
        let Some(spoken) = own.as_ref().or(language) else {
            return false;
        };
        self.languages.iter().any(|wanted| {
            spoken.as_str().strip_prefix(wanted.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
    }

    /// Returns the conditions that name something, each with its path below `select`.
    pub(crate) fn named(&self) -> Vec<(Vec<String>, Condition<'_>)> {
        fn each<'a, T>(
            key: &'a str,
            list: &'a [T],
            condition: fn(&'a T) -> Condition<'a>,
        ) -> impl Iterator<Item = (Vec<String>, Condition<'a>)> {
            list.iter().enumerate().map(move |(at, one)| (vec![key.to_owned(), at.to_string()], condition(one)))
        }
        let own = each("categories", &self.categories, Condition::Category)
            .chain(each("not_categories", &self.not_categories, Condition::Category))
            .chain(each("tags", &self.tags, Condition::Tag))
            .chain(each("not_tags", &self.not_tags, Condition::Tag))
            .chain(each("authors", &self.authors, Condition::Author))
            .chain(each("not_authors", &self.not_authors, Condition::Author));
        let nested = self.any.iter().enumerate().flat_map(|(at, one)| {
            let below = move |path: Vec<String>| ["any".to_owned(), at.to_string()].into_iter().chain(path).collect();
            one.named().into_iter().map(move |(path, condition)| (below(path), condition))
        });
        own.chain(nested).collect()
    }

    /// Returns the ages at which articles leave the feed.
    pub(crate) fn ages(&self) -> Vec<TimeDelta> {
        self.newer_than.into_iter().chain(self.any.iter().flat_map(Self::ages)).collect()
    }

    /// Adds what the conditions ask about the texts of articles. `images` are those that may be lead images.
    pub(super) fn ask(&self, images: ImageQuery, queries: &mut TextQueries) {
        queries.words |= self.words.is_some();
        queries.images = queries.images.or(self.has_image.map(|_| images));
        queries.audio |= self.has_audio.is_some();
        queries
            .patterns
            .extend(self.text.iter().filter(|text| !queries.patterns.contains(text)).cloned().collect::<Vec<_>>());
        self.any.iter().for_each(|one| one.ask(images, queries));
    }

    /// Parses conditions. `at` is their path in the file.
    pub(super) fn parse(
        written: &RawSelect,
        at: &[&str],
        zones: &Zones,
        wrong: &dyn Fn(&[&str], String) -> Problem,
    ) -> Result<Self, Problem> {
        let wrong_at = |key: &str, message: String| wrong(&[at, &[key]].concat(), message);
        let matches = |list: &Option<OneOrMany>| texts(list.as_ref()).map(|text| CategoryMatch::new(text)).collect();
        let names = |list: &Option<OneOrMany>| texts(list.as_ref()).filter_map(|text| Name::new(text)).collect();
        let languages = texts(written.languages.as_ref())
            .map(|text| {
                Language::parse(text).ok_or_else(|| wrong_at("languages", format!("`{text}` is not a language tag")))
            })
            .collect::<Result<_, _>>()?;
        let pattern = |key, text: &Option<String>| {
            text.as_deref().map(Pattern::parse).transpose().map_err(|message| wrong_at(key, message))
        };
        let instant = |key, text: &Option<String>| {
            let parsed = text.as_deref().map(|text| {
                date::parse(text, zones, date::Order::Unclear)
                    .map_err(|error| wrong_at(key, format!("the date `{text}` cannot be read: {error}")))
            });
            parsed.transpose()
        };
        let path = texts(written.path.as_ref())
            .map(|text| Glob::new(text).ok_or_else(|| wrong_at("path", format!("the pattern `{text}` is not valid"))))
            .collect::<Result<_, _>>()?;
        let newer_than = written.newer_than.as_deref().map(|text| {
            age(text).ok_or_else(|| {
                wrong_at("newer_than", format!("`{text}` is not an age")).help("such as 30d, 12h or 90m")
            })
        });
        let any = written
            .any
            .iter()
            .flatten()
            .enumerate()
            .map(|(number, one)| Self::parse(one, &[at, &["any", &number.to_string()]].concat(), zones, wrong));
        let series = written.series.iter().map(|list| ("series", list));
        let taxonomies = written.taxonomies.iter().flatten().map(|(taxonomy, list)| (taxonomy.as_str(), list));
        let terms = series.chain(taxonomies).map(|(taxonomy, list)| {
            let names = list.texts().filter_map(|text| Name::new(text)).collect();
            (taxonomy.to_owned(), names)
        });
        let words = written.words.as_deref().map(|text| {
            range(text).ok_or_else(|| {
                wrong_at("words", format!("`{text}` is not a number of words")).help("such as 300.., ..50 or 100..200")
            })
        });
        Ok(Self {
            categories: matches(&written.categories),
            not_categories: matches(&written.not_categories),
            tags: names(&written.tags),
            not_tags: names(&written.not_tags),
            authors: names(&written.authors),
            not_authors: names(&written.not_authors),
            terms: terms.collect(),
            languages,
            title: pattern("title", &written.title)?,
            not_title: pattern("not_title", &written.not_title)?,
            since: instant("since", &written.since)?.map(|since| since.instant),
            until: written
                .until
                .as_deref()
                .zip(instant("until", &written.until)?)
                .map(|(text, until)| last(text, &until)),
            newer_than: newer_than.transpose()?,
            path,
            words: words.transpose()?,
            text: pattern("text", &written.text)?,
            has_image: written.has_image,
            has_audio: written.has_audio,
            any: any.collect::<Result<_, _>>()?,
        })
    }
}

/// Returns the last instant of a date. One without a time is a whole day.
fn last(text: &str, until: &ParsedDate) -> DateTime<Utc> {
    if text.contains(':') { until.instant } else { until.instant + TimeDelta::days(1) - TimeDelta::nanoseconds(1) }
}

fn texts(list: Option<&OneOrMany>) -> impl Iterator<Item = &String> {
    list.into_iter().flat_map(OneOrMany::texts)
}

/// Parses a number of days, hours or minutes: `30d`, `12h`, `90m`.
fn age(text: &str) -> Option<TimeDelta> {
    let text = text.trim();
    let at = text.find(|c: char| !c.is_ascii_digit())?;
    let number: i64 = text[..at].parse().ok().filter(|number| *number > 0)?;
    match text[at..].trim() {
        "d" => TimeDelta::try_days(number),
        "h" => TimeDelta::try_hours(number),
        "m" => TimeDelta::try_minutes(number),
        _ => None,
    }
    // About 2,700 years: the instant that it is subtracted from stays in the range of dates.
    .filter(|age| age.num_days() < 1_000_000)
}

/// Parses a range of numbers, both included: `300..`, `..50`, `100..200`.
fn range(text: &str) -> Option<(u32, u32)> {
    let (least, most) = text.trim().split_once("..")?;
    let number = |text: &str, missing| match text.trim() {
        "" => Some(missing),
        text => text.parse().ok(),
    };
    let (least, most) = (number(least, 0)?, number(most, u32::MAX)?);
    (least <= most).then_some((least, most))
}

/// The structure of `select` for serde.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawSelect {
    categories: Option<OneOrMany>,
    not_categories: Option<OneOrMany>,
    tags: Option<OneOrMany>,
    not_tags: Option<OneOrMany>,
    authors: Option<OneOrMany>,
    not_authors: Option<OneOrMany>,
    series: Option<OneOrMany>,
    taxonomies: Option<std::collections::BTreeMap<String, OneOrMany>>,
    languages: Option<OneOrMany>,
    title: Option<String>,
    not_title: Option<String>,
    since: Option<String>,
    until: Option<String>,
    newer_than: Option<String>,
    path: Option<OneOrMany>,
    words: Option<String>,
    text: Option<String>,
    has_image: Option<bool>,
    has_audio: Option<bool>,
    any: Option<Vec<RawSelect>>,
}
