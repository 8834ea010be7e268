//! Reads everything that configures the site, as text: `feeds/`, the generator's own files, and the names by which a
//! generator is detected.
//!
//! `commands::load` parses the result, and compares it with the next one to find out whether anything changed. All
//! texts come from one version of the directories: if a symbolic link is swapped meanwhile, everything is read again.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::detect::{detect, generator_files};
use super::directory::DATA;
use super::feeds_dir::{FeedsPaths, feeds_dir, version};
use super::image_facts::image_facts;
use super::open::is_shortage;
use super::roots::may_follow;
use super::sections::section_pages;
use super::tree::ResolvedDir;
use crate::generator::Generator;
use crate::generator::detect::MarkKind;
use crate::generator::selection::{DEEP_POSTS, LAYOUT};
use crate::site::Origin;

/// The number of attempts to read directories that are swapped meanwhile.
const READINGS: usize = 5;

/// Identifies a [`ConfigEntry`]. Paths are relative to the content directory or to one above it, so that a swapped link
/// changes texts but not keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ConfigKey {
    /// A file in `feeds/`, by its name.
    Feeds(String),
    /// The facts about remote images.
    ImageFacts,
    /// A file of the generator: the number of directories above the content directory, and its path from there.
    Generator(u8, String),
    /// The page of a section, by its path.
    Section(String),
    /// Evidence for a generator: how many directories above the content directory, and the name. Its text is the
    /// verdict. Sorted by precedence.
    Mark(u8, MarkKind, String),
    /// A path of [`LAYOUT`] that exists below the content directory.
    Layout(String),
}

impl ConfigKey {
    /// Whether the file belongs to the operator, and not to the content directory.
    pub(crate) fn is_of_operator(&self) -> bool {
        matches!(self, Self::Feeds(_) | Self::ImageFacts)
    }
}

/// One file of the configuration, or one name.
#[derive(Debug, Clone)]
pub(crate) struct ConfigEntry {
    /// The path of the file, for messages; empty for a name.
    pub path: PathBuf,
    /// The text, or why the file cannot be read.
    pub text: Result<Arc<str>, String>,
}

/// Compares texts only: a link that leads to another directory with equal texts changes nothing.
impl PartialEq for ConfigEntry {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl ConfigEntry {
    fn new(path: PathBuf, text: io::Result<String>) -> io::Result<Self> {
        match text {
            Err(error) if is_shortage(&error) => Err(error),
            text => Ok(Self { path, text: text.map(Into::into).map_err(|error| error.to_string()) }),
        }
    }
}

/// Identifies the content directory: the directory itself and, in a Kubernetes volume, the version that its `..data`
/// link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RootVersion {
    resolved: ResolvedDir,
    data: Option<ResolvedDir>,
}

impl RootVersion {
    /// The content directory at `path` as it is now.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let resolved = ResolvedDir::of(path)?;
        let data = ResolvedDir::of(&resolved.path.join(DATA)).ok();
        Ok(Self { resolved, data })
    }

    /// The resolved path of the directory.
    pub(crate) fn path(&self) -> &Path {
        &self.resolved.path
    }
}

/// Identifies the directory that `feeds/` leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FeedsRoot(ResolvedDir);

impl FeedsRoot {
    /// The directory at `path` as it is now.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        ResolvedDir::of(&version(path)?).map(Self)
    }
}

/// The configuration at one moment, not parsed yet.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Configuration {
    /// The content directory, if there is one.
    pub root: Option<RootVersion>,
    /// The directory `feeds/`, if there is one.
    pub feeds: Option<FeedsRoot>,
    /// The texts, and the names that were found.
    pub entries: BTreeMap<ConfigKey, ConfigEntry>,
}

/// Why the configuration cannot be read at the moment.
#[derive(Debug)]
pub(crate) enum ConfigurationError {
    /// `feeds/` cannot be read.
    Feeds(io::Error),
    /// The content directory cannot be read.
    Content(io::Error),
    /// A directory was replaced during every attempt to read it.
    Replaced,
}

