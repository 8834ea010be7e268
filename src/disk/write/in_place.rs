//! Replaces the output file by file, for directories that cannot be exchanged: mount points, and
//! file systems without that operation.
//!
//! Each file is complete at any moment, but the tree as a whole is not. Files that link to others
//! are written after them, and files that no longer exist are removed last.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::Path;

use super::output_file::Put;
use super::staging::INSIDE;
use super::{FileOutcome, FileResult, RenamePhase, WriteError};
use crate::disk::directory::OUTPUT_MARK;

/// Renames the new files from the staging directory into the target, and removes all other files
/// from the target.
pub(super) fn all(staging: &Path, target: &Path, paths: &[String], results: &[FileResult]) -> Result<(), WriteError> {
    let mut directories = HashSet::new();
    for phase in [RenamePhase::First, RenamePhase::Last] {
        for result in results {
            if let FileOutcome::Put(Put::Written, its) = result.outcome
                && its == phase
            {
                let path = result.path(paths);
                let failed = WriteError::at(&target.join(&path));
                make_way(target, &path, &mut directories)
                    .and_then(|()| rename(&staging.join(&path), target, &path))
                    .map_err(failed)?;
            }
        }
    }
    let wanted = WantedFiles::of(paths, results);
    clear(target, Path::new(""), &wanted).map(drop).map_err(WriteError::at(target))
}

/// The files of the new tree. Their paths are not collected, because there may be a hundred thousand.
struct WantedFiles<'a> {
    indices: HashMap<&'a str, usize>,
    /// The index of the path and the suffix of each file.
    files: HashSet<(usize, &'static str)>,
    suffixes: HashSet<&'static str>,
}

impl<'a> WantedFiles<'a> {
    fn of(paths: &'a [String], results: &[FileResult]) -> Self {
        let files: HashSet<_> =
            results.iter().filter(|result| result.put().is_some()).map(|result| (result.index, result.end)).collect();
        let indices = paths.iter().enumerate().map(|(index, path)| (path.as_str(), index)).collect();
        Self { indices, suffixes: files.iter().map(|(_, suffix)| *suffix).collect(), files }
    }

    fn contains(&self, path: &Path) -> bool {
        let Some(path) = path.to_str() else { return false };
        let is_file = |suffix: &&'static str| {
            let index = path.strip_suffix(*suffix).and_then(|path| self.indices.get(path));
            index.is_some_and(|index| self.files.contains(&(*index, *suffix)))
        };
        path == OUTPUT_MARK || self.suffixes.iter().any(is_file)
    }
}

/// Creates the parent directories of a path, replacing links and files with these names, and
/// removes a directory at the path itself.
fn make_way(target: &Path, path: &str, known: &mut HashSet<String>) -> io::Result<()> {
    for (at, _) in path.match_indices('/') {
        if known.insert(path[..at].to_owned()) {
            let directory = target.join(&path[..at]);
            match fs::symlink_metadata(&directory) {
                Ok(metadata) if metadata.is_dir() => continue,
                Ok(_) => fs::remove_file(&directory)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
            fs::create_dir(&directory)?;
        }
    }
    let file = target.join(path);
    if fs::symlink_metadata(&file).is_ok_and(|metadata| metadata.is_dir()) {
        fs::remove_dir_all(&file)?;
    }
    Ok(())
}

/// Renames a file, even from another file system.
fn rename(from: &Path, target: &Path, path: &str) -> io::Result<()> {
    let to = &target.join(path);
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            // If the build is interrupted here, the next one removes the copy.
            let beside = target.join(".feedmill-copy");
            fs::copy(from, &beside)?;
            fs::rename(&beside, to)
        }
        done => done,
    }
}

/// Removes unwanted files at and below a directory. Returns whether anything is left in it.
fn clear(target: &Path, below: &Path, wanted: &WantedFiles) -> io::Result<bool> {
    let mut holds = false;
    for entry in fs::read_dir(target.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if path == Path::new(INSIDE) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            if clear(target, &path, wanted)? {
                holds = true;
            } else {
                fs::remove_dir(entry.path())?;
            }
        } else if wanted.contains(&path) {
            holds = true;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(holds)
}
