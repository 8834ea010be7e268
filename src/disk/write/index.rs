//! The index of an output: what each document was made of, and digests of its files.
//!
//! It follows the first line of the mark, a line for each document. It is never trusted: a file is kept only if it has
//! the digest that the index says. An index that is damaged or of another program only makes the next build render again.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _, Write};

use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

/// What a document was made of, and what it became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DocumentRecord {
    /// A digest of everything that the document depends on.
    pub inputs: u128,
    /// The digest of its file.
    pub plain: u64,
    /// The digest of its gzip file, if there is one.
    pub gzip: Option<u64>,
    /// The digest of its Brotli file, if there is one.
    pub brotli: Option<u64>,
}

/// The records of an output, by the hashes of their paths.
#[derive(Debug, Default)]
pub(super) struct OutputIndex(HashMap<u64, DocumentRecord>);

/// The digest of the bytes of a file.
pub(crate) fn digest_of(bytes: &[u8]) -> u64 {
    xxh3_64(bytes)
}

/// Returns a digest of the program that runs. Another one may render or compress in another way.
pub(crate) fn program_digest() -> io::Result<u128> {
    // Another file may have taken its path, but not this one. Only Linux has it.
    let mut file = File::open("/proc/self/exe").or_else(|_| File::open(std::env::current_exe()?))?;
    let mut state = Xxh3Default::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(state.digest128()),
            read => state.update(&piece[..read]),
        }
    }
}

impl OutputIndex {
    /// Parses what follows the first line of a mark. Other lines are ignored.
    pub(super) fn parse(text: &str) -> Self {
        Self(text.lines().filter_map(parse).collect())
    }

    /// Returns the record of the document at a path.
    pub(super) fn get(&self, path: &str) -> Option<&DocumentRecord> {
        self.0.get(&digest_of(path.as_bytes()))
    }
}

/// Writes the line of the document at a path.
pub(crate) fn write_record(to: &mut dyn Write, path: &str, record: &DocumentRecord) -> io::Result<()> {
    let DocumentRecord { inputs, plain, gzip, brotli } = record;
    write!(to, "{:016x} {inputs:032x} {plain:016x}", digest_of(path.as_bytes()))?;
    for compressed in [gzip, brotli] {
        match compressed {
            Some(digest) => write!(to, " {digest:016x}")?,
            None => to.write_all(b" -")?,
        }
    }
    to.write_all(b"\n")
}

fn parse(line: &str) -> Option<(u64, DocumentRecord)> {
    let mut columns = line.split(' ');
    let path = number(columns.next()?)?;
    let inputs = columns.next().filter(|column| column.len() == 32)?;
    let inputs = u128::from_str_radix(inputs, 16).ok()?;
    let plain = number(columns.next()?)?;
    let mut compressed = || match columns.next()? {
        "-" => Some(None),
        digest => number(digest).map(Some),
    };
    let (gzip, brotli) = (compressed()?, compressed()?);
    columns.next().is_none().then_some((path, DocumentRecord { inputs, plain, gzip, brotli }))
}

/// Parses a digest, of which no digit may be missing.
fn number(column: &str) -> Option<u64> {
    u64::from_str_radix(column, 16).ok().filter(|_| column.len() == 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_read_as_it_was_written_and_damaged_lines_are_ignored() {
        let record = DocumentRecord { inputs: 1 << 100, plain: 7, gzip: Some(u64::MAX), brotli: None };
        let other = DocumentRecord { inputs: 2, plain: 8, gzip: None, brotli: Some(9) };
        let mut text = Vec::new();
        write_record(&mut text, "rss.xml", &record).unwrap();
        text.extend(b"0123 nonsense\n\n");
        write_record(&mut text, "a/index.html", &other).unwrap();
        write_record(&mut text, "cut", &other).unwrap();
        let text = String::from_utf8(text).unwrap();
        let index = OutputIndex::parse(&text[..text.len() - 3]);
        assert_eq!(index.get("rss.xml"), Some(&record));
        assert_eq!(index.get("a/index.html"), Some(&other));
        assert_eq!((index.get("cut"), index.get("b")), (None, None));
        assert_eq!(index.0.len(), 2);
    }
}
