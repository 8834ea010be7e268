//! `feedmill images`: asks the hosts of remote lead images for what enclosures say about them, and writes it to
//! `images.facts`. `serve --fetch-images on` does the same in a thread.

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::limits::CacheBudget;
use super::load::{self, Loader};
use super::log::{self, WhenFull};
use super::progress::Progress;
use super::{Failure, clock, tell, threads};
use crate::disk::{self, FileSnapshot};
use crate::fetch::Client;
use crate::lock::lock;
use crate::publisher::Publisher;
use crate::settings::{ImagesOf, ImagesSettings, PlaceSettings};
use crate::site::Site;

mod asking;
mod facts_file;
mod summary;
mod verdict;
mod wanted;

use asking::{ImageJob, Pauses};
use facts_file::FactsFile;
use summary::Summary;
use wanted::Wanted;

/// The base URL if none is set; this command binds no address.
const BOUND: &str = "http://127.0.0.1:8080";
/// How many hosts the command asks at once.
const HOSTS: usize = 8;
/// How often the server looks for images that are new or due.
const LOOK: Duration = Duration::from_mins(1);
/// After this time images may be due although no article changed.
const HOUR: Duration = Duration::from_hours(1);
/// The largest file of certificates.
const MOST_CERTIFICATES: u64 = 4 << 20;

pub(super) fn run(settings: &ImagesSettings) -> Result<ExitCode, Failure> {
    super::take_signals();
    log::start(&settings.places, WhenFull::Wait);
    threads::start_loading("fetching")?;
    load::find_content(&settings.places)?;
    let pauses = Pauses::default();
    tell(&once(settings, &pauses)?)?;
    while let Some(every) = settings.every {
        thread::sleep(every);
        match once(settings, &pauses) {
            Ok(summary) => tell(&summary)?,
            // The next run may succeed.
            Err(failure) => failure.log(),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks about the images of the articles as they are now. Returns the summary.
fn once(settings: &ImagesSettings, pauses: &Pauses) -> Result<String, Failure> {
    let now = clock::now().map_err(Failure::new)?;
    let mut loader = Loader::new(&settings.places, BOUND.to_owned());
    let mut snapshot = FileSnapshot::keeping(CacheBudget::apply().files);
    let progress = Progress::of_load();
    let (loaded, library) =
        load::begin(&mut loader, &mut snapshot, now, &|done, of| progress.at(done, of), &mut |_| ())?;
    drop(progress);
    let wanted = match settings.of {
        ImagesOf::Feeds => wanted::of_feeds(&library),
        ImagesOf::Articles => {
            wanted::of_all(&library, &snapshot.files(&loaded.scan_config), &loaded.scan_config.options)
        }
    };
    Ok(ask(&library.rules().site, wanted, &settings.places, pauses, HOSTS)?.text())
}

/// Keeps the facts up to date while the server runs.
pub(super) fn keep(publisher: &Publisher, places: &PlaceSettings) {
    let pauses = Pauses::default();
    let mut looked: Option<(u64, Instant)> = None;
    loop {
        let edition = publisher.number();
        if looked.is_none_or(|(number, at)| number != edition || at.elapsed() >= HOUR) {
            looked = Some((edition, Instant::now()));
            // The edition is not kept meanwhile, because it may hold many articles.
            let (rules, wanted) = {
                let current = publisher.current();
                (Arc::clone(current.library().rules()), wanted::of_feeds(current.library()))
            };
            match ask(&rules.site, wanted, places, &pauses, 1) {
                Ok(summary) => summary.log(),
                Err(failure) => failure.log(),
            }
        }
        thread::sleep(LOOK);
    }
}

/// Asks about the images that are due, `hosts` hosts at once, and writes the answers.
fn ask(
    site: &Site,
    wanted: Vec<Wanted>,
    places: &PlaceSettings,
    pauses: &Pauses,
    hosts: usize,
) -> Result<Summary, Failure> {
    let today = clock::now().map_err(Failure::new)?.date_naive();
    let file = FactsFile::new(&places.image_facts);
    let records = file.read()?;
    let all = wanted.len();
    let due = wanted.into_iter().filter_map(|Wanted { url, expected, page }| {
        let before = records.0.get(url.as_str());
        verdict::is_due(url.as_str(), before, today).then(|| ImageJob { before: before.cloned(), url, expected, page })
    });
    let jobs: Vec<ImageJob> = due.collect();
    let summary = Mutex::new(Summary::new(all - jobs.len()));
    if !jobs.is_empty() {
        file.check_writable()?;
        let user_agent = format!("feedmill/{} (+{}; images)", env!("CARGO_PKG_VERSION"), site.identity.home);
        let client = Client::new(&user_agent, &site.images.private, authorities(places)?.as_deref());
        let (progress, done, of) = (Progress::new("asking about", "images"), AtomicUsize::new(0), jobs.len());
        asking::ask_all(jobs, hosts, &client, &site.images, pauses, &|job, answer, referers| {
            progress.at(done.fetch_add(1, Ordering::Relaxed) + 1, of);
            lock(&summary).add(&job.url, &answer);
            file.note(job.url.as_str(), verdict::change(job.before.as_ref(), answer, referers, today));
        });
    }
    file.finish()?;
    Ok(summary.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}

/// Reads the certificates that `SSL_CERT_FILE` names.
pub(super) fn authorities(places: &PlaceSettings) -> Result<Option<String>, Failure> {
    let Some(path) = &places.certificates else {
        return Ok(None);
    };
    let bytes = disk::named_bytes(path, MOST_CERTIFICATES).map_err(|error| {
        let reason = disk::reason(&error);
        Failure::new(format!("`{}`, which SSL_CERT_FILE names, cannot be read: {reason}", path.display()))
    })?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}
