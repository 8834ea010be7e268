//! The first law: *watching any edits equals reading afresh, document by
//! document.*
//!
//! Batches of edits are made on a real directory. One edition follows the very
//! paths that were touched, another looks at everything; after each batch
//! every document of both must be that of an edition made from the disk at the
//! same moment. Time is a value that moves on between batches, or back, as
//! clocks do. The same law of the program itself, with its watcher, its
//! coalescing and its clock, stands in `keeper`.
//!
//! Planted here and seen red: deletions skipped; stale detail; old entry left
//! in an order; image length kept; slug winner and id owner not settled again;
//! nothing becomes due; an empty feed kept; an article called otherwise, and who
//! speaks of it not told.
//!
//! Planted in the program and seen red by `keeper`: deletions skipped; stale
//! carry-over (a feed kept while its entries are as many); old entry left in an
//! order; image length kept; clock in a document; rescan ignored; new directory
//! not walked; no watch on a directory that could not be read when it appeared.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use feedmill::disk::Hints;
use proptest::prelude::*;

mod deeds;
// The driver of the tests from outside, of which a part is needed here.
#[allow(dead_code, unused_imports)]
#[path = "../e2e/driver/mod.rs"]
mod driver;
mod editions;
mod files;
mod keeper;
mod nobody;
mod rules;

use deeds::{Home, deed};
use editions::{Watched, agree};
use nobody::without_rights;
use rules::DIALECTS;

/// The hour of the first moment.
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
        batches in prop::collection::vec((-1..3_i64, prop::collection::vec(deed(), 1..=10)), 1..8)
    ) {
        without_rights(move || -> Result<(), TestCaseError> {
            let home = Home::new(noon(), DIALECTS[dialect]);
            let mut now = noon();
            let (mut by_paths, mut by_looks) = (Watched::new(&home, now), Watched::new(&home, now));
            for (hours, deeds) in batches {
                now += TimeDelta::hours(hours);
                let site = by_paths.site();
                let mut affected: BTreeSet<PathBuf> = deeds.iter().flat_map(|deed| home.act(deed)).collect();
                // No half of a configuration counts at once.
                by_paths.follow(Duration::ZERO, now);
                by_paths.look(&Hints::Paths(affected.clone()), now);
                prop_assert_eq!(by_paths.site(), site, "half a configuration counts");
                affected.extend(home.mend());
                by_paths.follow(Duration::ZERO, now);
                by_paths.look(&Hints::Paths(affected), now);
                // Files in doubt are looked at again.
                by_paths.look(&Hints::Paths(BTreeSet::new()), now);
                by_paths.settle(now);
                by_looks.look(&Hints::Everything, now);
                by_looks.settle(now);
                let fresh = Watched::new(&home, now);
                agree(&by_paths, &fresh, "by the paths touched")?;
                agree(&by_looks, &fresh, "by looking at everything")?;
            }
            Ok(())
        })?;
    }
}

#[test]
fn editions_that_differ_are_told_apart() {
    let home = Home::new(noon(), DIALECTS[0]);
    let before = Watched::new(&home, noon());
    assert!(agree(&before, &Watched::new(&home, noon()), "").is_ok());
    for (path, text) in [("a.md", "---\ntitle: x\ndate: 2026-01-01\n---\n"), ("b.md", "---\nauthor: [\n---\n")] {
        Home::put(&home.content().join(path), text.as_bytes());
        assert!(agree(&before, &Watched::new(&home, noon()), "").is_err(), "{path}");
    }
}
