//! Turns signals into messages: stop at once, stop after draining, or reload.

use std::sync::mpsc;
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::Failure;
use crate::commands::threads;
use crate::disk::EventQueue;

/// Why the program should stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// SIGTERM: give load balancers time to notice.
    Drain,
    /// SIGINT: stop at once, because a user is waiting for the prompt.
    Now,
    /// A listener ended unexpectedly.
    Ended,
}

/// Sends a message for each signal. A second SIGTERM or SIGINT ends the program at once.
pub(super) fn take_signals(stop: mpsc::Sender<Stop>, event_queue: EventQueue) -> Result<(), Failure> {
    let mut signals = Signals::new([SIGTERM, SIGINT, SIGHUP])
        .map_err(|error| Failure::new(format!("cannot handle signals: {error}")))?;
    let wait = move || {
        let mut is_asked = false;
        for signal in signals.forever() {
            match signal {
                SIGHUP => event_queue.reload(),
                // The user does not want to wait for the drain. Files are written atomically, so
                // exiting is safe.
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
