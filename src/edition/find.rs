//! Resolves the path of a request.
//!
//! The hot path is one lookup of the directory and a match of the last segment. The cold path handles other
//! spellings, old URLs and wrong ones. Paths are percent-encoded, as in the request.

use std::collections::HashMap;
use std::sync::Arc;

use super::site_document::SiteDocument;
use super::{Edition, Published, rendering_cost};
use crate::article::body::cost;
use crate::content_path::{ContentPath, split};
use crate::document::Document;
use crate::feed::{Address, Format};
use crate::key::{FeedKey, Kind, Topic};
use crate::library::{Library, SlugClaim, Table, claim};
use crate::name::{Name, PAGE};
use crate::render::page::PageNumber;
use crate::text::{decode_path, encode_path};

mod legacy_paths;

pub(super) use legacy_paths::LegacyPaths;

/// The result of resolving a path.
#[derive(Debug, Clone)]
pub enum Found {
    /// A document.
    Document(Arc<Document>),
    /// Permanently moved to another URL.
    Moved(String),
    /// Permanently removed.
    Gone,
    /// Not found.
    Missing,
    /// The page of an article, to be rendered from its file.
    Article(ContentPath),
    /// An image, by its path below `/media/`.
    Media(Arc<str>),
}

/// How expensive it is to render a document that is not cached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expense {
    /// Rendering begins at once.
    Small,
    /// Rendering may wait for memory until other large documents are rendered.
    Large,
}

