//! Documents of which there is one: the catalogue's pages and lists, the style
//! sheet, and what is said where nothing stands.
//!
//! Each is made when somebody first asks. Does not know at which addresses they
//! stand.

use std::sync::Arc;

use super::Edition;
use crate::document::{Document, Keep, Newest};
use crate::feed::{Address, Kind, UNDATED};
use crate::render::{self, page};

/// Documents of which there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Single {
    Home,
    Categories,
    Tags,
    Authors,
    Feeds,
    Opml,
    Json,
    StyleSheet,
    Favicon,
    Robots,
    NotFound,
    Gone,
}

impl Single {
    pub(super) const COUNT: usize = 12;
}

impl Edition {
    pub(super) fn single(&self, single: Single) -> Arc<Document> {
        let make = || {
            let base = &self.masthead.base;
            let file = |path: &str, media_type, keep, bytes: Vec<u8>| {
                Document::new(base.child(path).path(), media_type, keep, Newest::At(UNDATED), bytes)
            };
            let list = |kind: Kind| {
                let catalogue = self.catalogue();
                let address = base.child(&format!("{}/", kind.directory().unwrap_or_default()));
                html(&address, newest(catalogue.updated, catalogue.ahead), page::list(catalogue, kind))
                    .linked(self.site_links())
            };
            match single {
                Single::Home => {
                    let catalogue = self.catalogue();
                    html(base, newest(catalogue.updated, catalogue.ahead), page::home(catalogue))
                        .linked(self.site_links())
                }
                Single::Categories => list(Kind::Category),
                Single::Tags => list(Kind::Tag),
                Single::Authors => list(Kind::Author),
                Single::Feeds => list(Kind::Feed),
                Single::Opml => render::opml_document(self.catalogue()),
                Single::Json => render::feeds_json_document(self.catalogue()),
                Single::StyleSheet => {
                    let sheet = page::style_sheet(self.library.rules().site.accent_color.as_deref());
                    file("feed.css", "text/css; charset=utf-8", Keep::Day, sheet.into_bytes())
                }
                Single::Favicon => file("favicon.ico", "image/x-icon", Keep::Day, page::FAVICON.to_vec()),
                Single::Robots => {
                    file("robots.txt", "text/plain; charset=utf-8", Keep::Day, b"User-agent: *\nAllow: /\n".to_vec())
                }
                Single::NotFound => file("404", HTML, Keep::Page, page::not_found(&self.masthead)),
                Single::Gone => file("410", HTML, Keep::Page, page::gone(&self.masthead)),
            }
        };
        Arc::clone(self.singles[single as usize].get_or_init(|| Arc::new(make())))
    }
}

const HTML: &str = "text/html; charset=utf-8";

pub(super) fn html(address: &Address, newest: Newest, bytes: Vec<u8>) -> Document {
    Document::new(address.path(), HTML, Keep::Page, newest, bytes)
}

pub(super) fn newest(updated: chrono::DateTime<chrono::Utc>, ahead: bool) -> Newest {
    if ahead { Newest::Ahead } else { Newest::At(updated) }
}
