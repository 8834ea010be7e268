//! The commands `serve`, `build`, `check`, `compare`, `images`, `doctor`, `stats`, `edge`, `healthcheck`, `init`, `completions` and `man`.
//!
//! This module reads the clock, writes the log and connects the other modules.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};

use crate::diagnostic::Problem;
use crate::platform;
use crate::settings::{Settings, SettingsError};

mod build;
mod check;
mod clock;
mod compare;
mod dates;
mod doctor;
mod edge;
mod healthcheck;
mod images;
mod init;
mod left_out;
mod limits;
pub mod load;
mod log;
mod manual;
mod pages;
mod pings;
mod problems;
mod progress;
mod serve;
mod stats;
mod threads;

/// Escapes backslashes and quotation marks, for a text in double quotes in a configuration of nginx.
fn nginx_quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Why a command could not do its work. The program exits with code 2.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The error messages, one line each, with hints what to do.
    sentences: Vec<String>,
}

impl Failure {
    fn new(sentence: impl Into<String>) -> Self {
        Self { sentences: vec![sentence.into()] }
    }

    /// Shows each problem on its own line, together with its help.
    fn of(problems: &[Problem]) -> Self {
        let sentences = problems.iter().map(|problem| match &problem.help {
            Some(help) => format!("{problem}; {help}"),
            None => problem.to_string(),
        });
        Self { sentences: sentences.collect() }
    }

    /// Logs the failure of a task that is tried again later.
    fn log(&self) {
        self.sentences.iter().for_each(|sentence| tracing::warn!("{sentence}"));
    }
}

/// Handles SIGTERM and SIGINT for commands that run in the foreground. Without a handler a process
/// with PID 1 ignores them. The command may stop at any moment, because files are written
/// atomically.
fn take_signals() {
    if std::process::id() == 1 {
        for signal in [SIGTERM, SIGINT] {
            let always = Arc::new(AtomicBool::new(true));
            // If this fails, the container runtime kills the process after its timeout.
            let _ = signal_hook::flag::register_conditional_shutdown(signal, UNABLE.into(), always);
        }
    }
}

/// The exit code if the command could not run.
const UNABLE: u8 = 2;

/// Runs the command of these settings and returns its exit code.
pub fn run(settings: Settings) -> ExitCode {
    platform::use_small_pages();
    std::panic::set_hook(Box::new(log::panicked));
    let done = match settings {
        Settings::Serve(settings) => serve::run(&settings),
        Settings::Build(settings) => build::run(&settings),
        Settings::Check(settings) => check::run(&settings),
        Settings::Compare(settings) => compare::run(&settings),
        Settings::Images(settings) => images::run(&settings),
        Settings::Doctor(settings) => doctor::run(&settings),
        Settings::Edge(settings) => edge::run(&settings),
        Settings::Stats(settings) => stats::run(&settings),
        Settings::Healthcheck(settings) => Ok(healthcheck::run(&settings)),
        Settings::Init(places) => init::run(&places),
        Settings::Completions(shell) => manual::completions(shell),
        Settings::Man(directory) => manual::pages(directory.as_deref()),
    };
    let code = done.unwrap_or_else(|failure| {
        failure.sentences.iter().for_each(|sentence| log::say(sentence));
        ExitCode::from(UNABLE)
    });
    log::flush();
    code
}

/// Writes a report to standard output. A reader that has seen enough, such as `head`, is no error.
fn tell(report: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(report.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("the report cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Reports a command line that cannot be run. Help that the user asked for goes to standard output,
/// an error to standard error.
pub fn refuse(error: &SettingsError) -> ExitCode {
    match error {
        SettingsError::CommandLine(answer) if !answer.use_stderr() => {
            let text = answer.render();
            let text = if log::is_coloured(&io::stdout()) { text.ansi().to_string() } else { text.to_string() };
            // A broken pipe is fine: the reader, for example `head`, has seen enough.
            let _ = io::stdout().write_all(text.as_bytes());
            return ExitCode::SUCCESS;
        }
        SettingsError::CommandLine(answer) => {
            let text = answer.render();
            log::print(&if log::is_coloured(&io::stderr()) { text.ansi().to_string() } else { text.to_string() });
        }
        error => log::say(&error.to_string()),
    }
    log::flush();
    ExitCode::from(UNABLE)
}
