//! The ids of articles, by which readers recognise them for ever.
//!
//! Every article file owns the UUID of its path, whether the file is published, not yet due, hidden or
//! broken. An `id` in front matter claims another id. The claim is valid only if no other file owns that
//! id; of several claims to one id, the first by path is valid. An article without a valid claim has the
//! UUID of its own path. Dates and publication have no influence, so an article that is backdated, held
//! back or expired does not change the id of another.
//!
//! Example: `b.md` with `id: a.md` has the UUID of `a.md` while there is no file `a.md`, and the UUID of
//! `b.md` otherwise.

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::OrdSet;
use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

use super::{AffectedFeeds, Library};
use crate::article::Article;
use crate::content_path::ContentPath;
use crate::site::{Ids, Site};
use crate::text::is_canonical_uri;

/// From this number of files on, UUIDs are computed on all cores.
const MANY: usize = 1_000;

/// The owners of ids. Ids are compared as UUIDs: the UUID that a claim contains or hashes to, otherwise the
/// UUID of its URI.
#[derive(Debug, Clone, Default)]
pub(super) struct IdIndex {
    claims: OrdSet<(Uuid, ContentPath)>,
    /// With `ids: permalink`, the articles that have each permalink.
    permalinks: OrdSet<(Uuid, ContentPath)>,
    /// The number of claims to a UUID that may be the hash of a path.
    uuid_claims: usize,
    /// The files by the UUIDs of their paths. Present only while there are such claims, because it needs
    /// memory for every file.
    paths: Option<OrdSet<(Uuid, ContentPath)>>,
}

struct Claim {
    key: Uuid,
    written: WrittenId,
}

enum WrittenId {
    /// An absolute URI, used as the id without changes.
    Uri(String),
    /// Any other text, which is hashed like a path.
    Text(String),
}

impl Claim {
    /// Returns whether the claim is to a UUID that may be the hash of a path.
    fn names_uuid(&self) -> bool {
        matches!(self.written, WrittenId::Uri(_)) && self.key.get_version_num() == 5
    }
}

/// An article that does not have the id it should have, because another file has it.
pub(crate) struct IdConflict {
    /// The id, as written.
    pub id: String,
    /// The article that does not have it.
    pub place: ContentPath,
    /// The file that has it.
    pub owner: ContentPath,
}

impl Library {
    /// Returns the id of an article: ASCII, an absolute URI, and different from the ids of all other
    /// articles.
    pub(crate) fn id(&self, article: &Article) -> String {
        let site = &self.rules.site;
        if let Some(claim) = claim(site, article).filter(|claim| self.owner(claim).as_ref() == Some(&article.place)) {
            return match claim.written {
                WrittenId::Uri(uri) => uri,
                WrittenId::Text(_) => made(site, claim.key),
            };
        }
        if site.links.ids == Ids::Permalink {
            let permalink = self.permalink(article);
            if first(&self.ids.permalinks, uri_key(permalink.as_str())) == Some(&article.place) {
                return permalink.as_str().to_owned();
            }
        }
        made(site, path_key(site, article.place.as_str()))
    }

    /// Returns the articles that do not have the id they claim, or their permalink, because another file or
    /// article has it.
    pub(crate) fn conflicting_ids(&self) -> impl Iterator<Item = IdConflict> {
        let site = &self.rules.site;
        let claims = self.ids.claims.iter().filter_map(|(_, place)| {
            let claim = claim(site, self.articles.get(place.as_str())?)?;
            let owner = self.owner(&claim).filter(|owner| owner != place)?;
            let (WrittenId::Uri(id) | WrittenId::Text(id)) = claim.written;
            Some(IdConflict { id, place: place.clone(), owner })
        });
        let permalinks = self.ids.permalinks.iter().filter_map(|(key, place)| {
            let owner = first(&self.ids.permalinks, *key).filter(|owner| *owner != place)?;
            let id = self.permalink(self.articles.get(place.as_str())?).as_str().to_owned();
            Some(IdConflict { id, place: place.clone(), owner: owner.clone() })
        });
        claims.chain(permalinks)
    }

    /// Returns whether there is an article file at this path: published or not, hidden or broken.
    pub(super) fn has_file(&self, path: &str) -> bool {
        self.knows(path) || self.problems.contains_key(path)
    }

    /// Returns the file that owns the claimed id, otherwise the first article that claims it.
    fn owner(&self, claim: &Claim) -> Option<ContentPath> {
        let ids = &self.ids;
        let file = match &claim.written {
            WrittenId::Text(text) => self.has_file(text).then(|| ContentPath::new(text)),
            WrittenId::Uri(_) => ids.paths.as_ref().and_then(|paths| first(paths, claim.key)).cloned(),
        };
        file.or_else(|| first(&ids.permalinks, claim.key).or_else(|| first(&ids.claims, claim.key)).cloned())
    }

