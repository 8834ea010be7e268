//! Strong ETags for images and attachments.
//!
//! An ETag is a hash of all bytes of a file. It is computed once for each state of the file,
//! however many clients request it at the same time. Longer files are hashed by a separate thread,
//! so that no page waits for them, and only while a client waits for the ETag. Of a very large file
//! only some parts are hashed.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::oneshot;
use xxhash_rust::xxh3::Xxh3Default;

use crate::disk::Stamp;
use crate::lock::lock;
use crate::server::{ETag, Pool};

/// Most ETags in the cache; each takes about a hundred bytes.
const MOST: usize = 10_000;
/// A file up to this size is hashed by the thread that opened it.
const SHORT: u64 = 1024 * 1024;
/// Of a file larger than this only some parts are hashed.
pub(in crate::commands) const LONG: u64 = 64 * 1024 * 1024;
/// The number of parts, which are evenly spread and include the first and last bytes.
const PARTS: u64 = 64;
/// Bytes per read, and bytes of each part.
const CHUNK: usize = 64 * 1024;
/// How many chunks are read between checks whether a client is still waiting.
const CHUNKS: u64 = 16;

type Waiters = Vec<oneshot::Sender<String>>;

/// A cache of ETags, and the clients that wait for one.
#[derive(Debug)]
pub(super) struct MediaTags {
    state: Mutex<TagState>,
    threads: Pool,
}

#[derive(Debug, Default)]
struct TagState {
    known: HashMap<PathBuf, (Stamp, String)>,
    /// ETags that are being computed. An entry is removed when no client waits for it.
    pending: HashMap<Stamp, Waiters>,
}

impl MediaTags {
    pub(super) fn new(threads: Pool) -> Self {
        Self { state: Mutex::default(), threads }
    }

    /// Returns the ETag of an open file, or a receiver for it. The receiver gets an error if the
    /// file cannot be read.
    pub(super) fn of(self: &Arc<Self>, path: PathBuf, file: &File, metadata: &Metadata) -> ETag {
        let (stamp, length) = (Stamp::of(metadata), metadata.len());
        let mut state = self.state();
        if let Some((_, tag)) = state.known.get(&path).filter(|(known, _)| *known == stamp) {
            return ETag::Known(tag.clone());
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
            return ETag::Pending(receiver);
        }
        drop(state);
        let tag = if length > LONG { of_parts(file, metadata) } else { of_all(file, &|| true) };
        match tag {
            Ok(tag) => {
                self.keep(path, stamp, &tag, file);
                ETag::Known(tag)
            }
            Err(error) => {
                tracing::warn!(%error, "{} cannot be read", path.display());
                ETag::Pending(receiver)
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, TagState> {
        // The state is consistent after every statement, so a poisoned lock is harmless.
        lock(&self.state)
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
            // Without an ETag each waiting request gets a 500.
            Err(error) if !waiting.is_empty() => tracing::warn!(%error, "{} cannot be read", path.display()),
            Err(_) => {}
        }
    }

    /// Whether a client is still waiting for this ETag. If not, the computation is cancelled and
    /// starts again with the next request.
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

    /// Caches an ETag unless the file changed while it was read.
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

/// Hashes all bytes. Stops with an error when the ETag is no longer wanted.
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

/// Hashes some parts, together with the time of the last change, which covers changes elsewhere in
/// the file.
fn of_parts(file: &File, metadata: &Metadata) -> io::Result<String> {
    let (mut hash, mut chunk) = (Xxh3Default::new(), vec![0; CHUNK]);
    let last = metadata.len() - CHUNK as u64;
    for part in 0..PARTS {
        file.read_exact_at(&mut chunk, last / (PARTS - 1) * part)?;
        hash.update(&chunk);
    }
    file.read_exact_at(&mut chunk, last)?;
    hash.update(&chunk);
    hash.update(&metadata.len().to_le_bytes());
    for time in [metadata.mtime(), metadata.mtime_nsec(), metadata.ctime(), metadata.ctime_nsec()] {
        hash.update(&time.to_le_bytes());
    }
    Ok(format!("\"{:032x}\"", hash.digest128()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags() -> Arc<MediaTags> {
        Arc::new(MediaTags::new(Pool::start("tags", 1).unwrap()))
    }

    fn file(bytes: &[u8]) -> File {
        let file = tempfile::tempfile().unwrap();
        file.write_all_at(bytes, 0).unwrap();
        file
    }

    fn ask(tags: &Arc<MediaTags>, file: &File) -> ETag {
        tags.of("a.png".into(), file, &file.metadata().unwrap())
    }

    fn received(tag: ETag) -> String {
        match tag {
            ETag::Known(tag) => tag,
            ETag::Pending(receiver) => receiver.blocking_recv().unwrap(),
        }
    }

    /// Keeps the only thread busy until the sender is dropped.
    fn busy(tags: &MediaTags) -> std::sync::mpsc::Sender<()> {
        let (sender, receiver) = std::sync::mpsc::channel();
        tags.threads.begin(move || _ = receiver.recv());
        sender
    }

    #[test]
    fn an_etag_depends_on_all_bytes_of_a_file() {
        let tags = tags();
        for length in [0, 10, CHUNK, CHUNK + 1, 1 << 20, (1 << 20) + 7, 5 << 20] {
            let mut bytes = vec![7; length];
            // Both files are open at the same time, because inode numbers are reused.
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
    fn a_file_is_read_once_however_many_clients_wait() {
        let tags = tags();
        let file = file(&vec![7; 2 << 20]);
        let go = busy(&tags);
        let all: Vec<ETag> = (0..64).map(|_| ask(&tags, &file)).collect();
        assert_eq!(tags.state().pending.values().map(Vec::len).collect::<Vec<_>>(), [64]);
        drop(go);
        let all: Vec<String> = all.into_iter().map(received).collect();
        assert!(all.iter().all(|tag| *tag == all[0]));
        assert!(matches!(ask(&tags, &file), ETag::Known(tag) if tag == all[0]));
        assert!(tags.state().pending.is_empty());
    }

    #[test]
    fn reading_stops_when_all_clients_have_left_and_the_next_one_gets_the_etag() {
        let tags = tags();
        let file = file(&vec![7; 2 << 20]);
        let go = busy(&tags);
        drop((0..64).map(|_| ask(&tags, &file)).collect::<Vec<_>>());
        drop(go);
        tags.threads.run(|| ()).blocking_recv().unwrap();
        let state = tags.state();
        assert!(state.known.is_empty() && state.pending.is_empty(), "the file was read although no client waited");
        drop(state);
        assert_eq!(received(ask(&tags, &file)).len(), 34);
    }

    #[test]
    fn a_very_large_file_is_read_in_parts_and_every_change_gives_another_etag() {
        let tags = tags();
        let long = tempfile::tempfile().unwrap();
        // Two hundred gigabytes that take no space on the disk.
        long.set_len(200 << 30).unwrap();
        let ETag::Known(first) = ask(&tags, &long) else { panic!("the ETag is not known at once") };
        assert_eq!(received(ask(&tags, &long)), first);
        for at in [0, 77 << 30, (200 << 30) - 1] {
            let before = received(ask(&tags, &long));
            long.write_all_at(b"x", at).unwrap();
            // A write within the same clock tick would not change the time.
            long.set_modified(std::time::SystemTime::now()).unwrap();
            assert_ne!(received(ask(&tags, &long)), before, "at {at}");
        }
    }
}
