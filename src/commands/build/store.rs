//! Publishes a build to object storage.
//!
//! A publish makes every document once and compares its digest with the manifest in the store. It then claims the
//! manifest, puts what differs, part after part, deletes what was dropped long enough ago, and writes the manifest of the
//! complete publish. Wherever it stops, nothing in the store links to what is not there, and the next publisher finds in
//! the claim which keys are ours.

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};

use chrono::{DateTime, TimeDelta, Utc};

use super::changed::ChangedUrls;
use super::outputs::{Outputs, SitePart};
use crate::commands::{Failure, images, threads};
use crate::fetch::Store;
use crate::settings::{PlaceSettings, StoreSettings};
use crate::text::decode_path;

mod claim;
mod manifest;
mod object;
mod survey;
mod transfer;
mod work;

use claim::{Known, PublishStop};
use manifest::{Conditions, Manifest, State};
use object::{ObjectMaker, WithRedirects};
use survey::{Before, Survey, Surveyed};
use transfer::Transfer;
use work::Work;

/// How often a publisher starts again when another one was faster to claim the store.
const MOST_TRIES: usize = 8;
/// How often objects are compared after a publisher took over.
const MOST_ROUNDS: usize = 3;

/// A place in object storage, with what is known of it.
pub(super) struct StoreTarget {
    store: Store,
    settings: StoreSettings,
    /// The manifest after the last publish.
    known: Option<Known>,
    redirects: Option<WithRedirects>,
}

/// What a publish did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct StoreReport {
    /// Objects that are published.
    pub(super) files: usize,
    pub(super) put: usize,
    /// Bytes of the objects that were put.
    pub(super) bytes: usize,
    pub(super) deleted: usize,
    /// Whether another publisher took over with the same content.
    pub(super) is_left: bool,
}

impl Display for StoreReport {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Self { files, put, bytes, deleted, .. } = self;
        let unchanged = files - put.min(files);
        write!(
            formatter,
            "published {files} files: {put} put with {bytes} bytes, {unchanged} unchanged, {deleted} deleted"
        )
    }
}

/// Why a publish failed.
#[derive(Debug)]
pub(super) enum PublishError {
    /// Another publisher took over with other content.
    TakenOver(Failure),
    /// It may succeed a little later.
    Temporary(Failure),
    /// The files changed meanwhile.
    Changed(Failure),
    /// It cannot succeed.
    Final(Failure),
}

impl PublishError {
    pub(super) fn into_failure(self) -> Failure {
        match self {
            PublishError::TakenOver(failure)
            | PublishError::Temporary(failure)
            | PublishError::Changed(failure)
            | PublishError::Final(failure) => failure,
        }
    }
}

/// Whether a build without articles may replace one with articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Emptiness {
    Allowed,
    Refused,
}

impl StoreTarget {
    pub(super) fn new(settings: &StoreSettings, places: &PlaceSettings) -> Result<Self, Failure> {
        let user_agent = format!("feedmill/{} (build)", env!("CARGO_PKG_VERSION"));
        let authorities = images::authorities(places)?;
        Ok(Self {
            store: Store::new(settings.location.clone(), &user_agent, authorities.as_deref()),
            settings: settings.clone(),
            known: None,
            redirects: None,
        })
    }

    /// Publishes all outputs. The URLs that changed or went are added to `changed`.
    pub(super) fn publish(
        &mut self,
        outputs: &Outputs,
        emptiness: Emptiness,
        now: DateTime<Utc>,
        changed: &mut ChangedUrls,
    ) -> Result<StoreReport, PublishError> {
        let mut stopped = None;
        for _ in 0..MOST_TRIES {
            match self.try_publish(outputs, emptiness, now, changed) {
                Ok(PublishEnd::Done(report)) => return Ok(report),
                // Another publisher claimed the store after the manifest was read.
                Ok(PublishEnd::Overtaken) => self.known = None,
                Err(stop) => {
                    stopped = Some(stop);
                    break;
                }
            }
        }
        self.known = None;
        let location = self.store.location();
        Err(match stopped {
            Some(PublishStop::Store(error)) => PublishError::Temporary(Failure::new(error.to_string())),
            Some(PublishStop::Changed(reason)) => PublishError::Changed(Failure::new(reason)),
            Some(PublishStop::Failed(failure)) => PublishError::Final(failure),
            Some(PublishStop::TakenOver) | None => PublishError::TakenOver(Failure::new(format!(
                "another publisher took over `{location}` with other content, so this one stopped; let one publisher write at a time, then publish again"
            ))),
        })
    }

