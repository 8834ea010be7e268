//! Writes one file of a new tree, or keeps the one of the old tree.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::OFlags;

use super::super::open::reason;
use super::FileContent;
use super::index::digest_of;
use super::mark::is_at;
use super::staging::KeptFile;

/// How a file got into the new tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    /// It is new or has changed.
    Written,
    /// It has not changed.
    Kept,
}

/// Why a file was not written.
#[derive(Debug)]
pub(super) enum WriteFailure {
    /// An error of this file; others may succeed.
    Of(String),
    /// An error that other files would have too.
    All(io::Error),
}

/// Bytes that are copied at a time.
const PIECE: usize = 64 * 1024;

/// Writes a file at `new`, or keeps the one at `old` if it has the same content.
pub(super) fn put(
    mut content: FileContent,
    old: Option<&Path>,
    new: &Path,
    kept: KeptFile,
) -> Result<Put, WriteFailure> {
    let same = match old {
        Some(path) => {
            is_same(&mut content, path).map_err(|error| WriteFailure::Of(unreadable(&error)))?.map(|file| (path, file))
        }
        None => None,
    };
    if let Some((path, file)) = &same {
        match kept {
            KeptFile::InPlace => return Ok(Put::Kept),
            // Some file systems have no hard links, and all of them limit their number. The bytes
            // are then written again.
            KeptFile::Linked => {
                if with_directory(new, || fs::hard_link(path, new)).is_ok() {
                    // Another build may have exchanged the old tree in the meantime.
                    if is_at(file, new).is_ok_and(|is| is) {
                        return Ok(Put::Kept);
                    }
                    fs::remove_file(new).map_err(of_writing)?;
                }
            }
        }
    }
    let mut file =
        with_directory(new, || OpenOptions::new().write(true).create_new(true).open(new)).map_err(of_writing)?;
    let written = match content {
        FileContent::Bytes(bytes) => file.write_all(&bytes).map_err(of_writing),
        FileContent::Copy(from) => copy(from, &mut file),
    };
    if let Err(failure) = written {
        // Remove the incomplete file. The failure is reported in any case.
        let _ = fs::remove_file(new);
        return Err(failure);
    }
    Ok(if same.is_some() { Put::Kept } else { Put::Written })
}

/// Keeps the file at `old` for `new` if it has this digest. If not, nothing is at `new`, and the result is `false`.
pub(super) fn keep(old: &Path, digest: u64, new: &Path, kept: KeptFile) -> bool {
    let has_digest = |path: &Path| read_regular(path).is_some_and(|bytes| digest_of(&bytes) == digest);
    match kept {
        KeptFile::InPlace => has_digest(old),
        KeptFile::Linked if with_directory(new, || fs::hard_link(old, new)).is_ok() => {
            // Another build may exchange the old tree at any moment, so the new name is read.
            let is_same = has_digest(new);
            if !is_same {
                // If this fails, writing the file fails, which is reported.
                let _ = fs::remove_file(new);
            }
            is_same
        }
        KeptFile::Linked => match read_regular(old).filter(|bytes| digest_of(bytes) == digest) {
            Some(bytes) => put(FileContent::Bytes(bytes.into()), None, new, kept).is_ok(),
            None => false,
        },
    }
}

/// Reads a regular file. Links are not followed, and pipes and devices do not block.
fn read_regular(path: &Path) -> Option<Vec<u8>> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let mut file = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path).ok()?;
    let metadata = file.metadata().ok().filter(fs::Metadata::is_file)?;
    let mut bytes = vec![0; usize::try_from(metadata.len()).ok()?];
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// Returns the file at `old` if it has the same content. A file that cannot be read counts as
/// different; an error concerns the new content.
fn is_same(content: &mut FileContent, old: &Path) -> io::Result<Option<File>> {
    // Pipes and devices are never opened.
    let length = fs::symlink_metadata(old).ok().filter(fs::Metadata::is_file).map(|metadata| metadata.len());
    let wanted = match content {
        FileContent::Bytes(bytes) => bytes.len() as u64,
        FileContent::Copy(file) => file.metadata()?.len(),
    };
    if length != Some(wanted) {
        return Ok(None);
    }
    let Ok(mut old) = File::open(old) else {
        return Ok(None);
    };
    match content {
        FileContent::Bytes(bytes) => {
            let mut all = Vec::with_capacity(bytes.len());
            Ok((old.read_to_end(&mut all).is_ok() && all == *bytes).then_some(old))
        }
        FileContent::Copy(file) => {
            file.rewind()?;
            let (mut one, mut other) = (vec![0; PIECE], vec![0; PIECE]);
            loop {
                let read = full(file, &mut one)?;
                if full(&mut old, &mut other).ok() != Some(read) || one[..read] != other[..read] {
                    return Ok(None);
                }
                if read < PIECE {
                    return Ok(Some(old));
                }
            }
        }
    }
}

/// Reads until the buffer is full or the file ends.
fn full(file: &mut File, output_file: &mut [u8]) -> io::Result<usize> {
    let mut at = 0;
    while at < output_file.len() {
        match file.read(&mut output_file[at..]) {
            Ok(0) => break,
            Ok(read) => at += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(at)
}

fn copy(mut from: File, to: &mut File) -> Result<(), WriteFailure> {
    let of_reading = |error: io::Error| WriteFailure::Of(unreadable(&error));
    from.rewind().map_err(of_reading)?;
    let mut output_file = vec![0; PIECE];
    loop {
        match full(&mut from, &mut output_file).map_err(of_reading)? {
            0 => return Ok(()),
            read => to.write_all(&output_file[..read]).map_err(of_writing)?,
        }
    }
}

fn unreadable(error: &io::Error) -> String {
    format!("the file behind it cannot be read: {}", reason(error))
}

/// Runs `work`, and creates the directory of the path if it is missing.
pub(super) fn with_directory<T>(path: &Path, work: impl Fn() -> io::Result<T>) -> io::Result<T> {
    match work() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if let Some(directory) = path.parent() {
                fs::create_dir_all(directory)?;
            }
            work()
        }
        done => done,
    }
}

/// Classifies an error of writing. If the file system does not accept a name, only this file is
/// left out; a full disk stops the build.
fn of_writing(error: io::Error) -> WriteFailure {
    use io::ErrorKind::{AlreadyExists, FileTooLarge, InvalidFilename, InvalidInput, IsADirectory, NotADirectory};
    let of_name = matches!(
        error.kind(),
        InvalidFilename | InvalidInput | AlreadyExists | NotADirectory | IsADirectory | FileTooLarge
    );
    // The error of APFS, ZFS and others for names that are not valid UTF-8.
    let of_bytes = error.raw_os_error() == Some(rustix::io::Errno::ILSEQ.raw_os_error());
    match error.kind() {
        InvalidFilename => WriteFailure::Of("its name is too long for a file".to_owned()),
        AlreadyExists => {
            WriteFailure::Of("on this file system its name is the same as that of another file".to_owned())
        }
        _ if of_name || of_bytes => WriteFailure::Of(format!("it cannot be a file: {}", reason(&error))),
        _ => WriteFailure::All(error),
    }
}
