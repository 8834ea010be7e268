//! Loading: `feeds/` and the generator's configuration become rules, the
//! content directory a library.
//!
//! Shared by `serve`, `build` and `check`. A file of `feeds/` that breaks keeps
//! its last good state, if there is one.

use std::collections::BTreeSet;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::Failure;
use crate::article::Dialect;
use crate::diagnostic::{Code, Problem};
use crate::disk::{self, ConfigKey, Configuration, ConfigurationError, Ground, Hints, Known, LookError, RulesStamp};
use crate::library::{AffectedFeeds, ChangeBatch, Library};
use crate::server::listen;
use crate::settings::PlaceSettings;
use crate::site::Rules;

mod evaluate;
mod pieces;
mod selection;
mod settling;

use evaluate::{Evaluation, LastGood};
use pieces::SITE_FILES;
pub(super) use settling::QUIET;
use settling::{Settling, Verdict};

/// A directory that is replaced faster than it can be read is read again after so long.
const AGAIN: Duration = Duration::from_millis(100);

/// Reads the rules, and remembers what was good.
#[derive(Debug)]
pub struct Loader {
    places: PlaceSettings,
    /// `http://` and the bound address.
    bound: String,
    good: LastGood,
    settling: Settling,
    /// Problems of the configuration that counts.
    problems: Vec<Problem>,
    /// What was read last: its stamp, of which generators, and the pages of sections among it, by each path that an
    /// event may call them.
    stamp: Option<RulesStamp>,
    dialects: Vec<Dialect>,
    sections: BTreeSet<PathBuf>,
}

/// What governs the library, and what was noticed on the way.
#[derive(Debug)]
pub struct Loaded {
    /// The site and its definitions.
    pub rules: Arc<Rules>,
    /// Where the articles are, and how they are read.
    pub ground: Ground,
    /// Problems of `feeds/` and of the generator's configuration.
    pub problems: Vec<Problem>,
    /// Whose habits the directory follows, and why.
    pub dialect: String,
}

/// What became of a configuration that is followed.
#[derive(Debug)]
pub enum Followed {
    /// It is as it was.
    Same,
    /// It changes: follow it again after so long.
    Wait(Duration),
    /// It changed and settled.
    Settled(Box<Candidate>),
}

/// A configuration that settled. It counts once it is accepted.
#[derive(Debug)]
pub struct Candidate {
    /// Its rules.
    pub loaded: Loaded,
    configuration: Configuration,
    good: LastGood,
}

impl Loader {
    /// Has read nothing yet.
    pub fn new(places: &PlaceSettings, bound: String) -> Self {
        Self {
            places: places.clone(),
            bound,
            good: LastGood::default(),
            settling: Settling::new(Configuration::default()),
            problems: Vec::new(),
            stamp: None,
            dialects: Vec::new(),
            sections: BTreeSet::new(),
        }
    }

    /// Whether reading the rules again could tell anything new.
    pub fn is_outdated(&self) -> bool {
        let now = self.stamp();
        now.is_none() || now != self.stamp
    }

    /// Whether what events told may have brought or taken the page of a section.
    pub fn hears_of_sections(&self, hints: &Hints) -> bool {
        self.has_sections().is_some()
            && match hints {
                // What cannot be looked for now may be there.
                Hints::Paths(paths) => disk::come_or_go(paths, &self.sections).unwrap_or(true),
                Hints::Everything => self.is_outdated(),
            }
    }

    fn has_sections(&self) -> Option<Dialect> {
        self.dialects.iter().copied().find(|dialect| matches!(dialect, Dialect::Hugo | Dialect::Zola))
    }

    fn stamp(&self) -> Option<RulesStamp> {
        let dialect = self.has_sections().or(self.dialects.first().copied())?;
        RulesStamp::now(&self.places.content, &self.places.feeds, dialect)
    }

    /// The rules as they are now, counting at once. An error is a site.yaml that never was good, or a directory that is
    /// not there.
    pub fn rules(&mut self) -> Result<Loaded, Vec<Problem>> {
        let configuration = self.read().map_err(|error| vec![self.unread(&error)])?;
        let candidate = self.evaluate(configuration)?;
        Ok(self.accept(candidate))
    }

