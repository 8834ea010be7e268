//! Loading: reads the rules from `feeds/` and the generator's configuration, and the library from
//! the content directory.
//!
//! `serve`, `build` and `check` share this module. If a file of the configuration becomes invalid,
//! its last good text stays in use.

use std::collections::BTreeSet;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::Failure;
use crate::diagnostic::{Code, Problem};
use crate::disk::{
    self, ChangedPaths, ConfigKey, Configuration, ConfigurationError, FileSnapshot, RulesStamp, ScanConfig, ScanError,
};
use crate::generator::Generator;
use crate::generator::detect::LEVELS;
use crate::library::{AffectedFeeds, ChangeBatch, Library};
use crate::remote_images::RemoteImages;
use crate::server::listen;
use crate::settings::PlaceSettings;
use crate::site::Rules;

mod evaluate;
mod pieces;
mod selection;
mod settling;

use evaluate::{Evaluation, LastGood};
pub(super) use pieces::SITE_FILES;
pub(super) use settling::QUIET;
use settling::{Settling, SettlingStep};

/// Pause before a directory is read again that was replaced while it was read.
const AGAIN: Duration = Duration::from_millis(100);

/// Reads the rules, and remembers the last good text of each file.
#[derive(Debug)]
pub struct Loader {
    places: PlaceSettings,
    /// The base URL if none is set: `http://` and the bound address.
    bound: String,
    good: LastGood,
    settling: Settling,
    /// Problems of the configuration in use.
    problems: Vec<Problem>,
    /// The stamp of the files that were read last.
    stamp: Option<RulesStamp>,
    /// The generators whose files were read last.
    generators: Vec<Generator>,
    /// The section pages that were read last, by every path that an event may use for them.
    sections: BTreeSet<PathBuf>,
}

/// The rules, the content directory, and what was found while reading them.
#[derive(Debug)]
pub struct Loaded {
    /// The site and its definitions.
    pub rules: Arc<Rules>,
    /// Where the articles are and how they are read.
    pub scan_config: ScanConfig,
    /// What is known about remote images.
    pub remote_images: Arc<RemoteImages>,
    /// Problems in `feeds/` and in the generator's configuration.
    pub problems: Vec<Problem>,
    /// The detected generator and the evidence for it, for example `hexo: set in site.yaml`.
    pub generator: String,
}

impl Loaded {
    /// The library before its first file is read.
    pub fn empty_library(&self, now: DateTime<Utc>) -> Library {
        Library::empty(Arc::clone(&self.rules), now).with_remote_images(Arc::clone(&self.remote_images)).0
    }
}

/// The result of checking the configuration for changes.
#[derive(Debug)]
pub enum Followed {
    /// Nothing changed.
    Same,
    /// It is changing. Check again after this time.
    Wait(Duration),
    /// It changed and has settled.
    Settled(Box<RulesCandidate>),
}

/// A configuration that has settled. It is used after [`Loader::accept`].
#[derive(Debug)]
pub struct RulesCandidate {
    pub(crate) loaded: Loaded,
    configuration: Configuration,
    good: LastGood,
}

impl Loader {
    /// A loader that has read nothing yet.
    pub fn new(places: &PlaceSettings, bound: String) -> Self {
        Self {
            places: places.clone(),
            bound,
            good: LastGood::default(),
            settling: Settling::new(Configuration::default()),
            problems: Vec::new(),
            stamp: None,
            generators: Vec::new(),
            sections: BTreeSet::new(),
        }
    }

    /// Whether the files of the configuration may have changed since they were read.
    pub(crate) fn is_outdated(&self) -> bool {
        let now = self.stamp();
        now.is_none() || now != self.stamp
    }

