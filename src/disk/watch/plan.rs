//! What is watched, and what an event there is about.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

use notify::event::{CreateKind, ModifyKind, RenameMode};
use notify::{Event, EventKind};

use super::arrivals::Arrival;
use super::errors::WatchErrors;
use super::extents::{Extent, Extents};
use super::held;
use crate::disk::event_queue::EventQueue;
use crate::disk::roots::{self, absolute};
use crate::disk::tree::ResolvedDir;
use crate::disk::{ScanConfig, detect, scope};
use crate::generator::cascade::is_section_page;
use crate::generator::config_parts::DIRECTORIES;
use crate::generator::config_parts::is_part;

/// What is watched, and what an event there is about.
#[derive(Debug)]
pub(super) struct Plan {
    /// Which directories below the content directory and the image roots are watched.
    pub(super) extents: Extents,
    /// Directories elsewhere that are watched, each by itself.
    pub(super) single: BTreeSet<PathBuf>,
    /// Names on the way to these.
    to_trees: BTreeSet<PathBuf>,
    feeds: Option<PathBuf>,
    to_feeds: BTreeSet<PathBuf>,
    /// Directories in which a generator's own files stand.
    sites: Vec<PathBuf>,
    /// Whether pages of sections have a say in how articles are read.
    has_sections: bool,
}

impl Plan {
    pub(super) fn new(scan_config: &ScanConfig, feeds: &Path) -> Self {
        let content = absolute(&scan_config.content);
        let sites = fs::canonicalize(&content).unwrap_or_else(|_| content.clone());
        let sites: Vec<PathBuf> = sites.ancestors().take(3).map(Path::to_owned).collect();
        let mut bases = roots::beside(&content, &scan_config.image_roots);
        bases.push(content);
        let feeds_base = absolute(feeds);
        let feeds = ResolvedDir::of(&feeds_base).ok().map(|resolved| resolved.path);
        let to_trees = bases.iter().flat_map(|base| waypoints(base)).collect::<BTreeSet<_>>();
        let to_feeds = waypoints(&feeds_base);
        let has_sections = scan_config.options.generator.has_sections();
        let parents = to_trees.iter().chain(&to_feeds).filter_map(|path| path.parent()).map(Path::to_owned);
        let parts = sites.iter().flat_map(|site| DIRECTORIES.map(|below| site.join(below)));
        let parts = parts.filter(|path| scan_config.options.generator.configuration.has_parts && path.is_dir());
        let single = parents.chain(feeds.clone()).chain(parts);
        let trees = bases.iter().filter_map(|base| ResolvedDir::of(base).ok()).map(|resolved| resolved.path);
        // The same directory under two watches is reported by one of them.
        let (extents, single) = Extents::new(trees, single);
        Self { extents, single, to_trees, feeds, to_feeds, sites, has_sections }
    }

    /// Runs on the watcher's thread, which a panic would end silently: it
    /// sorts paths into the inbox and does nothing else.
    pub(super) fn handle(&self, event: notify::Result<Event>, event_queue: &EventQueue, errors: &Mutex<WatchErrors>) {
        match event {
            // Before any look at its kind: a lost queue comes as `Other`.
            Ok(event) if event.need_rescan() => {
                tracing::warn!(
                    "events were lost, looking at everything (if this comes often, raise fs.inotify.max_queued_events)"
                );
                // Before the hint, so that the look it brings sees it.
                held(errors).lost = true;
                event_queue.lost();
            }
            Ok(event) => {
                let arrival = arrival(event.kind);
                for path in event.paths {
                    // Before the hint, so that the look it brings finds the directory watched.
                    if let Some(arrival) = arrival.filter(|_| self.extents.of(&path) != Extent::Nothing) {
                        held(errors).arrivals.note(path.clone(), arrival);
                    }
                    self.sort(path, event_queue);
                }
            }
            Err(error) => {
                held(errors).note(&error);
                event_queue.everything();
            }
        }
    }

    fn sort(&self, path: PathBuf, event_queue: &EventQueue) {
        if self.is_of_generator(&path)
            || self.to_feeds.contains(&path)
            || self.feeds.as_ref().is_some_and(|feeds| path.starts_with(feeds))
        {
            event_queue.feeds();
        }
        let ours = self
            .extents
            .trees()
            .iter()
            .any(|tree| path.strip_prefix(tree).is_ok_and(|below| scope::visible(below).is_some()));
        if ours || self.to_trees.contains(&path) || self.extents.follows(&path) {
            event_queue.path(path);
        }
    }

    /// Whether a path has a say in how articles are read, as `feeds/` has.
    fn is_of_generator(&self, path: &Path) -> bool {
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        // A section may hand something down. Those that come and go with a directory whoever knows them looks for.
        if self.has_sections && is_section_page(name) && self.extents.trees().iter().any(|tree| path.starts_with(tree))
        {
            return true;
        }
        let holds = |site: &PathBuf| DIRECTORIES.iter().any(|below| path.parent() == Some(&site.join(below)));
        if is_part(name) && self.sites.iter().any(holds) {
            return true;
        }
        detect::rules_by_name(name)
            && path.parent().is_some_and(|parent| {
                // One below the content directory may hold an `_index.md`.
                self.sites
                    .iter()
                    .chain(self.extents.trees())
                    .any(|site| parent == site || parent.parent() == Some(site))
            })
    }
}

