//! Strong tags of images and attachments.
//!
//! A tag is made of all bytes of a file, once for a state of the file, however
//! many ask at once. Long files are read by threads of their own, so that no
//! page waits for them, and only while a client waits for the tag. Of a very
//! long file only parts are read.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use xxhash_rust::xxh3::Xxh3Default;

use crate::server::{Pool, Tag};

/// Tags kept, a hundred bytes each.
const MOST: usize = 10_000;
/// A file up to here is read by the thread that opened it.
const SHORT: u64 = 1024 * 1024;
/// Of a file beyond this only parts are read.
pub(in crate::commands) const LONG: u64 = 64 * 1024 * 1024;
/// How many parts, evenly spread, the first and the last bytes among them.
const PARTS: u64 = 64;
/// Bytes read at once, and of each part.
const CHUNK: usize = 64 * 1024;
/// After so many chunks it is asked whether a client still waits.
const CHUNKS: u64 = 16;

/// What tells one state of a file from another: device, inode, size, and the
/// times of the last change to its bytes and to the inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Stamp([i64; 4], [u64; 3]);

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        let times = [metadata.mtime(), metadata.mtime_nsec(), metadata.ctime(), metadata.ctime_nsec()];
        Self(times, [metadata.dev(), metadata.ino(), metadata.len()])
    }
}

type Waiting = Vec<oneshot::Sender<String>>;

/// Tags of files, and who waits for one.
#[derive(Debug)]
pub(super) struct Tags {
    state: Mutex<State>,
    threads: Pool,
}

#[derive(Debug, Default)]
struct State {
    known: HashMap<PathBuf, (Stamp, String)>,
    /// Those being made. They stay here while a client waits.
    pending: HashMap<Stamp, Waiting>,
}

impl Tags {
    pub(super) fn new(threads: Pool) -> Self {
        Self { state: Mutex::default(), threads }
    }

