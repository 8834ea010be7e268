//! An entry: one article as a feed shows it.
//!
//! Knows everything a format may want of an article, resolved: ids, absolute
//! addresses, images with their facts. The body stands here as written; its
//! HTML is made when a document needs it, and kept for the next one as long as
//! there is room.

use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use chrono::{DateTime, Utc};

use crate::article::body::image::is_relative;
use crate::article::body::{BodyText, Markup};
use crate::text::{Address, Language, Text};

/// Somebody who wrote or answers for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Never blank.
    pub name: Text,
    /// An addr-spec such as `desk@example.org`.
    pub email: Option<Text>,
    /// Their page.
    pub url: Option<Address>,
}

/// A category of an entry: a path of names, and the page of its feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// The names from the top, each as the author spelled it.
    pub names: Vec<Text>,
    /// The page of the category's feed.
    pub page: Address,
}

/// An image and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Where it is.
    pub url: Address,
    /// A concrete media type such as `image/jpeg`.
    pub media_type: &'static str,
    /// Bytes, where the file is ours.
    pub length: Option<u64>,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// What it shows, in words.
    pub alt: Option<Text>,
}

/// The file that goes with an entry: a lead image, or a podcast's episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosure {
    /// Where it is.
    pub url: Address,
    /// A concrete media type such as `audio/mpeg`.
    pub media_type: Text,
    /// Bytes; none where unknown (RSS then says 0, Atom and JSON leave it out).
    pub length: Option<u64>,
}

/// A body as its author wrote it, with all that its HTML depends on.
#[derive(Debug)]
pub struct Body {
    /// The text below the front matter.
    pub source: BodyText,
    /// What language the text is written in.
    pub markup: Markup,
    /// Where a `<!-- more -->` stands: what is above is a summary.
    pub fold: Option<usize>,
    /// The URLs of what it refers to and we have, by the references as
    /// written: images, and pages of other articles.
    pub known: Vec<(Box<str>, Address)>,
    /// The root below which there is nothing but what feedmill serves; none
    /// where the web site has the same URLs.
    pub own: Option<Address>,
    /// The document that relative references are relative to.
    pub address: Address,
    /// The address that references starting with a slash are relative to.
    pub root: Address,
    /// The HTML, if a document has asked for it of late.
    pub html: Html,
}

/// The HTML of a body, as long as it is kept.
#[derive(Debug, Default)]
pub struct Html {
    made: Mutex<Option<Arc<str>>>,
    /// The summary of a long body, which would be rendered for it alone.
    pub summary: OnceLock<Text>,
    /// When it was last asked for; whoever keeps account of it counts.
    pub asked: AtomicU64,
    /// Its bytes, for whoever keeps account of them.
    pub noted: AtomicUsize,
}

impl Html {
    /// What it costs to keep besides its text.
    const AROUND: usize = 128;

    /// The HTML, made by `make` if it is not here: once, however many ask.
    pub fn get(&self, make: impl FnOnce() -> Arc<str>) -> Arc<str> {
        Arc::clone(self.made().get_or_insert_with(make))
    }

    /// What it costs to keep, in bytes; nothing while it is not kept.
    pub fn weight(&self) -> usize {
        self.made().as_ref().map_or(0, |html| html.len() + Self::AROUND)
    }

    /// Lets it be made again when it is next asked for.
    pub fn forget(&self) {
        *self.made() = None;
    }

    fn made(&self) -> MutexGuard<'_, Option<Arc<str>>> {
        // What a panic interrupts has made nothing yet.
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Body {
    /// The URL of a link or an image as written, where it leads anywhere. A
    /// relative one that leads to nothing of ours is looked for on the web
    /// site, if there is one.
    pub fn link(&self, reference: &str) -> Option<Address> {
        if let Some((_, url)) = self.known.iter().find(|(written, _)| **written == *reference) {
            return Some(url.clone());
        }
        let base = if reference.starts_with('/') { &self.root } else { &self.address };
        let url = Address::join(base, reference)?;
        if !is_relative(reference) || !self.is_nothing(&url) {
            return Some(url);
        }
        let from_top = reference.trim_start_matches("./").trim_start_matches("../");
        Address::join(&self.root, from_top).filter(|url| !self.is_nothing(url))
    }

    /// Whether a reference as written leads to nothing of ours: its target is then looked for on the web site, or lost.
    pub fn is_dead(&self, reference: &str) -> bool {
        let base = if reference.starts_with('/') { &self.root } else { &self.address };
        let is_known = self.known.iter().any(|(written, _)| **written == *reference);
        !is_known && is_relative(reference) && Address::join(base, reference).is_some_and(|url| self.is_nothing(&url))
    }

    /// Whether a URL is below our root, and there is nothing.
    fn is_nothing(&self, url: &Address) -> bool {
        let below = self.own.as_ref().and_then(|own| url.as_str().strip_prefix(own.as_str()));
        below.is_some_and(|below| !ALWAYS.contains(&below))
    }
}

/// What is below every root.
const ALWAYS: [&str; 7] = ["", "feeds.opml", "feeds.json", "categories/", "tags/", "authors/", "feeds/"];

/// Bodies are equal when their HTML must be.
impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
            && self.markup == other.markup
            && self.fold == other.fold
            && self.known == other.known
            && self.own == other.own
            && self.address == other.address
            && self.root == other.root
    }
}

/// One article as a feed shows it.
#[derive(Debug, PartialEq)]
pub struct Entry {
    /// ASCII, at most 200 bytes unless the author's own URI is longer, unique
    /// in the site: `urn:uuid:…` or an absolute URI.
    pub id: Text,
    /// May be empty: then formats that need one make it from the summary.
    pub title: Text,
    /// Where the article is read.
    pub link: Address,
    /// Its page here, which may be where `link` leads.
    pub page: Address,
    /// When it was published; none for an undated one.
    pub published: Option<DateTime<Utc>>,
    /// When it was last edited, if it says so and that is later.
    pub updated: Option<DateTime<Utc>>,
    /// The authors it names; the site's where it names none.
    pub authors: Vec<Person>,
    /// Its categories, each a path.
    pub categories: Vec<Category>,
    /// Its tags, each with the page of its feed.
    pub tags: Vec<(Text, Address)>,
    /// Its own language, where it names one.
    pub language: Option<Language>,
    /// The author's own summary, where there is one; plain text.
    pub summary: Option<Text>,
    /// The body.
    pub body: Body,
    /// The lead image.
    pub image: Option<Image>,
    /// The file that goes with it: a podcast's episode, else the lead image.
    pub enclosure: Option<Enclosure>,
}

impl Entry {
    /// The newest instant it speaks of.
    pub fn newest(&self) -> Option<DateTime<Utc>> {
        self.updated.max(self.published)
    }
}
