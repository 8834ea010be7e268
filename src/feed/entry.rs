//! An entry: one article as a feed shows it.
//!
//! Everything that a format may need is resolved: ids, absolute URLs, images with their sizes. The body is
//! stored as written; its HTML is rendered when a document needs it, and cached.

use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use chrono::{DateTime, Utc};

use super::podcast::Episode;
use crate::article::body::BodyText;
use crate::article::body::image::is_relative;
use crate::lock::lock;
use crate::site::ImageRewrite;
use crate::text::{Address, Language, License, Text};

/// An author of an article or a site.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Person {
    /// Never blank.
    pub name: Text,
    /// An e-mail address such as `desk@example.org`.
    pub email: Option<Text>,
    /// The person's web page.
    pub url: Option<Address>,
}

/// A category of an entry: the names of its path, and the page of its feed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Category {
    /// The names from the top, each as spelled by the author.
    pub names: Vec<Text>,
    pub page: Address,
}

/// An image with its known properties.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Image {
    pub url: Address,
    /// A concrete media type such as `image/jpeg`.
    pub media_type: &'static str,
    /// Size in bytes, if it is a local file.
    pub length: Option<u64>,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    pub alt: Option<Text>,
    /// Who made it.
    pub credit: Option<Text>,
}

/// A file attached to an entry: a recording, a document, or the lead image.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Enclosure {
    pub url: Address,
    /// A concrete media type such as `audio/mpeg`.
    pub media_type: Text,
    /// Size in bytes, if known. RSS writes 0 for an unknown size, Atom and JSON leave it out.
    pub length: Option<u64>,
    /// Duration in seconds, if it is a recording and says so.
    pub duration: Option<u32>,
}

impl Enclosure {
    /// Returns whether the media type begins like this: `audio/`.
    pub(crate) fn is_of(&self, kind: &str) -> bool {
        self.media_type.as_str().starts_with(kind)
    }

    /// Returns whether it is audio or video, which a podcast app can play.
    pub(crate) fn is_recording(&self) -> bool {
        self.is_of("audio/") || self.is_of("video/")
    }
}

/// A file or a page of this site that a body refers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct KnownTarget {
    /// The reference as written.
    pub reference: Box<str>,
    pub url: Address,
    /// Width and height in pixels, if it is an image.
    pub size: Option<(u32, u32)>,
}

/// A body as written, with everything that its HTML depends on.
#[derive(Debug)]
pub(crate) struct EntryBody {
    /// The text below the front matter, in Markdown or HTML.
    pub source: BodyText,
    /// The beginning of the body that is its summary, for example the text above `<!-- more -->`.
    pub above: Option<BodyText>,
    /// The images, other files and pages of other articles that the body refers to and that exist here.
    pub known: Vec<KnownTarget>,
    /// How URLs of images are rewritten.
    pub rewrite: Arc<ImageRewrite>,
    /// The base URL, if feedmill alone serves everything below it; `None` if the web site has URLs below it
    /// too.
    pub own: Option<Address>,
    /// The base URL of relative references.
    pub address: Address,
    /// The base URL of references that begin with a slash.
    pub root: Address,
    pub html: Html,
}

/// The HTML of a body, while it is cached.
#[derive(Debug, Default)]
pub(crate) struct Html {
    made: Mutex<Option<Arc<str>>>,
    /// The summary of a long body, kept so that the HTML need not be rendered for it again.
    pub summary: OnceLock<Text>,
    /// Time of the last request, for the cache.
    pub asked: AtomicU64,
    /// The weight that the cache has recorded.
    pub noted: AtomicUsize,
}

impl Html {
    /// Overhead of a cached value besides its text, in bytes.
    const AROUND: usize = 128;

    /// Returns the HTML, rendering it with `make` if it is not cached. Concurrent calls render it once.
    pub(crate) fn get(&self, make: impl FnOnce() -> Arc<str>) -> Arc<str> {
        Arc::clone(self.made().get_or_insert_with(make))
    }

    /// Returns the memory that the HTML occupies, in bytes; 0 if it is not cached.
    pub(crate) fn weight(&self) -> usize {
        self.made().as_ref().map_or(0, |html| html.len() + Self::AROUND)
    }

    /// Drops the HTML. It is rendered again on the next request.
    pub(crate) fn forget(&self) {
        *self.made() = None;
    }

    fn made(&self) -> MutexGuard<'_, Option<Arc<str>>> {
        // If `make` panicked, nothing was stored, so the state is still valid.
        lock(&self.made)
    }
}

impl EntryBody {
    /// Returns the target of a reference as written, if it exists here.
    pub(crate) fn known(&self, reference: &str) -> Option<&KnownTarget> {
        self.known.iter().find(|known| *known.reference == *reference)
    }

