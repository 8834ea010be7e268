//! `feedmill build`: writes every document that `serve` would send, with the same bytes, to a
//! directory, or publishes it to object storage.
//!
//! The path of a file is the decoded path of its URL; the page of a directory is its `index.html`.
//! Compressed versions (`.gz`, `.br`) are written beside each document. Redirects and headers
//! cannot be expressed as documents, so they are written to files for the host (see `hosting`).

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};

use super::limits::CacheBudget;
use super::load::{self, Loaded, Loader};
use super::log::{self, WhenFull};
use super::problems::{self, ProblemOrigin};
use super::progress::Progress;
use super::{Failure, clock, left_out, threads};
use crate::cli::WatchMode;
use crate::diagnostic::Problem;
use crate::disk::write::{self, OutputTarget};
use crate::disk::{ContentFiles, FileSnapshot};
use crate::edition::{DocumentCache, Edition};
use crate::settings::{BuildSettings, BuildTarget, PlaceSettings, Verbosity};
use crate::text::{decode_path, printable};
use changed::ChangedUrls;
use outputs::Outputs;
use store::{Emptiness, PublishError, StoreTarget};

mod changed;
mod directory;
mod hosting;
mod outputs;
mod plan;
mod store;
mod watch;

pub(super) fn run(settings: &BuildSettings) -> Result<ExitCode, Failure> {
    if let Some(watch) = settings.watch.filter(|watch| watch.mode != WatchMode::Off) {
        return watch::run(settings, watch);
    }
    super::take_signals();
    threads::start_loading("building")?;
    log::start(&settings.places, WhenFull::Wait);
    let now = clock::now().map_err(Failure::new)?;
    let mut sink = BuildWriter::new(settings)?;
    let start = Instant::now();
    let (loaded, edition, files) = load(&settings.places, &settings.bind, now)?;
    if let Some(problem) = left_out::no_articles(&loaded, edition.library()) {
        log::problem(&problem);
    }
    let emptiness = if settings.allow_empty { Emptiness::Allowed } else { Emptiness::Refused };
    let outputs = Outputs { edition: Arc::new(edition), files: Arc::new(files) };
    sink.write(&outputs, emptiness, now, start).map_err(PublishError::into_failure)?;
    Ok(ExitCode::SUCCESS)
}

/// Where a build is written.
struct BuildWriter<'a> {
    target: BuildSink,
    /// Where the URLs that changed are written.
    changed: Option<&'a Path>,
    verbosity: Verbosity,
}

enum BuildSink {
    Directory(PathBuf, OutputTarget),
    Store(Box<StoreTarget>),
}

impl<'a> BuildWriter<'a> {
    fn new(settings: &'a BuildSettings) -> Result<Self, Failure> {
        load::find_content(&settings.places)?;
        settings.changed.as_deref().map_or(Ok(()), changed::check_writable)?;
        let target = match &settings.out {
            BuildTarget::Directory(out) => {
                let inputs = [settings.places.content.as_path(), settings.places.feeds.as_path()];
                let target = write::target(out, &inputs).map_err(|error| Failure::new(error.to_string()))?;
                BuildSink::Directory(out.clone(), target)
            }
            BuildTarget::Store(store) => BuildSink::Store(Box::new(StoreTarget::new(store, &settings.places)?)),
        };
        Ok(Self { target, changed: settings.changed.as_deref(), verbosity: settings.places.verbosity })
    }

    /// When dropped documents are to be deleted.
    fn next_deletion(&self) -> Option<DateTime<Utc>> {
        match &self.target {
            BuildSink::Directory(..) => None,
            BuildSink::Store(target) => target.next_deletion(),
        }
    }

