//! `feedmill build --watch`: builds again after each change.

use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::outputs::Outputs;
use super::store::{Emptiness, PublishError};
use super::{BuildWriter, report_problems};
use crate::cli::Switch;
use crate::commands::log::{self, WhenFull};
use crate::commands::serve::{WaitEnd, WatchedSite};
use crate::commands::{Failure, clock, load, pings, threads};
use crate::edition::Edition;
use crate::lock::lock;
use crate::server::HubCounts;
use crate::settings::{BuildSettings, WatchSettings};

/// The pause after a build that failed, which doubles each time.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

pub(super) fn run(settings: &BuildSettings, watch: WatchSettings) -> Result<ExitCode, Failure> {
    threads::start_loading("building")?;
    log::start(&settings.places, WhenFull::Wait);
    let now = clock::now().map_err(Failure::new)?;
    let mut sink = BuildWriter::new(settings)?;
    let bound = load::stand_in(&settings.bind);
    let site = WatchedSite::load(&settings.places, watch, &settings.bind, now, |loaded, edition| {
        report_problems(&settings.places, loaded, edition, &bound);
    })?;
    let published = Arc::new(Mutex::new(None));
    if settings.ping == Switch::On {
        let (published, places) = (Arc::clone(&published), settings.places.clone());
        let mut editions = move || lock(&published).take();
        pings::start(move || pings::keep(&mut editions, &places, &HubCounts::default()))?;
    }
    let result = follow(&mut sink, &site, settings, &published);
    site.stop();
    result
}

/// Builds each edition, and leaves it in `published` when it is public.
fn follow(
    sink: &mut BuildWriter<'_>,
    site: &WatchedSite,
    settings: &BuildSettings,
    published: &Mutex<Option<Arc<Edition>>>,
) -> Result<ExitCode, Failure> {
    let emptiness = if settings.allow_empty { Emptiness::Allowed } else { Emptiness::Refused };
    let (mut is_written, mut has_articles, mut pause) = (false, false, PAUSE);
    loop {
        let (start, now) = (Instant::now(), clock::now().map_err(Failure::new)?);
        let (number, edition, files) = site.current();
        let is_empty = edition.library().published_count() == 0;
        if has_articles && is_empty && emptiness == Emptiness::Refused {
            tracing::warn!(
                "nothing was written: the last build has articles, and edition {number} has none; to replace it \
                 nevertheless, build with --allow-empty"
            );
            if site.wait(number, None) == WaitEnd::Stopped {
                return Ok(ExitCode::SUCCESS);
            }
            continue;
        }
        let wait = match sink.write(&Outputs { edition: Arc::clone(&edition), files }, emptiness, now, start) {
            Ok(()) => {
                *lock(published) = Some(edition);
                (is_written, has_articles, pause) = (true, !is_empty, PAUSE);
                sink.next_deletion().map(|due| (due - now).to_std().unwrap_or_default())
            }
            Err(PublishError::Changed(failure)) => {
                failure.log();
                Some(PAUSE)
            }
            Err(PublishError::Temporary(failure)) if is_written => {
                failure.log();
                let now = pause;
                pause = LONGEST_PAUSE.min(pause * 2);
                Some(now)
            }
            Err(error) => return Err(error.into_failure()),
        };
        if site.wait(number, wait) == WaitEnd::Stopped {
            return Ok(ExitCode::SUCCESS);
        }
    }
}