/// What a path leads to, before anything is rendered.
pub(super) enum FoundTarget<'a> {
    /// The document of a feed.
    Feed(&'a Arc<Published>, Format),
    /// The page of a feed.
    Page(&'a Arc<Published>),
    /// A later page of a feed's articles.
    Older(&'a Arc<Published>, PageNumber),
    /// A later page of the list of all feeds of a kind.
    Listed(&'a SiteDocument, &'a Kind, usize),
    /// A document that exists once for each site.
    Site(&'a SiteDocument),
    /// Anything else.
    Other(Found),
}

/// Longer paths, in bytes, are not compared with other spellings.
const LONGEST: usize = 8192;

/// Returns a path with a slash at the end, or without the one that it has.
pub(super) fn with_other_end(path: &str) -> String {
    path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned)
}

impl Edition {
    /// Resolves the path of a request. Renders the document if it is not cached.
    pub fn find(&self, path: &str) -> Found {
        Found::Document(match self.locate(path) {
            FoundTarget::Feed(published, format) => self.document(published, format),
            FoundTarget::Page(published) => self.page(published),
            FoundTarget::Older(published, position) => Arc::new(self.older_page(published, position)),
            FoundTarget::Listed(list, kind, number) => match self.list_page(list, kind, number) {
                Some(page) => Arc::new(page),
                None => return Found::Missing,
            },
            FoundTarget::Site(site_document) => self.site_document(site_document),
            FoundTarget::Other(found) => return found,
        })
    }

    /// Like [`Self::find`], but renders nothing: if the document is not cached, returns how expensive it is.
    pub(crate) fn find_rendered(&self, path: &str) -> Result<Found, Expense> {
        let document = match self.locate(path) {
            FoundTarget::Feed(published, format) => {
                published.documents[format as usize].get_kept().ok_or_else(|| expense(published))
            }
            FoundTarget::Page(published) => published.page.get_kept().ok_or_else(|| expense(published)),
            FoundTarget::Older(published, _) => Err(expense(published)),
            FoundTarget::Listed(..) => Err(Expense::Small),
            FoundTarget::Site(site_document) => site_document.kept().ok_or(Expense::Small),
            FoundTarget::Other(found) => return Ok(found),
        };
        document.map(Found::Document)
    }

    pub(super) fn locate(&self, path: &str) -> FoundTarget<'_> {
        let Some(below) = path.strip_prefix(self.base_path.as_str()) else {
            let is_root = path.len() + 1 == self.base_path.len() && self.base_path.starts_with(path);
            return FoundTarget::Other(if is_root { Found::Moved(self.base().to_string()) } else { Found::Missing });
        };
        match self.find_current(below) {
            // Other spellings of a URL may have been URLs of something else.
            moved @ FoundTarget::Other(Found::Moved(_) | Found::Missing | Found::Gone) => {
                self.find_legacy_path(below).map_or_else(|| self.find_at_other_end(below, moved), FoundTarget::Other)
            }
            target => target,
        }
    }

    fn find_at_other_end<'a>(&'a self, below: &str, found: FoundTarget<'a>) -> FoundTarget<'a> {
        match found {
            // Web servers often added or removed the slash at the end.
            FoundTarget::Other(Found::Missing) => {
                FoundTarget::Other(self.find_legacy_path(&with_other_end(below)).unwrap_or(Found::Missing))
            }
            target => target,
        }
    }

    /// Resolves a path below the base URL, without `redirects` and `gone` of site.yaml.
    fn find_current(&self, below: &str) -> FoundTarget<'_> {
        let (directory, file) = split(below);
        if let Some(target) = self.paths.get(directory).and_then(|published| find_in(published, file)) {
            return target;
        }
        if let Some(site_document) = self.site_documents.by_path.get(below) {
            return FoundTarget::Site(site_document);
        }
        if let Some(target) = self.find_page(below) {
            return target;
        }
        FoundTarget::Other(if below.len() > LONGEST { Found::Missing } else { self.find_otherwise(below) })
    }

    /// Resolves URLs that are not in `paths`, and other spellings of those that are.
    fn find_otherwise(&self, below: &str) -> Found {
        let Some(decoded) = decode_path(below) else {
            return Found::Missing;
        };
        if let Some(path) = decoded.strip_prefix("media/") {
            return match self.library.media_key(path) {
                Some(key) => Found::Media(key),
                None => Found::Missing,
            };
        }
        if let Some(path) = decoded.strip_prefix("articles/") {
            return self.find_article(below, path);
        }
        // Decode each segment by itself, because `C%2FC++` is one name. Double encoding is accepted if it
        // leads to a known name.
        let parts = |path: &[String]| path.iter().map(|part| decode_path(part)).collect::<Option<Vec<String>>>();
        let once = parts(&below.split('/').map(str::to_owned).collect::<Vec<_>>());
        let mojibake = once.as_deref().and_then(parts);
        once.and_then(|once| self.find_named(&once).or_else(|| self.find_named_page(&once)))
            .or_else(|| mojibake.and_then(|mojibake| self.find_named(&mojibake)))
            .or_else(|| self.find_preset(&decoded))
            .map_or_else(|| if self.is_gone(&decoded) { Found::Gone } else { Found::Missing }, Found::Moved)
    }

    fn find_article(&self, below: &str, path: &str) -> Found {
        let (page, file) = split(path);
        let page = if file.is_empty() || file == "index.html" { page.trim_end_matches('/') } else { path };
        let Some(article) = self.library.article_of_page(page) else {
            return Found::Missing;
        };
        let address = self.library.page(&article.place);
        if address.path().strip_prefix(self.base_path.as_str()) == Some(below) {
            return Found::Article(article.place.clone());
        }
        Found::Moved(address.to_string())
    }

    /// Returns the canonical URL of a feed or list that was requested by another name: without its slash,
    /// by its long slug, or by its name in any spelling.
    fn find_named(&self, parts: &[String]) -> Option<String> {
        let (last, directory) = parts.split_last()?;
        let is_document = Format::ALL.into_iter().any(|format| format.file_name() == last);
        let names = if is_document || last == "index.html" { directory } else { parts };
        let file = if is_document { last.as_str() } else { "" };
        // A list has a page but no documents.
        let list = format!(
            "{}/",
            names.iter().map(String::as_str).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
        );
        let path = if self.site_documents.by_path.contains_key(&list) && !is_document {
            list
        } else {
            self.feeds.get(&self.key_named(names)?)?.path.to_string()
        };
        Some(self.base().child(&path).child(file).to_string())
    }

    /// Returns the URL of a page of a list that was requested by another name of the list, or without its slash.
    fn find_named_page(&self, parts: &[String]) -> Option<String> {
        let end = parts.iter().rposition(|part| !part.is_empty() && part != "index.html")?;
        let [list @ .., page, number] = &parts[..=end] else { return None };
        let list = match list {
            _ if page != PAGE => return None,
            [] => self.base().to_string(),
            list => self.find_named(list)?,
        };
        let path = format!("{}{PAGE}/{number}/", list.strip_prefix(self.base().as_str())?);
        Some(match self.find_page(&path)? {
            FoundTarget::Other(Found::Moved(first)) => first,
            _ => self.base().child(&path).to_string(),
        })
    }

    /// Returns the feed that the segments of a path refer to: after the directory of the language, the site's own feed if
    /// there are none, otherwise a kind followed by names in any spelling.
    fn key_named(&self, parts: &[String]) -> Option<FeedKey> {
        let mut parts = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).peekable();
        let language = self.views.iter().filter_map(|view| view.language.clone());
        let language = language.into_iter().find(|code| parts.next_if(|part| *part == &**code).is_some());
        let mut key = FeedKey { language, topic: Topic::Site };
        let Some(first) = parts.next() else {
            return Some(key);
        };
        let kind = self.library.lists(key.language.as_ref()).find(|kind| kind.directory() == Some(first))?;
        for part in parts {
            key = self.child_named(&kind, &key, part)?;
        }
        (key.topic != Topic::Site).then_some(key)
    }

    /// Returns the feed that `part` refers to below a parent: by its short slug, its long slug, its
    /// transliterated slug, one that it had, or its name.
    fn child_named(&self, kind: &Kind, parent: &FeedKey, part: &str) -> Option<FeedKey> {
        let named = |folded: Arc<str>| {
            parent.beside(match kind {
                Kind::Tag => Topic::Tag(folded),
                Kind::Author => Topic::Author(folded),
                Kind::Taxonomy(taxonomy) => Topic::Term(Arc::clone(taxonomy), folded),
                Kind::Site | Kind::Feed => Topic::Feed(folded),
                Kind::Category => Topic::Category(parent.names().iter().cloned().chain([folded]).collect()),
            })
        };
        if parent.topic != Topic::Site && *kind != Kind::Category {
            return None;
        }
        let any = named("".into());
        let by_slug = || self.library.named_by_slug(&any, part);
        let by_name = || {
            let name = Name::new(part)?;
            let key = named(if *kind == Kind::Feed { part.into() } else { Arc::clone(name.folded()) });
            self.feeds.contains_key(&key).then_some(key)
        };
        let by_alias = || {
            let aliases = self.aliases.get_or_init(|| Aliases::of(&self.library));
            aliases.0.get(&claim(&any, part)).cloned()
        };
        by_slug().or_else(by_name).or_else(by_alias)
    }
}

