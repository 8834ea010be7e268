//! Reads a changed file and returns what to report to the library.
//!
//! A file that changes while it is read is read again. A file that was truncated a moment ago is probably being
//! written, so its previous state stays until the next scan.

use std::fs::Metadata;
use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::content_roots::{ContentRoots, EntryKind};
use super::media;
use super::open::{self, Refusal};
use super::stamp::{FileId, Stamp, is_fresh, racy_until};
use super::trouble::Trouble;
use crate::article::body::cost::{self, Permit};
use crate::article::{self, Outcome, ParseOptions, Source, Undated};
use crate::content_path::ContentPath;
use crate::diagnostic::{Code, Problem};
use crate::generator::selection::{Exposure, is_about, is_whole_page};
use crate::library::{File, MediaFacts};
use crate::syntax::front_matter;

/// A file that changes during each of this many attempts is reported as last read, and stays racy.
const READINGS: usize = 3;

#[derive(Debug)]
pub(super) enum FileState {
    /// The file is gone, but its directory exists.
    Gone,
    /// Unknown: the directory is being replaced, or no file descriptor is free.
    Unsettled,
    /// The file is being written. What we last reported of it stays, and it is read again after `until`.
    Writing { stamp: Stamp, until: SystemTime },
    /// The file exists, readable or not.
    Present(Box<FileReading>),
}

impl From<FileReading> for FileState {
    fn from(reading: FileReading) -> Self {
        Self::Present(Box::new(reading))
    }
}

#[derive(Debug)]
pub(super) struct FileReading {
    pub(super) stamp: Stamp,
    /// Until when the file could change without a new stamp; `None` if the stamp can be trusted.
    pub(super) racy_until: Option<SystemTime>,
    /// Which file it is, if it has other names as well.
    pub(super) file: Option<FileId>,
    /// Hash of what is reported to the library; `None` if the file is ignored.
    pub(super) reported: Option<NonZeroU64>,
    /// `None` if the same was reported before.
    pub(super) change: Option<Change>,
    /// The bytes of an article of which only the metadata was parsed. Boxed, because the first scan may hold a million
    /// readings but keeps the bytes of few files.
    pub(super) whole: Option<Box<Whole>>,
}

impl FileReading {
    /// A file that is ignored, with its stamp.
    fn of(metadata: &Metadata, racy_until: Option<SystemTime>) -> Self {
        Self { stamp: Stamp::of(metadata), file: FileId::of(metadata), racy_until, ..Self::nothing() }
    }

    /// Whether this is an article that could be read.
    pub(super) fn is_article(&self) -> bool {
        self.reported.is_some()
            && match &self.change {
                None => true,
                Some(Change::Article(file)) => file.metadata().is_some_and(|read| read.outcome != Outcome::Broken),
                Some(Change::Media(_)) => false,
            }
    }

    /// A file that is ignored, without a stamp to compare with in the next scan.
    pub(super) fn nothing() -> Self {
        Self { stamp: Stamp::NONE, racy_until: None, file: None, reported: None, change: None, whole: None }
    }
}

/// A change to report to the library.
#[derive(Debug)]
pub(super) enum Change {
    Article(File),
    Media(MediaFacts),
}

/// How much of an article is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ParseDepth {
    /// The metadata that the library holds for every article.
    Metadata,
    /// The body as well, as feed entries need it.
    Full,
}

/// The bytes of a file, and its metadata from before they were read.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) bytes: Vec<u8>,
    pub(super) metadata: Metadata,
    pub(super) racy_until: Option<SystemTime>,
    /// Limits how many large files are read and parsed at the same time; `None` for small files.
    pub(super) permit: Option<Permit>,
}

/// Whether to wait for the end of an article that is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// It is read again soon, so until then it stays as it was.
    Wait,
    /// It is read only once, as it is.
    None,
}

