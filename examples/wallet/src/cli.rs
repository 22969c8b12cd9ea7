//! The command line.

mod arguments;
mod commands;
mod stress;

pub use arguments::{Cli, Command, StressArguments};

use std::{error::Error, io, process::ExitCode};

use tokio::runtime::Builder;
use webshop::output::{Output, Paint};

use crate::tour::{self, Failure};

/// Runs a command with the standard output, and prints why if it fails.
pub fn main(cli: Cli) -> ExitCode {
    let mut stdout = io::stdout();
    let mut out = Output { to: &mut stdout, paint: Paint::of_terminal() };
    match run(cli, &mut out) {
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
pub fn run(cli: Cli, out: &mut Output<'_>) -> Result<(), Failure> {
    match cli.command {
        None | Some(Command::Stress(_)) if cli.names_profile() => {
            Err("the tour and the stress run in memory; name a command, such as `statement`".into())
        }
        None => block_on(true, tour::run(out)),
        Some(Command::Stress(arguments)) => block_on(true, stress::run(&arguments, out)),
        Some(ref command) => block_on(false, commands::run(command, &cli, out)),
    }
}

/// A paused clock goes on when everybody waits: what runs in this process alone does not wait for time-outs.
fn block_on<T>(paused: bool, run: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    Builder::new_current_thread().enable_all().start_paused(paused).build()?.block_on(run)
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
