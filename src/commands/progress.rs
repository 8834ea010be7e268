//! Shows the progress of a long load: a bar on a terminal, or else a log line every few seconds.

use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::log::Terminal;

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
        Self { start, what, things, shown: Mutex::new(shown) }
    }

    /// Reports that `done` files are done, out of `of` if that is known. Called by many threads.
    pub(super) fn at(&self, done: usize, of: Option<usize>) {
        if self.start.elapsed() < SOON {
            return;
        }
        // If another thread is updating the display, skip this update.
        let Ok(mut shown) = self.shown.try_lock() else {
            return;
        };
        match &mut *shown {
            ProgressView::Bar(bar) => bar
                .get_or_insert_with(|| bar_of(self.what, self.things, of).with_elapsed(self.start.elapsed()))
                .set_position(done as u64),
            ProgressView::Lines(last) => {
                if last.elapsed() >= LINES {
                    *last = Instant::now();
                    tracing::info!(done, "{} {done} {}", self.what, self.things);
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

fn bar_of(what: &'static str, things: &'static str, of: Option<usize>) -> ProgressBar {
    let (bar, template) = match of {
        Some(of) => (ProgressBar::new(of as u64), "{prefix} [{bar:30}] {human_pos} of {human_len} {msg}, {eta} left"),
        None => (ProgressBar::no_length(), "{prefix} {spinner} {human_pos} {msg}, {elapsed}"),
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_draw_target(ProgressDrawTarget::term_like(Box::new(Terminal::default())));
    bar.with_style(style).with_prefix(what).with_message(things)
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
            shown: Mutex::new(ProgressView::Lines(ago(logged))),
        };
        let file = Arc::new(tempfile::tempfile().unwrap());
        let log = tracing_subscriber::fmt().with_ansi(false).with_writer(Arc::clone(&file)).finish();
        tracing::subscriber::with_default(log, || {
            for count in counts {
                progress.at(*count, None);
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
        assert!(lines.contains("reading 1000 files") && lines.lines().count() == 1, "{lines}");
    }
}
