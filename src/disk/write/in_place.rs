//! Replaces the output file by file, for directories that cannot be exchanged: mount points, and
//! file systems without that operation.
//!
//! Each file is complete at any moment, but the tree as a whole is not. Files that link to others
//! are written after them, and files that no longer exist are removed last.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::Path;

use super::output_file::Put;
use super::staging::INSIDE;
use super::{FileOutcome, RenamePhase, WriteError};
use crate::disk::directory::OUTPUT_MARK;

/// Renames the new files from the staging directory into the target, and removes all other files
/// from the target.
pub(super) fn all(staging: &Path, target: &Path, made: &[(String, FileOutcome)]) -> Result<(), WriteError> {
    let mut directories = HashSet::new();
    for phase in [RenamePhase::First, RenamePhase::Last] {
        for (path, outcome) in made {
            if let FileOutcome::Put(Put::Written, its) = outcome
                && *its == phase
            {
                let failed = WriteError::at(&target.join(path));
                make_way(target, path, &mut directories)
                    .and_then(|()| rename(&staging.join(path), target, path))
                    .map_err(failed)?;
            }
        }
    }
    let wanted = made.iter().filter(|(_, outcome)| matches!(outcome, FileOutcome::Put(..)));
    let mut wanted: HashSet<&Path> = wanted.map(|(path, _)| Path::new(path.as_str())).collect();
    wanted.insert(Path::new(OUTPUT_MARK));
    clear(target, Path::new(""), &wanted).map(drop).map_err(WriteError::at(target))
}

/// Creates the parent directories of a path, replacing links and files with these names, and
/// removes a directory at the path itself.
fn make_way<'a>(target: &Path, path: &'a str, known: &mut HashSet<&'a str>) -> io::Result<()> {
    for (at, _) in path.match_indices('/') {
        if known.insert(&path[..at]) {
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
fn clear(target: &Path, below: &Path, wanted: &HashSet<&Path>) -> io::Result<bool> {
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
        } else if wanted.contains(path.as_path()) {
            holds = true;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(holds)
}
