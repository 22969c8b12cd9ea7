//! The command line.

mod arguments;
mod commands;
mod import;

pub use arguments::{Cli, Command};

use std::{error::Error, io, process::ExitCode};

use crate::{
    output::{Output, Paint},
    tour::{self, Failure},
};

/// Runs a command with the standard output, and prints why if it fails.
pub async fn main(cli: Cli) -> ExitCode {
    let mut stdout = io::stdout();
    let mut out = Output { to: &mut stdout, paint: Paint::of_terminal() };
    match run(cli, &mut out).await {
        Ok(()) => ExitCode::SUCCESS,
        // As when the output goes to `head`: the reader has seen enough.
        Err(failure) if is_broken_pipe(&*failure) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {}", with_sources(&*failure));
            ExitCode::FAILURE
        }
    }
}

/// Runs a command; without one, the tour.
///
/// # Errors
/// Why the command could not do what it was told.
pub async fn run(cli: Cli, out: &mut Output<'_>) -> Result<(), Failure> {
    let profile = cli.profile();
    match cli.command {
        None if cli.names_profile() => {
            Err("the tour runs in memory; name a command, such as `groups`".into())
        }
        None => tour::run(out).await,
        Some(Command::Import { files, wcu }) => {
            import::run(&profile, &cli.table, &files.into(), wcu, out).await
        }
        Some(command) => commands::run(command, &profile, &cli.table, out).await,
    }
}

fn is_broken_pipe(failure: &(dyn Error + 'static)) -> bool {
    let error = failure.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// The error and what caused it, in one line.
fn with_sources(failure: &(dyn Error + 'static)) -> String {
    let mut text = failure.to_string();
    let mut source = failure.source();
    while let Some(error) = source {
        text.push_str(&format!(": {error}"));
        source = error.source();
    }
    text
}