    /// Resolves a link or image as written. A relative reference to something that does not exist here is
    /// resolved against the web site, if there is one.
    pub(crate) fn link(&self, reference: &str) -> Option<Address> {
        if let Some(known) = self.known(reference) {
            return Some(known.url.clone());
        }
        let base = if reference.starts_with('/') { &self.root } else { &self.address };
        let url = Address::join(base, reference)?;
        if !is_relative(reference) || !self.is_nothing(&url) {
            return Some(url);
        }
        let from_top = reference.trim_start_matches("./").trim_start_matches("../");
        Address::join(&self.root, from_top).filter(|url| !self.is_nothing(url))
    }

    /// Resolves the URL of an image as written, like [`Self::link`], and rewrites it.
    pub(crate) fn image(&self, reference: &str) -> Option<Address> {
        let url = self.link(reference)?;
        Some(self.rewrite.apply(&url).unwrap_or(url))
    }

    /// Returns whether a reference points below this site to something that does not exist. Its target is
    /// then resolved against the web site, or dropped.
    pub(crate) fn is_dead(&self, reference: &str) -> bool {
        let base = if reference.starts_with('/') { &self.root } else { &self.address };
        self.known(reference).is_none()
            && is_relative(reference)
            && Address::join(base, reference).is_some_and(|url| self.is_nothing(&url))
    }

    /// Returns whether a URL is below the base URL and nothing exists there.
    fn is_nothing(&self, url: &Address) -> bool {
        let below = self.own.as_ref().and_then(|own| url.as_str().strip_prefix(own.as_str()));
        below.is_some_and(|below| !ALWAYS.contains(&below))
    }
}

/// Paths that exist below every base URL.
const ALWAYS: [&str; 7] = ["", "feeds.opml", "feeds.json", "categories/", "tags/", "authors/", "feeds/"];

/// Bodies are equal if their HTML must be equal.
impl PartialEq for EntryBody {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
            && self.above == other.above
            && self.known == other.known
            && self.rewrite == other.rewrite
            && self.own == other.own
            && self.address == other.address
            && self.root == other.root
    }
}

/// `rewrite` is a setting of the site, which every digest contains.
impl Hash for EntryBody {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { source, above, known, rewrite: _, own, address, root, html: _ } = self;
        (source, above, known, own, address, root).hash(state);
    }
}

/// One article as a feed shows it.
#[derive(Debug, PartialEq, Hash)]
pub struct Entry {
    /// ASCII, unique in the site, and an absolute URI: `urn:uuid:…`, or the author's own. At most 200
    /// bytes, unless the author's own is longer.
    pub(crate) id: Text,
    /// May be empty; formats that require a title make one from the summary.
    pub(crate) title: Text,
    /// The URL at which the article is published.
    pub link: Address,
    /// The page of the article on this site; may be equal to `link`.
    pub page: Address,
    /// The page of another site that the article is about.
    pub(crate) external_url: Option<Address>,
    /// When the article was published; `None` if it is undated.
    pub(crate) published: Option<DateTime<Utc>>,
    /// When the article was last edited, if that is later than the publication.
    pub(crate) updated: Option<DateTime<Utc>>,
    /// The authors of the article, or the site's author by default.
    pub(crate) authors: Vec<Person>,
    /// Translators, editors and the like.
    pub(crate) contributors: Vec<Person>,
    /// Where readers discuss the article.
    pub(crate) comments: Option<Address>,
    /// The licence that the article names.
    pub(crate) license: Option<License>,
    /// The categories, each a path.
    pub(crate) categories: Vec<Category>,
    /// The tags, each with the page of its feed.
    pub(crate) tags: Vec<(Text, Address)>,
    /// The article's own language, if it declares one.
    pub(crate) language: Option<Language>,
    /// The author's own summary as plain text, if there is one.
    pub(crate) summary: Option<Text>,
    /// The language and the URL of each translation.
    pub(crate) translations: Vec<(Language, Address)>,
    pub(crate) body: EntryBody,
    /// The lead image.
    pub(crate) image: Option<Image>,
    /// Further images of the article's gallery, each with another URL.
    pub(crate) gallery: Vec<Image>,
    /// The attached file that comes first, and the only one in RSS: audio, else video, else the lead image, else any.
    pub(crate) enclosure: Option<Enclosure>,
    /// The other attached files, in the order of the article.
    pub(crate) other_attachments: Vec<Enclosure>,
    /// What it says as an episode of a podcast, if it has a recording.
    pub(crate) episode: Option<Box<Episode>>,
}

impl Entry {
    /// Returns whether podcast apps can play it.
    pub(crate) fn is_episode(&self) -> bool {
        self.enclosure.as_ref().is_some_and(Enclosure::is_recording)
    }

    /// Returns all attached files, the enclosure first.
    pub(crate) fn attachments(&self) -> impl Iterator<Item = &Enclosure> {
        self.enclosure.iter().chain(&self.other_attachments)
    }

    /// Returns the newest instant of the entry.
    pub(crate) fn newest(&self) -> Option<DateTime<Utc>> {
        self.updated.max(self.published)
    }
}