    /// The tag of an open file, or the promise of one. An error ends the promise.
    pub(super) fn of(self: &Arc<Self>, path: PathBuf, file: &File, metadata: &Metadata) -> Tag {
        let (stamp, length) = (Stamp::of(metadata), metadata.len());
        let mut state = self.state();
        if let Some((_, tag)) = state.known.get(&path).filter(|(known, _)| *known == stamp) {
            return Tag::Known(tag.clone());
        }
        let (sender, receiver) = oneshot::channel();
        if SHORT < length && length <= LONG {
            if let Some(waiting) = state.pending.get_mut(&stamp) {
                waiting.push(sender);
            } else if let Ok(file) = file.try_clone() {
                state.pending.insert(stamp, vec![sender]);
                let tags = Arc::clone(self);
                self.threads.begin(move || tags.make(path, stamp, &file));
            }
            return Tag::Pending(receiver);
        }
        drop(state);
        let tag = if length > LONG { of_parts(file, stamp, length) } else { of_all(file, &|| true) };
        match tag {
            Ok(tag) => {
                self.keep(path, stamp, &tag, file);
                Tag::Known(tag)
            }
            Err(error) => {
                tracing::warn!(%error, "{} cannot be read", path.display());
                Tag::Pending(receiver)
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every statement leaves it whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn make(&self, path: PathBuf, stamp: Stamp, file: &File) {
        let made = of_all(file, &|| self.is_wanted(stamp));
        let waiting = self.state().pending.remove(&stamp).unwrap_or_default();
        match made {
            Ok(tag) => {
                self.keep(path, stamp, &tag, file);
                for sender in waiting {
                    let _ = sender.send(tag.clone());
                }
            }
            // Without a tag each of them is answered with 500.
            Err(error) if !waiting.is_empty() => tracing::warn!(%error, "{} cannot be read", path.display()),
            Err(_) => {}
        }
    }

    /// Whether a client still waits for this tag. If none does, the next one
    /// begins anew.
    fn is_wanted(&self, stamp: Stamp) -> bool {
        let mut state = self.state();
        let Some(waiting) = state.pending.get_mut(&stamp) else {
            return false;
        };
        waiting.retain(|sender| !sender.is_closed());
        let is_wanted = !waiting.is_empty();
        if !is_wanted {
            state.pending.remove(&stamp);
        }
        is_wanted
    }

    /// Keeps a tag unless the file changed while it was read.
    fn keep(&self, path: PathBuf, stamp: Stamp, tag: &str, file: &File) {
        if file.metadata().is_ok_and(|metadata| Stamp::of(&metadata) == stamp) {
            let mut state = self.state();
            if state.known.len() >= MOST {
                state.known.clear();
            }
            state.known.insert(path, (stamp, tag.to_owned()));
        }
    }
}

/// Of all bytes, as long as it is wanted.
fn of_all(file: &File, is_wanted: &dyn Fn() -> bool) -> io::Result<String> {
    let (mut hash, mut chunk, mut at) = (Xxh3Default::new(), vec![0; CHUNK], 0);
    loop {
        if (at / CHUNK as u64).is_multiple_of(CHUNKS) && !is_wanted() {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        match file.read_at(&mut chunk, at) {
            Ok(0) => return Ok(format!("\"{:032x}\"", hash.digest128())),
            Ok(read) => {
                hash.update(&chunk[..read]);
                at += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Of parts, and of the time of the last change, for changes in between.
fn of_parts(file: &File, stamp: Stamp, length: u64) -> io::Result<String> {
    let (mut hash, mut chunk) = (Xxh3Default::new(), vec![0; CHUNK]);
    let last = length - CHUNK as u64;
    for part in 0..PARTS {
        file.read_exact_at(&mut chunk, last / (PARTS - 1) * part)?;
        hash.update(&chunk);
    }
    file.read_exact_at(&mut chunk, last)?;
    hash.update(&chunk);
    hash.update(&length.to_le_bytes());
    stamp.0.iter().for_each(|time| hash.update(&time.to_le_bytes()));
    Ok(format!("\"{:032x}\"", hash.digest128()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags() -> Arc<Tags> {
        Arc::new(Tags::new(Pool::start("tags", 1).unwrap()))
    }

    fn file(bytes: &[u8]) -> File {
        let file = tempfile::tempfile().unwrap();
        file.write_all_at(bytes, 0).unwrap();
        file
    }

    fn ask(tags: &Arc<Tags>, file: &File) -> Tag {
        tags.of("a.png".into(), file, &file.metadata().unwrap())
    }

    fn received(tag: Tag) -> String {
        match tag {
            Tag::Known(tag) => tag,
            Tag::Pending(receiver) => receiver.blocking_recv().unwrap(),
        }
    }

    /// Keeps the only thread busy until the sender is dropped.
    fn busy(tags: &Tags) -> std::sync::mpsc::Sender<()> {
        let (sender, receiver) = std::sync::mpsc::channel();
        tags.threads.begin(move || _ = receiver.recv());
        sender
    }

    #[test]
    fn a_tag_is_made_of_all_bytes_however_long_the_file_is() {
        let tags = tags();
        for length in [0, 10, CHUNK, CHUNK + 1, 1 << 20, (1 << 20) + 7, 5 << 20] {
            let mut bytes = vec![7; length];
            // Both are open at once: a number of an inode is used again.
            let one = file(&bytes);
            let first = received(ask(&tags, &one));
            assert_eq!(first, format!("\"{:032x}\"", xxhash_rust::xxh3::xxh3_128(&bytes)));
            if let Some(last) = bytes.last_mut() {
                *last = 8;
                assert_ne!(received(ask(&tags, &file(&bytes))), first);
            }
        }
    }

    #[test]
    fn a_file_is_read_once_however_many_ask() {
        let tags = tags();
        let file = file(&vec![7; 2 << 20]);
        let go = busy(&tags);
        let all: Vec<Tag> = (0..64).map(|_| ask(&tags, &file)).collect();
        assert_eq!(tags.state().pending.values().map(Vec::len).collect::<Vec<_>>(), [64]);
        drop(go);
        let all: Vec<String> = all.into_iter().map(received).collect();
        assert!(all.iter().all(|tag| *tag == all[0]));
        assert!(matches!(ask(&tags, &file), Tag::Known(tag) if tag == all[0]));
        assert!(tags.state().pending.is_empty());
    }

    #[test]
    fn a_file_is_not_read_on_when_all_clients_have_left_and_the_next_one_gets_its_tag() {
        let tags = tags();
        let file = file(&vec![7; 2 << 20]);
        let go = busy(&tags);
        drop((0..64).map(|_| ask(&tags, &file)).collect::<Vec<_>>());
        drop(go);
        tags.threads.run(|| ()).blocking_recv().unwrap();
        let state = tags.state();
        assert!(state.known.is_empty() && state.pending.is_empty(), "it was read for no client");
        drop(state);
        assert_eq!(received(ask(&tags, &file)).len(), 34);
    }

    #[test]
    fn of_a_very_long_file_parts_are_read_and_a_change_anywhere_is_another_tag() {
        let tags = tags();
        let long = tempfile::tempfile().unwrap();
        // Two hundred gigabytes that take no room.
        long.set_len(200 << 30).unwrap();
        let Tag::Known(first) = ask(&tags, &long) else { panic!("it waits") };
        assert_eq!(received(ask(&tags, &long)), first);
        for at in [0, 77 << 30, (200 << 30) - 1] {
            let before = received(ask(&tags, &long));
            long.write_all_at(b"x", at).unwrap();
            // A write in the same tick of the clock leaves the time as it was.
            long.set_modified(std::time::SystemTime::now()).unwrap();
            assert_ne!(received(ask(&tags, &long)), before, "at {at}");
        }
    }
}
