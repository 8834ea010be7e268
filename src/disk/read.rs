//! From a changed file to what is told of it.
//!
//! A file that changes while it is read is read again; one that was emptied a
//! moment ago is being written, and nothing is told of it yet.

use std::fs::Metadata;
use std::io::Read as _;
use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::content_roots::ContentRoots;
use super::dir_entry::{Trouble, denied, outside};
use super::image;
use super::open::{self, Refusal};
use super::stamp::{FileId, Stamp, is_fresh, racy_until};
use crate::article::body::cost::{self, Permit};
use crate::article::{self, ParseOptions, Source, Undated};
use crate::content_path::ContentPath;
use crate::diagnostic::{Code, Problem};
use crate::generator::selection::{Exposure, is_whole_page};
use crate::library::{File, ImageFacts};

/// A file that changes under every one of so many readings is told as it was
/// last read, and stays in doubt.
const READINGS: usize = 3;

/// What a file is now.
#[derive(Debug)]
pub(super) enum FileState {
    /// Not there.
    Gone,
    /// The tree is being changed.
    Unsettled,
    /// Being written: what was told stays told.
    Writing { stamp: Stamp, until: SystemTime },
    /// There.
    Present(Box<Reading>),
}

impl FileState {
    /// The same without the file itself.
    pub(super) fn without_bytes(mut self) -> Self {
        if let Self::Present(reading) = &mut self {
            reading.whole = None;
        }
        self
    }
}

impl From<Reading> for FileState {
    fn from(reading: Reading) -> Self {
        Self::Present(Box::new(reading))
    }
}

/// One file, read.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) stamp: Stamp,
    pub(super) racy_until: Option<SystemTime>,
    /// Which file it is, if it has other names as well.
    pub(super) file: Option<FileId>,
    /// What is to be told, hashed; none where it is nobody's business.
    pub(super) reported: Option<NonZeroU64>,
    /// None where the same was told before, too.
    pub(super) change: Option<Change>,
    /// The file itself, for who reads it again at once. Apart, because a first
    /// look holds a million of these and few files.
    pub(super) whole: Option<Box<Whole>>,
}

impl Reading {
    /// Nothing to be told, and no stamp to go by.
    pub(super) fn nothing() -> Self {
        Self { stamp: Stamp::NONE, racy_until: None, file: None, reported: None, change: None, whole: None }
    }
}

/// What is told of a file.
#[derive(Debug)]
pub(super) enum Change {
    Article(File),
    Image(ImageFacts),
}

/// How far a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// As far as the library needs.
    Metadata,
    /// As far as an entry needs.
    Full,
}

/// Bytes of a file, read in one piece.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) bytes: Vec<u8>,
    pub(super) metadata: Metadata,
    pub(super) racy_until: Option<SystemTime>,
    /// Held while the file is read and parsed, where it is large.
    pub(super) permit: Option<Permit>,
}

/// Reads the article at `path`; `reported` is what was told of it before.
pub(super) fn article(
    roots: &ContentRoots,
    path: &Path,
    place: &ContentPath,
    options: &ParseOptions,
    depth: Depth,
    reported: Option<NonZeroU64>,
) -> FileState {
    match whole(roots, path, options.max_bytes) {
        Ok(Ok(whole)) => {
            if whole.bytes.is_empty() && is_fresh(&whole.metadata, SystemTime::now()) {
                let until = SystemTime::now() + super::stamp::GRAIN;
                return FileState::Writing {
                    stamp: Stamp::of(&whole.metadata),
                    until: whole.racy_until.unwrap_or(until),
                };
            }
            parse(whole, place, options, depth, reported).into()
        }
        Ok(Err(trouble)) => refused_at(path, place, trouble, reported).into(),
        Err(Refusal::Gone) => FileState::Gone,
        Err(Refusal::Unsettled) => FileState::Unsettled,
        Err(Refusal::NoFile(other)) => {
            let message = format!("this is {other}, no file");
            refused(
                place,
                Trouble { code: Code::Unreadable, message, help: "remove it, or give it another name" },
                reported,
            )
            .into()
        }
        Err(Refusal::Failed(error)) => refused_at(path, place, denied("file", &error), reported).into(),
        Err(Refusal::Outside) => refused(place, outside(), reported).into(),
    }
}

/// Like `refused`, for a file that may have other names as well: what is wrong with it is wrong with all of them.
fn refused_at(path: &Path, place: &ContentPath, trouble: Trouble, reported: Option<NonZeroU64>) -> Reading {
    let file = std::fs::metadata(path).ok().and_then(|metadata| FileId::of(&metadata));
    Reading { file, ..refused(place, trouble, reported) }
}

/// What is told of a file that cannot be read.
pub(super) fn refused(place: &ContentPath, trouble: Trouble, reported: Option<NonZeroU64>) -> Reading {
    let digest = NonZeroU64::new(xxh3_64(trouble.message.as_bytes()));
    // The second name of a place is shown as the first one.
    let file = place.as_str().split('\0').next().unwrap_or_default();
    let problem = Problem::new(file, trouble.code, trouble.message).help(trouble.help);
    Reading {
        reported: digest,
        change: (digest != reported).then_some(Change::Article(File::Unreadable(problem))),
        ..Reading::nothing()
    }
}

