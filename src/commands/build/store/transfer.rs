//! Puts and deletes objects, sixteen at once, and stops when another publisher takes over.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::claim::{self, Known, PublishStop};
use super::object::{Md5Digest, ObjectBody};
use crate::commands::progress::Progress;
use crate::fetch::{Object, Precondition, Store, Stored};
use crate::lock::lock;

/// After how many puts a publisher checks its claim.
const CHECKED_EVERY: usize = 64;

/// An object that is about to be put.
pub(super) struct Upload {
    pub(super) body: ObjectBody,
    pub(super) headers: Vec<(&'static str, String)>,
}

/// The puts and deletes of one publish.
pub(super) struct Transfer<'a> {
    store: &'a Store,
    claim: &'a Known,
    threads: usize,
    progress: Progress,
    /// How many objects are to be put.
    of: usize,
    puts: AtomicUsize,
    bytes: AtomicUsize,
    /// The `ETag`s of the objects that were put.
    etags: Mutex<HashMap<String, String>>,
}

impl<'a> Transfer<'a> {
    pub(super) fn new(store: &'a Store, claim: &'a Known, threads: usize, of: usize) -> Self {
        Self {
            store,
            claim,
            threads,
            progress: Progress::new("publishing", "files"),
            of,
            puts: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            etags: Mutex::default(),
        }
    }

    /// Puts the objects with these keys, which `make` makes.
    pub(super) fn put_all(
        &self,
        keys: &[&str],
        make: &(dyn Fn(usize) -> Result<Upload, PublishStop> + Sync),
    ) -> Result<(), PublishStop> {
        self.each(keys.len(), &|index| {
            let upload = make(index)?;
            let put = self.puts.fetch_add(1, Ordering::Relaxed) + 1;
            if put.is_multiple_of(CHECKED_EVERY) {
                claim::check(self.store, self.claim)?;
            }
            let etag = self.put(keys[index], &upload)?;
            lock(&self.etags).insert(keys[index].to_owned(), etag);
            self.bytes.fetch_add(usize::try_from(upload.body.length()).unwrap_or(usize::MAX), Ordering::Relaxed);
            self.progress.at(put, self.of);
            Ok(())
        })
    }

    fn put(&self, key: &str, upload: &Upload) -> Result<String, PublishStop> {
        let unreadable =
            |error: std::io::Error| PublishStop::Changed(format!("`{key}` cannot be read any more: {error}"));
        let md5 = Md5Digest::of(&upload.body).map_err(unreadable)?.header();
        let headers: Vec<(&str, &str)> = upload.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let content = upload.body.content();
        let object = Object { key, content, headers: &headers, md5: &md5, condition: Precondition::None };
        match self.store.put(&object)? {
            Stored::As(etag) => Ok(etag),
            // Only the manifest has a condition.
            Stored::Refused | Stored::Unsupported => Err(PublishStop::TakenOver),
        }
    }

    /// Deletes the objects with these keys.
    pub(super) fn delete_all(&self, keys: &[&str]) -> Result<(), PublishStop> {
        self.each(keys.len(), &|index| Ok(self.store.delete(keys[index])?))
    }

    /// Calls `work` with all indexes, in several threads, until it fails.
    fn each(&self, count: usize, work: &(dyn Fn(usize) -> Result<(), PublishStop> + Sync)) -> Result<(), PublishStop> {
        let (next, is_stopped, stop) = (AtomicUsize::new(0), AtomicBool::new(false), Mutex::new(None));
        let run = || {
            while !is_stopped.load(Ordering::Relaxed) {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= count {
                    return;
                }
                if let Err(reason) = work(index) {
                    is_stopped.store(true, Ordering::Relaxed);
                    lock(&stop).get_or_insert(reason);
                }
            }
        };
        thread::scope(|scope| {
            let more = (1..self.threads.min(count)).map(|_| thread::Builder::new().spawn_scoped(scope, run));
            // Threads that cannot be started are not needed: this one does the work.
            let _started: Vec<_> = more.collect();
            run();
        });
        stop.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).map_or(Ok(()), Err)
    }

    /// How many objects were put, with how many bytes.
    pub(super) fn sums(&self) -> (usize, usize) {
        (self.puts.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed))
    }

    /// The `ETag`s of the objects that were put.
    pub(super) fn etags(&self) -> HashMap<String, String> {
        lock(&self.etags).clone()
    }
}
