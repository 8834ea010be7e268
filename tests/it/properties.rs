//! The first property: *watching any sequence of edits equals reading everything afresh, document by
//! document.*
//!
//! Batches of edits are applied to a real directory. One edition is updated from the paths that were touched,
//! another one from a complete rescan. After each batch, every document of both must equal the document of an
//! edition that is read from the disk at the same moment. Time is a value that moves forward between batches,
//! or back, as clocks do. `running_server` tests the property for the whole program, with its watcher, its
//! coalescing of events and its clock.
//!
//! Each of these bugs was planted in the library once, and the test failed: deletions skipped; a stale body;
//! an old entry left in an order; an old length of an image; slugs and ids not reassigned; nothing becomes
//! due; an empty feed kept; articles that link to a renamed article not updated.
//!
//! Each of these was planted in the program, and `running_server` failed: deletions skipped; a feed carried
//! over as long as its number of entries is the same; an old entry left in an order; an old length of an
//! image; a clock in a document; rescan ignored; a new directory not scanned; no watch on a directory that
//! could not be read when it appeared.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use feedmill::disk::ChangedPaths;
use proptest::prelude::*;

mod editions;
mod edits;
mod files;
mod rules;
mod running_server;
mod unprivileged;

use editions::{Watched, agree};
use edits::{Home, edit};
use rules::DIALECTS;
use unprivileged::without_rights;

/// Time of the first edition.
fn noon() -> DateTime<Utc> {
    "2026-01-05T12:00:00Z".parse().unwrap()
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn watching_any_edits_equals_reading_afresh(
        dialect in 0..DIALECTS.len(),
        batches in prop::collection::vec((-1..3_i64, prop::collection::vec(edit(), 1..=10)), 1..8)
    ) {
        without_rights(move || -> Result<(), TestCaseError> {
            let home = Home::new(noon(), DIALECTS[dialect]);
            let mut now = noon();
            let (mut by_paths, mut by_looks) = (Watched::new(&home, now), Watched::new(&home, now));
            for (hours, edits) in batches {
                now += TimeDelta::hours(hours);
                let site = by_paths.site();
                let mut affected: BTreeSet<PathBuf> = edits.iter().flat_map(|edit| home.act(edit)).collect();
                // A configuration that is half written must not take effect.
                by_paths.follow(Duration::ZERO, now);
                by_paths.scan(&ChangedPaths::Paths(affected.clone()), now);
                prop_assert_eq!(by_paths.site(), site, "a half-written configuration took effect");
                affected.extend(home.mend());
                by_paths.follow(Duration::ZERO, now);
                by_paths.scan(&ChangedPaths::Paths(affected), now);
                // The next scan checks racy files again.
                by_paths.scan(&ChangedPaths::Paths(BTreeSet::new()), now);
                by_paths.settle(now);
                by_looks.scan(&ChangedPaths::Everything, now);
                by_looks.settle(now);
                let fresh = Watched::new(&home, now);
                agree(&by_paths, &fresh, "updated by paths")?;
                agree(&by_looks, &fresh, "updated by a rescan")?;
            }
            Ok(())
        })?;
    }
}

#[test]
fn a_difference_between_two_editions_is_found() {
    let home = Home::new(noon(), DIALECTS[0]);
    let before = Watched::new(&home, noon());
    assert!(agree(&before, &Watched::new(&home, noon()), "").is_ok());
    for (path, text) in [("a.md", "---\ntitle: x\ndate: 2026-01-01\n---\n"), ("b.md", "---\nauthor: [\n---\n")] {
        Home::put(&home.content().join(path), text.as_bytes());
        assert!(agree(&before, &Watched::new(&home, noon()), "").is_err(), "{path}");
    }
}
