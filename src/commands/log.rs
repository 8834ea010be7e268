//! The log on standard error: text for people or JSON for machines.
//!
//! All output to standard error goes through one queue, so that an unread pipe or a stopped
//! terminal never blocks the program. It also goes through `printable`, so that no file name, title
//! or request acts on a terminal. `tests/tidy.rs` checks that nothing else writes to standard
//! error.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::AsFd as _;
use std::panic::PanicHookInfo;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::field::Field;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::field::MakeExt as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::{Writer, debug_fn};
use tracing_subscriber::fmt::time::ChronoUtc;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt};

use crate::cli::LogFormat;
use crate::diagnostic::{Problem, Severity};
use crate::settings::PlaceSettings;
use crate::text::{printable, printable_json};

mod queue;
mod terminal;

use queue::LineQueue;
pub(super) use queue::WhenFull;
pub(super) use terminal::Terminal;

/// The queue in front of standard error. It has its own file descriptor, because a thread that
/// blocks in a write must not hold the lock of `std::io::stderr`.
static QUEUE: LazyLock<LineQueue> =
    LazyLock::new(|| LineQueue::new(io::stderr().as_fd().try_clone_to_owned().ok().map(File::from), report_dropped));

/// Whether lines wait while the queue is full, see [`WhenFull`].
static WAITS: AtomicBool = AtomicBool::new(true);

fn when_full() -> WhenFull {
    if WAITS.load(Ordering::Relaxed) { WhenFull::Wait } else { WhenFull::Drop }
}

fn report_dropped(lines: u64) {
    tracing::warn!(lines, "{lines} log lines were dropped, because nothing read them");
}

/// The number of log lines dropped so far.
pub(super) fn dropped() -> u64 {
    QUEUE.dropped()
}

/// Prints text of one line or more, such as a report. Parts that come from outside must be
/// printable already.
pub(super) fn print(text: &str) {
    QUEUE.push(text.as_bytes(), when_full());
}

/// Prints a message about why a command cannot continue.
pub(super) fn say(sentence: &str) {
    print(&format!("feedmill: {}\n", printable(sentence)));
}

/// Waits until the queue is written, but not for long if nothing reads it. Called before the
/// program ends.
pub(super) fn flush() {
    QUEUE.flush(when_full());
}

/// The panic hook: logs a panic. The hook of the standard library would block on an unread standard
/// error.
pub(super) fn panicked(panic: &PanicHookInfo<'_>) {
    let thread = std::thread::current();
    let thread = thread.name().unwrap_or("without a name");
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let message = panic.payload_as_str().unwrap_or_default();
    let sentence = format!("thread `{thread}` panicked at {place}: {message}");
    if tracing::dispatcher::has_been_set() {
        tracing::error!("{sentence}");
    } else {
        say(&sentence);
    }
    let backtrace = std::backtrace::Backtrace::capture();
    if backtrace.status() == std::backtrace::BacktraceStatus::Captured {
        print(&format!("{backtrace}\n"));
    }
}

/// Writes one log event to the queue.
#[derive(Debug, Clone, Copy)]
enum EventLine {
    /// The fields are made printable one by one, because the colours of the line are control
    /// characters too.
    Text,
    Json,
}

