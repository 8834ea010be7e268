//! Signals as messages: the end, at once or after a drain, and a reload.

use std::sync::mpsc;
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::Failure;
use crate::commands::threads;
use crate::disk::Inbox;

/// Who asked for the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// SIGTERM: a load balancer is to notice first.
    Drain,
    /// SIGINT: somebody waits for the prompt.
    Now,
    /// No signal: a listener ended by itself.
    Ended,
}

/// Signals become messages; a second one ends the program at once.
pub(super) fn take_signals(stop: mpsc::Sender<Stop>, inbox: Inbox) -> Result<(), Failure> {
    let mut signals = Signals::new([SIGTERM, SIGINT, SIGHUP])
        .map_err(|error| Failure::new(format!("cannot handle signals: {error}")))?;
    let wait = move || {
        let mut is_asked = false;
        for signal in signals.forever() {
            match signal {
                SIGHUP => inbox.reload(),
                // Not everyone waits for the drain. Nothing is ever half written.
                _ if is_asked => std::process::exit(0),
                SIGTERM => drop(stop.send(Stop::Drain)),
                _ => drop(stop.send(Stop::Now)),
            }
            is_asked |= signal != SIGHUP;
        }
    };
    let started = thread::Builder::new().name("signals".to_owned()).spawn(wait);
    started.map(drop).map_err(|error| threads::unstarted(&error))
}
