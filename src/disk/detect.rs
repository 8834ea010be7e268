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
use crate::content_path::is_article_extension;
use crate::generator::config_parts::{DIRECTORIES, is_part};
use crate::generator::detect::{
    INDEX_FILES, LEVELS, LayoutEvidence, MarkKind, has_text, is_dated, is_evidence, mark, named, named_part, verdict,
};
use crate::generator::selection::is_closed;
use crate::generator::{self, Generator};
use crate::platform::is_mount_point;

/// The maximum size of a configuration file, far above that of real ones.
const LARGEST: u64 = 1024 * 1024;

/// How many bytes of an `_index.md` are read, enough to see whether its front matter is YAML or TOML.
const OPENING: u64 = 64;

/// The evidence for a generator in and above the content directory.
#[derive(Debug, Default)]
pub(super) struct Detected {
    /// The marks: the number of directories above the content directory, the kind, the name, and the verdict.
    pub(super) marks: Vec<(u8, MarkKind, String, String)>,
    /// Whether there is a directory `_posts` in the content directory or below.
    pub(super) has_posts: bool,
}

/// The directories that may hold files of the site, nearest first: the content directory and at most four above it,
/// none of them above a repository, a mount point or the home directory.
pub(super) fn sites(content: &Path) -> Vec<PathBuf> {
    let content = fs::canonicalize(content).unwrap_or_else(|_| content.to_owned());
    let home = std::env::home_dir().and_then(|home| fs::canonicalize(home).ok());
    let is_last = |directory: &Path| {
        home.as_deref() == Some(directory) || directory.join(".git").exists() || is_mount_point(directory)
    };
    let mut sites = Vec::new();
    for directory in content.ancestors().take(LEVELS.into()) {
        sites.push(directory.to_owned());
        if is_last(directory) {
            break;
        }
    }
    sites
}

/// Collects the evidence by which the content directory's generator is detected. Ignores what cannot be read. Fails
/// only if no file descriptor is free, because the evidence would be incomplete then.
pub(super) fn detect(content: &Path) -> io::Result<Detected> {
    let mut found = Detected::default();
    let mut names_here = Vec::new();
    for (level, site) in (0..).zip(sites(content)) {
        let names = telling(&site)?;
        for name in &names {
            let path = format!("{}{name}", "../".repeat(level.into()));
            let mark = match named(name) {
                Some(generator) => Some((MarkKind::Configuration, generator, format!("`{path}` is there"))),
                None if has_text(name) => match configuration(content, &site.join(name)) {
                    Err(error) if is_shortage(&error) => return Err(error),
                    text => text.ok().and_then(|text| mark(name, &text, &path)),
                },
                None => None,
            };
            let mark = mark.map(|(kind, generator, why)| (level, kind, name.clone(), verdict(generator, &why)));
            found.marks.extend(mark);
        }
        for path in parts(&site) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if let Some(generator) = named_part(name) {
                let part = path.strip_prefix(&site).unwrap_or(&path).display().to_string();
                let why = format!("`{}{part}` is there", "../".repeat(level.into()));
                found.marks.push((level, MarkKind::Configuration, part, verdict(generator, &why)));
                break;
            }
        }
        if level < 2 {
            names_here.extend(names);
        }
    }
    let (layout, has_posts) = layout(content, names_here)?;
    found.has_posts = has_posts;
    if found.marks.is_empty()
        && let Some((generator, why)) = layout.generator()
    {
        found.marks.push((LEVELS, MarkKind::Layout, String::new(), verdict(generator, &why)));
    }
    Ok(found)
}

/// The layout of a content directory, and whether there is a directory `_posts` in it or below.
fn layout(content: &Path, names: Vec<String>) -> io::Result<(LayoutEvidence, bool)> {
    let content = fs::canonicalize(content).unwrap_or_else(|_| content.to_owned());
    let above = content.parent().unwrap_or(&content);
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
    let is_in_posts = content.iter().any(|part| part == "_posts");
    let mut walk = LayoutWalk {
        content: content.clone(),
        left: MOST_ENTRIES,
        posts: is_in_posts.then_some((0, 0)),
        has_index: false,
    };
    walk.directory(&content, 0);
    let has_posts = walk.posts.is_some() && !is_in_posts;
    let is_file = |name: &str| content.join(name).is_file();
    let layout = LayoutEvidence {
        names,
        source_posts: content.ends_with("source/_posts")
            || content.join("source/_posts").is_dir()
            || above.join("source/_posts").is_dir(),
        index,
        has_deep_index: walk.has_index,
        posts: walk.posts,
        has_list_page: is_file("tags/index.md") || is_file("categories/index.md"),
    };
    Ok((layout, has_posts))
}

