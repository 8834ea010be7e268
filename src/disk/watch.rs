//! Where something happened, from the operating system.
//!
//! Events are hints and nothing more: what they say happened is not asked. A
//! watch sits on directories; whoever swaps the directory, or a link on the
//! way to it, is seen only from above, so every name on the way is watched in
//! the directory it stands in.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use notify::{Config, ErrorKind, Event, EventKindMask, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::coalesce::Inbox;
use super::roots::{self, absolute};
use super::tree::Standing;
use super::{Ground, filesystem, scope, surroundings, trial};
use crate::article::Dialect;
use crate::article::cascade::is_section_page;
use crate::site::generator::{DIRECTORIES, is_part};

mod faults;

use faults::Faults;

/// Why events cannot be had; poll instead.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// More directories than the system lets one user watch.
    #[error("the system's limit of watched directories is reached (raise fs.inotify.max_user_watches)")]
    TooManyDirectories,
    /// More watchers than the system lets one user have.
    #[error(
        "the system's limit of watchers is reached (raise fs.inotify.max_user_instances, or the limit of open files)"
    )]
    TooManyWatchers,
    /// Something else.
    #[error("`{path}` cannot be watched: {reason}")]
    Failed {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
}

impl WatchError {
    /// Whether it would work where less is watched besides.
    pub fn is_limit(&self) -> bool {
        matches!(self, Self::TooManyDirectories | Self::TooManyWatchers)
    }
}

/// Events come as long as this is kept.
#[derive(Debug)]
pub struct Watch {
    _watcher: RecommendedWatcher,
    faults: Arc<Mutex<Faults>>,
    followed: Arc<ArcSwap<Vec<PathBuf>>>,
}

impl Watch {
    /// Reports events at these paths too, although they are hidden: symbolic links lead there.
    pub fn follow(&self, hidden: Vec<PathBuf>) {
        self.followed.store(Arc::new(hidden));
    }

    /// Why the watch is partial by now, if it is: poll instead.
    pub fn trouble(&self) -> Option<String> {
        held(&self.faults).trouble.clone()
    }

    /// Whether there is more to be watched by now, so that it is time to watch
    /// anew: directories whose coming was lost, or one that nobody let us watch
    /// and that can be read by now. Its opening is an event of the directory it
    /// stands in.
    pub fn may_grow(&self) -> bool {
        let (lost, closed) = {
            let faults = held(&self.faults);
            (faults.lost, faults.closed())
        };
        lost || closed.iter().any(faults::is_open)
    }
}

/// Why events alone would not tell all that happens, in a sentence; none where
/// they do.
pub fn doubts(ground: &Ground, feeds: &Path) -> Option<String> {
    let content = absolute(&ground.content);
    let beside = roots::beside(&content, &ground.image_roots);
    let mut all = std::iter::once(content.as_path()).chain(beside.iter().map(PathBuf::as_path)).chain([feeds]);
    let kind = all.find_map(|path| Some((path, filesystem::without_events(path)?)));
    if let Some((path, kind)) = kind {
        return Some(format!("`{}` is on {kind}, which reports no changes made elsewhere", path.display()));
    }
    (!trial::brings_event(&content)).then(|| format!("a trial at `{}` brought no event", content.display()))
}

/// Watches the content directory, the image roots and the feeds directory as
/// they stand now. When a look says `rearm`, watch anew and drop the old one.
///
/// Look at everything afterwards: what happened before is not reported.
pub fn watch(ground: &Ground, feeds: &Path, inbox: &Inbox) -> Result<Watch, WatchError> {
    let plan = Plan::new(ground, feeds);
    let faults = Arc::new(Mutex::new(Faults::default()));
    let handler = {
        let (plan, inbox, faults) = (plan.clone(), inbox.clone(), Arc::clone(&faults));
        move |event: notify::Result<Event>| plan.handle(event, &inbox, &faults)
    };
    let failed = |path: &Path, error: &notify::Error| match &error.kind {
        ErrorKind::MaxFilesWatch => WatchError::TooManyDirectories,
        ErrorKind::Io(error) if error.raw_os_error() == Some(rustix::io::Errno::MFILE.raw_os_error()) => {
            WatchError::TooManyWatchers
        }
        _ => WatchError::Failed { path: path.to_owned(), reason: words(error) },
    };
    // Links inside the trees lead to directories that are watched already; one inode has one watch, and a link that
    // leads up would take the name of a whole tree from it.
    let config = Config::default().with_event_kinds(EventKindMask::CORE).with_follow_symlinks(false);
    let mut watcher = RecommendedWatcher::new(handler, config).map_err(|error| failed(&ground.content, &error))?;
    for (path, mode) in &plan.watched {
        match watcher.watch(path, *mode) {
            Ok(()) => {}
            // A directory on the way that we may not read: its owner will
            // hardly swap it, and looks at intervals see it if so.
            Err(error) if *mode == RecursiveMode::NonRecursive && !matches!(error.kind, ErrorKind::MaxFilesWatch) => {
                tracing::debug!(path = %path.display(), error = words(&error), "not watched");
            }
            Err(error) => return Err(failed(path, &error)),
        }
    }
    Ok(Watch { _watcher: watcher, faults, followed: plan.followed })
}

