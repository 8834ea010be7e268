//! Finds the generator's files around the articles: the names by which a generator is detected, and its configuration.
//!
//! The rules are in `crate::generator`; this file only looks for the names and reads the texts.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::content_roots::ContentRoots;
use super::open::{OUTSIDE, Refusal, is_shortage};
use super::roots::boundary;
use crate::generator::config_parts::{DIRECTORIES, is_part};
use crate::generator::detect::{Evidence, INDEX_FILES, is_evidence};
use crate::generator::{self, Generator};

/// The maximum size of a configuration file, far above that of real ones.
const LARGEST: u64 = 1024 * 1024;

/// How many bytes of an `_index.md` are read, enough to see whether its front matter is YAML or TOML.
const OPENING: u64 = 64;

/// Collects the evidence by which the content directory's generator is detected. Ignores names that cannot be read.
/// Fails only if no file descriptor is free, because the evidence would be incomplete then.
pub(super) fn detect(content: &Path) -> io::Result<Evidence> {
    let content = fs::canonicalize(content).unwrap_or_else(|_| content.to_owned());
    let above = content.parent().map(Path::to_owned).unwrap_or_default();
    let here = telling(&content)?;
    let mut index = None;
    for place in index_files(&content) {
        match opening(&content, &place) {
            Ok(bytes) => {
                index = Some(bytes);
                break;
            }
            Err(error) if is_shortage(&error) => return Err(error),
            Err(_) => {}
        }
    }
    Ok(Evidence {
        source_posts: content.join("source/_posts").is_dir() || above.join("source/_posts").is_dir(),
        above: telling(&above)?,
        index,
        path: content.to_string_lossy().replace('\\', "/"),
        here,
    })
}

/// Every `_index.md` whose first bytes may distinguish one generator from another, in order of precedence.
pub(super) fn index_files(content: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let below = one_below(content).into_iter().chain(one_below(&content.join("content")));
    INDEX_FILES.into_iter().map(|file| content.join(file)).collect::<Vec<_>>().into_iter().chain(below)
}

/// Whether a file of this name, in the content directory or in one of the two above it, affects how articles are read.
/// The watcher asks this of the names in events, and `RulesStamp` of the names in directories.
pub(super) fn rules_by_name(name: &str) -> bool {
    is_evidence(name)
        || matches!(name, "source" | "content")
        || configurations().chain(people()).any(|file| file.rsplit('/').next() == Some(name))
}

/// The files in which generators define the short names of authors, relative to the site's directory.
pub(super) fn people() -> impl Iterator<Item = &'static str> {
    generator::ALL.iter().flat_map(|generator| generator.configuration.people).copied()
}

/// The configuration files of all generators, relative to the site's directory.
pub(super) fn configurations() -> impl Iterator<Item = &'static str> {
    generator::ALL.iter().flat_map(|generator| generator.configuration.names).copied()
}

/// The directories that may contain files of a generator's configuration, relative to the site's directory.
pub(super) fn directories(generator: Generator) -> BTreeSet<&'static Path> {
    let files = &generator.configuration;
    let parts = DIRECTORIES.into_iter().filter(|_| files.has_parts).map(Path::new);
    let parents = files.names.iter().chain(files.people).filter_map(|name| Path::new(*name).parent());
    parts.chain(parents).flat_map(Path::ancestors).filter(|path| !path.as_os_str().is_empty()).collect()
}

/// The files of a configuration that is split into several files, for example Hugo's `config/_default/params.toml`.
pub(super) fn parts(site: &Path) -> Vec<PathBuf> {
    let named = |directory| {
        let names = fs::read_dir(site.join(directory)).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut files: Vec<PathBuf> =
            names.filter(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(is_part)).collect();
        files.sort_unstable();
        files
    };
    DIRECTORIES.iter().flat_map(named).collect()
}