    /// Whether events may concern the page of a section that was created or deleted, or the layout by which the generator
    /// was detected.
    pub(crate) fn hears_of_sections(&self, changed_paths: &ChangedPaths) -> bool {
        let mut marks = self.settling.accepted().entries.keys();
        let is_marked = marks.any(|key| matches!(key, ConfigKey::Mark(level, ..) if *level < LEVELS));
        match changed_paths {
            ChangedPaths::Paths(paths) => {
                (!is_marked || self.has_collections()) && disk::may_change_layout(paths)
                    // If the paths cannot be checked now, a page may be there.
                    || self.has_sections().is_some() && disk::come_or_go(paths, &self.sections).unwrap_or(true)
            }
            ChangedPaths::Everything => self.is_outdated(),
        }
    }

    /// Whether it matters if the site has posts.
    fn has_collections(&self) -> bool {
        self.good.site.as_ref().is_some_and(|site| !site.options.site_context.collections.is_empty())
    }

    fn has_sections(&self) -> Option<Generator> {
        self.generators.iter().copied().find(|generator| generator.has_sections())
    }

    fn stamp(&self) -> Option<RulesStamp> {
        let generator = self.has_sections().or(self.generators.first().copied())?;
        RulesStamp::now(&self.places.content, self.places.feeds_paths(), generator)
    }

    /// Reads the rules and uses them at once. Fails if site.yaml is invalid and never was valid, or
    /// if a directory is missing.
    pub fn rules(&mut self) -> Result<Loaded, Vec<Problem>> {
        let configuration = self.read().map_err(|error| vec![self.unread(&error)])?;
        let candidate = self.evaluate(configuration)?;
        Ok(self.accept(candidate))
    }

    /// Reads the configuration again while others may be writing it. A change is used only after it
    /// has settled.
    pub fn follow(&mut self, now: Instant) -> Result<Followed, Vec<Problem>> {
        let seen = match self.read() {
            // The directory will be read when the replacement is complete, as are its articles.
            Err(ConfigurationError::Replaced) => return Ok(Followed::Wait(AGAIN)),
            seen => seen.map_err(|error| vec![self.unread(&error)])?,
        };
        Ok(match self.settling.see(&seen, now) {
            SettlingStep::Same => Followed::Same,
            SettlingStep::Wait(wait) => Followed::Wait(wait),
            SettlingStep::Settled(configuration) => Followed::Settled(Box::new(self.evaluate(configuration)?)),
        })
    }

    /// Uses a configuration from now on.
    pub fn accept(&mut self, candidate: RulesCandidate) -> Loaded {
        let RulesCandidate { loaded, configuration, good } = candidate;
        self.good = good;
        self.problems.clone_from(&loaded.problems);
        self.settling.accept(configuration);
        loaded
    }

    /// Reports that a configuration that has settled cannot be used yet, because there are no
    /// articles for it.
    pub(crate) fn refuse(&mut self, now: Instant) {
        self.settling.refuse(now);
    }

    /// Problems of the configuration in use.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Makes an empty site.yaml the last good one, so that an invalid file does not keep `check`
    /// from reading everything else.
    pub(crate) fn suppose_silence(&mut self) {
        let silent = SITE_FILES.map(|name| (ConfigKey::Feeds(name.to_owned()), "".into()));
        self.good.texts.extend(silent);
    }

    fn evaluate(&self, configuration: Configuration) -> Result<RulesCandidate, Vec<Problem>> {
        let evaluation = Evaluation::new(&self.places, &self.bound, &configuration, &self.good);
        let (loaded, good) = evaluation.run()?;
        Ok(RulesCandidate { loaded, configuration, good })
    }