fn find_in<'a>(published: &'a Arc<Published>, file: &str) -> Option<FoundTarget<'a>> {
    if let Some(format) = Format::ALL.into_iter().find(|format| format.file_name() == file) {
        let is_offered = published.feed.addresses.formats.contains(&format);
        return Some(if is_offered {
            FoundTarget::Feed(published, format)
        } else {
            FoundTarget::Other(Found::Missing)
        });
    }
    match file {
        // The page of a site's feed is the start page.
        "" if published.feed.key.topic == Topic::Site => None,
        "" => Some(FoundTarget::Page(published)),
        "index.html" => Some(FoundTarget::Other(Found::Moved(published.feed.addresses.page.to_string()))),
        _ => None,
    }
}

fn expense(published: &Published) -> Expense {
    if cost::rendering_needs_permit(rendering_cost(&published.feed)) { Expense::Large } else { Expense::Small }
}

/// The [other slugs](Library::other_slugs) of all feeds, and the former ones.
#[derive(Debug)]
pub(super) struct Aliases(HashMap<SlugClaim, FeedKey>);

impl Aliases {
    fn of(library: &Library) -> Self {
        let mut aliases = HashMap::new();
        for table in [Table::Current, Table::Former] {
            for key in library.keys() {
                for slug in library.other_slugs(key, table) {
                    // If several feeds share the slug, the smallest key wins, so that the result is always the
                    // same.
                    aliases.entry(claim(key, &slug)).or_insert_with(|| key.clone());
                }
            }
        }
        Self(aliases)
    }
}

/// Returns the URL of a redirect target, which is a path below the base URL or an absolute URL.
pub(super) fn target(base: &Address, to: &str) -> Option<Address> {
    match to.strip_prefix('/') {
        Some(path) => Some(base.child(&decode_path(path).map_or_else(|| encode_path(path), |path| encode_path(&path)))),
        None => Address::parse(to),
    }
}
