//! `--changed`: lists the URLs that a build changed or removed, for the purge of a CDN.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::hosting;
use crate::commands::{Failure, tell};
use crate::disk;
use crate::text::{Address, encode_path};

/// The ends of the names of compressed files, which are beside a document.
const COMPANIONS: [&str; 2] = [".gz", ".br"];

/// The URLs that changed or went.
#[derive(Debug)]
pub(super) struct ChangedUrls {
    /// The base URL without its path.
    origin: String,
    /// Paths of files below the output directory or of keys below the prefix.
    files: BTreeSet<String>,
}

impl ChangedUrls {
    pub(super) fn new(base: &Address) -> Self {
        let origin = base.as_str().strip_suffix(base.path()).unwrap_or_default();
        Self { origin: origin.to_owned(), files: BTreeSet::new() }
    }

    /// Adds the URL of a file, given its path.
    pub(super) fn add_file(&mut self, path: &str) {
        if !hosting::FILES.contains(&path) {
            self.files.insert(path.to_owned());
        }
    }

    /// The URLs, one a line. A compressed file has the URL of its document.
    fn text(&self) -> String {
        let urls: BTreeSet<String> = self.files.iter().map(|file| self.url(file)).collect();
        urls.into_iter().map(|url| url + "\n").collect()
    }

    fn url(&self, file: &str) -> String {
        let document = COMPANIONS.iter().find_map(|end| file.strip_suffix(end));
        let file = document.filter(|document| self.files.contains(*document)).unwrap_or(file);
        let path = match file.strip_suffix("index.html") {
            Some(directory) if directory.is_empty() || directory.ends_with('/') => directory,
            _ => file,
        };
        format!("{}/{}", self.origin, encode_path(path))
    }

    /// Writes the list to a file, or to standard output if that is `-`.
    pub(super) fn write(&self, to: &Path) -> Result<(), Failure> {
        if is_standard_output(to) {
            return tell(&self.text());
        }
        disk::replace_file(to, &self.text()).map_err(|error| unwritable(to, &error))
    }
}

/// Fails if the list could not be written. What a build changes is known only once, so this is found out before.
pub(super) fn check_writable(to: &Path) -> Result<(), Failure> {
    if is_standard_output(to) { Ok(()) } else { disk::can_replace_file(to).map_err(|error| unwritable(to, &error)) }
}

fn unwritable(to: &Path, error: &io::Error) -> Failure {
    let reason = disk::reason(error);
    Failure::new(format!("`{}` cannot be written: {reason}; choose another file with --changed", to.display()))
}

/// Whether the list is written to standard output.
pub(super) fn is_standard_output(to: &Path) -> bool {
    to.as_os_str() == "-"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_listed_with_its_url() {
        let mut changed = ChangedUrls::new(&Address::parse("https://example.org/feeds/").unwrap());
        for file in ["feeds/index.html", "feeds/index.html.gz", "feeds/articles/图 a/index.html", "_headers"] {
            changed.add_file(file);
        }
        for file in ["feeds/media/noindex.html", "feeds/media/alone.gz"] {
            changed.add_file(file);
        }
        assert_eq!(
            changed.text(),
            "https://example.org/feeds/\n\
             https://example.org/feeds/articles/%E5%9B%BE%20a/\n\
             https://example.org/feeds/media/alone.gz\n\
             https://example.org/feeds/media/noindex.html\n"
        );
    }
}