/// What is watched, and what an event there is about.
#[derive(Debug, Clone)]
struct Plan {
    watched: BTreeMap<PathBuf, RecursiveMode>,
    /// Directories whose whole content is articles and images.
    trees: Vec<PathBuf>,
    /// Names on the way to these.
    to_trees: BTreeSet<PathBuf>,
    feeds: Option<PathBuf>,
    to_feeds: BTreeSet<PathBuf>,
    /// Directories in which a generator's own files stand.
    sites: Vec<PathBuf>,
    /// Whether pages of sections have a say in how articles are read.
    has_sections: bool,
    /// Hidden paths that symbolic links lead to.
    followed: Arc<ArcSwap<Vec<PathBuf>>>,
}

impl Plan {
    fn new(ground: &Ground, feeds: &Path) -> Self {
        let content = absolute(&ground.content);
        let sites = fs::canonicalize(&content).unwrap_or_else(|_| content.clone());
        let sites: Vec<PathBuf> = sites.ancestors().take(3).map(Path::to_owned).collect();
        let mut bases = roots::beside(&content, &ground.image_roots);
        bases.push(content);
        let mut trees: Vec<PathBuf> = Vec::new();
        for tree in bases.iter().filter_map(|base| Standing::of(base).ok()) {
            if !trees.iter().any(|known| tree.path.starts_with(known)) {
                trees.retain(|known| !known.starts_with(&tree.path));
                trees.push(tree.path);
            }
        }
        let feeds_base = absolute(feeds);
        let feeds = Standing::of(&feeds_base).ok().map(|standing| standing.path);
        let to_trees = bases.iter().flat_map(|base| waypoints(base)).collect::<BTreeSet<_>>();
        let to_feeds = waypoints(&feeds_base);
        let has_sections = matches!(ground.options.dialect, Dialect::Hugo | Dialect::Zola);
        let mut watched = BTreeMap::new();
        // The same directory under two watches is reported by one of them.
        let parents = to_trees.iter().chain(&to_feeds).filter_map(|path| path.parent());
        for path in parents.chain(feeds.as_deref()).filter(|path| !trees.iter().any(|tree| path.starts_with(tree))) {
            watched.insert(path.to_owned(), RecursiveMode::NonRecursive);
        }
        let parts = sites.iter().flat_map(|site| DIRECTORIES.map(|below| site.join(below)));
        for path in parts
            .filter(|_| ground.options.dialect == Dialect::Hugo)
            .filter(|path| path.is_dir() && !trees.iter().any(|tree| path.starts_with(tree)))
        {
            watched.insert(path, RecursiveMode::NonRecursive);
        }
        watched.extend(trees.iter().map(|tree| (tree.clone(), RecursiveMode::Recursive)));
        Self { watched, trees, to_trees, feeds, to_feeds, sites, has_sections, followed: Arc::default() }
    }

    /// Runs on the watcher's thread, which a panic would end silently: it
    /// sorts paths into the inbox and does nothing else.
    fn handle(&self, event: notify::Result<Event>, inbox: &Inbox, faults: &Mutex<Faults>) {
        match event {
            // Before any look at its kind: a lost queue comes as `Other`.
            Ok(event) if event.need_rescan() => {
                tracing::warn!(
                    "events were lost, looking at everything (if this comes often, raise fs.inotify.max_queued_events)"
                );
                // Before the hint, so that the look it brings sees it.
                held(faults).lost = true;
                inbox.lost();
            }
            Ok(event) => event.paths.into_iter().for_each(|path| self.sort(path, inbox)),
            Err(error) => {
                held(faults).note(&error);
                inbox.everything();
            }
        }
    }

    fn sort(&self, path: PathBuf, inbox: &Inbox) {
        if self.is_of_generator(&path)
            || self.to_feeds.contains(&path)
            || self.feeds.as_ref().is_some_and(|feeds| path.starts_with(feeds))
        {
            inbox.feeds();
        }
        let ours =
            self.trees.iter().any(|tree| path.strip_prefix(tree).is_ok_and(|below| scope::visible(below).is_some()));
        let is_followed =
            || self.followed.load().iter().any(|hidden| path.starts_with(hidden) || hidden.starts_with(&path));
        if ours || self.to_trees.contains(&path) || is_followed() {
            inbox.path(path);
        }
    }

