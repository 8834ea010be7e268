//! Decides in which categories, taxonomies and feeds an article is.

use std::sync::Arc;

use super::hidden::is_in_feeds;
use crate::article::{InFeeds, ParseOptions};
use crate::content_path::ContentPath;
use crate::generator::HiddenReason;
use crate::generator::category::{self, Directories};
use crate::generator::collections::CollectionMembers;
use crate::generator::site_context::COLLECTIONS;
use crate::name::Name;
use crate::syntax::front_matter::{Fields, FrontMatter};

/// Returns the categories in front matter, plus that of the directory if site.yaml sets `categories.directories`.
pub(super) fn categories(place: &ContentPath, fields: &Fields, options: &ParseOptions) -> Box<[Box<[Name]>]> {
    let context = &options.site_context;
    // Categories by directory begin below the directory of the sources.
    let below = context.collections.below_root(place.as_str()).filter(|below| *below != place.as_str());
    let below = below.map(ContentPath::new);
    let below = below.as_ref().unwrap_or(place);
    let named = category::categories(fields, below, &options.generator.categories, options.lists, &context.filing);
    match options.directories {
        Directories::Silent => named,
        Directories::Categories => category::with_directory(named, &context.languages.split(place.as_str()).1),
    }
}

/// Returns the terms in further taxonomies, and the collection.
pub(super) fn terms(place: &ContentPath, fields: &Fields, options: &ParseOptions) -> Box<[(Arc<str>, Name)]> {
    let terms = category::terms(fields, &options.site_context.filing);
    match options.site_context.collections.of(place.as_str()) {
        Some(collection) => terms.into_iter().chain([(COLLECTIONS.into(), collection.name.clone())]).collect(),
        None => terms,
    }
}

pub(super) fn in_feeds(place: &ContentPath, fields: &Fields, options: &ParseOptions) -> InFeeds {
    let collections = &options.site_context.collections;
    if !is_in_feeds(fields) {
        InFeeds::None
    } else if collections.has_posts && collections.of(place.as_str()).is_some() {
        InFeeds::Collection
    } else {
        InFeeds::All
    }
}

/// Returns why a file in the directory of a collection is not an article. `date` is its date.
pub(super) fn no_document<T>(
    place: &ContentPath,
    front: &FrontMatter,
    date: Option<&T>,
    options: &ParseOptions,
) -> Option<HiddenReason> {
    let collection = options.site_context.collections.of(place.as_str())?;
    if front.split.language.is_none() {
        return Some(HiddenReason::NoDocument);
    }
    // Without posts, the documents are the articles of the site.
    let needs_date = collection.members == CollectionMembers::Dated && options.site_context.collections.has_posts;
    (needs_date && date.is_none()).then_some(HiddenReason::UndatedDocument)
}