    /// Writes all outputs, and reports it.
    fn write(
        &mut self,
        outputs: &Outputs,
        emptiness: Emptiness,
        now: DateTime<Utc>,
        start: Instant,
    ) -> Result<(), PublishError> {
        let mut changed = ChangedUrls::new(outputs.edition.base());
        let summary = match &mut self.target {
            BuildSink::Directory(out, target) => {
                check_emptiness(outputs, emptiness, out, target).map_err(PublishError::Final)?;
                let changed = self.changed.is_some().then_some(&mut changed);
                let written = directory::write(outputs, out, target, changed).map_err(PublishError::Temporary)?;
                let out = out.display().to_string();
                let (files, unchanged, seconds) = (written.files, written.unchanged, start.elapsed().as_secs_f64());
                format!("wrote {files} files to {} in {seconds:.1} s, {unchanged} of them unchanged", printable(&out))
            }
            BuildSink::Store(target) => {
                let report = target.publish(outputs, emptiness, now, &mut changed)?;
                format!("{} in {:.1} s", report, start.elapsed().as_secs_f64())
            }
        };
        if let Some(to) = self.changed {
            changed.write(to).map_err(PublishError::Final)?;
        }
        if self.changed.is_some_and(changed::is_standard_output) {
            tracing::info!("{summary}");
        } else if self.verbosity != Verbosity::Quiet {
            // Standard output may be closed, which is not an error.
            let _ = writeln!(std::io::stdout(), "{summary}");
        }
        Ok(())
    }
}

/// Fails if a build without articles would replace one that has articles.
fn check_emptiness(outputs: &Outputs, emptiness: Emptiness, out: &Path, target: &OutputTarget) -> Result<(), Failure> {
    let base = decode_path(outputs.edition.base_path()).unwrap_or_default();
    let has_articles = || target.path().join(base.trim_matches('/')).join("articles").is_dir();
    if emptiness == Emptiness::Allowed || outputs.edition.library().published_count() > 0 || !has_articles() {
        return Ok(());
    }
    let out = out.display();
    Err(Failure::new(format!(
        "nothing was written: `{out}` is a build that has articles, and this one has none; to replace it nevertheless, add --allow-empty"
    )))
}

/// Loads the first edition, and logs its problems.
pub(super) fn load(
    places: &PlaceSettings,
    bind: &str,
    now: DateTime<Utc>,
) -> Result<(Loaded, Edition, ContentFiles), Failure> {
    let bound = load::stand_in(bind);
    let (loaded, edition, files) = load_at(places, bound.clone(), now)?;
    report_problems(places, &loaded, &edition, &bound);
    Ok((loaded, edition, files))
}

/// Loads the first edition. `bound` is its base URL if none is set.
pub(super) fn load_at(
    places: &PlaceSettings,
    bound: String,
    now: DateTime<Utc>,
) -> Result<(Loaded, Edition, ContentFiles), Failure> {
    let mut loader = Loader::new(places, bound);
    let cache_budget = CacheBudget::apply();
    let mut snapshot = FileSnapshot::keeping(cache_budget.files);
    let progress = Progress::of_load();
    let (loaded, library) =
        load::begin(&mut loader, &mut snapshot, now, &|done, of| progress.at(done, of), &mut |loaded| {
            tracing::info!("{}", loaded.generator);
        })?;
    drop(progress);
    let edition = Edition::first(library, DocumentCache::passing(cache_budget.pages));
    let files = snapshot.files(&loaded.scan_config);
    Ok((loaded, edition, files))
}

fn report_problems(places: &PlaceSettings, loaded: &Loaded, edition: &Edition, bound: &str) {
    let of = |origin| move |problem: &Problem| (problem.clone(), origin);
    let of_rules = loaded.problems.iter().map(of(ProblemOrigin::Rules));
    let of_articles = edition.library().problems().map(of(ProblemOrigin::Article));
    problems::log(of_rules.chain(of_articles).chain(problems::of_library(edition)), places);
    if places.base_url.is_none() && edition.base().as_str().trim_end_matches('/') == bound {
        tracing::warn!("every URL begins with {bound}; set the public URL with --base-url");
    }
}
