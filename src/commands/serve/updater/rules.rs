//! Reads the configuration again, and the articles according to it.
//!
//! A configuration is used together with the articles of its content directory: new articles are
//! never published under old rules, nor old articles under new ones.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;

use super::super::change::PublishReason;
use super::Updater;
use crate::commands::load::{Followed, RulesCandidate};
use crate::commands::problems::ProblemOrigin;
use crate::diagnostic::Problem;
use crate::disk::{ChangedPaths, RulesState, Scan};
use crate::library::{AffectedFeeds, Library};
use crate::remote_images::RemoteImages;
use crate::site::{Ids, Rules};

/// Pause before a directory is read again that was replaced while its configuration was read.
const AGAIN: Duration = Duration::from_millis(100);

impl Updater {
    /// Reads the configuration again. A change is used after it has settled.
    pub(super) fn read_rules(&mut self) {
        self.began = Instant::now();
        let number = self.context.publisher.number();
        match self.loader.follow(self.began) {
            Ok(Followed::Same) => {
                self.scan_config.rules = RulesState::Settled;
                self.tell(self.loader.problems().to_vec());
            }
            Ok(Followed::Wait(wait)) => {
                self.scan_config.rules = RulesState::Changing;
                self.schedule.read_rules_in(wait, Instant::now());
            }
            Ok(Followed::Settled(candidate)) => {
                self.tell(candidate.loaded.problems.clone());
                self.adopt(*candidate);
            }
            Err(problems) => {
                self.schedule.unread(Instant::now());
                self.tell(problems);
            }
        }
        if number == self.context.publisher.number() && self.held.is_none() {
            self.tell_unpublished();
        }
    }

    /// Publishes the articles under new rules. If the content directory was replaced, this happens
    /// only if it contains an article; until then the last state stays.
    fn adopt(&mut self, candidate: RulesCandidate) {
        let (library, now) = (self.library(), self.now());
        let (scan_config, rules) = (candidate.loaded.scan_config.clone(), Arc::clone(&candidate.loaded.rules));
        let facts = Arc::clone(&candidate.loaded.remote_images);
        let (is_same_rule, is_same_root) = (rules == *library.rules(), scan_config.root == self.scan_config.root);
        // Which articles share a permalink depends on all rules and is a problem of each of these
        // articles.
        let has_permalinks = [&rules, library.rules()].iter().any(|rules| rules.site.links.ids == Ids::Permalink);
        let is_read_alike = !has_permalinks
            && *scan_config.options == *self.scan_config.options
            && scan_config.image_roots == self.scan_config.image_roots
            && scan_config.image_levels == self.scan_config.image_levels
            && scan_config.selection.has_layout_of(&self.scan_config.selection)
            && rules.site.exclude == library.rules().site.exclude;
        let (was_gone, before) = (self.is_gone(), std::mem::replace(&mut self.scan_config, scan_config));
        let adopted = if is_read_alike && is_same_root {
            if !is_same_rule {
                let (library, affected) = library.under(rules, now).with_remote_images(facts);
                self.offer(library, affected, now, PublishReason::Rules);
            } else if facts != *library.remote_images() {
                let (library, affected) = library.with_remote_images(facts);
                self.offer(library, affected, now, PublishReason::ImageFacts);
            }
            true
        } else if is_read_alike {
            let scan = self.try_scan(&ChangedPaths::Everything);
            let is_same = is_same_rule && facts == *library.remote_images();
            scan.map(|scan| if is_same { self.take(scan) } else { self.take_under(rules, facts, scan) }).is_some()
        } else {
            self.snapshot.forget();
            self.read_afresh(rules, facts, PublishReason::Rules)
        };
        if adopted {
            self.loader.accept(candidate);
            // Other changes may be pending, or have happened in the meantime.
            self.schedule.read_rules_in(Duration::ZERO, Instant::now());
            return;
        }
        // The next attempt also reads the configuration again.
        self.scan_config = before;
        if !self.is_gone() {
            // The directory was replaced again in the meantime; read the new one.
            self.schedule.read_rules_in(AGAIN, Instant::now());
            return;
        }
        self.loader.refuse(Instant::now());
        self.schedule.unread(Instant::now());
        if !was_gone {
            tracing::warn!("the new configuration is not used until the articles can be read with it");
        }
    }

    /// Publishes the result of scanning another directory, under rules that read articles in the
    /// same way.
    fn take_under(&mut self, rules: Arc<Rules>, facts: Arc<RemoteImages>, scan: Scan) {
        let now = self.now();
        let (library, mut affected) = self.library().under(rules, now).with_remote_images(facts);
        let (library, more) = library.apply(scan.batch, now);
        affected.extend(more);
        self.offer(library, affected, now, PublishReason::Rules);
        self.rearm();
    }

    /// Reads every file again. Under other rules each file may be another article, so all of them
    /// are published in one edition or none is. Returns whether they were published.
    pub(super) fn read_afresh(&mut self, rules: Arc<Rules>, facts: Arc<RemoteImages>, change: PublishReason) -> bool {
        let Some(scan) = self.try_scan(&ChangedPaths::Everything) else {
            return false;
        };
        let now = self.now();
        let (library, _) = Library::empty(rules, now).with_remote_images(facts).0.apply(scan.batch, now);
        self.offer(library, AffectedFeeds::new(), now, change);
        self.rearm();
        true
    }

    /// Logs the problems of `feeds/` that were not reported before.
    fn tell(&mut self, problems: Vec<Problem>) {
        let new = problems.iter().filter(|problem| !self.problems.contains(problem));
        self.context.logged.log(new.map(|problem| (problem.clone(), ProblemOrigin::Rules)).collect(), &self.places);
        self.problems = problems;
        self.report(Utc::now());
    }
}
