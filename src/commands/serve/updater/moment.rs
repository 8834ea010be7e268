//! The time that decides which articles are due. It never goes back, even if the clock of the
//! machine does.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::Updater;
use crate::commands::clock;
use crate::library::ChangeBatch;
use crate::server::health::{Cause, Phase};

/// A clock that was set back by less than this is not reported, because time services do that.
const STEP: TimeDelta = TimeDelta::seconds(1);

impl Updater {
    /// Starts to serve when a clock that was wrong at the start is right. Reports a clock that was
    /// set back later.
    pub(super) fn check_clock(&mut self) {
        let health = Arc::clone(&self.context.health);
        if health.phase() == Phase::Clock {
            if let Ok(now) = clock::now() {
                self.apply(ChangeBatch::default(), now);
                health.loaded();
                tracing::info!("the clock is right now: feeds are served");
            }
            return;
        }
        let latest = self.library().now();
        let is_back = Utc::now() + STEP < latest;
        if is_back && !health.is_stale_for(Cause::Clock) {
            let latest = latest.to_rfc3339_opts(SecondsFormat::Secs, true);
            let reason = format!(
                "the clock was set back; articles stay as they were at {latest}, restart feedmill if that time was wrong"
            );
            tracing::warn!("{reason}");
            health.stale(Cause::Clock, reason);
        } else if !is_back {
            health.fresh(Cause::Clock);
        }
    }

    /// The time that decides which articles are due. If the clock is set back, no article
    /// disappears.
    pub(super) fn now(&self) -> DateTime<Utc> {
        Utc::now().max(self.library().now())
    }
}
