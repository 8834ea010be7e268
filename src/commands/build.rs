//! `feedmill build`: the address space as files, the very bytes that `serve`
//! answers.
//!
//! Every file stands at the path of its address, decoded, and a directory's
//! page is its `index.html`. Beside each document stand its encodings, as
//! `serve` would send them. What `serve` answers with a redirect has no file; it
//! stands, with the headers, in files for whoever hosts the rest.

use std::fs::Metadata;
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::load::{self, Loader};
use super::log::{self, WhenFull};
use super::pages;
use super::progress::Progress;
use super::{Failure, clock, threads};
use crate::disk::write::{self, Content, Made, Piece, RequestTurn, Swap, Target, Written};
use crate::disk::{ContentFiles, Known};
use crate::document::{Document, Encoding, Keep};
use crate::edition::{DocumentCache, Edition, Found};
use crate::settings::BuildSettings;
use crate::text::printable;

mod hosting;
mod plan;

pub(super) fn run(settings: &BuildSettings) -> Result<ExitCode, Failure> {
    let start = Instant::now();
    super::take_signals();
    threads::start_loading("building")?;
    log::start(&settings.places, WhenFull::Wait);
    let now = clock::now().map_err(Failure::new)?;
    load::find_content(&settings.places)?;
    let inputs = [settings.places.content.as_path(), settings.places.feeds.as_path()];
    let target = write::target(&settings.out, &inputs).map_err(|error| Failure::new(error.to_string()))?;
    let loaded = load(settings, now)?;
    let written = write(&loaded, &target)?;
    let Written { files, unchanged, .. } = written;
    let (out, seconds) = (settings.out.display().to_string(), start.elapsed().as_secs_f64());
    let out = printable(&out);
    // Nobody may be listening.
    let _ = writeln!(
        std::io::stdout(),
        "wrote {files} files to {out} in {seconds:.1} s, {unchanged} of them as they were before"
    );
    Ok(ExitCode::SUCCESS)
}

/// What is written, and where its files are.
struct Loaded {
    /// Where it is written to.
    out: PathBuf,
    edition: Edition,
    files: ContentFiles,
}

fn load(settings: &BuildSettings, now: DateTime<Utc>) -> Result<Loaded, Failure> {
    let bound = load::stand_in(&settings.bind);
    let mut loader = Loader::new(&settings.places, bound.clone());
    let mut known = Known::new();
    let progress = Progress::new("reading");
    let (loaded, library) =
        load::begin(&mut loader, &mut known, now, &|done| progress.at(done, None), &mut |loaded| {
            tracing::info!("{}", loaded.dialect);
        })?;
    drop(progress);
    let edition = Edition::first(library, DocumentCache::passing());
    let conflicts = edition.conflicts();
    loaded.problems.iter().chain(edition.library().problems()).chain(&conflicts).for_each(log::problem);
    if settings.places.base_url.is_none() && edition.base().as_str().trim_end_matches('/') == bound {
        tracing::warn!("every address begins with {bound}; say where the files will be with --base-url");
    }
    Ok(Loaded { out: settings.out.clone(), edition, files: known.files(&loaded.ground) })
}

fn write(loaded: &Loaded, target: &Target) -> Result<Written, Failure> {
    let plan = plan::plan(&loaded.edition, &pages::public_images(&loaded.edition, &loaded.files));
    let hosting = hosting::files(&loaded.edition, &plan.addresses);
    let own: Vec<Bytes> = hosting.values().map(|text| text.clone().into_bytes().into()).collect();
    let files: Vec<String> = plan.files.iter().cloned().chain(hosting.keys().map(|name| (*name).to_owned())).collect();
    let progress = Progress::new("writing");
    let make = |index: usize| {
        // What the work sees is never changed in place, so a panic leaves
        // nothing half done behind.
        let made = || match plan.addresses.get(index) {
            Some(address) => loaded.make(address, &plan.companions(index)),
            None => Made::Piece(Piece {
                content: Content::Bytes(own[index - plan.addresses.len()].clone()),
                turn: RequestTurn::Last,
            }),
        };
        catch_unwind(AssertUnwindSafe(made))
            .unwrap_or_else(|_| Made::Missing("feedmill itself failed at it".to_owned()))
    };
    let written = write::write(target, &files, &make, &|done| progress.at(done, Some(files.len())));
    drop(progress);
    let written = written.map_err(|error| Failure::new(error.to_string()))?;
    for (path, reason) in plan.left_out.iter().chain(&written.left_out) {
        tracing::error!("{path}: left out: {reason}");
    }
    if written.swap == Swap::Piecemeal {
        let out = target.path().display();
        tracing::info!(
            "`{out}` could not be exchanged in one step, as a mount point cannot: its files were replaced one by one"
        );
    }
    Ok(written)
}

impl Loaded {
    /// What `serve` answers at an address, if that is a document or an image;
    /// documents also in these encodings.
    fn make(&self, address: &str, encodings: &[Encoding]) -> Made {
        match self.edition.find(address) {
            Found::Document(document) => pieces(&document, encodings),
            Found::Article(place) => {
                let page = self
                    .files
                    .article(&place)
                    .ok()
                    .and_then(|bytes| pages::page(&self.edition, self.files.ground(), &place, &bytes));
                match page {
                    Some(document) => pieces(&document, encodings),
                    None => Made::Missing(format!("`{place}` is no longer the article that it was; build again")),
                }
            }
            Found::Media(key) => match pages::image(&self.edition, &self.files, &key) {
                Some(image) => match not_copied(&image.metadata, &self.out) {
                    Some(reason) => Made::Missing(reason),
                    None => Made::Piece(Piece { content: Content::Copy(image.file), turn: RequestTurn::First }),
                },
                None => Made::Missing("it is no longer an image below the image roots".to_owned()),
            },
            // An old address of site.yaml, or one that is too long to be asked
            // for.
            Found::Moved(_) | Found::Gone | Found::Missing => Made::Nothing,
        }
    }
}

/// Why a long file is not copied: most of it is holes, which a copy would fill
/// with zeros, or there is no room for it.
fn not_copied(metadata: &Metadata, out: &Path) -> Option<String> {
    let (length, on_disk) = (metadata.len(), metadata.blocks() * 512);
    if length <= pages::LONG {
        return None;
    }
    let mib = |bytes: u64| bytes >> 20;
    // Some file systems do not say how much is on the disk.
    if 0 < on_disk && on_disk < length / 2 {
        let (length, on_disk) = (mib(length), mib(on_disk));
        return Some(format!(
            "it is {length} MiB long with {on_disk} MiB of data, such as an unfinished copy; copy it again or remove it"
        ));
    }
    let beside = out.ancestors().find_map(|directory| rustix::fs::statvfs(directory).ok())?;
    let free = beside.f_bavail.saturating_mul(beside.f_frsize);
    (length > free).then(|| format!("it is {} MiB long and there is room for {} MiB", mib(length), mib(free)))
}

/// The file of a document, and those of its encodings beside it.
fn pieces(document: &Document, encodings: &[Encoding]) -> Made {
    let turn = match document.keep {
        // Feeds speak of pages and images.
        Keep::Feed => RequestTurn::Last,
        Keep::Page | Keep::Day => RequestTurn::First,
    };
    // What would be longer is not sent compressed, either.
    let all =
        [Encoding::Identity].iter().chain(encodings).filter(|encoding| document.worthwhile(**encoding) == **encoding);
    Made::Pieces(
        all.map(|encoding| (plan::end(*encoding), Piece { content: Content::Bytes(document.bytes(*encoding)), turn }))
            .collect(),
    )
}
