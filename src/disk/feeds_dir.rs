//! Reads the definitions in `feeds/`: the text of each file, by its name.
//!
//! `configuration` calls it, and `site` parses the texts. In a Kubernetes volume the files are read through the
//! `..data` link, and all come from one version of the volume.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::directory::DATA;
use super::open::{self, Refusal};

/// The text of every definition by its file name, or the reason why an existing file cannot be read.
pub(crate) type FeedsDirectory = BTreeMap<String, Result<String, io::Error>>;

/// Where the operator's files are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FeedsPaths<'a> {
    /// The directory of site.yaml and the definitions.
    pub directory: &'a Path,
    /// The file of facts about remote images.
    pub image_facts: &'a Path,
}

/// The maximum size of a definition in MiB.
const LARGEST: u64 = 1;

/// The number of attempts to read a directory that is swapped meanwhile.
const READINGS: usize = 5;

/// Reads all `*.yaml` and `*.yml` in the feeds directory. Returns `NotFound` if the directory is missing; the caller
/// decides whether that counts as empty.
pub(super) fn feeds_dir(directory: &Path) -> io::Result<FeedsDirectory> {
    for _ in 1..READINGS {
        let version = version(directory)?;
        let found = read(&version);
        if self::version(directory)? == version
            && let Ok(found) = found
        {
            return Ok(found);
        }
    }
    read(&version(directory)?)
}

/// Whether a file of this name is a definition: `*.yaml` or `*.yml`, not hidden.
pub(super) fn is_definition(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    !name.starts_with('.') && matches!(extension.as_deref(), Some("yaml" | "yml"))
}

/// The directory that contains the files: the target of `..data` if there is such a link, otherwise the directory
/// itself; resolved.
pub(super) fn version(directory: &Path) -> io::Result<PathBuf> {
    let directory = fs::canonicalize(directory)?;
    match fs::canonicalize(directory.join(DATA)) {
        Ok(data) if data.is_dir() => Ok(data),
        _ => Ok(directory),
    }
}

fn read(directory: &Path) -> io::Result<FeedsDirectory> {
    let mut found = FeedsDirectory::new();
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !is_definition(&name) {
            continue;
        }
        match text(&directory.join(&name), LARGEST) {
            Ok(text) => found.insert(name, Ok(text)),
            Err(Refusal::Gone) => None,
            // Not `NotFound`, which callers take for a missing directory.
            Err(Refusal::Unsettled) => {
                return Err(io::Error::other("it is being replaced, or too many files are open"));
            }
            Err(Refusal::NoFile(other)) => {
                found.insert(name, Err(io::Error::other(format!("this is {other}, no file"))))
            }
            Err(refusal @ (Refusal::Failed(_) | Refusal::Outside)) => found.insert(name, Err(refusal.into_error())),
        };
    }
    Ok(found)
}

/// Reads a file of at most `largest` MiB.
pub(super) fn text(path: &Path, largest: u64) -> Result<String, Refusal> {
    let (mut file, metadata) = open::operator_file(path)?;
    if metadata.len() > largest << 20 {
        return Err(Refusal::Failed(io::Error::other(format!("the file is larger than {largest} MiB"))));
    }
    let bytes = open::read(&mut file, largest << 20, metadata.len()).map_err(Refusal::Failed)?;
    String::from_utf8(bytes).map_err(|_| Refusal::Failed(io::Error::other("the file is not UTF-8")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn only_definitions_are_read() {
        let home = tempfile::tempdir().unwrap();
        for (name, text) in
            [("site.yaml", "title: x"), ("a.yml", "b"), ("c.txt", "-"), (".d.yaml", "-"), ("e.yaml~", "-")]
        {
            fs::write(home.path().join(name), text).unwrap();
        }
        fs::create_dir(home.path().join("f.yaml")).unwrap();
        let found = feeds_dir(home.path()).unwrap();
        assert_eq!(found.keys().collect::<Vec<_>>(), ["a.yml", "f.yaml", "site.yaml"]);
        assert_eq!(found["site.yaml"].as_deref().unwrap(), "title: x");
        assert_eq!(found["f.yaml"].as_ref().unwrap_err().to_string(), "this is a directory, no file");
        assert_eq!(feeds_dir(&home.path().join("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_mounted_volume_is_read_through_its_data_link() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("..1")).unwrap();
        fs::write(home.path().join("..1/new.yaml"), "new").unwrap();
        symlink("..1", home.path().join("..data")).unwrap();
        symlink("..data/old.yaml", home.path().join("old.yaml")).unwrap();
        let found = feeds_dir(home.path()).unwrap();
        assert_eq!(found.keys().collect::<Vec<_>>(), ["new.yaml"]);
    }
}
