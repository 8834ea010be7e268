//! Everything that replaces files while the server runs, with events and with polling. Additions, changes,
//! removals and rewrites become visible in time. No response meanwhile is empty, malformed or, if the files
//! are replaced atomically, a mixture of two states.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::driver::{Done, Folder, TestServer, article, within};

mod checkouts;
mod copiers;
mod mounts;
mod rules;
mod volumes;

/// The articles of a directory: their names, and the version of each.
pub type State = BTreeMap<&'static str, u32>;

/// Longer than the interval of the check of the root.
const DEADLINE: Duration = Duration::from_secs(20);

const MODES: [&[&str]; 2] = [&["--watch", "events"], &["--watch", "poll", "--poll", "100ms"]];

/// A program that replaces files.
pub trait Writer {
    /// Creates the first state, before the server starts.
    fn begin(&mut self, folder: &Folder, state: &State);
    /// Replaces a state by another. Equal articles are written again, too.
    fn replace(&mut self, folder: &Folder, server: &TestServer, before: &State, after: &State);
    /// Starts the server on the first state.
    fn serve(&self, folder: &Folder, flags: &[&str]) -> TestServer;
    /// Whether a state is replaced atomically.
    fn is_whole(&self) -> bool;
}

/// The files of a state, as paths relative to the content directory, and their texts.
pub fn files(state: &State) -> impl Iterator<Item = (String, String)> {
    state.iter().map(|(name, version)| (format!("{name}.md"), article(&format!("{name} {version}"), "2026-01-01")))
}

fn state(names: &[&'static str], version: u32) -> State {
    names.iter().map(|name| (*name, version)).collect()
}

/// The state that a feed shows; fails if it is not a valid state.
#[track_caller]
fn shown(server: &TestServer, path: &str) -> BTreeMap<String, u32> {
    let answer = server.get(path).ok();
    let titles = answer.titles();
    assert!(!titles.is_empty(), "{path} was empty: {answer}\n{}", server.log());
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

/// Polls one feed until `done`. If states are replaced atomically, every response must be one of the two
/// states, and the old state must not return after the new one. Otherwise every entry must be of one of the
/// two states.
fn ask(server: &TestServer, path: &str, before: &State, after: &State, is_whole: bool, done: &AtomicBool) {
    let mut is_new = false;
    while !done.load(Ordering::Relaxed) {
        let now = shown(server, path);
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

/// The value of a metric, summed over its labels.
fn metric(server: &TestServer, name: &str) -> u64 {
    let text = server.admin("GET", "/metrics").ok().text();
    let lines = text.lines().filter(|line| line.starts_with(name));
    lines.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
}

const FEEDS: [&str; 3] = ["/rss.xml", "/atom.xml", "/feed.json"];

/// Adds, changes, removes and rewrites articles, with events and with polling.
#[track_caller]
pub fn is_followed(mut make: impl FnMut() -> Box<dyn Writer>) {
    for mode in MODES {
        let (folder, mut writer) = (Folder::new(), make());
        // With an atomic writer every article changes, so that a mixture of two states is visible.
        let renewed = |names: &[&'static str], version, whole: bool, before: &State| {
            if whole {
                return state(names, version);
            }
            names.iter().map(|name| (*name, before.get(name).copied().unwrap_or(version))).collect()
        };
        let mut now = state(&["a", "b", "c"], 1);
        writer.begin(&folder, &now);
        let server = writer.serve(&folder, mode);
        assert!(is(&shown(&server, FEEDS[0]), &now), "{mode:?}: not the first state");
        let whole = writer.is_whole();
        let added = renewed(&["a", "b", "c", "d"], 2, whole, &now);
        let changed = state(&["a", "b", "c", "d"], 3);
        let removed = renewed(&["a", "b", "d"], 4, whole, &changed);
        for next in [added, changed, removed] {
            step(&folder, &server, writer.as_mut(), &now, &next);
            now = next;
        }
        rewrite(&folder, &server, writer.as_mut(), &now);
    }
}

#[track_caller]
fn step(folder: &Folder, server: &TestServer, writer: &mut dyn Writer, before: &State, after: &State) {
    let (done, whole) = (AtomicBool::new(false), writer.is_whole());
    let editions = metric(server, "feedmill_edition ");
    thread::scope(|scope| {
        for path in FEEDS {
            let done = &done;
            scope.spawn(move || ask(server, path, before, after, whole, done));
        }
        let _done = Done(&done);
        writer.replace(folder, server, before, after);
        for path in FEEDS {
            let found = within(DEADLINE, || is(&shown(server, path), after).then_some(()));
            assert!(
                found.is_some(),
                "{path} never became {after:?}, it is {:?}\n{}",
                shown(server, path),
                server.log()
            );
        }
    });
    if whole {
        // The metric is updated a moment after the edition is served.
        let counted = within(DEADLINE, || (metric(server, "feedmill_edition ") > editions).then_some(()));
        assert!(counted.is_some(), "the new edition was not counted\n{}", server.log());
        assert_eq!(metric(server, "feedmill_edition "), editions + 1, "a swap made several editions\n{}", server.log());
    }
}

/// New files with the same bytes must not change anything.
#[track_caller]
fn rewrite(folder: &Folder, server: &TestServer, writer: &mut dyn Writer, state: &State) {
    let tags = || FEEDS.map(|path| server.get(path).ok().must("etag").to_owned());
    let (before, editions) = (tags(), metric(server, "feedmill_edition "));
    writer.replace(folder, server, state, state);
    let looks = metric(server, "feedmill_looks_total");
    server.admin("POST", "/reload");
    let looked = within(DEADLINE, || (metric(server, "feedmill_looks_total") > looks).then_some(()));
    assert!(looked.is_some(), "there was no scan\n{}", server.log());
    assert_eq!(tags(), before, "equal bytes changed a tag");
    assert_eq!(metric(server, "feedmill_edition "), editions, "equal bytes made a new edition\n{}", server.log());
    assert!(is(&shown(server, FEEDS[0]), state));
}
