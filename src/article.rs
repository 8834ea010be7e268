//! An article: one source file, parsed.
//!
//! This module interprets front matter and body of a single file. `disk` calls it for every file that it reads, and
//! `library` keeps the result. [`ParseOptions`] holds all that the site decides, so that a file can be read without
//! any other file. Articles are ordered, grouped and linked elsewhere, in `library`.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Timelike, Utc};

use crate::content_path::ContentPath;
pub(crate) use crate::generator::Author;
use crate::generator::category::{Directories, Lists};
use crate::generator::permalink::Slugs;
use crate::generator::{Generator, SiteContext};
use crate::name::Name;
use crate::syntax::date::{TimeZone, Zones};
use crate::text::{Address, License};
use lead_image::Candidate;

pub mod body;
pub(crate) mod media_names;
pub(crate) mod lead_image;
pub(crate) mod cross_reference;
mod read;
mod intern;
pub(crate) mod text_facts;

pub(crate) use cross_reference::CrossReference;
pub(crate) use intern::Interner;
pub(crate) use read::{
    Attachment, AttachmentKey, EpisodeFields, EpisodeKind, Full, TranscriptFields, is_dated, name_of,
};
pub use read::{Metadata, Outcome, Source, parse_front_matter, read};
pub use text_facts::TextQueries;
pub(crate) use text_facts::{ImageQuery, Pattern, TextFacts};

/// How an article without a date is sorted: `undated` of site.yaml.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Undated {
    /// After every dated article.
    Last,
    /// It is dated by the modification time of its file.
    Mtime,
    /// It is not published.
    Skip,
}

/// The default of `max_article_bytes` in site.yaml. Larger files are skipped.
pub const MAX_BYTES: u64 = 2 << 20;

/// The time of dates without one: `default_time` of site.yaml.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DefaultTime(pub(crate) NaiveTime);

impl DefaultTime {
    /// Returns this time of the day that begins at `midnight`.
    pub(crate) fn after(self, midnight: DateTime<Utc>) -> DateTime<Utc> {
        let after = midnight + self.since_midnight();
        // No format has years of five digits.
        if after.year() > 9999 { midnight } else { after }
    }

    fn since_midnight(self) -> TimeDelta {
        self.0 - NaiveTime::MIN
    }

    /// Returns the date that the author of an article wrote, for its URL: midnight if it has no time.
    pub(crate) fn written(self, article: &Article) -> Option<DateTime<Utc>> {
        article.day().map(|day| day - self.since_midnight()).or(article.published)
    }

    /// Returns the second of the article that is number `index` of its day. The last ones of very many have the same.
    pub(crate) fn second(self, index: usize) -> u32 {
        let left = 86_399 - self.0.num_seconds_from_midnight();
        u32::try_from(index).map_or(left, |index| index.min(left))
    }
}

/// How the articles of a directory are read.
#[derive(Debug, Clone, PartialEq)]
pub struct ParseOptions {
    /// The generator that the files were written for.
    pub generator: Generator,
    /// Whether a flat list of categories is one path or several categories.
    pub lists: Lists,
    /// Whether the directory of an article is one of its categories.
    pub directories: Directories,
    /// The time zone of dates without one, and the offsets of ambiguous zone names.
    pub zones: Zones,
    /// The time of dates without one.
    pub default_time: DefaultTime,
    /// How articles without a date are sorted.
    pub undated: Undated,
    /// The keys that may name a lead image, in order of preference.
    pub lead_keys: Vec<String>,
    /// Maximum size of a file in bytes: `max_article_bytes` of site.yaml.
    pub max_bytes: u64,
    /// The front matter keys that the article URL contains.
    pub address_keys: Vec<String>,
    /// What definitions ask about the text of every article.
    pub text_queries: Arc<TextQueries>,
    /// Settings from other files of the site: languages, cascades, authors, taxonomies, default front matter.
    pub site_context: SiteContext,
}

impl ParseOptions {
    /// Returns the options for a generator if site.yaml and the configuration of the generator set nothing.
    pub fn new(generator: Generator) -> Self {
        Self {
            generator,
            lists: generator.categories.lists,
            directories: Directories::Silent,
            zones: Zones::default(),
            default_time: DefaultTime::default(),
            undated: Undated::Last,
            lead_keys: lead_image::KEYS.iter().map(|&key| key.to_owned()).collect(),
            max_bytes: MAX_BYTES,
            address_keys: Vec::new(),
            text_queries: Arc::default(),
            site_context: SiteContext::default(),
        }
    }
}

/// The metadata of an article, enough to sort and group it. The library keeps it in memory for every article.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// Path of the file, relative to the content directory.
    pub place: ContentPath,
    /// Hash of the file's bytes, to detect a change between two reads.
    pub(crate) digest: u64,
    /// The id that the author gave it, as written.
    pub(crate) id: Option<Box<str>>,
    /// The title from front matter, the first heading or the file name; empty if it has none.
    pub title: Box<str>,
    /// Date of publication. If the author wrote no time, it has `default_time` and [`Self::second`].
    pub published: Option<DateTime<Utc>>,
    /// How many seconds the date of publication has more than that of the first article of its day; `None` if the
    /// author wrote a time. See [`Self::at_second`].
    pub(crate) second: Option<u32>,
    /// The zone in which that date was read, if it names none.
    pub(crate) zone: Option<TimeZone>,
    /// Date of the last edit, if it is later than the publication.
    pub updated: Option<DateTime<Utc>>,
    /// Date from which the article is no longer published.
    pub expires: Option<DateTime<Utc>>,
    /// Its categories, each a path from the top, without duplicates.
    pub categories: Arc<[Box<[Name]>]>,
    /// Its tags, without duplicates.
    pub tags: Arc<[Name]>,
    /// Its terms in further taxonomies, without duplicates, each after the directory of its taxonomy.
    pub(crate) terms: Box<[(Arc<str>, Name)]>,
    /// Its authors, without duplicate names.
    pub(crate) authors: Arc<[Author]>,
    /// Its language tag, as written.
    pub(crate) language: Option<Box<str>>,
    /// The values of `ParseOptions::address_keys`; `None` if the article sets none of them.
    pub(crate) slugs: Option<Box<Slugs>>,
    pub(crate) in_feeds: InFeeds,
    /// The answers to `ParseOptions::text_queries`, if there are any.
    pub(crate) text_facts: Option<Box<TextFacts>>,
    /// Hashes of the names of media files in the file, see [`media_names`].
    pub(crate) media_names: Box<[u32]>,
}

