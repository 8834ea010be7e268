//! `feedmill build`: writes every document that `serve` would send, with the same bytes, to a
//! directory.
//!
//! The path of a file is the decoded path of its URL; the page of a directory is its `index.html`.
//! Compressed versions (`.gz`, `.br`) are written beside each document. Redirects and headers
//! cannot be expressed as documents, so they are written to files for the host (see `hosting`).

use std::fs::Metadata;
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use chrono::{DateTime, Utc};

use super::limits::CacheBudget;
use super::load::{self, Loaded, Loader};
use super::log::{self, WhenFull};
use super::pages;
use super::progress::Progress;
use super::{Failure, clock, left_out, threads};
use crate::disk::write::{
    self, EarlierOutput, FileContent, Made, OutputFile, OutputTarget, RenamePhase, Swap, WriteReport,
};
use crate::disk::{ContentFiles, FileSnapshot};
use crate::document::{Document, DocumentType, Encoding};
use crate::edition::{DocumentCache, Edition, Found};
use crate::settings::{BuildSettings, PlaceSettings, Verbosity};
use crate::text::{decode_path, printable};
use hosting::HostingFacts;

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
    let (loaded, edition, files) = load(&settings.places, &settings.bind, now)?;
    if let Some(problem) = left_out::no_articles(&loaded, edition.library()) {
        log::problem(&problem);
        let base = decode_path(edition.base_path()).unwrap_or_default();
        if !settings.allow_empty && target.path().join(base.trim_matches('/')).join("articles").is_dir() {
            let out = settings.out.display();
            return Err(Failure::new(format!(
                "nothing was written: `{out}` is a build that has articles, and this one has none; to replace it nevertheless, add --allow-empty"
            )));
        }
    }
    let loaded = LoadedBuild { out: settings.out.clone(), edition, files, earlier: target.earlier() };
    let written = write(&loaded, &target)?;
    let WriteReport { files, unchanged, .. } = written;
    let (out, seconds) = (settings.out.display().to_string(), start.elapsed().as_secs_f64());
    let out = printable(&out);
    if settings.places.verbosity == Verbosity::Quiet {
        return Ok(ExitCode::SUCCESS);
    }
    // Standard output may be closed, which is not an error.
    let _ =
        writeln!(std::io::stdout(), "wrote {files} files to {out} in {seconds:.1} s, {unchanged} of them unchanged");
    Ok(ExitCode::SUCCESS)
}

/// The first edition and what is needed to write it.
struct LoadedBuild {
    out: PathBuf,
    edition: Edition,
    files: ContentFiles,
    /// The output to replace, whose compressed files are used again.
    earlier: Option<EarlierOutput>,
}

/// Loads the first edition, and logs its problems.
pub(super) fn load(
    places: &PlaceSettings,
    bind: &str,
    now: DateTime<Utc>,
) -> Result<(Loaded, Edition, ContentFiles), Failure> {
    let bound = load::stand_in(bind);
    let mut loader = Loader::new(places, bound.clone());
    let cache_budget = CacheBudget::apply();
    let mut snapshot = FileSnapshot::keeping(cache_budget.files);
    let progress = Progress::new("reading", "files");
    let (loaded, library) =
        load::begin(&mut loader, &mut snapshot, now, &|done| progress.at(done, None), &mut |loaded| {
            tracing::info!("{}", loaded.generator);
        })?;
    drop(progress);
    let edition = Edition::first(library, DocumentCache::passing(cache_budget.pages));
    let conflicts = edition.conflicts();
    loaded.problems.iter().chain(edition.library().problems()).chain(&conflicts).for_each(log::problem);
    if places.base_url.is_none() && edition.base().as_str().trim_end_matches('/') == bound {
        tracing::warn!("every URL begins with {bound}; set the public URL with --base-url");
    }
    let files = snapshot.files(&loaded.scan_config);
    Ok((loaded, edition, files))
}

