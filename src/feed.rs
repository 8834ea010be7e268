//! A feed: a title and entries, no format yet.
//!
//! Whatever a format requires stands here, so that rendering cannot fail: text
//! is [`Text`], which cannot hold what XML cannot carry, and addresses are
//! [`Address`], absolute and in ASCII. Knows neither files nor formats.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

mod catalogue;
mod entry;
pub mod select;

pub use crate::key::{Key, Kind};
pub use crate::site::{Content, Format};
pub use crate::text::{Address, Language, Text};
pub use catalogue::{Catalogue, Listing};
pub use entry::{Body, Category, Enclosure, Entry, Html, Image, Person};

/// The addresses of one feed, all absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// The HTML page, ending in a slash; the documents are right below it.
    pub page: Address,
    /// The formats it is offered in, in the order of [`Format::ALL`].
    pub formats: Arc<[Format]>,
}

impl Addresses {
    /// Where the document of a format is, or would be.
    pub fn document(&self, format: Format) -> Address {
        self.page.child(format.file_name())
    }

    /// The documents there are.
    pub fn documents(&self) -> impl Iterator<Item = (Format, Address)> {
        self.formats.iter().map(|&format| (format, self.document(format)))
    }
}

/// What every feed of a site shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masthead {
    /// The site's own title.
    pub title: Text,
    /// The root of the address space, ending in a slash.
    pub base: Address,
    /// The web site the feeds speak for.
    pub home: Address,
    /// The language of the texts around entries and, where an entry names
    /// none, of entries.
    pub language: Language,
    /// Where the dates that people read are counted.
    pub time_zone: Tz,
    /// Who answers for the site.
    pub author: Option<Person>,
    /// The rights line.
    pub copyright: Option<Text>,
    /// The icon: square, any size.
    pub icon: Option<Image>,
    /// Minutes a reader may keep a document, at least 1.
    pub ttl: u32,
    /// The style sheet that browsers show XML documents with, where the media
    /// type lets them.
    pub style_sheet: Option<Address>,
}

/// A title and entries, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// Which of the site's feeds it is.
    pub key: Key,
    /// The UUID of its kind and names: equal for ever, whatever the address.
    pub id: Uuid,
    /// What all feeds of the site share.
    pub masthead: Arc<Masthead>,
    /// The whole title, the site's at its end.
    pub title: Text,
    /// One sentence; never blank.
    pub description: Text,
    /// Its own language, or the site's.
    pub language: Language,
    /// Its own image, or the site's icon.
    pub image: Option<Image>,
    /// Where it is read.
    pub addresses: Addresses,
    /// Where the site speaks of the same: the site's home for the whole site,
    /// else this feed's page.
    pub link: Address,
    /// How many entries, from the newest, carry their bodies; the others carry
    /// summaries alone.
    pub bodies: usize,
    /// Most bytes of a document.
    pub max_bytes: usize,
    /// The newest instant among its entries; a fixed one where none is dated.
    pub updated: DateTime<Utc>,
    /// Whether an entry is shown before it is due (`future: show`): such a
    /// document must not carry Last-Modified.
    pub ahead: bool,
    /// The newest articles.
    pub entries: Vec<Arc<Entry>>,
    /// How many articles it has in all, shown or not.
    pub count: usize,
}

impl Feed {
    /// What the entry at an index carries.
    pub fn content(&self, index: usize) -> Content {
        if index < self.bodies { Content::Full } else { Content::Summary }
    }
}

/// The instant of what has none, where a format demands one. Old enough to
/// come after everything dated, young enough for the W3C validator (1990).
pub const UNDATED: DateTime<Utc> = match DateTime::from_timestamp(946_684_800, 0) {
    Some(instant) => instant,
    None => DateTime::<Utc>::MIN_UTC,
};
