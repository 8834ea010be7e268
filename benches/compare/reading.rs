//! Reads every file below a directory on all cores and does nothing else, for comparison with a cold start.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

fn read(directory: &Path, bytes: &AtomicU64) {
    let entries: Vec<_> = fs::read_dir(directory).into_iter().flatten().flatten().collect();
    entries.into_par_iter().for_each(|entry| {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            read(&entry.path(), bytes);
        } else {
            let read = fs::read(entry.path()).map_or(0, |text| text.len() as u64);
            bytes.fetch_add(read, Ordering::Relaxed);
        }
    });
}

fn main() {
    let bytes = AtomicU64::new(0);
    for directory in std::env::args_os().skip(1) {
        read(Path::new(&directory), &bytes);
    }
    println!("{} bytes", bytes.into_inner());
}
