//! The moment that articles are judged by, whatever the clock of the machine does.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::Keeper;
use crate::commands::clock;
use crate::library::ChangeBatch;
use crate::server::health::{Cause, Phase};

/// A clock set back by less is not reported: time services do that.
const STEP: TimeDelta = TimeDelta::seconds(1);

impl Keeper {
    /// Serves once a clock that was wrong at the start is right; reports one that was set back later.
    pub(super) fn judge_clock(&mut self) {
        let health = Arc::clone(&self.rooms.health);
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

    /// The moment to judge articles by. A clock that is set back makes no article vanish.
    pub(super) fn now(&self) -> DateTime<Utc> {
        Utc::now().max(self.library().now())
    }
}
