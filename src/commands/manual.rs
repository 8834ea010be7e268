//! `feedmill man` and `feedmill completions`: what clap knows of the command line, as manual pages and as scripts for
//! shells. `tests/it/documents.rs` keeps the copies in `man/` and `completions/` current.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use clap_complete::Shell;
use clap_mangen::Man;

use super::{Failure, tell};
use crate::cli;

pub(super) fn completions(shell: Shell) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut cli::command(), "feedmill", &mut script);
    tell(&String::from_utf8_lossy(&script)).map(|()| ExitCode::SUCCESS)
}

/// Prints the page of `feedmill`, or writes it and those of all commands to a directory.
pub(super) fn pages(directory: Option<&Path>) -> Result<ExitCode, Failure> {
    let mut command = cli::command().disable_help_subcommand(true);
    command.build();
    let Some(directory) = directory else {
        return tell(&String::from_utf8_lossy(&page(command)?)).map(|()| ExitCode::SUCCESS);
    };
    let unwritten = |error: std::io::Error| {
        Failure::new(format!("the manual pages cannot be written to {}: {error}", directory.display()))
    };
    fs::create_dir_all(directory).map_err(unwritten)?;
    let commands = command.get_subcommands().cloned().collect::<Vec<_>>();
    for command in std::iter::once(command).chain(commands) {
        let name = command.get_display_name().unwrap_or(command.get_name()).to_owned();
        fs::write(directory.join(format!("{name}.1")), page(command)?).map_err(unwritten)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn page(command: clap::Command) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    let made = Man::new(command).source(concat!("feedmill ", env!("CARGO_PKG_VERSION"))).render(&mut page);
    made.map(|()| page).map_err(|error| Failure::new(format!("the manual page cannot be made: {error}")))
}
