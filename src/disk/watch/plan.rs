//! Decides which directories are watched, and what an event in them affects.

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
use crate::disk::directory::DATA;
use crate::disk::event_queue::EventQueue;
use crate::disk::feeds_dir::FeedsPaths;
use crate::disk::roots::{self, absolute};
use crate::disk::tree::ResolvedDir;
use crate::disk::{ScanConfig, detect, scope};
use crate::generator::cascade::is_section_page;
use crate::generator::config_parts::DIRECTORIES;
use crate::generator::config_parts::is_part;
use crate::lock::lock;

/// The watched directories, and the paths whose events cause a scan or a reload.
#[derive(Debug)]
pub(super) struct WatchPlan {
    /// The watched directories below the content directory and the image roots.
    pub(super) extents: Extents,
    /// Watched directories outside those, each without its subdirectories.
    pub(super) single: BTreeSet<PathBuf>,
    /// Paths on the way to the content directory and the image roots, links included.
    to_trees: BTreeSet<PathBuf>,
    feeds: Option<PathBuf>,
    /// The file of facts about remote images, below its resolved directory.
    image_facts: Option<PathBuf>,
    to_feeds: BTreeSet<PathBuf>,
    /// Directories that may contain a generator's own files: the content directory and those above it.
    sites: Vec<PathBuf>,
    /// Directories in them that may contain such files, whether they exist or not.
    of_generator: BTreeSet<PathBuf>,
    /// Whether section pages affect how articles are read.
    has_sections: bool,
}

impl WatchPlan {
    pub(super) fn new(scan_config: &ScanConfig, paths: FeedsPaths<'_>) -> Self {
        let content = absolute(&scan_config.content);
        let sites = detect::sites(&content);
        let mut bases = roots::beside(&content, scan_config);
        bases.push(content);
        let feeds_base = absolute(paths.directory);
        let feeds = ResolvedDir::of(&feeds_base).ok().map(|resolved| resolved.path);
        let to_trees = bases.iter().flat_map(|base| waypoints(base)).collect::<BTreeSet<_>>();
        let facts_base = absolute(paths.image_facts);
        let facts_directory = facts_base.parent().and_then(|directory| ResolvedDir::of(directory).ok());
        let image_facts = facts_directory.and_then(|directory| Some(directory.path.join(facts_base.file_name()?)));
        let facts_directory = image_facts.as_ref().and_then(|file| file.parent()).map(Path::to_owned);
        let mut to_feeds = waypoints(&feeds_base);
        to_feeds.extend(facts_base.parent().into_iter().flat_map(waypoints));
        let has_sections = scan_config.options.generator.has_sections();
        let parents = to_trees.iter().chain(&to_feeds).filter_map(|path| path.parent()).map(Path::to_owned);
        let below = detect::directories(scan_config.options.generator);
        let of_generator: BTreeSet<PathBuf> =
            sites.iter().flat_map(|site| below.iter().map(move |below| site.join(below))).collect();
        let single = parents
            .chain(feeds.clone())
            .chain(facts_directory)
            .chain(of_generator.iter().filter(|path| path.is_dir()).cloned());
        let trees = bases.iter().filter_map(|base| ResolvedDir::of(base).ok()).map(|resolved| resolved.path);
        // If one directory is watched twice, only one of the watches reports its events.
        let (extents, single) = Extents::new(trees, single);
        Self { extents, single, to_trees, feeds, image_facts, to_feeds, sites, of_generator, has_sections }
    }

    /// Sorts the paths of an event into the event queue. Runs on the watcher's thread, which a panic would end
    /// silently, so it does nothing else.
    pub(super) fn handle(&self, event: notify::Result<Event>, event_queue: &EventQueue, errors: &Mutex<WatchErrors>) {
        match event {
            // Check this before the kind of the event: a queue overflow has the kind `Other`.
            Ok(event) if event.need_rescan() => {
                tracing::warn!(
                    "events were lost, looking at everything (if this comes often, raise fs.inotify.max_queued_events)"
                );
                // Set this before the path is queued, so that the scan that follows sees it.
                lock(errors).outdated();
                event_queue.lost();
            }
            Ok(event) => {
                let arrival = arrival(event.kind);
                let appears = matches!(event.kind, EventKind::Create(_) | EventKind::Modify(ModifyKind::Name(_)));
                for path in event.paths {
                    if appears && (self.to_feeds.contains(&path) || self.of_generator.contains(&path)) {
                        lock(errors).outdated();
                        event_queue.everything();
                    }
                    // Record this before the path is queued, so that the directory is watched before the scan that
                    // follows.
                    if let Some(arrival) = arrival.filter(|_| self.extents.of(&path) != Extent::Nothing) {
                        lock(errors).arrivals.note(path.clone(), arrival);
                    }
                    self.sort(path, event_queue);
                }
            }
            Err(error) => {
                lock(errors).note(&error);
                event_queue.everything();
            }
        }
    }

