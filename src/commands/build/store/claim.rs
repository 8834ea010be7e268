//! The claim of a publisher: the manifest that it wrote, and that no other publisher has replaced.

use std::sync::Arc;

use super::manifest::{self, Conditions, Manifest, State, Unreadable};
use super::object::{Md5Digest, ObjectBody};
use crate::commands::Failure;
use crate::fetch::{Object, Precondition, Store, StoreError, Stored};
use crate::settings::Writers;

/// A manifest as it is in the store.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) manifest: Arc<Manifest>,
    pub(super) etag: String,
}

/// Why a publish ended.
#[derive(Debug)]
pub(super) enum PublishStop {
    /// Another publisher replaced the claim.
    TakenOver,
    /// The files changed since they were read; this message says which.
    Changed(String),
    /// The store failed, and may work again later.
    Store(StoreError),
    /// It cannot work.
    Failed(Failure),
}

impl From<StoreError> for PublishStop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Reads the manifest of the store.
pub(super) fn read(store: &Store) -> Result<Option<Known>, PublishStop> {
    let Some((bytes, etag)) = store.get(manifest::KEY)? else {
        return Ok(None);
    };
    let place = format!("{}{}", store.location(), manifest::KEY);
    let manifest = Manifest::parse(&bytes).map_err(|unreadable| {
        PublishStop::Failed(Failure::new(match unreadable {
            Unreadable::Damaged => format!("`{place}` is not a manifest of feedmill; publish to another prefix, or remove it together with what was published"),
            Unreadable::Newer => format!("a newer version of feedmill wrote `{place}`; publish with that version"),
        }))
    })?;
    Ok(Some(Known { manifest: Arc::new(manifest), etag }))
}

/// Writes a manifest under a condition.
fn write(store: &Store, manifest: &Manifest, condition: Precondition<'_>) -> Result<Stored, PublishStop> {
    let body = ObjectBody::Bytes(manifest.bytes());
    let md5 = Md5Digest::of(&body).map_err(|error| PublishStop::Failed(Failure::new(error.to_string())))?.header();
    let headers = [("content-type", "application/gzip"), ("cache-control", "no-store")];
    let object = Object { key: manifest::KEY, content: body.content(), headers: &headers, md5: &md5, condition };
    Ok(store.put(&object)?)
}

/// Claims the store: writes a manifest in place of the `known` one.
pub(super) fn claim(
    store: &Store,
    known: Option<&Known>,
    wanted: &mut Manifest,
    writers: Writers,
) -> Result<Known, PublishStop> {
    let condition = match (known, wanted.conditions) {
        (_, Conditions::Missing) => Precondition::None,
        (None, _) => Precondition::Absent,
        (Some(known), _) => Precondition::Matches(&known.etag),
    };
    let known = match write(store, wanted, condition)? {
        Stored::As(etag) => Known { manifest: Arc::new(wanted.clone()), etag },
        // If the answer to the first attempt got lost, the second one finds our own manifest.
        Stored::Refused => match read(store)? {
            Some(known) if known.manifest.writer == wanted.writer => known,
            _ => return Err(PublishStop::TakenOver),
        },
        Stored::Unsupported => {
            wanted.conditions = Conditions::Missing;
            check_writers(store, writers)?;
            return claim(store, None, wanted, writers);
        }
    };
    if wanted.conditions != Conditions::Untried {
        return Ok(known);
    }
    // A store that ignores conditions answers as if they were true.
    let refuses = |condition| Ok::<bool, PublishStop>(write(store, wanted, condition)? == Stored::Refused);
    let other = "00000000000000000000000000000000";
    wanted.conditions = if refuses(Precondition::Absent)? && refuses(Precondition::Matches(other))? {
        Conditions::Honoured
    } else {
        if writers == Writers::Several {
            store.delete(manifest::KEY)?;
        }
        check_writers(store, writers)?;
        Conditions::Missing
    };
    Ok(known)
}

/// Fails if several publishers could write to a store without conditional writes.
pub(super) fn check_writers(store: &Store, writers: Writers) -> Result<(), PublishStop> {
    match writers {
        Writers::Single => Ok(()),
        Writers::Several => Err(PublishStop::Failed(Failure::new(format!(
            "the store of `{}` has no conditional writes, so two publishers at once could mix their files; if no other one ever publishes there, add --single-writer",
            store.location()
        )))),
    }
}

/// Fails if another publisher replaced the claim.
pub(super) fn check(store: &Store, claim: &Known) -> Result<(), PublishStop> {
    match store.etag(manifest::KEY)? {
        Some(etag) if etag == claim.etag => Ok(()),
        _ => Err(PublishStop::TakenOver),
    }
}

/// Replaces the claim with the manifest of a complete publish.
pub(super) fn complete(store: &Store, claim: &Known, complete: Manifest) -> Result<Known, PublishStop> {
    debug_assert_eq!(complete.state, State::Complete);
    let condition = match complete.conditions {
        Conditions::Missing => {
            check(store, claim)?;
            Precondition::None
        }
        Conditions::Untried | Conditions::Honoured => Precondition::Matches(&claim.etag),
    };
    match write(store, &complete, condition)? {
        Stored::As(etag) => Ok(Known { manifest: Arc::new(complete), etag }),
        Stored::Refused | Stored::Unsupported => match read(store)? {
            Some(known) if known.manifest.writer == complete.writer => Ok(known),
            _ => Err(PublishStop::TakenOver),
        },
    }
}
