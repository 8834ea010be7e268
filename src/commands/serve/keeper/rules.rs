//! The configuration is read again, and articles are read by it.
//!
//! What a configuration says counts together with the articles of its content directory: other articles are not
//! published by old rules, nor old articles by other rules.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;

use super::super::change::Change;
use super::Keeper;
use crate::commands::load::{Candidate, Followed};
use crate::commands::log;
use crate::diagnostic::Problem;
use crate::disk::{Hints, Look, RulesState};
use crate::library::{AffectedFeeds, Library};
use crate::site::{Ids, Rules};

/// A directory that is replaced while it is read by its own configuration is read again after so long.
const AGAIN: Duration = Duration::from_millis(100);

impl Keeper {
    /// Reads the configuration again. What changed counts once it settled.
    pub(super) fn read_rules(&mut self) {
        self.began = Instant::now();
        match self.loader.follow(self.began) {
            Ok(Followed::Same) => {
                self.ground.rules = RulesState::Settled;
                self.tell(self.loader.problems().to_vec());
            }
            Ok(Followed::Wait(wait)) => {
                self.ground.rules = RulesState::Changing;
                self.pace.read_rules_in(wait, Instant::now());
            }
            Ok(Followed::Settled(candidate)) => {
                self.tell(candidate.loaded.problems.clone());
                self.adopt(*candidate);
            }
            Err(problems) => {
                self.pace.unread(Instant::now());
                self.tell(problems);
            }
        }
    }

    /// Publishes what other rules make of the articles. Those of a replaced content directory count only if it holds
    /// an article by them; until then the last state stays.
    fn adopt(&mut self, candidate: Candidate) {
        let (library, now) = (self.library(), self.now());
        let (ground, rules) = (candidate.loaded.ground.clone(), Arc::clone(&candidate.loaded.rules));
        let (is_same_rule, is_same_root) = (rules == *library.rules(), ground.root == self.ground.root);
        // Which articles share a permalink depends on all rules, and is a problem of each.
        let has_permalinks = [&rules, library.rules()].iter().any(|rules| rules.site.ids == Ids::Permalink);
        let is_read_alike = !has_permalinks
            && *ground.options == *self.ground.options
            && ground.image_roots == self.ground.image_roots
            && ground.selection.has_layout_of(&self.ground.selection)
            && rules.site.exclude == library.rules().site.exclude;
        let (was_gone, before) = (self.is_gone(), std::mem::replace(&mut self.ground, ground));
        let adopted = if is_read_alike && is_same_root {
            if !is_same_rule {
                self.offer(library.under(rules, now), AffectedFeeds::new(), now, Change::Rules);
            }
            true
        } else if is_read_alike {
            let look = self.try_look(&Hints::Everything);
            look.map(|look| if is_same_rule { self.take(look, was_gone) } else { self.take_under(rules, look) })
                .is_some()
        } else {
            self.known.forget();
            self.read_afresh(rules, Change::Rules)
        };
        if adopted {
            self.loader.accept(candidate);
            // What still waits, or came meanwhile.
            self.pace.read_rules_in(Duration::ZERO, Instant::now());
            return;
        }
        // The look that is made again reads the configuration again, too.
        self.ground = before;
        if !self.is_gone() {
            // The directory was replaced again meanwhile, and it is the turn of the other one.
            self.pace.read_rules_in(AGAIN, Instant::now());
            return;
        }
        self.loader.refuse(Instant::now());
        self.pace.unread(Instant::now());
        if !was_gone {
            tracing::warn!("the new configuration waits until the content can be read by it");
        }
    }

    /// Publishes what a look at another directory showed, under rules that read articles alike.
    fn take_under(&mut self, rules: Arc<Rules>, look: Look) {
        let now = self.now();
        let (library, affected) = self.library().under(rules, now).apply(look.batch, now);
        self.offer(library, affected, now, Change::Rules);
        self.rearm();
    }

    /// Read by other rules every file may be another article: all of them come
    /// in one edition, or none. Tells whether they came.
    pub(super) fn read_afresh(&mut self, rules: Arc<Rules>, change: Change) -> bool {
        let Some(look) = self.try_look(&Hints::Everything) else {
            return false;
        };
        let now = self.now();
        let (library, _) = Library::empty(rules, now).apply(look.batch, now);
        self.offer(library, AffectedFeeds::new(), now, change);
        self.rearm();
        true
    }

    /// Tells problems of `feeds/` that were not told before.
    fn tell(&mut self, problems: Vec<Problem>) {
        problems.iter().filter(|problem| !self.problems.contains(problem)).for_each(log::problem);
        self.problems = problems;
        self.report(Utc::now());
    }
}
