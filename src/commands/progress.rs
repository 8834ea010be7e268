//! Shows the progress of a long load: a bar on a terminal, or else a log line every few seconds.

use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::log::Terminal;
use crate::lock::lock;

/// No progress is shown before this time.
const SOON: Duration = Duration::from_secs(1);
/// The interval between log lines.
const LINES: Duration = Duration::from_secs(5);

/// The progress of a task over many files.
#[derive(Debug)]
pub(super) struct Progress {
    start: Instant,
    what: &'static str,
    things: &'static str,
    /// What follows when all files are done.
    last: Option<&'static str>,
    shown: Mutex<ProgressView>,
}

#[derive(Debug)]
enum ProgressView {
    Bar(Option<ProgressBar>),
    Lines(Instant),
}

impl Progress {
    /// The progress of a task that starts now; `what` is a verb such as "reading", and `things` what is read.
    pub(super) fn new(what: &'static str, things: &'static str) -> Self {
        let start = Instant::now();
        let shown = if std::io::stderr().is_terminal() { ProgressView::Bar(None) } else { ProgressView::Lines(start) };
        Self { start, what, things, last: None, shown: Mutex::new(shown) }
    }

    /// The progress of reading all articles, after which their feeds are made.
    pub(super) fn of_load() -> Self {
        let mut progress = Self::new("reading", "files");
        progress.last = Some("making the feeds");
        progress
    }

    /// Reports that `done` files are done, out of `of`. Called by many threads.
    pub(super) fn at(&self, done: usize, of: usize) {
        if self.start.elapsed() < SOON {
            return;
        }
        let last = self.last.filter(|_| done == of);
        // If another thread is updating the display, skip this update, unless it is the last.
        let mut shown = match self.shown.try_lock() {
            Ok(shown) => shown,
            Err(_) if last.is_some() => lock(&self.shown),
            Err(_) => return,
        };
        match &mut *shown {
            ProgressView::Bar(bar) => {
                let bar =
                    bar.get_or_insert_with(|| bar_of(self.what, self.things, of).with_elapsed(self.start.elapsed()));
                bar.set_position(done as u64);
                if let Some(last) = last {
                    bar.set_style(style("{prefix} of {human_len} {msg}"));
                    bar.set_prefix(last);
                    bar.tick();
                }
            }
            ProgressView::Lines(logged) => {
                if logged.elapsed() >= LINES || (last.is_some() && self.start.elapsed() >= LINES) {
                    *logged = Instant::now();
                    if let Some(last) = last {
                        tracing::info!(done, of, "{last} of {done} {}", self.things);
                    } else {
                        tracing::info!(done, of, "{} {done} of {of} {}", self.what, self.things);
                    }
                }
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Ok(ProgressView::Bar(Some(bar))) = self.shown.get_mut() {
            bar.finish_and_clear();
        }
    }
}

fn bar_of(what: &'static str, things: &'static str, of: usize) -> ProgressBar {
    let bar = ProgressBar::new(of as u64);
    bar.set_draw_target(ProgressDrawTarget::term_like(Box::new(Terminal::default())));
    let style = style("{prefix} [{bar:30}] {human_pos} of {human_len} {msg}, {eta} left");
    bar.with_style(style).with_prefix(what).with_message(things)
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Seek as _};
    use std::sync::Arc;

    use super::*;

    /// The log output of a task that began this long ago and was last logged `logged` ago.
    fn said(began: Duration, logged: Duration, counts: &[usize]) -> String {
        let ago = |time: Duration| Instant::now().checked_sub(time).unwrap();
        let progress = Progress {
            start: ago(began),
            what: "reading",
            things: "files",
            last: Some("making the feeds"),
            shown: Mutex::new(ProgressView::Lines(ago(logged))),
        };
        let file = Arc::new(tempfile::tempfile().unwrap());
        let log = tracing_subscriber::fmt().with_ansi(false).with_writer(Arc::clone(&file)).finish();
        tracing::subscriber::with_default(log, || {
            for count in counts {
                progress.at(*count, 2000);
            }
        });
        let mut text = String::new();
        let mut file = &*file;
        file.rewind().unwrap();
        file.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_long_load_is_logged_every_few_seconds_and_a_short_one_not_at_all() {
        let seconds = Duration::from_secs;
        assert_eq!(said(seconds(0), seconds(0), &[1]), "");
        assert_eq!(said(seconds(4), seconds(4), &[1]), "");
        let lines = said(seconds(9), seconds(6), &[1000, 1001]);
        assert!(lines.contains("reading 1000 of 2000 files") && lines.lines().count() == 1, "{lines}");
        let lines = said(seconds(9), seconds(6), &[1000, 2000]);
        assert!(lines.contains("making the feeds of 2000 files") && lines.lines().count() == 2, "{lines}");
    }
}
