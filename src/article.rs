//! An article: one source file, parsed.
//!
//! Knows what the keys of front matter mean, in each generator's dialect.
//! Knows neither other articles nor feeds; `options` says how this directory's
//! files are to be read, and comes from site.yaml.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::content_path::ContentPath;
pub use crate::generator::Author;
use crate::generator::category::{Directories, Lists};
use crate::generator::defaults::Defaults;
use crate::generator::permalink::Slugs;
use crate::generator::{Generator, SiteContext};
use crate::name::Name;
use crate::syntax::date::Zones;
use body::Markup;
use lead_image::Candidate;

pub mod body;
pub mod image_names;
pub mod lead_image;
pub mod cross_reference;
mod read;
mod intern;

pub use cross_reference::CrossReference;
pub use intern::Interner;
pub use read::{Full, Metadata, Outcome, Source, name_of, parse_front_matter, read};

/// Where an article without a date stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Undated {
    /// After every dated article.
    Last,
    /// By the file's modification time.
    Mtime,
    /// Nowhere.
    Skip,
}

/// The most bytes of an article's file where site.yaml sets no limit.
pub const MAX_BYTES: u64 = 2 << 20;

/// How the articles of a directory are read.
#[derive(Debug, Clone, PartialEq)]
pub struct ParseOptions {
    /// The generator that the files were written for.
    pub generator: Generator,
    /// What a flat list of categories means.
    pub lists: Lists,
    /// What the directory of an article says of it.
    pub directories: Directories,
    /// What dates without a zone, and ambiguous zone names, mean.
    pub zones: Zones,
    /// What becomes of articles without a date.
    pub undated: Undated,
    /// Keys that name a lead image, in order.
    pub lead_keys: Vec<String>,
    /// The most bytes of a file that is read as an article: `max_article_bytes` of site.yaml.
    pub max_bytes: u64,
    /// Keys that addresses are made of.
    pub address_keys: Vec<String>,
    /// Front matter that articles have without writing it.
    pub defaults: Vec<Defaults>,
    /// What the site's other files say of them.
    pub site_context: SiteContext,
}

/// What the library keeps of every article: enough to order and to group it.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// Where it stands.
    pub place: ContentPath,
    /// The file's bytes, hashed: whether it is still that article.
    pub digest: u64,
    /// The author's own id, as written.
    pub id: Option<Box<str>>,
    /// The title; empty where there is none.
    pub title: Box<str>,
    /// When it was published.
    pub published: Option<DateTime<Utc>>,
    /// When it says it was last edited, if later.
    pub updated: Option<DateTime<Utc>>,
    /// When it is to disappear.
    pub expires: Option<DateTime<Utc>>,
    /// Its categories, each a path from the top, no two equal.
    pub categories: Arc<[Box<[Name]>]>,
    /// Its tags, no two equal.
    pub tags: Arc<[Name]>,
    /// Its authors, no two of one name.
    pub authors: Arc<[Author]>,
    /// Its language tag, as written.
    pub language: Option<Box<str>>,
    /// What its address is made of besides; none where there is nothing.
    pub slugs: Option<Box<Slugs>>,
    /// Hashes of the names of images that the file mentions.
    pub image_names: Box<[u32]>,
}

impl Article {
    /// The order of articles: by publication, then by edit, then by path.
    /// The newest is the greatest; an undated one is smaller than all others.
    pub fn rank(&self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>, &ContentPath) {
        (self.published, self.updated, &self.place)
    }
}

/// What an entry needs besides: read only for articles that some feed shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    /// The digest of the file it was read from.
    pub digest: u64,
    /// The author's own summary, plain or with mark-up.
    pub summary: Option<Box<str>>,
    /// Where in the body a `<!-- more -->` stands: what is above is a summary.
    pub fold: Option<usize>,
    /// The text below the front matter.
    pub body: body::BodyText,
    /// What language the text is written in.
    pub markup: Markup,
    /// Lead images by front matter, in order.
    pub lead: Vec<Candidate>,
    /// The images of the body, in order.
    pub images: Vec<body::BodyImage>,
    /// What else the body refers to that may be a file of ours: targets of links, posters, other sizes of images.
    pub files: Vec<Box<str>>,
    /// A podcast's episode.
    pub enclosure: Option<Episode>,
    /// The other articles that the body names.
    pub cross_references: Vec<CrossReference>,
}

/// A file named by `enclosure` or `audio`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Episode {
    /// Its address, as written.
    pub url: Box<str>,
    /// Its media type, as written.
    pub media_type: Option<Box<str>>,
    /// Its bytes.
    pub length: Option<u64>,
}
