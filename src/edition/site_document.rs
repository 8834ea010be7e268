//! Documents that exist once for each site: the pages of the catalogue, OPML and feeds.json, the style
//! sheet, and the error pages.
//!
//! Each is rendered on first use. [`super::find`] maps URLs to them.

use std::sync::Arc;

use super::Edition;
use crate::document::{Document, DocumentType, Newest};
use crate::feed::{Address, Kind, UNDATED};
use crate::render::{self, page};

/// A document that exists once for each site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SiteDocument {
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

impl SiteDocument {
    pub(super) const COUNT: usize = 12;
}

impl Edition {
    /// Returns the document if it was rendered before.
    pub(super) fn site_document_kept(&self, site_document: SiteDocument) -> Option<Arc<Document>> {
        self.singles[site_document as usize].get().map(Arc::clone)
    }

    pub(super) fn site_document(&self, site_document: SiteDocument) -> Arc<Document> {
        let make = || {
            let base = &self.masthead.base;
            let file = |path: &str, media_type, kind, bytes: Vec<u8>| {
                Document::new(base.child(path).path(), media_type, kind, Newest::At(UNDATED), bytes)
            };
            let list = |kind: Kind| {
                let catalogue = self.catalogue();
                let address = base.child(&format!("{}/", kind.directory().unwrap_or_default()));
                html(&address, catalogue.into(), page::list(catalogue, kind)).linked(self.site_links())
            };
            match site_document {
                SiteDocument::Home => {
                    let catalogue = self.catalogue();
                    html(base, catalogue.into(), page::home(catalogue)).linked(self.site_links())
                }
                SiteDocument::Categories => list(Kind::Category),
                SiteDocument::Tags => list(Kind::Tag),
                SiteDocument::Authors => list(Kind::Author),
                SiteDocument::Feeds => list(Kind::Feed),
                SiteDocument::Opml => render::opml_document(self.catalogue()),
                SiteDocument::Json => render::feeds_json_document(self.catalogue()),
                SiteDocument::StyleSheet => {
                    let sheet = page::style_sheet(self.library.rules().site.identity.accent_color.as_deref());
                    file("feed.css", "text/css; charset=utf-8", DocumentType::File, sheet.into_bytes())
                }
                SiteDocument::Favicon => {
                    file("favicon.ico", "image/x-icon", DocumentType::File, page::FAVICON.to_vec())
                }
                SiteDocument::Robots => file(
                    "robots.txt",
                    "text/plain; charset=utf-8",
                    DocumentType::File,
                    b"User-agent: *\nAllow: /\n".to_vec(),
                ),
                SiteDocument::NotFound => file("404", HTML, DocumentType::Page, page::not_found(&self.masthead)),
                SiteDocument::Gone => file("410", HTML, DocumentType::Page, page::gone(&self.masthead)),
            }
        };
        Arc::clone(self.singles[site_document as usize].get_or_init(|| Arc::new(make())))
    }
}

const HTML: &str = "text/html; charset=utf-8";

pub(super) fn html(address: &Address, newest: Newest, bytes: Vec<u8>) -> Document {
    Document::new(address.path(), HTML, DocumentType::Page, newest, bytes)
}