/// Reads the configuration. `generators` is called when names and `feeds/` are read, and returns the generators whose
/// files to read as well. A missing `feeds/` counts as empty. If the content directory is missing, or a link to it may
/// not be followed, only `feeds/` is read.
pub(crate) fn configuration(
    (content, origin): (&Path, Origin),
    feeds: FeedsPaths<'_>,
    generators: &dyn Fn(&Configuration) -> Vec<Generator>,
) -> Result<Configuration, ConfigurationError> {
    for _ in 0..READINGS {
        let mut read = read_feeds(feeds).map_err(ConfigurationError::Feeds)?;
        read.root = root_of(content, origin).map_err(ConfigurationError::Content)?;
        if let Some(root) = &read.root {
            let path = root.path().to_owned();
            read_names(&path, &mut read.entries).map_err(ConfigurationError::Content)?;
            for generator in generators(&read) {
                read_files(&path, generator, &mut read.entries).map_err(ConfigurationError::Content)?;
            }
        }
        if root_of(content, origin).ok() == Some(read.root.clone())
            && feeds_root(feeds.directory).ok() == Some(read.feeds.clone())
        {
            return Ok(read);
        }
    }
    Err(ConfigurationError::Replaced)
}

fn root_of(content: &Path, origin: Origin) -> io::Result<Option<RootVersion>> {
    let root = missing_is_none(RootVersion::of(content))?;
    Ok(root.filter(|_| may_follow(content, origin).is_ok()))
}

fn feeds_root(feeds: &Path) -> io::Result<Option<FeedsRoot>> {
    missing_is_none(FeedsRoot::of(feeds))
}

fn missing_is_none<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

fn read_feeds(paths: FeedsPaths<'_>) -> io::Result<Configuration> {
    let feeds = paths.directory;
    let mut read = Configuration { feeds: feeds_root(feeds)?, ..Configuration::default() };
    if let Some(text) = image_facts(paths.image_facts) {
        let entry = ConfigEntry::new(paths.image_facts.to_owned(), text)?;
        read.entries.insert(ConfigKey::ImageFacts, entry);
    }
    let files = match feeds_dir(feeds) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Configuration { feeds: None, ..read }),
        files => files?,
    };
    for (name, text) in files {
        let entry = ConfigEntry::new(feeds.join(&name), text)?;
        read.entries.insert(ConfigKey::Feeds(name), entry);
    }
    Ok(read)
}

/// Adds the names by which a generator is detected, and by which it finds its articles.
fn read_names(content: &Path, entries: &mut BTreeMap<ConfigKey, ConfigEntry>) -> io::Result<()> {
    let found = detect(content)?;
    for (level, kind, name, verdict) in found.marks {
        let entry = ConfigEntry { path: PathBuf::new(), text: Ok(verdict.into()) };
        entries.insert(ConfigKey::Mark(level, kind, name), entry);
    }
    let layout = LAYOUT.iter().filter(|path| content.join(path).exists());
    for path in layout.chain(found.has_posts.then_some(&DEEP_POSTS)) {
        entries
            .insert(ConfigKey::Layout((*path).to_owned()), ConfigEntry { path: PathBuf::new(), text: Ok("".into()) });
    }
    Ok(())
}

fn read_files(content: &Path, generator: Generator, entries: &mut BTreeMap<ConfigKey, ConfigEntry>) -> io::Result<()> {
    for file in generator_files(content, generator) {
        let key = ConfigKey::Generator(file.level, file.name);
        entries.insert(key, ConfigEntry::new(file.path, file.text)?);
    }
    if generator.has_sections() {
        for (place, path, text) in section_pages(content)? {
            entries.insert(ConfigKey::Section(place), ConfigEntry::new(path, text)?);
        }
    }
    Ok(())
}