/// Reads the article at `path`. `depth` gets the length of the file, and `reported` is the hash of what we last reported
/// of it.
pub(super) fn article(
    roots: &ContentRoots,
    path: &Path,
    place: &ContentPath,
    options: &ParseOptions,
    depth: &dyn Fn(usize) -> ParseDepth,
    reported: Option<NonZeroU64>,
    patience: Patience,
) -> FileState {
    match whole(roots, path, options.max_bytes) {
        Ok(Ok(whole)) => {
            // What hides an article may be in the lines of its front matter that are not written yet.
            let is_unfinished = || patience == Patience::Wait && front_matter::is_unfinished(&whole.bytes);
            if is_fresh(&whole.metadata, SystemTime::now()) && (whole.bytes.is_empty() || is_unfinished()) {
                let until = SystemTime::now() + super::stamp::GRAIN;
                return FileState::Writing {
                    stamp: Stamp::of(&whole.metadata),
                    until: whole.racy_until.unwrap_or(until),
                };
            }
            parse(whole, place, options, depth, reported).into()
        }
        Ok(Err(trouble)) => refused_at(path, place, &trouble, reported).into(),
        Err(Refusal::Gone) => FileState::Gone,
        Err(Refusal::Unsettled) => FileState::Unsettled,
        Err(Refusal::NoFile(other)) => refused(place, &Trouble::NoFile(other), reported).into(),
        Err(Refusal::Failed(error)) => {
            refused_at(path, place, &Trouble::denied(EntryKind::File, &error), reported).into()
        }
        Err(Refusal::Outside) => refused(place, &Trouble::Outside, reported).into(),
    }
}

/// Like [`refused`], for a file that may have other names as well (hard links): the problem concerns all of them.
fn refused_at(path: &Path, place: &ContentPath, trouble: &Trouble, reported: Option<NonZeroU64>) -> FileReading {
    let file = std::fs::metadata(path).ok().and_then(|metadata| FileId::of(&metadata));
    FileReading { file, ..refused(place, trouble, reported) }
}

/// Reports an article that cannot be read. The hash is that of the message, so the problem is reported only once.
pub(super) fn refused(place: &ContentPath, trouble: &Trouble, reported: Option<NonZeroU64>) -> FileReading {
    let digest = NonZeroU64::new(xxh3_64(trouble.message().as_bytes()));
    let problem = trouble.problem(place);
    FileReading {
        reported: digest,
        change: (digest != reported).then_some(Change::Article(File::Unreadable(problem))),
        ..FileReading::nothing()
    }
}

/// Reads the image or attachment at `path`, which the library knows as `name`. `before` is the hash of what we last reported of it.
pub(super) fn media(
    roots: &ContentRoots,
    path: &Path,
    name: &Path,
    exposure: Exposure,
    before: Option<NonZeroU64>,
) -> FileState {
    match media::inspect(roots, path, name, exposure) {
        Ok(seen) => {
            let reported =
                seen.facts.as_ref().and_then(|facts| NonZeroU64::new(xxh3_64(format!("{facts:?}").as_bytes())));
            let change = seen.facts.filter(|_| reported != before).map(Change::Media);
            FileReading { reported, change, ..FileReading::of(&seen.metadata, seen.racy_until) }.into()
        }
        Err(Refusal::Gone) => FileState::Gone,
        Err(Refusal::Unsettled) => FileState::Unsettled,
        // Unreadable files are not reported here: the article that refers to one reports that it is missing.
        Err(Refusal::NoFile(_) | Refusal::Failed(_) | Refusal::Outside) => FileReading::nothing().into(),
    }
}

