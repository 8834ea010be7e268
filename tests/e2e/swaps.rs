//! Everything that replaces files under the server, by events and by polling: what is added,
//! changed, removed or only rewritten shows in time, and no answer on the way is empty,
//! malformed or, where the writer works in one step, a mixture.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::driver::{Folder, Mill, article, within};

mod checkouts;
mod copiers;
mod mounts;
mod rules;
mod volumes;

/// What a directory holds: names of articles, and the version each is of.
pub type State = BTreeMap<&'static str, u32>;

/// Longer than a glance at the root takes to come round.
const DEADLINE: Duration = Duration::from_secs(20);

const MODES: [&[&str]; 2] = [&["--watch", "events"], &["--watch", "poll", "--poll", "100ms"]];

/// One way of bringing files under the server.
pub trait Writer {
    /// Makes the first state, before the server starts.
    fn begin(&mut self, folder: &Folder, state: &State);
    /// Replaces a state by another; equal ones are written all the same.
    fn replace(&mut self, folder: &Folder, mill: &Mill, before: &State, after: &State);
    /// Starts the server on what was begun.
    fn serve(&self, folder: &Folder, flags: &[&str]) -> Mill;
    /// Whether a state replaces another in one step.
    fn is_whole(&self) -> bool;
}

/// The files of a state, as paths below the content directory.
pub fn files(state: &State) -> impl Iterator<Item = (String, String)> {
    state.iter().map(|(name, version)| (format!("{name}.md"), article(&format!("{name} {version}"), "2026-01-01")))
}

fn state(names: &[&'static str], version: u32) -> State {
    names.iter().map(|name| (*name, version)).collect()
}

/// The state that a feed shows; fails on what is none.
#[track_caller]
fn shown(mill: &Mill, path: &str) -> BTreeMap<String, u32> {
    let answer = mill.get(path).ok();
    let titles = answer.titles();
    assert!(!titles.is_empty(), "{path} was empty: {answer}\n{}", mill.log());
    titles
        .iter()
        .map(|title| {
            let (name, version) = title.split_once(' ').unwrap_or_else(|| panic!("{path} shows {title:?}"));
            (name.to_owned(), version.parse().unwrap())
        })
        .collect()
}

fn is(shown: &BTreeMap<String, u32>, state: &State) -> bool {
    shown
        .iter()
        .map(|(name, version)| (name.as_str(), *version))
        .eq(state.iter().map(|(name, version)| (*name, *version)))
}

/// Asks one feed again and again until told to stop. Of a writer that works in one step every
/// answer is one of the two states, and after the new one the old never comes back; of others
/// every entry is of one of the two.
fn ask(mill: &Mill, path: &str, before: &State, after: &State, is_whole: bool, done: &AtomicBool) {
    let mut is_new = false;
    while !done.load(Ordering::Relaxed) {
        let now = shown(mill, path);
        if is_whole {
            let (old, new) = (is(&now, before), is(&now, after));
            assert!(old || new, "{path} shows a mixture: {now:?} between {before:?} and {after:?}");
            assert!(new || !is_new, "{path} went back to {before:?}");
            is_new |= new;
        } else {
            for (name, version) in &now {
                let known = [before, after].iter().any(|state| state.get(name.as_str()) == Some(version));
                assert!(known, "{path} shows {name} {version} between {before:?} and {after:?}");
            }
        }
    }
}

/// Stops the askers even when a test fails, so that their scope ends.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A number of the metrics, summed over labels.
fn metric(mill: &Mill, name: &str) -> u64 {
    let text = mill.admin("GET", "/metrics").ok().text();
    let lines = text.lines().filter(|line| line.starts_with(name));
    lines.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
}

const FEEDS: [&str; 3] = ["/rss.xml", "/atom.xml", "/feed.json"];

/// Adds, changes, removes and rewrites, in either mode.
#[track_caller]
pub fn is_followed(mut make: impl FnMut() -> Box<dyn Writer>) {
    for mode in MODES {
        let (folder, mut writer) = (Folder::new(), make());
        // A writer in one step renews all, so that a mixture of two states shows.
        let renewed = |names: &[&'static str], version, whole: bool, before: &State| {
            if whole {
                return state(names, version);
            }
            names.iter().map(|name| (*name, before.get(name).copied().unwrap_or(version))).collect()
        };
        let mut now = state(&["a", "b", "c"], 1);
        writer.begin(&folder, &now);
        let mill = writer.serve(&folder, mode);
        assert!(is(&shown(&mill, FEEDS[0]), &now), "{mode:?}: not as begun");
        let whole = writer.is_whole();
        let added = renewed(&["a", "b", "c", "d"], 2, whole, &now);
        let changed = state(&["a", "b", "c", "d"], 3);
        let removed = renewed(&["a", "b", "d"], 4, whole, &changed);
        for next in [added, changed, removed] {
            step(&folder, &mill, writer.as_mut(), &now, &next);
            now = next;
        }
        rewrite(&folder, &mill, writer.as_mut(), &now);
    }
}

#[track_caller]
fn step(folder: &Folder, mill: &Mill, writer: &mut dyn Writer, before: &State, after: &State) {
    let (done, whole) = (AtomicBool::new(false), writer.is_whole());
    let editions = metric(mill, "feedmill_edition ");
    thread::scope(|scope| {
        for path in FEEDS {
            let done = &done;
            scope.spawn(move || ask(mill, path, before, after, whole, done));
        }
        let _done = Done(&done);
        writer.replace(folder, mill, before, after);
        for path in FEEDS {
            let found = within(DEADLINE, || is(&shown(mill, path), after).then_some(()));
            assert!(found.is_some(), "{path} never was {after:?} but {:?}\n{}", shown(mill, path), mill.log());
        }
    });
    if whole {
        // It is counted a moment after it is served.
        let counted = within(DEADLINE, || (metric(mill, "feedmill_edition ") > editions).then_some(()));
        assert!(counted.is_some(), "an edition is served and not counted\n{}", mill.log());
        assert_eq!(metric(mill, "feedmill_edition "), editions + 1, "a swap is one edition\n{}", mill.log());
    }
}

/// The same bytes in new files are no news.
#[track_caller]
fn rewrite(folder: &Folder, mill: &Mill, writer: &mut dyn Writer, state: &State) {
    let tags = || FEEDS.map(|path| mill.get(path).ok().must("etag").to_owned());
    let (before, editions) = (tags(), metric(mill, "feedmill_edition "));
    writer.replace(folder, mill, state, state);
    let looks = metric(mill, "feedmill_looks_total");
    mill.admin("POST", "/reload");
    let looked = within(DEADLINE, || (metric(mill, "feedmill_looks_total") > looks).then_some(()));
    assert!(looked.is_some(), "nobody looked\n{}", mill.log());
    assert_eq!(tags(), before, "equal bytes have another tag");
    assert_eq!(metric(mill, "feedmill_edition "), editions, "equal bytes are a new edition\n{}", mill.log());
    assert!(is(&shown(mill, FEEDS[0]), state));
}
