//! The commands: what `feedmill serve`, `build`, `check` and `healthcheck` do.
//!
//! Here the clock is read, the log is written and the rooms are wired to each
//! other. How each thing is done is known further up.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};

use crate::diagnostic::Problem;
use crate::settings::{Settings, SettingsError};

mod build;
mod check;
mod clock;
mod healthcheck;
pub mod load;
mod log;
mod pages;
mod progress;
mod serve;
mod threads;

/// Why a command could not do its work: exit code 2.
#[derive(Debug)]
pub struct Failure {
    /// What is wrong, and what to do, in a sentence or more.
    sentences: Vec<String>,
}

impl Failure {
    fn new(sentence: impl Into<String>) -> Self {
        Self { sentences: vec![sentence.into()] }
    }

    /// Of one problem, its sentence; of several, each on a line.
    fn of(problems: &[Problem]) -> Self {
        let sentences = problems.iter().map(|problem| match &problem.help {
            Some(help) => format!("{problem}; {help}"),
            None => problem.to_string(),
        });
        Self { sentences: sentences.collect() }
    }
}

/// As PID 1 a program ignores these signals until it handles them. A tool in the
/// foreground may end at any moment: what it writes is whole before and after.
fn take_signals() {
    if std::process::id() == 1 {
        for signal in [SIGTERM, SIGINT] {
            let always = Arc::new(AtomicBool::new(true));
            // Without it the container's runtime kills after its patience.
            let _ = signal_hook::flag::register_conditional_shutdown(signal, UNABLE.into(), always);
        }
    }
}

/// Could not run.
const UNABLE: u8 = 2;

/// Does what the settings say; the exit code tells how it went.
pub fn run(settings: Settings) -> ExitCode {
    std::panic::set_hook(Box::new(log::panicked));
    let done = match settings {
        Settings::Serve(settings) => serve::run(&settings),
        Settings::Build(settings) => build::run(&settings),
        Settings::Check(settings) => check::run(&settings),
        Settings::Healthcheck(settings) => Ok(healthcheck::run(&settings)),
    };
    let code = done.unwrap_or_else(|failure| {
        failure.sentences.iter().for_each(|sentence| log::say(sentence));
        ExitCode::from(UNABLE)
    });
    log::flush();
    code
}

/// Answers a command line that cannot be run: the help that was asked for on
/// standard output, what is wrong on standard error.
pub fn refuse(error: &SettingsError) -> ExitCode {
    match error {
        SettingsError::CommandLine(answer) if !answer.use_stderr() => {
            let text = answer.render();
            let text = if io::stdout().is_terminal() { text.ansi().to_string() } else { text.to_string() };
            // A reader that left early, as `head` does, has seen enough.
            let _ = io::stdout().write_all(text.as_bytes());
            return ExitCode::SUCCESS;
        }
        SettingsError::CommandLine(answer) => {
            let text = answer.render();
            log::print(&if log::is_terminal() { text.ansi().to_string() } else { text.to_string() });
        }
        error => log::say(&error.to_string()),
    }
    log::flush();
    ExitCode::from(UNABLE)
}