    /// Updates the index and marks the feeds whose articles have a new id. `changed` contains the articles
    /// that changed, `moved` the paths at which a file was added or removed.
    pub(super) fn update_ids_since(
        &mut self,
        before: &Self,
        changed: &BTreeSet<ContentPath>,
        moved: &BTreeSet<ContentPath>,
        affected: &mut AffectedFeeds,
    ) {
        let mut changed_articles = self.update_claims_since(before, changed);
        changed_articles.extend(self.update_permalinks_since(before, changed));
        let has_claims = !(self.ids.claims.is_empty() && before.ids.claims.is_empty());
        if has_claims {
            let site = &self.rules.site;
            let keys = moved.iter().map(|place| path_key(site, place.as_str()));
            changed_articles.extend(keys);
        }
        self.update_paths(moved);
        if before.articles.len() == 0 {
            // The library was empty, so all feeds are new anyway.
            return;
        }
        let has_first = |library: &Self, key| {
            [first(&library.ids.claims, key).cloned(), first(&library.ids.permalinks, key).cloned()]
        };
        let places: BTreeSet<ContentPath> = changed_articles
            .into_iter()
            .flat_map(|key| [has_first(before, key), has_first(self, key)])
            .flatten()
            .flatten()
            .collect();
        for place in places {
            let Some(article) = self.published(place.as_str()) else {
                continue;
            };
            if before.published(place.as_str()).is_none_or(|was| before.id(was) != self.id(article)) {
                affected.extend(self.keys_of(article));
            }
        }
    }

    /// Updates the claims and returns the ids that gained or lost one.
    fn update_claims_since(&mut self, before: &Self, changed: &BTreeSet<ContentPath>) -> BTreeSet<Uuid> {
        let rules = Arc::clone(&self.rules);
        let claim_of = |library: &Self, place: &ContentPath| claim(&rules.site, library.articles.get(place.as_str())?);
        let mut changed_articles = BTreeSet::new();
        for place in changed {
            if let Some(claim) = claim_of(before, place) {
                self.ids.claims.remove(&(claim.key, place.clone()));
                self.ids.uuid_claims -= usize::from(claim.names_uuid());
                changed_articles.insert(claim.key);
            }
            if let Some(claim) = claim_of(self, place) {
                self.ids.claims.insert((claim.key, place.clone()));
                self.ids.uuid_claims += usize::from(claim.names_uuid());
                changed_articles.insert(claim.key);
            }
        }
        changed_articles
    }

    /// Updates the permalinks, if ids are made of them, and returns the ids that gained or lost one.
    fn update_permalinks_since(&mut self, before: &Self, changed: &BTreeSet<ContentPath>) -> BTreeSet<Uuid> {
        if self.rules.site.links.ids != Ids::Permalink {
            return BTreeSet::new();
        }
        let key_of = |library: &Self, place: &ContentPath| {
            Some(uri_key(library.permalink(library.articles.get(place.as_str())?).as_str()))
        };
        let keys_of = |place| (place, key_of(before, place), key_of(self, place));
        let keys: Vec<_> = changed.par_iter().map(keys_of).collect();
        let mut changed_articles = BTreeSet::new();
        for (place, was, is) in keys.into_iter().filter(|(_, was, is)| was != is) {
            if let Some(was) = was {
                self.ids.permalinks.remove(&(was, place.clone()));
            }
            if let Some(is) = is {
                self.ids.permalinks.insert((is, place.clone()));
            }
            changed_articles.extend(was.into_iter().chain(is));
        }
        changed_articles
    }

    fn update_paths(&mut self, moved: &BTreeSet<ContentPath>) {
        let rules = Arc::clone(&self.rules);
        let keyed = |place: &ContentPath| (path_key(&rules.site, place.as_str()), place.clone());
        if self.ids.uuid_claims == 0 {
            self.ids.paths = None;
        } else if let Some(mut paths) = self.ids.paths.take() {
            for place in moved {
                if self.has_file(place.as_str()) {
                    paths.insert(keyed(place));
                } else {
                    paths.remove(&keyed(place));
                }
            }
            self.ids.paths = Some(paths);
        } else {
            let articles = self.articles.iter().map(|article| article.place.clone());
            let broken = self.problems.keys().map(|path| ContentPath::new(path));
            let all: Vec<ContentPath> = articles.chain(self.hidden.keys().cloned()).chain(broken).collect();
            let keyed: Vec<(Uuid, ContentPath)> = all.par_iter().with_min_len(MANY).map(keyed).collect();
            self.ids.paths = Some(keyed.into_iter().collect());
        }
    }
}