    /// Whether a path has a say in how articles are read, as `feeds/` has.
    fn is_of_generator(&self, path: &Path) -> bool {
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        // A section may hand something down. Those that come and go with a directory whoever knows them looks for.
        if self.has_sections && is_section_page(name) && self.trees.iter().any(|tree| path.starts_with(tree)) {
            return true;
        }
        let holds = |site: &PathBuf| DIRECTORIES.iter().any(|below| path.parent() == Some(&site.join(below)));
        if is_part(name) && self.sites.iter().any(holds) {
            return true;
        }
        surroundings::rules_by_name(name)
            && path.parent().is_some_and(|parent| {
                // One below the content directory may hold an `_index.md`.
                self.sites.iter().chain(&self.trees).any(|site| parent == site || parent.parent() == Some(site))
            })
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

/// A thread that panics leaves at worst a fault untold.
fn held(faults: &Mutex<Faults>) -> MutexGuard<'_, Faults> {
    faults.lock().unwrap_or_else(PoisonError::into_inner)
}

fn words(error: &notify::Error) -> String {
    match &error.kind {
        ErrorKind::Io(error) => super::open::reason(error),
        ErrorKind::PathNotFound => io::Error::from(io::ErrorKind::NotFound).to_string(),
        ErrorKind::Generic(text) => text.clone(),
        kind => format!("{kind:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::{Hints, Pause, Wake};
    use notify::EventKind;
    use notify::event::{DataChange, Flag, ModifyKind};
    use std::time::Duration;

    fn plan() -> Plan {
        Plan {
            watched: BTreeMap::new(),
            trees: vec!["/content".into()],
            to_trees: BTreeSet::new(),
            feeds: None,
            to_feeds: BTreeSet::new(),
            sites: vec!["/content".into()],
            has_sections: false,
            followed: Arc::default(),
        }
    }

    fn heard(events: impl IntoIterator<Item = notify::Result<Event>>) -> (Wake, Option<String>) {
        let (inbox, faults) = (Inbox::new(), Mutex::default());
        events.into_iter().for_each(|event| plan().handle(event, &inbox, &faults));
        (inbox.next(Pause::default(), Duration::ZERO), faults.into_inner().unwrap().trouble)
    }

    // docs/decisions/dependencies.md#a-lost-queue-comes-as-an-event
    #[test]
    fn a_lost_queue_is_heard_though_it_comes_as_an_event_of_no_kind_and_no_path() {
        let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert!(lost.need_rescan() && lost.paths.is_empty());
        assert_eq!(heard([Ok(lost)]).0, Wake::Look { content: Some(Hints::Everything), feeds: true });
        assert_eq!(heard([Ok(Event::new(EventKind::Other))]).0, Wake::Tick, "another of its kind is nothing");
    }

    // docs/decisions/dependencies.md#a-panic-in-the-handler
    #[test]
    fn no_event_makes_the_handler_panic_and_no_panic_elsewhere_makes_it_deaf() {
        let odd = ["", "/", "..", "/content", "/content/..", "a/../b", "/content/\u{0}", "/content/.git/x"];
        let kind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        let (wake, _) = heard(odd.map(|path| Ok(Event::new(kind).add_path(path.into()))));
        assert!(matches!(wake, Wake::Look { .. }), "{wake:?}");
        for error in [ErrorKind::Generic("x".into()), ErrorKind::PathNotFound, ErrorKind::WatchNotFound] {
            let (wake, trouble) = heard([Err(notify::Error::new(error))]);
            assert_eq!((wake, trouble), (Wake::Look { content: Some(Hints::Everything), feeds: true }, None));
        }
        let (_, trouble) = heard([Err(notify::Error::new(ErrorKind::MaxFilesWatch))]);
        assert!(trouble.unwrap().contains("max_user_watches"));
        // A thread that panics while it holds what the handler reports to.
        let (inbox, faults) = (Inbox::new(), Arc::new(Mutex::default()));
        let held = Arc::clone(&faults);
        let broken = std::thread::spawn(move || {
            let _held = held.lock();
            panic!("planted");
        });
        assert!(broken.join().is_err() && faults.is_poisoned());
        plan().handle(Err(notify::Error::new(ErrorKind::MaxFilesWatch)), &inbox, &faults);
        assert!(matches!(inbox.next(Pause::default(), Duration::ZERO), Wake::Look { .. }));
    }
}