/// Which feeds contain an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InFeeds {
    /// None: it has only a page.
    None,
    /// Those of its collection and other taxonomies, and definitions that select it.
    Collection,
    /// Those of the site, its categories, tags and authors, too.
    All,
}

impl Article {
    /// Returns the sort key: publication, then last edit, then path.
    ///
    /// The newest article is the greatest; an article without a date is less than all others.
    pub(crate) fn rank(&self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>, &ContentPath) {
        (self.dated(), self.updated, &self.place)
    }

    /// Returns the date as written, by which articles are sorted: those of one day are equal if they have no time.
    pub fn dated(&self) -> Option<DateTime<Utc>> {
        self.day().or(self.published)
    }

    /// Returns the instant of the first article of the day; `None` if the author wrote a time.
    pub(crate) fn day(&self) -> Option<DateTime<Utc>> {
        Some(self.published? - TimeDelta::seconds(i64::from(self.second?)))
    }

    /// Returns the article at a second of its day, if the author wrote no time. Its own file says nothing about others
    /// of the day, so as read it has the second 0.
    pub(crate) fn at_second(article: &Arc<Self>, second: u32) -> Arc<Self> {
        match article.day() {
            Some(day) if article.second != Some(second) => {
                let published = Some(day + TimeDelta::seconds(i64::from(second)));
                Arc::new(Self { published, second: Some(second), ..Self::clone(article) })
            }
            _ => Arc::clone(article),
        }
    }
}

/// The rest of an article, which only feed entries need. It is read again from the file for the articles of a feed.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleBody {
    /// Hash of the file it was read from. If it differs from [`Article::digest`], the file has changed since.
    pub(crate) digest: u64,
    /// The summary in front matter, plain or with markup.
    pub(crate) summary: Option<Box<str>>,
    /// The beginning of the body that is its summary, for example the text above `<!-- more -->`.
    pub(crate) above: Option<body::BodyText>,
    /// The text below the front matter, or its HTML, see [`body::ParsedBody::kept`].
    pub(crate) body: body::BodyText,
    /// The candidates for the lead image in front matter, in order of preference.
    pub lead: Vec<Candidate>,
    /// The images of the gallery in front matter.
    pub(crate) gallery: Box<[Candidate]>,
    /// Who made the lead image, as written.
    pub(crate) credit: Option<Box<str>>,
    /// The images of the body, in order.
    pub images: Vec<body::BodyImage>,
    /// Other references of the body that may be files of the site: link targets, posters, other sizes of images.
    pub(crate) files: Vec<Box<str>>,
    /// The files that front matter attaches, in the order of its keys.
    pub(crate) attachments: Vec<Attachment>,
    /// What front matter says about an episode of a podcast, if it attaches a file.
    pub(crate) episode: Option<Box<EpisodeFields>>,
    /// The page that the article is about, if it is a link post.
    pub(crate) external_url: Option<Address>,
    /// Translators, editors and the like.
    pub(crate) contributors: Box<[Author]>,
    /// Where readers discuss the article: a URL, absolute or relative to the article; empty if nowhere.
    pub(crate) comments_url: Option<Box<str>>,
    pub(crate) license: Option<License>,
    /// The URL at which search engines should list the article, as the author wrote it.
    pub(crate) canonical_url: Option<Address>,
    pub(crate) cross_references: Vec<CrossReference>,
}

impl ArticleBody {
    /// The body of an article that says nothing, for what does not depend on the text.
    pub(crate) fn empty() -> Self {
        Self {
            digest: 0,
            summary: None,
            above: None,
            body: body::BodyText::new("", body::Markup::HTML),
            lead: Vec::new(),
            gallery: Box::default(),
            credit: None,
            images: Vec::new(),
            files: Vec::new(),
            attachments: Vec::new(),
            episode: None,
            external_url: None,
            contributors: Box::default(),
            comments_url: None,
            license: None,
            canonical_url: None,
            cross_references: Vec::new(),
        }
    }

    /// Returns the body as it is kept, and how it is written.
    pub fn written(&self) -> (Cow<'_, str>, body::Markup) {
        (self.body.text(), self.body.markup())
    }

    /// Returns everything that may refer to a media file, as written: images, links and attachments.
    pub(crate) fn media(&self) -> impl Iterator<Item = &str> {
        let lead = self.lead.iter().chain(&self.gallery).map(|candidate| &*candidate.reference);
        let body = self.images.iter().map(|image| &*image.src).chain(self.files.iter().map(|file| &**file));
        let attached = self.attachments.iter().map(|attachment| &*attachment.reference);
        lead.chain(body).chain(attached).chain(self.episode.iter().flat_map(|episode| episode.media()))
    }
}