/// Returns the first article or file with this key, by path.
fn first(index: &OrdSet<(Uuid, ContentPath)>, key: Uuid) -> Option<&ContentPath> {
    let (found, place) = index.get_next(&(key, ContentPath::new("")))?;
    (*found == key).then_some(place)
}

/// Returns the id that contains a UUID.
fn made(site: &Site, uuid: Uuid) -> String {
    match &site.links.ids {
        Ids::Tag(authority) => format!("{authority}:{uuid}"),
        Ids::Uuid | Ids::Permalink => uuid.urn().to_string(),
    }
}

fn path_key(site: &Site, path: &str) -> Uuid {
    Uuid::new_v5(&site.identity.namespace, path.as_bytes())
}

/// Returns the key of a URI that does not contain a UUID.
fn uri_key(uri: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, uri.as_bytes())
}

fn claim(site: &Site, article: &Article) -> Option<Claim> {
    let written: String = article.id.as_deref()?.trim().nfc().collect();
    if is_canonical_uri(&written) {
        let key = carried_uuid(site, &written).unwrap_or_else(|| uri_key(&equivalent(&written)));
        return Some(Claim { key, written: WrittenId::Uri(written) });
    }
    // With `ids: permalink`, the original feed did not use such an `id`.
    (site.links.ids != Ids::Permalink)
        .then(|| Claim { key: path_key(site, &written), written: WrittenId::Text(written) })
}

/// Returns the UUID in `urn:uuid:…`, in any letter case, or in one of the site's own tag URIs.
fn carried_uuid(site: &Site, uri: &str) -> Option<Uuid> {
    let urn = uri.get(..9).filter(|scheme| scheme.eq_ignore_ascii_case("urn:uuid:")).map(|_| &uri[9..]);
    let tag = || match &site.links.ids {
        Ids::Tag(authority) => uri.strip_prefix(authority.as_str())?.strip_prefix(':'),
        Ids::Uuid | Ids::Permalink => None,
    };
    Uuid::try_parse(urn.or_else(tag)?).ok()
}

/// Returns the URI in a form that is equal for equivalent URIs: the namespace of a URN is not
/// case-sensitive (RFC 8141, section 3.1).
fn equivalent(uri: &str) -> String {
    match uri.strip_prefix("urn:").and_then(|rest| rest.split_once(':')) {
        Some((space, name)) => format!("urn:{}:{name}", space.to_ascii_lowercase()),
        None => uri.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::article::{Source, parse_front_matter};
    use crate::library::{ChangeBatch, File};
    use crate::site::sample::rules;

    /// The permalink of an article that is not due depends on its page too, which files of other names can take.
    #[test]
    fn an_article_that_is_not_due_gives_up_the_permalink_of_its_former_page() {
        let rules = rules("ids: permalink\narticle_url: ':base/articles/:path/'\n", crate::generator::plain::PLAIN);
        let now = DateTime::from_timestamp(1_780_000_000, 0).unwrap();
        let apply = |library: &Library, files: &[(&str, Option<&str>)]| {
            let mut batch = ChangeBatch::default();
            for (path, date) in files {
                let place = ContentPath::new(path);
                let file = date.map(|date| {
                    let text = format!("---\ntitle: T\ndate: {date}\n---\n");
                    let source = Source { place: &place, bytes: text.as_bytes(), modified: None };
                    File::Metadata(parse_front_matter(&source, &library.rules().site.options))
                });
                batch.articles.insert(place, file);
            }
            library.apply(batch, now).0
        };
        let empty = Library::empty(rules, now);
        let both = apply(&empty, &[("x/b.html", Some("2026-01-01")), ("x/b.md", Some("2099-01-01"))]);
        let alone = apply(&both, &[("x/b.html", None)]);
        let again = apply(&alone, &[("x/b.html", Some("2026-01-01")), ("x/b.md~.md", Some("2026-01-01"))]);
        let afresh = apply(
            &empty,
            &[("x/b.html", Some("2026-01-01")), ("x/b.md", Some("2099-01-01")), ("x/b.md~.md", Some("2026-01-01"))],
        );
        assert_eq!(alone.ids.permalinks, apply(&empty, &[("x/b.md", Some("2099-01-01"))]).ids.permalinks);
        assert_eq!(again.ids.permalinks, afresh.ids.permalinks);
    }
}
