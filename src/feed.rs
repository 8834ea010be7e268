//! A feed: a title and entries, independent of any format.
//!
//! A feed holds everything that a format requires, so that rendering cannot fail. Text is a [`Text`], which
//! contains only characters that XML allows, and URLs are [`Address`]es, which are absolute and ASCII.

use std::sync::Arc;

use chrono::{DateTime, Utc};

mod catalogue;
mod entry;
mod headline;
mod podcast;
pub mod select;

pub use crate::key::FeedKey;
pub(crate) use crate::key::Kind;
pub use crate::site::Format;
pub(crate) use crate::site::{Content, ENTRY_BYTES};
use crate::syntax::date::TimeZone;
pub(crate) use crate::text::{Address, Language, License, Text};
pub(crate) use catalogue::{Catalogue, Listing};
pub(crate) use entry::{Category, Enclosure, Entry, EntryBody, Html, Image, KnownTarget, Person};
pub(crate) use headline::Headline;
pub(crate) use podcast::{Credit, Episode, Podcast, Show, Transcript};

/// The URLs of one feed, all absolute.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Addresses {
    /// The HTML page, ending in a slash. The documents are directly below it.
    pub page: Address,
    /// The formats on offer, in the order of [`Format::ALL`].
    pub formats: Arc<[Format]>,
}

impl Addresses {
    /// Returns the URL of the document in a format, whether or not that format is on offer.
    pub(crate) fn document(&self, format: Format) -> Address {
        self.page.child(format.file_name())
    }

    pub(crate) fn documents(&self) -> impl Iterator<Item = (Format, Address)> {
        self.formats.iter().map(|&format| (format, self.document(format)))
    }
}

/// The data that all feeds of a site share.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Masthead {
    pub(crate) title: Text,
    /// The base URL, ending in a slash.
    pub(crate) base: Address,
    /// The web site that the feeds belong to.
    pub(crate) home: Address,
    /// The start page of the language, where its feeds and pages begin; `base` for the default language.
    pub(crate) start: Address,
    /// The language of pages and feeds, and of entries that do not declare one.
    pub(crate) language: Language,
    /// The kinds that have feeds, for the navigation of pages.
    pub(crate) sections: Vec<Kind>,
    /// The time zone of dates on pages.
    pub(crate) time_zone: TimeZone,
    /// The author or publisher of the site.
    pub(crate) author: Option<Person>,
    pub(crate) copyright: Option<Text>,
    pub(crate) license: Option<License>,
    /// The icon: square, of any size.
    pub(crate) icon: Option<Image>,
    /// How many minutes a reader may keep a document, at least 1.
    pub(crate) ttl: u32,
    /// The `WebSub` hubs that tell subscribers of changes.
    pub(crate) hubs: Vec<Address>,
    /// The style sheet that browsers apply to XML documents, if their media type allows it.
    pub(crate) style_sheet: Option<Address>,
}

/// A title and entries, newest first.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Feed {
    /// Identifies the feed within the site.
    pub(crate) key: FeedKey,
    /// A URI: a UUID made from the kind and the names, so that it does not depend on the URL, or the id of another
    /// generator's feed.
    pub(crate) id: Text,
    /// The data that all feeds of the site share.
    pub(crate) masthead: Arc<Masthead>,
    /// The complete title, which ends with the title of the site.
    pub(crate) title: Text,
    /// One sentence; never blank.
    pub(crate) description: Text,
    /// The feed's own language, or the site's.
    pub(crate) language: Language,
    /// The feed's own image, or the site's icon.
    pub(crate) image: Option<Image>,
    /// What it says as a podcast, if it is one.
    pub(crate) podcast: Option<Podcast>,
    pub(crate) addresses: Addresses,
    /// The web page with the same content: the home page for the site's own feed, otherwise the page of
    /// this feed.
    pub(crate) link: Address,
    /// The number of entries, from the newest, that contain their bodies. The others contain summaries
    /// only.
    pub(crate) bodies: usize,
    /// Maximum size of a document, in bytes.
    pub(crate) max_bytes: usize,
    /// The newest instant among the entries; [`UNDATED`] if there is none.
    pub(crate) updated: DateTime<Utc>,
    /// Whether an entry from the future is shown (`future: show`). Such a document must not have
    /// Last-Modified.
    pub(crate) ahead: bool,
    /// The newest articles.
    pub(crate) entries: Vec<Arc<Entry>>,
    /// Whether `max_bytes` took bodies or entries from it.
    pub(crate) is_cut: bool,
    /// The total number of articles, including those that are not shown.
    pub(crate) count: usize,
}

impl Feed {
    /// Returns what the entry at this index contains.
    pub(crate) fn content(&self, index: usize) -> Content {
        if index < self.bodies { Content::Full } else { Content::Summary }
    }

    /// Returns the files that the feed attaches to an entry, the enclosure first. Podcast apps would play every one, so a
    /// podcast attaches none to an entry without a recording.
    pub(crate) fn attachments<'a>(&self, entry: &'a Entry) -> impl Iterator<Item = &'a Enclosure> + use<'a> {
        let has_files = self.podcast.is_none() || entry.is_episode();
        entry.attachments().filter(move |_| has_files)
    }

    /// Returns what the feed says about itself as a podcast.
    pub(crate) fn show(&self) -> Option<&Show> {
        match &self.podcast {
            Some(Podcast::Complete(show)) => Some(show),
            Some(Podcast::Incomplete) | None => None,
        }
    }

    /// Returns whether a document of the feed holds every article of it (RFC 5005, section 2).
    pub(crate) fn is_complete(&self) -> bool {
        !self.is_cut && self.entries.len() == self.count
    }
}

/// The instant used in place of a missing date if a format requires one. It is old enough to sort after
/// everything dated, and recent enough for the W3C validator, which rejects dates before 1990.
pub(crate) const UNDATED: DateTime<Utc> = match DateTime::from_timestamp(946_684_800, 0) {
    Some(instant) => instant,
    None => DateTime::<Utc>::MIN_UTC,
};