    fn sort(&self, path: PathBuf, event_queue: &EventQueue) {
        if self.is_of_generator(&path)
            || self.to_feeds.contains(&path)
            || self.feeds.as_ref().is_some_and(|feeds| path.starts_with(feeds))
            || self.image_facts.as_ref().is_some_and(|facts| path == *facts || path == facts.with_file_name(DATA))
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

    /// Whether a path affects how articles are read, as `feeds/` does.
    fn is_of_generator(&self, path: &Path) -> bool {
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        // A section page sets defaults for articles. Section pages that appear or disappear with a directory are
        // found by `sections::come_or_go`.
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
                // An `_index.md` in a directory directly below the content directory helps to detect the generator.
                self.sites
                    .iter()
                    .chain(self.extents.trees())
                    .any(|site| parent == site || parent.parent() == Some(site))
            })
    }
}

/// How a directory may have appeared at the path of an event; `None` if the event cannot be about a new directory.
fn arrival(kind: EventKind) -> Option<Arrival> {
    match kind {
        // `Both` follows `To` and also names the old path.
        EventKind::Create(CreateKind::File)
        | EventKind::Modify(ModifyKind::Name(RenameMode::From | RenameMode::Both)) => None,
        EventKind::Create(_) => Some(Arrival::Made),
        EventKind::Modify(ModifyKind::Name(_)) => Some(Arrival::Moved),
        _ => None,
    }
}

/// Every path on the way to `path`, including links and the way to their targets. Each is a name in a resolved
/// directory.
fn waypoints(path: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    follow(path, &mut found, 0);
    found
}

/// Maximum number of links to follow, as in the kernel.
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
            // No component of `at` but the last is a link, so the joined path is resolved.
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
    use crate::disk::{ChangedPaths, Coverage, Pause, Wake};
    use notify::ErrorKind;
    use notify::event::{DataChange, Flag};
    use std::sync::Arc;
    use std::time::Duration;

    fn plan() -> WatchPlan {
        WatchPlan {
            extents: Extents::new(["/content".into()], []).0,
            single: BTreeSet::new(),
            to_trees: BTreeSet::new(),
            feeds: None,
            image_facts: None,
            to_feeds: BTreeSet::new(),
            of_generator: BTreeSet::new(),
            sites: vec!["/content".into()],
            has_sections: false,
        }
    }

    fn heard(events: impl IntoIterator<Item = notify::Result<Event>>) -> (Wake, Coverage) {
        let (event_queue, errors) = (EventQueue::new(), Mutex::default());
        events.into_iter().for_each(|event| plan().handle(event, &event_queue, &errors));
        (event_queue.next(Pause::default(), Duration::ZERO), errors.into_inner().unwrap().coverage)
    }

    // docs/decisions/dependencies.md#a-lost-queue-comes-as-an-event
    #[test]
    fn a_queue_overflow_is_detected_although_its_event_has_no_kind_and_no_path() {
        let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert!(lost.need_rescan() && lost.paths.is_empty());
        assert_eq!(heard([Ok(lost)]).0, Wake::Scan { content: Some(ChangedPaths::Everything), feeds: true });
        assert_eq!(
            heard([Ok(Event::new(EventKind::Other))]).0,
            Wake::Tick,
            "an event of this kind without the flag causes nothing"
        );
    }

    // docs/decisions/dependencies.md#a-panic-in-the-handler
    #[test]
    fn no_event_makes_the_handler_panic_and_it_works_after_a_panic_elsewhere() {
        let odd = ["", "/", "..", "/content", "/content/..", "a/../b", "/content/\u{0}", "/content/.git/x"];
        let kind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        let (wake, _) = heard(odd.map(|path| Ok(Event::new(kind).add_path(path.into()))));
        assert!(matches!(wake, Wake::Scan { .. }), "{wake:?}");
        for error in [ErrorKind::Generic("x".into()), ErrorKind::PathNotFound, ErrorKind::WatchNotFound] {
            let heard = heard([Err(notify::Error::new(error))]);
            let wake = Wake::Scan { content: Some(ChangedPaths::Everything), feeds: true };
            assert_eq!(heard, (wake, Coverage::Complete));
        }
        let limit = || Err(notify::Error::new(ErrorKind::MaxFilesWatch));
        let (_, coverage) = heard([limit()]);
        assert!(matches!(coverage, Coverage::Incomplete(why) if why.contains("max_user_watches")));
        let lost = || Ok(Event::new(EventKind::Other).set_flag(Flag::Rescan));
        for events in [[limit(), lost()], [lost(), limit()]] {
            assert_eq!(heard(events).1, Coverage::Outdated, "the new watch finds out about the limit");
        }
        // A thread panics while it holds the lock that the handler needs.
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