impl io::Write for EventLine {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match self {
            Self::Text => QUEUE.push(line, when_full()),
            Self::Json => {
                QUEUE.push(printable_json(&String::from_utf8_lossy(line)).as_bytes(), when_full());
            }
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts the log. In tests, a second call has no effect.
pub(super) fn start(places: &PlaceSettings, when_full: WhenFull) {
    WAITS.store(when_full == WhenFull::Wait, Ordering::Relaxed);
    let (filter, complaint) = filter(places.levels.as_deref());
    let log = tracing_subscriber::registry().with(filter);
    // `try_init` fails if there is a log already, which is fine.
    let _ = match places.log {
        LogFormat::Text => {
            let lines = |timer: ChronoUtc| {
                fmt::layer()
                    .with_writer(|| EventLine::Text)
                    .with_target(false)
                    .with_timer(timer)
                    .with_ansi(is_coloured(&io::stderr()))
            };
            let all = Targets::new().with_default(LevelFilter::TRACE);
            let sentences = lines(ChronoUtc::new("%H:%M:%S".to_owned()))
                .fmt_fields(debug_fn(for_people))
                .with_filter(all.with_target("access", LevelFilter::OFF));
            // Requests have only fields, no message. `feedmill stats` needs their date.
            let requests = lines(ChronoUtc::rfc_3339())
                .fmt_fields(debug_fn(for_requests).delimited(" "))
                .with_filter(Targets::new().with_target("access", LevelFilter::TRACE));
            log.with(sentences.and_then(requests)).try_init()
        }
        LogFormat::Json => {
            let lines = fmt::layer().with_writer(|| EventLine::Json).with_target(false);
            log.with(lines.json().flatten_event(true).with_timer(ChronoUtc::rfc_3339())).try_init()
        }
    };
    if let Some(complaint) = complaint {
        tracing::warn!("{complaint}");
    }
}

/// The level filter, and an error message if `RUST_LOG` is invalid.
fn filter(levels: Option<&str>) -> (Targets, Option<String>) {
    // Actix logs every worker that it starts, which is of no use to operators. It also reports
    // every malformed request as a server error, so a port scan would fill the log.
    let usual = Targets::new()
        .with_default(LevelFilter::INFO)
        .with_target("actix_server", LevelFilter::WARN)
        .with_target("actix_http", LevelFilter::OFF);
    match levels.map(str::parse::<Targets>) {
        None => (usual, None),
        Some(Ok(asked)) => (asked, None),
        // The variable may be meant for another program, so an error is not fatal.
        Some(Err(error)) => {
            let levels = levels.unwrap_or_default();
            (usual, Some(format!("RUST_LOG `{levels}` is invalid: {error}; write it as info,feedmill=debug")))
        }
    }
}

/// Writes the message, and the help on its own line. The other fields only repeat the message in
/// numbers.
fn for_people(writer: &mut Writer<'_>, field: &Field, value: &dyn std::fmt::Debug) -> std::fmt::Result {
    match field.name() {
        "message" => write!(writer, "{}", printable(&format!("{value:?}"))),
        "help" => write!(writer, "\n         help: {}", printable(&format!("{value:?}"))),
        _ => Ok(()),
    }
}

/// Writes all fields of a request with their names.
fn for_requests(writer: &mut Writer<'_>, field: &Field, value: &dyn std::fmt::Debug) -> std::fmt::Result {
    write!(writer, "{field}={}", printable(&format!("{value:?}")))
}

/// Whether to write colours: to a terminal, unless `NO_COLOR` is set, see <https://no-color.org>.
pub(super) fn is_coloured(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

pub(super) fn problem(problem: &Problem) {
    let code = problem.code.as_str();
    let help = problem.help.as_deref().unwrap_or_default();
    match (problem.severity, help) {
        // Notes need no action, so only `check` shows them at the default level.
        (Severity::Note, _) => tracing::debug!(code, "{problem}"),
        (Severity::Error, "") => tracing::error!(code, "{problem}"),
        (Severity::Error, help) => tracing::error!(code, help = %help, "{problem}"),
        (Severity::Warning, "") => tracing::warn!(code, "{problem}"),
        (Severity::Warning, help) => tracing::warn!(code, help = %help, "{problem}"),
    }
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn levels_are_set_by_rust_log_and_an_invalid_value_is_reported() {
        let (usual, complaint) = filter(None);
        assert!(usual.would_enable("feedmill::disk", &Level::INFO) && !usual.would_enable("feedmill", &Level::DEBUG));
        assert!(!usual.would_enable("actix_server", &Level::INFO) && complaint.is_none());
        let (asked, complaint) = filter(Some("warn,feedmill::disk=debug"));
        assert!(asked.would_enable("feedmill::disk", &Level::DEBUG) && !asked.would_enable("feedmill", &Level::INFO));
        assert!(complaint.is_none());
        let (usual, complaint) = filter(Some("feedmill=[loud]"));
        assert!(usual.would_enable("feedmill", &Level::INFO));
        assert!(complaint.unwrap().contains("RUST_LOG `feedmill=[loud]` is invalid"));
    }
}
