//! The file that the answers are written to: at most once a minute while hosts are asked, and at the end.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::verdict::{self, FactChange};
use crate::commands::Failure;
use crate::disk;
use crate::lock::lock;
use crate::remote_images::{ImageState, Record, Records};

/// The time between two writes.
const INTERVAL: Duration = Duration::from_mins(1);

/// The facts file, and the changes that are not written yet.
#[derive(Debug)]
pub(super) struct FactsFile<'a> {
    path: &'a Path,
    changes: Mutex<Changes>,
}

#[derive(Debug)]
struct Changes {
    records: BTreeMap<String, Record>,
    deaths: Vec<(String, ImageState)>,
    written: Instant,
}

impl<'a> FactsFile<'a> {
    pub(super) fn new(path: &'a Path) -> Self {
        let changes = Changes { records: BTreeMap::new(), deaths: Vec::new(), written: Instant::now() };
        Self { path, changes: Mutex::new(changes) }
    }

    /// Reads the file; it may be missing.
    pub(super) fn read(&self) -> Result<Records, Failure> {
        let shown = self.path.display();
        match disk::image_facts(self.path) {
            None => Ok(Records::default()),
            Some(Err(error)) => Err(Failure::new(format!("`{shown}` cannot be read: {}", disk::reason(&error)))),
            Some(Ok(text)) => Records::parse(&shown.to_string(), &text).map_err(|problem| Failure::of(&[problem])),
        }
    }

    /// Fails if the file could not be written, so that no host is asked in vain.
    pub(super) fn check_writable(&self) -> Result<(), Failure> {
        disk::can_replace_file(self.path).map_err(|error| self.unwritable(&error))
    }

    fn unwritable(&self, error: &io::Error) -> Failure {
        let (shown, reason) = (self.path.display(), disk::reason(error));
        Failure::new(format!("`{shown}` cannot be written: {reason}; choose another file with --image-facts"))
    }

    /// Notes a change, and writes all of them if the last write was long ago. An error shows again at the end.
    pub(super) fn note(&self, url: &str, change: FactChange) {
        let mut changes = lock(&self.changes);
        let record = match change {
            FactChange::Nothing => return,
            FactChange::Record(record) => record,
            FactChange::Death(record, state) => {
                changes.deaths.push((url.to_owned(), state));
                record
            }
        };
        changes.records.insert(url.to_owned(), record);
        if changes.written.elapsed() >= INTERVAL {
            changes.written = Instant::now();
            // The lock is held, so that two threads do not overwrite each other's file.
            if let Err(failure) = self.write(&changes.records) {
                failure.log();
            }
        }
    }

    /// Decides which images are dead, and writes all changes.
    pub(super) fn finish(&self) -> Result<(), Failure> {
        let mut changes = lock(&self.changes);
        let mut records = self.read()?;
        records.0.extend(changes.records.clone());
        let deaths = verdict::deaths(&records, &changes.deaths);
        changes.records.extend(deaths);
        self.write(&changes.records)
    }

    /// Adds the changes to the file as it is now, because others may have changed it too.
    fn write(&self, changes: &BTreeMap<String, Record>) -> Result<(), Failure> {
        if changes.is_empty() {
            return Ok(());
        }
        let before = self.read()?;
        let mut records = before.clone();
        records.0.extend(changes.iter().map(|(url, record)| (url.clone(), record.clone())));
        if records == before {
            return Ok(());
        }
        disk::replace_file(self.path, &records.text()).map_err(|error| self.unwritable(&error))
    }
}
