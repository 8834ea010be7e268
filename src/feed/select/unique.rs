//! One id, one entry: what remains to be done where ids are not ours.
//!
//! Authors give addresses as ids, and `ids: permalink` takes those of another
//! generator; two articles may then claim one. Knows the entries of one feed,
//! not of all.

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::article::Article;
use crate::library::Library;
use crate::text::Text;

use super::{Entry, entry};

/// The entries, each with an id of its own: of two with one id the older, then
/// the one with the smaller path, keeps it, and the other's is made of id and
/// place.
pub fn unique(library: &Library, entries: &[(Arc<Article>, Arc<Entry>)]) -> Vec<Arc<Entry>> {
    let mut owners: HashMap<Text, &Article> = HashMap::with_capacity(entries.len());
    for (article, entry) in entries {
        let age = |article: &Article| (article.published, article.place.clone());
        let owner = owners.entry(entry.id.clone()).or_insert(article);
        if age(article) < age(owner) {
            *owner = article;
        }
    }
    let is_owner =
        |article: &Article, entry: &Entry| owners.get(&entry.id).is_none_or(|owner| owner.place == article.place);
    let renamed = |article: &Article, own: &Entry| {
        let detail = library.detail(&article.place)?;
        let name = format!("{}\0{}", own.id, article.place);
        let id = Uuid::new_v5(&library.rules().site.namespace, name.as_bytes());
        Some(Arc::new(Entry { id: Text::line(&id.urn().to_string()), ..entry(library, article, detail) }))
    };
    entries
        .iter()
        .map(|(article, own)| {
            if is_owner(article, own) { None } else { renamed(article, own) }.unwrap_or_else(|| Arc::clone(own))
        })
        .collect()
}