#[derive(Debug)]
pub(super) struct GeneratorFile {
    /// The directory that `name` is relative to: 0 is the content directory, 1 its parent, and so on.
    pub(super) level: u8,
    /// The path relative to that directory.
    pub(super) name: String,
    pub(super) path: PathBuf,
    /// The text, or why the file cannot be read.
    pub(super) text: io::Result<String>,
}

/// Reads the configuration files of a generator, in the content directory and above it.
pub(super) fn generator_files(content: &Path, generator: Generator) -> Vec<GeneratorFile> {
    let configuration = &generator.configuration;
    // Only `source/_posts` is two levels below the configuration of its site.
    let levels = if content.ends_with("source/_posts") { configuration.levels } else { 2 };
    let mut files = files_above(content, levels.into(), configuration.names);
    if configuration.has_parts {
        for (level, site) in (0..).zip(content.ancestors().take(2)) {
            let below = |path: &Path| Some(path.strip_prefix(site).ok()?.to_str()?.to_owned());
            files.extend(parts(site).into_iter().filter_map(|path| file_at(content, level, below(&path)?, path)));
        }
    }
    files
}

/// Reads the files that define the short names of authors.
pub(super) fn people_files(content: &Path, generator: Generator) -> Vec<GeneratorFile> {
    files_above(content, 2, generator.configuration.people)
}

fn files_above(content: &Path, levels: usize, names: &[&str]) -> Vec<GeneratorFile> {
    let sites = (0..).zip(content.ancestors().take(levels));
    let all = sites.flat_map(|(level, site)| names.iter().map(move |name| (level, *name, site.join(name))));
    all.filter_map(|(level, name, path)| file_at(content, level, name.to_owned(), path)).collect()
}

fn file_at(content: &Path, level: u8, name: String, path: PathBuf) -> Option<GeneratorFile> {
    path.is_file().then(|| GeneratorFile { level, name, text: configuration(content, &path), path })
}

/// Reads a UTF-8 file inside these roots, at most [`LARGEST`] bytes of it.
pub(super) fn text(roots: &ContentRoots, file: &Path) -> io::Result<String> {
    let (bytes, _) = roots.read(file, LARGEST).map_err(Refusal::into_error)?;
    String::from_utf8(bytes).map_err(|_| io::Error::other("it is not UTF-8"))
}

/// Reads a configuration file in or above the content directory. Follows a link only if it stays inside the content
/// directory or the repository.
fn configuration(content: &Path, file: &Path) -> io::Result<String> {
    text(&around(content, file)?, file).map_err(|error| match error.to_string() {
        message if message == OUTSIDE => io::Error::other("it is a symbolic link that leads out of the repository"),
        _ => error,
    })
}

/// The roots that a file in or above the content directory may be read from.
fn around(content: &Path, file: &Path) -> io::Result<ContentRoots> {
    let above = file.parent().map(boundary).unwrap_or_default();
    ContentRoots::of(&[content.to_owned(), above])
}

/// The names in a directory that are evidence for a generator, sorted.
fn telling(directory: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(directory) {
        Err(error) if is_shortage(&error) => return Err(error),
        entries => entries.into_iter().flatten().flatten(),
    };
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| is_evidence(name)).collect();
    names.sort_unstable();
    Ok(names)
}

/// The paths of `_index.md` in each subdirectory, sorted by name; the files need not exist.
fn one_below(directory: &Path) -> Vec<PathBuf> {
    let mut directories: Vec<PathBuf> = fs::read_dir(directory)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir() || kind.is_symlink()))
        .map(|entry| entry.path().join("_index.md"))
        .collect();
    directories.sort_unstable();
    directories
}

/// The first bytes of an `_index.md`.
fn opening(content: &Path, file: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(file)?.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    // Resolve the directory, because one of the paths is `../_index.md`.
    let file = fs::canonicalize(file.parent().unwrap_or(content))?.join(file.file_name().unwrap_or_default());
    let (bytes, _) = around(content, &file)?.read(&file, OPENING).map_err(Refusal::into_error)?;
    Ok(bytes)
}
