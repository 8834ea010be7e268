//! Documents that exist once for each site: the pages of the catalogue, OPML and feeds.json, the style
//! sheet, and the error pages.
//!
//! Each is rendered on first use. [`super::find`] maps URLs to them.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::Edition;
use crate::document::{Document, DocumentType, Newest};
use crate::feed::{Address, Kind, UNDATED};
use crate::library::language_path;
use crate::render::{self, page};

/// A document of which an edition has one, or one for each language. It is rendered on first use.
#[derive(Debug)]
pub(super) struct SiteDocument {
    pub language: Option<Arc<str>>,
    pub what: SiteContent,
    made: OnceLock<Arc<Document>>,
}

#[derive(Debug)]
pub(super) enum SiteContent {
    Home,
    List(Kind),
    Opml,
    Json,
    StyleSheet,
    Favicon,
    Robots,
    NotFound,
    Gone,
}

impl SiteDocument {
    fn new(language: Option<&Arc<str>>, what: SiteContent) -> Self {
        Self { language: language.cloned(), what, made: OnceLock::new() }
    }

    pub(super) fn kept(&self) -> Option<Arc<Document>> {
        self.made.get().map(Arc::clone)
    }
}

#[derive(Debug)]
pub(super) struct SiteDocuments {
    /// By their paths below the base URL.
    pub by_path: BTreeMap<String, SiteDocument>,
    /// The page for URLs that do not exist.
    pub not_found: SiteDocument,
    /// The page for URLs that were removed.
    pub gone: SiteDocument,
}

impl Default for SiteDocuments {
    fn default() -> Self {
        let of_root = |what| SiteDocument::new(None, what);
        Self { by_path: BTreeMap::new(), not_found: of_root(SiteContent::NotFound), gone: of_root(SiteContent::Gone) }
    }
}

impl Edition {
    /// Returns all documents, none of them rendered.
    pub(super) fn all_site_documents(&self) -> SiteDocuments {
        let mut documents = SiteDocuments::default();
        let mut add = |path: String, language: Option<&Arc<str>>, what| {
            documents.by_path.insert(path, SiteDocument::new(language, what));
        };
        for (site, _) in self.library.sites() {
            let language = site.language.as_ref();
            let path = language_path(language.map(|code| &**code));
            for kind in self.library.lists(language) {
                add(format!("{path}{}/", kind.directory().unwrap_or_default()), language, SiteContent::List(kind));
            }
            add(format!("{path}feeds.opml"), language, SiteContent::Opml);
            add(format!("{path}feeds.json"), language, SiteContent::Json);
            add(path, language, SiteContent::Home);
        }
        add("feed.css".to_owned(), None, SiteContent::StyleSheet);
        add("favicon.ico".to_owned(), None, SiteContent::Favicon);
        add("robots.txt".to_owned(), None, SiteContent::Robots);
        documents
    }

    pub(super) fn site_document(&self, site_document: &SiteDocument) -> Arc<Document> {
        let language = site_document.language.as_ref();
        let make = || {
            let masthead = self.masthead(language);
            let file = |path: &str, media_type, kind, bytes: Vec<u8>| {
                Document::new(masthead.base.child(path).path(), media_type, kind, Newest::At(UNDATED), bytes)
            };
            let catalogue = || self.catalogue_of(language);
            match &site_document.what {
                SiteContent::Home => {
                    let site = self.site_feed(language);
                    let articles = site.map_or(0, |published| published.feed.count);
                    let home = page::Home {
                        catalogue: catalogue(),
                        feed: site.map(|published| &published.feed),
                        headlines: site.map_or(&[], |published| &published.headlines),
                        position: page::PageNumber { number: 1, of: articles.div_ceil(page::ARTICLES).max(1) },
                        skipped: if articles == 0 { self.library.skipped_count() } else { 0 },
                    };
                    html(&masthead.start, catalogue().into(), page::home(home)).linked(self.site_links(language))
                }
                SiteContent::List(kind) => {
                    let address = masthead.start.child(&format!("{}/", kind.directory().unwrap_or_default()));
                    let page = page::list(catalogue(), kind, 1).unwrap_or_default();
                    html(&address, catalogue().into(), page).linked(self.site_links(language))
                }
                SiteContent::Opml => render::opml_document(catalogue()),
                SiteContent::Json => render::feeds_json_document(catalogue()),
                SiteContent::StyleSheet => {
                    let sheet = page::style_sheet(self.library.rules().site.identity.accent_color.as_deref());
                    file("feed.css", "text/css; charset=utf-8", DocumentType::File, sheet.into_bytes())
                }
                SiteContent::Favicon => file("favicon.ico", "image/x-icon", DocumentType::File, page::FAVICON.to_vec()),
                SiteContent::Robots => file(
                    "robots.txt",
                    "text/plain; charset=utf-8",
                    DocumentType::File,
                    self.library.rules().site.http.robots.clone().into_bytes(),
                ),
                SiteContent::NotFound => file("404", HTML, DocumentType::Page, page::not_found(masthead)),
                SiteContent::Gone => file("410", HTML, DocumentType::Page, page::gone(masthead)),
            }
        };
        Arc::clone(site_document.made.get_or_init(|| Arc::new(make())))
    }
}

const HTML: &str = "text/html; charset=utf-8";

pub(super) fn html(address: &Address, newest: Newest, bytes: Vec<u8>) -> Document {
    Document::new(address.path(), HTML, DocumentType::Page, newest, bytes)
}