    fn read(&mut self) -> Result<Configuration, ConfigurationError> {
        // The stamp is taken before the files are read, so that changes in the meantime are read
        // again.
        let stamp = self.stamp();
        let content = (self.places.content.as_path(), self.places.content_origin);
        let read = disk::configuration(content, self.places.feeds_paths(), &|read| self.dialects_of(read))?;
        // A directory that was there has vanished, as a content directory does: its volume may be unmounted.
        if read.feeds.is_none() && (self.places.feeds_given || self.settling.accepted().feeds.is_some()) {
            return Err(ConfigurationError::Feeds(io::ErrorKind::NotFound.into()));
        }
        self.generators = self.dialects_of(&read);
        self.stamp = stamp.or_else(|| self.stamp());
        let pages = read.entries.iter().filter(|(key, _)| matches!(key, ConfigKey::Section(_)));
        let called = |path: &PathBuf| [Some(path.clone()), std::fs::canonicalize(path).ok()];
        self.sections = pages.flat_map(|(_, entry)| called(&entry.path)).flatten().collect();
        Ok(read)
    }

    /// The generators whose files are read: those that are detected or chosen now, and the one in
    /// use.
    fn dialects_of(&self, read: &Configuration) -> Vec<Generator> {
        let accepted = self.settling.accepted();
        let mut both = accepted.clone();
        both.entries.extend(read.entries.clone());
        let found = [read, accepted, &both].map(|configuration| pieces::detected(configuration).0);
        let chosen = self.places.dialect.into_iter().chain([read, accepted].into_iter().filter_map(pieces::chosen));
        let counts = self.good.site.as_ref().map(|site| site.options.generator);
        let mut generators: Vec<Generator> = Vec::new();
        for generator in found.into_iter().chain(chosen).chain(counts) {
            if !generators.contains(&generator) {
                generators.push(generator);
            }
        }
        generators
    }

    /// The problem to report if the configuration cannot be read.
    fn unread(&self, error: &ConfigurationError) -> Problem {
        let content = || self.places.content.to_string_lossy();
        let unread = |message: String| Problem::new(content().as_ref(), Code::Unreadable, message);
        match error {
            ConfigurationError::Feeds(error) if error.kind() == io::ErrorKind::NotFound => {
                let omit = if self.places.feeds_given { ", or omit --feeds" } else { "; its last settings stay" };
                self.feeds_problem("there is no such directory".to_owned(), &format!("create it{omit}"))
            }
            ConfigurationError::Feeds(error) => self.feeds_problem(
                format!("the directory cannot be read: {}", disk::reason(error)),
                "make it readable for the user that runs feedmill, or set another one with --feeds",
            ),
            ConfigurationError::Content(error) => unread(format!("the directory cannot be read: {error}")),
            ConfigurationError::Replaced => unread("the directory was replaced while it was read".to_owned()),
        }
    }

    fn feeds_problem(&self, message: String, help: &str) -> Problem {
        Problem::new(self.places.feeds.to_string_lossy().as_ref(), Code::Unreadable, message).help(help)
    }
}

/// Checks that the content directory exists and can be read. The error suggests what to do.
pub(super) fn find_content(places: &PlaceSettings) -> Result<(), Failure> {
    let content = &places.content;
    if content.is_dir() {
        disk::may_follow(content, places.content_origin)
            .map_err(|error| Failure::new(format!("the directory `{}` is not read: {error}", content.display())))?;
        return std::fs::read_dir(content)
            .map(drop)
            .map_err(|error| Failure::new(format!(
                "the directory `{}` cannot be read: {}; make it readable for the user that runs feedmill, or set another one with --content",
                content.display(),
                disk::reason(&error)
            )));
    }
    let shown = content.display();
    if content.exists() {
        return Err(Failure::new(format!(
            "`{shown}` is not a directory; set the directory of the articles with --content"
        )));
    }
    let hint = likely_content().map(|(_, hint)| hint);
    let hint = hint.unwrap_or("set the directory of the articles: `feedmill --content DIR`");
    Err(Failure::new(format!("no directory `{shown}` here; {hint}")))
}