    /// When the next deletion is due.
    pub(super) fn next_deletion(&self) -> Option<DateTime<Utc>> {
        let known = self.known.as_ref()?;
        let first = known.manifest.entries.values().filter_map(|entry| entry.dropped).min()?;
        Some(DateTime::from_timestamp(first, 0)? + self.keep())
    }

    fn keep(&self) -> TimeDelta {
        TimeDelta::from_std(self.settings.keep).unwrap_or(TimeDelta::MAX)
    }

    fn try_publish(
        &mut self,
        outputs: &Outputs,
        emptiness: Emptiness,
        now: DateTime<Utc>,
        changed: &mut ChangedUrls,
    ) -> Result<PublishEnd, PublishStop> {
        let known = match self.known.take() {
            Some(known) => Some(known),
            None => claim::read(&self.store)?,
        };
        let manifest = known.as_ref().map(|known| &*known.manifest);
        let conditions = manifest.map_or(Conditions::Untried, |manifest| manifest.conditions);
        if conditions == Conditions::Missing {
            claim::check_writers(&self.store, self.settings.writers)?;
        }
        self.check_emptiness(outputs, emptiness, manifest)?;
        let redirects = self.redirects()?;
        let is_claimed = manifest.is_some_and(|manifest| manifest.state == State::Claimed);
        if is_claimed {
            tracing::warn!(
                "a publish to `{}` did not come to its end; every file in the store is compared",
                self.store.location()
            );
        }
        // Before the first publish, too: it must not replace the files of others.
        let listing = if is_claimed || manifest.is_none() { Some(self.listing()?) } else { None };
        let before = Before { manifest, listing: listing.as_ref().filter(|_| is_claimed) };
        let maker = ObjectMaker::new(outputs, self.settings.encoding);
        let survey = Survey::new(maker, redirects, &before)?;
        if let (None, Some(listing)) = (manifest, &listing) {
            self.check_free(&survey, listing)?;
        }
        let content = manifest::content(survey.objects.iter().map(|object| (object.key.as_str(), object.digest)));
        let work = Work::new(&survey, &before, now, self.keep());
        if let Some(known) = &known
            && !is_claimed
            && known.manifest.content == content
            && work.due.is_empty()
        {
            let report = StoreReport { files: survey.objects.len(), ..StoreReport::default() };
            self.known = Some(known.clone());
            return Ok(PublishEnd::Done(report));
        }
        let mut wanted = Manifest::new(State::Claimed, conditions, content, Work::claimed(&survey, manifest));
        let claim = match claim::claim(&self.store, known.as_ref(), &mut wanted, self.settings.writers) {
            Ok(claim) => claim,
            Err(PublishStop::TakenOver) => return Ok(PublishEnd::Overtaken),
            Err(stop) => return Err(stop),
        };
        let result =
            self.transfer(&survey, &work, &claim, manifest.map(|manifest| manifest.state)).and_then(|mut report| {
                let complete = Manifest::new(State::Complete, wanted.conditions, content, work.complete(&survey));
                self.known = Some(claim::complete(&self.store, &claim, complete)?);
                report.files = survey.objects.len();
                let repeated = self.store.repeated();
                if repeated > 0 {
                    tracing::info!("{repeated} requests to the store were repeated so far");
                }
                Ok(report)
            });
        match result {
            Ok(report) => {
                work.changed(&survey, manifest).for_each(|key| changed.add_file(key));
                Ok(PublishEnd::Done(report))
            }
            Err(PublishStop::TakenOver)
                if claim::read(&self.store)?.is_some_and(|other| other.manifest.content == content) =>
            {
                tracing::info!("another publisher took over `{}` with the same content", self.store.location());
                let files = survey.objects.len();
                Ok(PublishEnd::Done(StoreReport { files, is_left: true, ..StoreReport::default() }))
            }
            Err(stop) => Err(stop),
        }
    }

