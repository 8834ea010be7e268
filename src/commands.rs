//! The commands: what `feedmill serve`, `build`, `check` and `healthcheck` do.
//!
//! Here the clock is read, the log is written and the rooms are wired to each
//! other. How each thing is done is known further up.

use std::process::ExitCode;

use crate::diagnostic::Problem;
use crate::settings::Settings;

mod build;
mod check;
mod healthcheck;
pub mod load;
mod log;
mod pages;
mod progress;
mod serve;

/// Why a command could not do its work: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What is wrong, and what to do.
    message: String,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    /// Of one problem, its sentence; of several, each on a line.
    fn of(problems: &[Problem]) -> Self {
        let told = problems.iter().map(|problem| match &problem.help {
            Some(help) => format!("{problem}; {help}"),
            None => problem.to_string(),
        });
        Self::new(told.collect::<Vec<_>>().join("\nfeedmill: "))
    }
}

/// Could not run.
const UNABLE: u8 = 2;

/// Does what the settings say; the exit code tells how it went.
pub fn run(settings: Settings) -> ExitCode {
    let done = match settings {
        Settings::Serve(settings) => serve::run(&settings),
        Settings::Build(settings) => build::run(&settings),
        Settings::Check(settings) => check::run(&settings),
        Settings::Healthcheck(settings) => Ok(healthcheck::run(&settings)),
    };
    done.unwrap_or_else(|failure| {
        eprintln!("feedmill: {failure}");
        ExitCode::from(UNABLE)
    })
}