/// What an event says about a directory that may be new at its path, if it can be about one.
fn arrival(kind: EventKind) -> Option<Arrival> {
    match kind {
        // `Both` comes besides `To`, and names the old path too.
        EventKind::Create(CreateKind::File)
        | EventKind::Modify(ModifyKind::Name(RenameMode::From | RenameMode::Both)) => None,
        EventKind::Create(_) => Some(Arrival::Made),
        EventKind::Modify(ModifyKind::Name(_)) => Some(Arrival::Moved),
        _ => None,
    }
}

/// Every name on the way to a path, links and what they lead to included, each
/// as its resolved directory calls it.
fn waypoints(path: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    follow(path, &mut found, 0);
    found
}

/// As the kernel does, no more than forty links.
const MOST_LINKS: usize = 40;

fn follow(path: &Path, found: &mut BTreeSet<PathBuf>, links: usize) {
    let mut at = PathBuf::from("/");
    let mut parts = path.components();
    while let Some(part) = parts.next() {
        match part {
            Component::ParentDir => {
                at.pop();
            }
            Component::Normal(name) => at.push(name),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => continue,
        }
        if part == Component::ParentDir {
            continue;
        }
        found.insert(at.clone());
        if let Ok(target) = fs::read_link(&at) {
            // `at` holds no link above its last part: joined, it is resolved.
            let beside = at.parent().unwrap_or(Path::new("/"));
            if links < MOST_LINKS {
                follow(&beside.join(target).join(parts.as_path()), found, links + 1);
            }
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::{ChangedPaths, Pause, Wake};
    use notify::ErrorKind;
    use notify::event::{DataChange, Flag};
    use std::sync::Arc;
    use std::time::Duration;

    fn plan() -> Plan {
        Plan {
            extents: Extents::new(["/content".into()], []).0,
            single: BTreeSet::new(),
            to_trees: BTreeSet::new(),
            feeds: None,
            to_feeds: BTreeSet::new(),
            sites: vec!["/content".into()],
            has_sections: false,
        }
    }

    fn heard(events: impl IntoIterator<Item = notify::Result<Event>>) -> (Wake, Option<String>) {
        let (event_queue, errors) = (EventQueue::new(), Mutex::default());
        events.into_iter().for_each(|event| plan().handle(event, &event_queue, &errors));
        (event_queue.next(Pause::default(), Duration::ZERO), errors.into_inner().unwrap().trouble)
    }

    // docs/decisions/dependencies.md#a-lost-queue-comes-as-an-event
    #[test]
    fn a_lost_queue_is_heard_though_it_comes_as_an_event_of_no_kind_and_no_path() {
        let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert!(lost.need_rescan() && lost.paths.is_empty());
        assert_eq!(heard([Ok(lost)]).0, Wake::Scan { content: Some(ChangedPaths::Everything), feeds: true });
        assert_eq!(heard([Ok(Event::new(EventKind::Other))]).0, Wake::Tick, "another of its kind is nothing");
    }

    // docs/decisions/dependencies.md#a-panic-in-the-handler
    #[test]
    fn no_event_makes_the_handler_panic_and_no_panic_elsewhere_makes_it_deaf() {
        let odd = ["", "/", "..", "/content", "/content/..", "a/../b", "/content/\u{0}", "/content/.git/x"];
        let kind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        let (wake, _) = heard(odd.map(|path| Ok(Event::new(kind).add_path(path.into()))));
        assert!(matches!(wake, Wake::Scan { .. }), "{wake:?}");
        for error in [ErrorKind::Generic("x".into()), ErrorKind::PathNotFound, ErrorKind::WatchNotFound] {
            let (wake, trouble) = heard([Err(notify::Error::new(error))]);
            assert_eq!((wake, trouble), (Wake::Scan { content: Some(ChangedPaths::Everything), feeds: true }, None));
        }
        let (_, trouble) = heard([Err(notify::Error::new(ErrorKind::MaxFilesWatch))]);
        assert!(trouble.unwrap().contains("max_user_watches"));
        // A thread that panics while it holds what the handler reports to.
        let (event_queue, errors) = (EventQueue::new(), Arc::new(Mutex::default()));
        let held = Arc::clone(&errors);
        let broken = std::thread::spawn(move || {
            let _held = held.lock();
            panic!("planted");
        });
        assert!(broken.join().is_err() && errors.is_poisoned());
        plan().handle(Err(notify::Error::new(ErrorKind::MaxFilesWatch)), &event_queue, &errors);
        assert!(matches!(event_queue.next(Pause::default(), Duration::ZERO), Wake::Scan { .. }));
    }
}