/// Reads the image at `path`, to be known as `name`; `before` is what was told
/// of it before.
pub(super) fn image(
    roots: &ContentRoots,
    path: &Path,
    name: &Path,
    exposure: Exposure,
    before: Option<NonZeroU64>,
) -> FileState {
    match image::inspect(roots, path, name, exposure) {
        Ok(seen) => {
            let reported =
                seen.facts.as_ref().and_then(|facts| NonZeroU64::new(xxh3_64(format!("{facts:?}").as_bytes())));
            let change = seen.facts.filter(|_| reported != before).map(Change::Image);
            Reading { stamp: seen.stamp, racy_until: seen.racy_until, file: seen.file, reported, change, whole: None }
                .into()
        }
        Err(Refusal::Gone) => FileState::Gone,
        Err(Refusal::Unsettled) => FileState::Unsettled,
        // Nobody is told of an image that cannot be read: the article that
        // shows it finds it missing, and says so.
        Err(Refusal::NoFile(_) | Refusal::Failed(_) | Refusal::Outside) => Reading::nothing().into(),
    }
}

/// What is told of bytes that were read.
pub(super) fn parse(
    mut whole: Whole,
    place: &ContentPath,
    options: &ParseOptions,
    depth: Depth,
    reported: Option<NonZeroU64>,
) -> Reading {
    // What is kept of the file for a second reading is counted elsewhere.
    let _permit = whole.permit.take();
    let (stamp, file) = (Stamp::of(&whole.metadata), FileId::of(&whole.metadata));
    let reading = Reading { stamp, file, racy_until: whole.racy_until, ..Reading::nothing() };
    if is_whole_page(&whole.bytes) {
        return reading;
    }
    let modified = whole.metadata.modified().ok().map(DateTime::<Utc>::from);
    let seed = match options.undated {
        // Then the time is part of the article.
        Undated::Mtime => modified.map_or(0, |modified| modified.timestamp_micros().cast_unsigned()),
        Undated::Last | Undated::Skip => 0,
    };
    let digest = NonZeroU64::new(xxh3_64_with_seed(&whole.bytes, seed)).or(NonZeroU64::new(1));
    if digest == reported {
        return Reading { reported: digest, ..reading };
    }
    let source = Source { place, bytes: &whole.bytes, modified };
    // An article cannot break the site, not even one that finds a mistake of
    // ours: it alone is left out.
    let file = catch_unwind(AssertUnwindSafe(|| match depth {
        Depth::Metadata => File::Metadata(article::parse_front_matter(&source, options)),
        Depth::Full => File::Full(Box::new(article::read(&source, options))),
    }));
    let file = file.unwrap_or_else(|_| {
        let problem = Problem::new(place.as_str(), Code::Unreadable, "feedmill itself failed at this file");
        File::Unreadable(problem.help("this is a mistake of feedmill's own; please report it with the file"))
    });
    Reading { reported: digest, change: Some(Change::Article(file)), whole: Some(Box::new(whole)), ..reading }
}

/// Reads a file of at most so many bytes until two looks at it agree.
pub(super) fn whole(roots: &ContentRoots, path: &Path, most: u64) -> Result<Result<Whole, Trouble>, Refusal> {
    settled(roots, path, most, &mut |file, length| {
        // So many bytes and no more come by one call of the system; a file that
        // grew meanwhile has another stamp. Some file systems do not tell sizes.
        let expected = if length == 0 { most.saturating_add(1) } else { length };
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        file.take(expected).read_to_end(&mut bytes)?;
        Ok(bytes)
    })
}

/// The same, where `read` gives the bytes of an open file of that length.
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
            return Ok(Err(too_large(most)));
        }
        let permit = cost::file_permit(before.len());
        let mut bytes = read(&mut file, before.len()).map_err(Refusal::Failed)?;
        if bytes.len() as u64 > most {
            return Ok(Err(too_large(most)));
        }
        // By its path, not by the open file: an editor may have put another
        // one in its place meanwhile.
        let after = std::fs::metadata(path).map_err(|error| open::refusal(path, error))?;
        let torn = Stamp::of(&before) != Stamp::of(&after);
        if !torn || readings == READINGS {
            let racy_until = racy_until(&before, began).or(torn.then_some(began + super::stamp::GRAIN));
            bytes.shrink_to_fit();
            return Ok(Ok(Whole { bytes, metadata: before, racy_until, permit }));
        }
    }
}

fn too_large(most: u64) -> Trouble {
    Trouble {
        code: Code::Unreadable,
        message: format!("the file is larger than {most} bytes, the limit for an article"),
        help: "move it out of the directory, name it under `exclude`, or raise `max_article_bytes` in feeds/site.yaml",
    }
}