    /// Reads the rules again, for a configuration that others write: what changed counts when it settled.
    pub fn follow(&mut self, now: Instant) -> Result<Followed, Vec<Problem>> {
        let seen = match self.read() {
            // As the articles of such a directory, it is read when it comes to rest.
            Err(ConfigurationError::Replaced) => return Ok(Followed::Wait(AGAIN)),
            seen => seen.map_err(|error| vec![self.unread(&error)])?,
        };
        Ok(match self.settling.see(&seen, now) {
            Verdict::Same => Followed::Same,
            Verdict::Wait(wait) => Followed::Wait(wait),
            Verdict::Settled(configuration) => Followed::Settled(Box::new(self.evaluate(configuration)?)),
        })
    }

    /// From now on this configuration counts.
    pub fn accept(&mut self, candidate: Candidate) -> Loaded {
        let Candidate { loaded, configuration, good } = candidate;
        self.good = good;
        self.problems.clone_from(&loaded.problems);
        self.settling.accept(configuration);
        loaded
    }

    /// A configuration that settled cannot count yet: there is nothing to read by it.
    pub fn refuse(&mut self, now: Instant) {
        self.settling.refuse(now);
    }

    /// Problems of the configuration that counts.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Takes a site.yaml that says nothing for the last good one: a broken one
    /// then keeps nobody from reading the rest.
    pub fn suppose_silence(&mut self) {
        let silent = SITE_FILES.map(|name| (ConfigKey::Feeds(name.to_owned()), "".into()));
        self.good.texts.extend(silent);
    }

    fn evaluate(&self, configuration: Configuration) -> Result<Candidate, Vec<Problem>> {
        let evaluation = Evaluation::new(&self.places, &self.bound, &configuration, &self.good);
        let (loaded, good) = evaluation.run()?;
        Ok(Candidate { loaded, configuration, good })
    }

    fn read(&mut self) -> Result<Configuration, ConfigurationError> {
        // Taken before the reading: what changes meanwhile is read again.
        let stamp = self.stamp();
        let content = (self.places.content.as_path(), self.places.content_origin);
        let read = disk::configuration(content, &self.places.feeds, &|read| self.dialects_of(read))?;
        if read.feeds.is_none() && self.places.feeds_given {
            return Err(ConfigurationError::Feeds(io::ErrorKind::NotFound.into()));
        }
        self.dialects = self.dialects_of(&read);
        self.stamp = stamp.or_else(|| self.stamp());
        let pages = read.entries.iter().filter(|(key, _)| matches!(key, ConfigKey::Section(_)));
        let called = |path: &PathBuf| [Some(path.clone()), std::fs::canonicalize(path).ok()];
        self.sections = pages.flat_map(|(_, entry)| called(&entry.path)).flatten().collect();
        Ok(read)
    }

    /// Whose files may count: of the generator that is there, and of the one that counts.
    fn dialects_of(&self, read: &Configuration) -> Vec<Dialect> {
        let accepted = self.settling.accepted();
        let mut both = accepted.clone();
        both.entries.extend(read.entries.clone());
        let found = [read, accepted, &both].map(|configuration| pieces::detected(configuration).0);
        let chosen = [read, accepted].into_iter().filter_map(pieces::chosen);
        let counts = self.good.site.as_ref().map(|site| site.options.dialect);
        let mut dialects: Vec<Dialect> = Vec::new();
        for dialect in found.into_iter().chain(chosen).chain(counts) {
            if !dialects.contains(&dialect) {
                dialects.push(dialect);
            }
        }
        dialects
    }

    /// Nothing can be said of the configuration at the moment.
    fn unread(&self, error: &ConfigurationError) -> Problem {
        let content = || self.places.content.to_string_lossy();
        let unread = |message: String| Problem::new(content().as_ref(), Code::Unreadable, message);
        match error {
            ConfigurationError::Feeds(error) if error.kind() == io::ErrorKind::NotFound => {
                self.feeds_problem("there is no such directory".to_owned(), "make it, or leave --feeds out")
            }
            ConfigurationError::Feeds(error) => self.feeds_problem(
                format!("the directory cannot be read: {}", disk::reason(error)),
                "open it to the user that feedmill runs as, or name another with --feeds",
            ),
            ConfigurationError::Content(error) => unread(format!("the directory cannot be read: {error}")),
            ConfigurationError::Replaced => unread("the directory was replaced while it was read".to_owned()),
        }
    }

    fn feeds_problem(&self, message: String, help: &str) -> Problem {
        Problem::new(self.places.feeds.to_string_lossy().as_ref(), Code::Unreadable, message).help(help)
    }
}