fn write(loaded: &LoadedBuild, target: &OutputTarget) -> Result<WriteReport, Failure> {
    let plan = plan::plan(&loaded.edition, &pages::public_images(&loaded.edition, &loaded.files));
    let hosting = HostingFacts::of(&loaded.edition, &plan.addresses);
    let files: Vec<String> = plan.files.iter().cloned().chain(hosting::FILES.map(str::to_owned)).collect();
    let progress = Progress::new("writing", "files");
    let make = |index: usize| {
        // Nothing is changed in place, so a panic leaves nothing half done.
        let made = || match plan.addresses.get(index) {
            Some(address) => loaded.make(address, &plan.files[index], &plan.companions(index)),
            None => Made::OutputFile(OutputFile {
                content: FileContent::Bytes(hosting.file(&files[index]).into()),
                phase: RenamePhase::Last,
            }),
        };
        catch_unwind(AssertUnwindSafe(made))
            .unwrap_or_else(|_| Made::Missing("feedmill panicked; please report this bug".to_owned()))
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
            "`{out}` cannot be replaced in one step (is it a mount point?), so its files were replaced one by one"
        );
    }
    Ok(written)
}

impl LoadedBuild {
    /// Returns the files for a URL: those of a document with the given content codings, or an
    /// image.
    fn make(&self, address: &str, path: &str, encodings: &[Encoding]) -> Made {
        match self.edition.find(address) {
            Found::Document(document) => self.pieces(&document, path, encodings),
            Found::Article(place) => {
                let page = self
                    .files
                    .article(&place)
                    .ok()
                    .and_then(|bytes| pages::page(&self.edition, self.files.scan_config(), &place, bytes));
                match page {
                    Some(document) => self.pieces(&document, path, encodings),
                    None => Made::Missing(format!("`{place}` changed during the build; build again")),
                }
            }
            Found::Media(key) => match pages::image(&self.edition, &self.files, &key) {
                Some(image) => match not_copied(&image.metadata, &self.out) {
                    Some(reason) => Made::Missing(reason),
                    None => Made::OutputFile(OutputFile {
                        content: FileContent::Copy(image.file),
                        phase: RenamePhase::First,
                    }),
                },
                None => Made::Missing("it is no longer an image in the image roots".to_owned()),
            },
            // An old URL of site.yaml, which is a redirect or 410, or a URL that is too long.
            Found::Moved(_) | Found::Gone | Found::Missing => Made::Nothing,
        }
    }

    /// The files of a document: the plain one and one for each content coding.
    fn pieces(&self, document: &Document, path: &str, encodings: &[Encoding]) -> Made {
        let phase = match document.kind {
            // Feeds link to pages and images, so they are written after them.
            DocumentType::Feed(_) | DocumentType::Opml => RenamePhase::Last,
            DocumentType::Page | DocumentType::File => RenamePhase::First,
        };
        if let Some(earlier) = &self.earlier
            && earlier.read(path).is_some_and(|bytes| bytes == document.bytes(Encoding::Identity))
        {
            for encoding in encodings {
                if let Some(compressed) = earlier.read(&format!("{path}{}", plan::end(*encoding))) {
                    document.adopt(*encoding, compressed);
                }
            }
        }
        // A document whose compressed form is longer is never sent compressed, so no file is needed.
        let all = [Encoding::Identity]
            .iter()
            .chain(encodings)
            .filter(|encoding| document.worthwhile(**encoding) == **encoding);
        Made::Pieces(
            all.map(|encoding| {
                (plan::end(*encoding), OutputFile { content: FileContent::Bytes(document.bytes(*encoding)), phase })
            })
            .collect(),
        )
    }
}

/// Why a large file is not copied, if so: it is sparse, and a copy would fill the holes with zeros,
/// or the disk has not enough space.
fn not_copied(metadata: &Metadata, out: &Path) -> Option<String> {
    let (length, on_disk) = (metadata.len(), metadata.blocks() * 512);
    if length <= pages::LONG {
        return None;
    }
    let mib = |bytes: u64| bytes >> 20;
    // Some file systems report no allocated blocks.
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