/// Parses the bytes of an article and returns the change, or none if its hash equals `reported`. HTML files that are
/// whole pages, such as a theme's templates, are ignored.
pub(super) fn parse(
    mut whole: Whole,
    place: &ContentPath,
    options: &ParseOptions,
    depth: &dyn Fn(usize) -> ParseDepth,
    reported: Option<NonZeroU64>,
) -> FileReading {
    // The permit covers reading and parsing. `FileSnapshot::most_kept` limits the bytes that are kept after that.
    let _permit = whole.permit.take();
    let reading = FileReading::of(&whole.metadata, whole.racy_until);
    let modified = whole.metadata.modified().ok().map(DateTime::<Utc>::from);
    let source = Source { place, bytes: &whole.bytes, modified };
    // A panic of the parser is reported below.
    let is_dated = || catch_unwind(AssertUnwindSafe(|| article::is_dated(&source, options))).unwrap_or(true);
    if is_whole_page(&whole.bytes) || is_about(place.file_name()) && !is_dated() {
        return reading;
    }
    let seed = match options.undated {
        // Without a date in its front matter, the article is dated by this time.
        Undated::Mtime => modified.map_or(0, |modified| modified.timestamp_micros().cast_unsigned()),
        Undated::Last | Undated::Skip => 0,
    };
    let digest = NonZeroU64::new(xxh3_64_with_seed(&whole.bytes, seed)).or(NonZeroU64::new(1));
    if digest == reported {
        return FileReading { reported: digest, ..reading };
    }
    let depth = depth(whole.bytes.len());
    // If a bug of ours makes the parser panic, leave out this one article instead of failing the whole site.
    let file = catch_unwind(AssertUnwindSafe(|| match depth {
        ParseDepth::Metadata => File::Metadata(article::parse_front_matter(&source, options)),
        ParseDepth::Full => File::Full(Box::new(article::read(&source, options))),
    }));
    let file = file.unwrap_or_else(|_| {
        let problem = Problem::new(place.as_str(), Code::Unreadable, "feedmill itself failed at this file");
        File::Unreadable(problem.help("this is a mistake of feedmill's own; please report it with the file"))
    });
    let is_article =
        |file: &File| matches!(file, File::Metadata(skimmed) if matches!(skimmed.outcome, Outcome::Article(_)));
    let whole = is_article(&file).then(|| Box::new(whole));
    FileReading { reported: digest, change: Some(Change::Article(file)), whole, ..reading }
}

/// Reads a file of at most `most` bytes, and repeats that if the file changed meanwhile.
pub(super) fn whole(roots: &ContentRoots, path: &Path, most: u64) -> Result<Result<Whole, Trouble>, Refusal> {
    settled(roots, path, most, &mut |file, length| {
        // Limiting the read to the known length saves a system call. A file that grew meanwhile has another stamp and
        // is read again. Some file systems (for example /proc) report the size 0.
        let expected = if length == 0 { most.saturating_add(1) } else { length };
        open::read(file, expected, length)
    })
}

/// Like [`whole`], with a function that reads the bytes of an open file of the given length. Tests use it to change
/// the file while it is read.
pub(super) fn settled(
    roots: &ContentRoots,
    path: &Path,
    most: u64,
    read: &mut dyn FnMut(&mut std::fs::File, u64) -> std::io::Result<Vec<u8>>,
) -> Result<Result<Whole, Trouble>, Refusal> {
    let mut readings = 0;
    loop {
        readings += 1;
        let began = SystemTime::now();
        let (mut file, before) = roots.open(path)?;
        if before.len() > most {
            return Ok(Err(Trouble::TooLarge(most)));
        }
        let permit = cost::file_permit(before.len());
        let mut bytes = read(&mut file, before.len()).map_err(Refusal::Failed)?;
        if bytes.len() as u64 > most {
            return Ok(Err(Trouble::TooLarge(most)));
        }
        // Ask by path, not by the open file: an editor may have renamed another file over it meanwhile.
        let after = std::fs::metadata(path).map_err(|error| open::refusal(path, error))?;
        let torn = Stamp::of(&before) != Stamp::of(&after);
        if !torn || readings == READINGS {
            let racy_until = racy_until(&before, began).or(torn.then_some(began + super::stamp::GRAIN));
            bytes.shrink_to_fit();
            return Ok(Ok(Whole { bytes, metadata: before, racy_until, permit }));
        }
    }
}