/// The content directory, if it is one, or a sentence that says what to do.
pub(super) fn find_content(places: &PlaceSettings) -> Result<(), Failure> {
    let content = &places.content;
    if content.is_dir() {
        disk::may_follow(content, places.content_origin)
            .map_err(|error| Failure::new(format!("the directory `{}` is not read: {error}", content.display())))?;
        return std::fs::read_dir(content)
            .map(drop)
            .map_err(|error| Failure::new(format!(
                "the directory `{}` cannot be read: {}; open it to the user that feedmill runs as, or name another with --content",
                content.display(),
                disk::reason(&error)
            )));
    }
    let shown = content.display();
    if content.exists() {
        return Err(Failure::new(format!(
            "`{shown}` is no directory; name the one that holds the articles with --content"
        )));
    }
    let hint = [
        ("source/_posts", "this looks like a Hexo site: `feedmill --content source`"),
        ("_posts", "this looks like a Jekyll site: `feedmill --content .`"),
        ("posts", "`feedmill --content posts`?"),
    ];
    let hint = hint.into_iter().find(|(directory, _)| Path::new(directory).is_dir()).map(|(_, hint)| hint);
    let hint = hint.unwrap_or("name the directory that holds the articles: `feedmill --content DIR`");
    Err(Failure::new(format!("no directory `{shown}` here; {hint}")))
}

/// What a listener at an address is called where nothing names a base address.
pub(super) fn spoken_address(mut bound: SocketAddr) -> String {
    if bound.ip().is_unspecified() {
        // Every address of this machine is none that a reader could use.
        bound.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    format!("http://{bound}")
}

/// What the listener at an address, not yet taken, will be called.
pub(super) fn stand_in(bind: &str) -> String {
    let first = listen::addresses(bind).ok().and_then(|addresses| addresses.into_iter().next());
    // A bind that is no address is only of interest where nothing else says
    // the base address, which then is told to be none.
    first.map_or_else(|| format!("http://{bind}"), spoken_address)
}

/// Reads the rules and looks at everything for the first time, both in one version of a directory that is replaced
/// meanwhile. `prepare` is called between the two.
pub(super) fn begin(
    loader: &mut Loader,
    known: &mut Known,
    now: DateTime<Utc>,
    progress: &(dyn Fn(usize) + Sync),
    prepare: &mut dyn FnMut(&Loaded),
) -> Result<(Loaded, Library), Failure> {
    /// How often a directory is read again that is replaced meanwhile.
    const TRIES: usize = 5;
    let mut tried = 0;
    loop {
        tried += 1;
        let loaded = loader.rules().map_err(|problems| Failure::of(&problems))?;
        prepare(&loaded);
        match first(&loaded, known, now, progress) {
            Ok(library) => return Ok((loaded, library)),
            Err(LookError::Replaced) if tried < TRIES => {}
            Err(error) => return Err(Failure::new(error.to_string())),
        }
    }
}

/// Looks at everything for the first time.
pub fn first(
    loaded: &Loaded,
    known: &mut Known,
    now: DateTime<Utc>,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Library, LookError> {
    /// A tree that is swapped faster than it can be read is no tree to read.
    const TRIES: usize = 20;
    let mut library = Library::empty(Arc::clone(&loaded.rules), now);
    for tried in 0.. {
        match known.look(&loaded.ground, &Hints::Everything, progress) {
            Err(LookError::Unsettled) if tried < TRIES => continue,
            look => library = library.apply(look?.batch, now).0,
        }
        library = complete(library, AffectedFeeds::new(), known, &loaded.ground, now).0;
        if library.missing().is_empty() || tried >= TRIES {
            break;
        }
    }
    Ok(library)
}

/// The library with the bodies that its feeds show; with a body missing, if the
/// files are not what they were at the last look.
pub fn complete(
    library: Library,
    affected: AffectedFeeds,
    known: &mut Known,
    ground: &Ground,
    now: DateTime<Utc>,
) -> (Library, AffectedFeeds) {
    /// Each round may bring a changed file that brings another into a feed; a
    /// directory that changes faster than that is looked at again anyway.
    const ROUNDS: usize = 8;
    let (mut library, mut affected) = (library, affected);
    for _ in 0..ROUNDS {
        let missing = library.missing();
        if missing.is_empty() {
            break;
        }
        let batch: ChangeBatch = match known.read_again(ground, &missing) {
            Ok(batch) if !batch.is_empty() => batch,
            // What cannot be read now is told by the next look.
            Ok(_) | Err(_) => break,
        };
        let (next, more) = library.apply(batch, now);
        library = next;
        affected.extend(more);
    }
    (library, affected)
}