/// The most directory entries that are visited to learn the layout, and the deepest level.
const MOST_ENTRIES: usize = 20_000;
const DEEPEST: u8 = 4;

struct LayoutWalk {
    content: PathBuf,
    /// How many more entries may be visited.
    left: usize,
    posts: Option<(usize, usize)>,
    has_index: bool,
}

impl LayoutWalk {
    fn directory(&mut self, directory: &Path, depth: u8) {
        let is_in_posts = directory.iter().any(|part| part == "_posts");
        let mut below = Vec::new();
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            if self.left == 0 {
                return;
            }
            self.left -= 1;
            let name = entry.file_name().to_string_lossy().into_owned();
            let Ok(kind) = entry.file_type() else { continue };
            // The directories of a Kubernetes volume are links.
            let target = kind.is_symlink().then(|| fs::canonicalize(entry.path()).ok()).flatten();
            let is_link_below = target.is_some_and(|target| target.starts_with(&self.content) && target.is_dir());
            if kind.is_dir() || is_link_below {
                if name == "_posts" {
                    self.posts.get_or_insert_default();
                }
                if depth < DEEPEST && !is_closed(&name) && !matches!(name.as_str(), "_site" | "vendor" | "themes") {
                    below.push(entry.path());
                }
            } else if name == "_index.md" {
                self.has_index = true;
            } else if is_in_posts && name.rsplit_once('.').is_some_and(|(_, extension)| is_article_extension(extension))
            {
                let (dated, undated) = self.posts.get_or_insert_default();
                *(if is_dated(&name) { dated } else { undated }) += 1;
            }
        }
        below.sort_unstable();
        for path in below {
            self.directory(&path, depth + 1);
        }
    }
}

/// A hash of the layout of a content directory; it opens no file.
pub(super) fn layout_stamp(content: &Path) -> Vec<u8> {
    let found = layout(content, Vec::new()).map(|(layout, has_posts)| (layout.generator(), has_posts));
    format!("{:?}", found.ok()).into_bytes()
}

/// Whether changes at these paths may change the layout by which a generator is detected.
pub(crate) fn may_change_layout(paths: &BTreeSet<PathBuf>) -> bool {
    paths.iter().any(|path| path.iter().any(|part| part == "_posts") || !path.is_file())
}

/// Every `_index.md` whose first bytes may distinguish one generator from another, in order of precedence.
pub(super) fn index_files(content: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let below = one_below(content).into_iter().chain(one_below(&content.join("content")));
    INDEX_FILES.into_iter().map(|file| content.join(file)).collect::<Vec<_>>().into_iter().chain(below)
}

/// Whether a file of this name, in the content directory or in one of those above it, affects how articles are read.
/// The watcher asks this of the names in events, and `RulesStamp` of the names in directories.
pub(super) fn rules_by_name(name: &str) -> bool {
    is_evidence(name)
        || matches!(name, "source" | "content" | "config")
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

/// Reads the configuration files of a generator, the files that define the short names of authors, and those that list
/// packages, in the content directory and above it.
pub(super) fn generator_files(content: &Path, generator: Generator) -> Vec<GeneratorFile> {
    let files = &generator.configuration;
    let mut found = Vec::new();
    for (level, site) in (0..).zip(sites(content)) {
        let names = files.names.iter().chain(files.people).chain(files.packages).map(|name| site.join(name));
        let parts = if files.has_parts { parts(&site) } else { Vec::new() };
        for path in names.chain(parts).filter(|path| path.is_file()) {
            if let Some(name) = path.strip_prefix(&site).ok().and_then(Path::to_str).map(str::to_owned) {
                found.push(GeneratorFile { level, name, text: configuration(content, &path), path });
            }
        }
    }
    found
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