/// The directory of the articles that the layout of the current directory suggests, with a hint for the user.
pub(super) fn likely_content() -> Option<(&'static str, &'static str)> {
    let known = [
        ("source/_posts", "source", "this looks like a Hexo site: `feedmill --content source`"),
        ("_posts", ".", "this looks like a Jekyll site: `feedmill --content .`"),
        ("posts", "posts", "`feedmill --content posts`?"),
    ];
    let found = known.into_iter().find(|(mark, ..)| Path::new(mark).is_dir());
    found.map(|(_, content, hint)| (content, hint))
}

/// The base URL for a listener at this address, if none is set.
pub(super) fn spoken_address(mut bound: SocketAddr) -> String {
    if bound.ip().is_unspecified() {
        // No reader could use the unspecified address.
        bound.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    format!("http://{bound}")
}

/// The base URL for a listener that is not bound yet, if none is set. A Unix socket has none.
pub(super) fn stand_in(bind: &str) -> String {
    if listen::unix_path(bind).is_some() {
        return String::new();
    }
    let first = listen::addresses(bind).ok().and_then(|addresses| addresses.into_iter().next());
    // An invalid address matters only if no base URL is set; it is then reported as an invalid base
    // URL.
    first.map_or_else(|| format!("http://{bind}"), spoken_address)
}

/// Reads the rules and all articles for the first time. If the content directory is replaced in the
/// meantime, both are read again, so that they belong together. `prepare` is called between the
/// two.
pub(super) fn begin(
    loader: &mut Loader,
    snapshot: &mut FileSnapshot,
    now: DateTime<Utc>,
    progress: &(dyn Fn(usize, usize) + Sync),
    prepare: &mut dyn FnMut(&Loaded),
) -> Result<(Loaded, Library), Failure> {
    /// How often a directory that is replaced in the meantime is read again.
    const TRIES: usize = 5;
    let mut tried = 0;
    loop {
        tried += 1;
        let loaded = loader.rules().map_err(|problems| Failure::of(&problems))?;
        prepare(&loaded);
        match first(&loaded, snapshot, now, progress) {
            Ok(library) => return Ok((loaded, library)),
            Err(ScanError::Replaced) if tried < TRIES => {}
            Err(error) => return Err(Failure::new(error.to_string())),
        }
    }
}

/// Reads all articles for the first time.
pub fn first(
    loaded: &Loaded,
    snapshot: &mut FileSnapshot,
    now: DateTime<Utc>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Library, ScanError> {
    /// After this many attempts a tree that keeps changing is used as it is.
    const TRIES: usize = 20;
    let mut library = loaded.empty_library(now);
    for tried in 0.. {
        match snapshot.scan(&loaded.scan_config, &ChangedPaths::Everything, progress) {
            Err(ScanError::Unsettled) if tried < TRIES => continue,
            scan => library = library.apply(scan?.batch, now).0,
        }
        library = complete(library, AffectedFeeds::new(), snapshot, &loaded.scan_config, now).0;
        if library.missing().is_empty() || tried >= TRIES {
            break;
        }
    }
    Ok(library)
}

/// Reads the bodies that the feeds show and adds them to the library. A body stays missing if its
/// file has changed since the last scan.
pub fn complete(
    library: Library,
    affected: AffectedFeeds,
    snapshot: &mut FileSnapshot,
    scan_config: &ScanConfig,
    now: DateTime<Utc>,
) -> (Library, AffectedFeeds) {
    /// Each round may find a changed file that moves another article into a feed. If the directory
    /// changes faster than this, the next scan continues.
    const ROUNDS: usize = 8;
    let (mut library, mut affected) = (library, affected);
    for _ in 0..ROUNDS {
        let missing = library.missing();
        if missing.is_empty() {
            break;
        }
        let batch: ChangeBatch = match snapshot.read_again(scan_config, &missing) {
            Ok(batch) if !batch.is_empty() => batch,
            // The next scan reports files that cannot be read now.
            Ok(_) | Err(_) => break,
        };
        let (next, more) = library.apply(batch, now);
        library = next;
        affected.extend(more);
    }
    (library, affected)
}
