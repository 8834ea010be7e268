//! The log: text for people, JSON for machines, both on standard error.

use tracing::field::Field;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::{Writer, debug_fn};
use tracing_subscriber::fmt::time::ChronoUtc;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt};

use crate::cli::LogFormat;
use crate::diagnostic::{Problem, Severity};
use crate::settings::PlaceSettings;

/// Starts the log; a second start, as in tests, changes nothing.
pub(super) fn start(places: &PlaceSettings) {
    let (filter, complaint) = filter(places.levels.as_deref());
    let log = tracing_subscriber::registry().with(filter);
    // A log that is there already serves as well.
    let _ = match places.log {
        LogFormat::Text => {
            let lines = || {
                let timer = ChronoUtc::new("%H:%M:%S".to_owned());
                fmt::layer().with_writer(std::io::stderr).with_target(false).with_timer(timer).with_ansi(is_terminal())
            };
            let all = Targets::new().with_default(LevelFilter::TRACE);
            let sentences =
                lines().fmt_fields(debug_fn(for_people)).with_filter(all.with_target("access", LevelFilter::OFF));
            // Requests have no sentence, only fields.
            let requests = lines().with_filter(Targets::new().with_target("access", LevelFilter::TRACE));
            log.with(sentences.and_then(requests)).try_init()
        }
        LogFormat::Json => {
            let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
            log.with(lines.json().flatten_event(true).with_timer(ChronoUtc::rfc_3339())).try_init()
        }
    };
    if let Some(complaint) = complaint {
        tracing::warn!("{complaint}");
    }
}

/// What is told, and what is wrong with the levels asked for.
fn filter(levels: Option<&str>) -> (Targets, Option<String>) {
    // Actix tells of every worker it starts; nobody who runs feedmill asked.
    // And it takes every request that is none for an error of the server:
    // whoever scans ports would fill the log.
    let usual = Targets::new()
        .with_default(LevelFilter::INFO)
        .with_target("actix_server", LevelFilter::WARN)
        .with_target("actix_http", LevelFilter::OFF);
    match levels.map(str::parse::<Targets>) {
        None => (usual, None),
        Some(Ok(asked)) => (asked, None),
        // The variable may have been set for another program.
        Some(Err(error)) => {
            let levels = levels.unwrap_or_default();
            (usual, Some(format!("RUST_LOG `{levels}` is not understood: {error}; write it as info,feedmill=debug")))
        }
    }
}

/// The sentence, and the way out on a line of its own; other fields say in
/// numbers what the sentence says already.
fn for_people(writer: &mut Writer<'_>, field: &Field, value: &dyn std::fmt::Debug) -> std::fmt::Result {
    match field.name() {
        "message" => write!(writer, "{value:?}"),
        "help" => write!(writer, "\n         help: {value:?}"),
        _ => Ok(()),
    }
}

fn is_terminal() -> bool {
    use std::io::IsTerminal as _;
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Tells a problem.
pub(super) fn problem(problem: &Problem) {
    let code = problem.code.as_str();
    let help = problem.help.as_deref().unwrap_or_default();
    match (problem.severity, help) {
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
    fn levels_are_as_asked_for_and_nonsense_is_told() {
        let (usual, complaint) = filter(None);
        assert!(usual.would_enable("feedmill::disk", &Level::INFO) && !usual.would_enable("feedmill", &Level::DEBUG));
        assert!(!usual.would_enable("actix_server", &Level::INFO) && complaint.is_none());
        let (asked, complaint) = filter(Some("warn,feedmill::disk=debug"));
        assert!(asked.would_enable("feedmill::disk", &Level::DEBUG) && !asked.would_enable("feedmill", &Level::INFO));
        assert!(complaint.is_none());
        let (usual, complaint) = filter(Some("feedmill=[loud]"));
        assert!(usual.would_enable("feedmill", &Level::INFO));
        assert!(complaint.unwrap().contains("RUST_LOG `feedmill=[loud]` is not understood"));
    }
}