    /// Puts and deletes. `found` is the state in which the store was.
    fn transfer(
        &self,
        survey: &Survey<'_>,
        work: &Work<'_>,
        claim: &Known,
        found: Option<State>,
    ) -> Result<StoreReport, PublishStop> {
        let transfer = Transfer::new(&self.store, claim, threads::for_transfers(), work.put.len());
        transfer.delete_all(&work.in_the_way)?;
        put(&transfer, survey, &work.put)?;
        if found == Some(State::Claimed) {
            self.settle(survey, work, &transfer)?;
        }
        claim::check(&self.store, claim)?;
        transfer.delete_all(&work.due)?;
        let (put, bytes) = transfer.sums();
        let deleted = work.in_the_way.len() + work.due.len();
        Ok(StoreReport { put, bytes, deleted, ..StoreReport::default() })
    }

    /// Compares the store once more after taking over: the other publisher may have put some objects before it noticed.
    fn settle(&self, survey: &Survey<'_>, work: &Work<'_>, transfer: &Transfer<'_>) -> Result<(), PublishStop> {
        for _ in 0..MOST_ROUNDS {
            let (listing, put_before) = (self.listing()?, transfer.etags());
            let is_as_expected = |object: &Surveyed| {
                let expected = put_before.get(&object.key).or_else(|| work.listed(&object.key));
                listing.get(&object.key) == expected
            };
            let others: Vec<&Surveyed> = survey.objects.iter().filter(|object| !is_as_expected(object)).collect();
            if others.is_empty() {
                break;
            }
            put(transfer, survey, &others)?;
        }
        Ok(())
    }

    fn listing(&self) -> Result<HashMap<String, String>, PublishStop> {
        let mut listing = HashMap::new();
        self.store.list(|key, etag| drop(listing.insert(key, etag)))?;
        Ok(listing)
    }

    /// Whether the store answers redirects; asked once.
    fn redirects(&mut self) -> Result<WithRedirects, PublishStop> {
        if let Some(redirects) = self.redirects {
            return Ok(redirects);
        }
        let redirects = if self.store.is_website()? { WithRedirects::Yes } else { WithRedirects::No };
        self.redirects = Some(redirects);
        Ok(redirects)
    }

    fn check_emptiness(
        &self,
        outputs: &Outputs,
        emptiness: Emptiness,
        manifest: Option<&Manifest>,
    ) -> Result<(), PublishStop> {
        let edition = &outputs.edition;
        let base = decode_path(edition.base_path()).unwrap_or_default();
        let has_articles = manifest.is_some_and(|manifest| manifest.has_articles(base.trim_start_matches('/')));
        if emptiness == Emptiness::Allowed || edition.library().published_count() > 0 || !has_articles {
            return Ok(());
        }
        Err(PublishStop::Failed(Failure::new(format!(
            "nothing was published: `{}` has articles, and this build has none; to replace it nevertheless, add --allow-empty",
            self.store.location()
        ))))
    }

    /// Fails if the first publish would replace files of others.
    fn check_free(&self, survey: &Survey<'_>, listing: &HashMap<String, String>) -> Result<(), PublishStop> {
        match survey.objects.iter().find(|object| listing.contains_key(&object.key)) {
            None => Ok(()),
            Some(object) => Err(PublishStop::Failed(Failure::new(format!(
                "`{}` holds files that feedmill did not write, such as `{}`; publish to another prefix, or remove them",
                self.store.location(),
                object.key
            )))),
        }
    }
}

/// Puts objects, part after part.
fn put(transfer: &Transfer<'_>, survey: &Survey<'_>, objects: &[&Surveyed]) -> Result<(), PublishStop> {
    for part in SitePart::ALL {
        let objects: Vec<&Surveyed> = objects.iter().copied().filter(|object| object.part == part).collect();
        let keys: Vec<&str> = objects.iter().map(|object| object.key.as_str()).collect();
        transfer.put_all(&keys, &|index| survey.upload(objects[index]))?;
    }
    Ok(())
}

enum PublishEnd {
    Done(StoreReport),
    /// Another publisher claimed the store first.
    Overtaken,
}
