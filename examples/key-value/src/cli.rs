//! The command line.

mod arguments;
mod commands;
mod files;
mod json;

pub use arguments::{Cli, Command, CreationArguments, TargetArguments};
pub use json::{Json, JsonObject};

use std::{io, process::ExitCode};

use examples_shared::{
    Failure, exit_code,
    output::{Output, Paint},
};
use tokio::runtime::Builder;

use crate::tour;

/// Runs a command with the standard output, and prints why if it fails.
pub fn main(cli: Cli) -> ExitCode {
    let mut stdout = io::stdout();
    let mut out = Output { to: &mut stdout, paint: Paint::of_terminal() };
    exit_code(run(cli, &mut out))
}

/// Runs a command; without one, the tour.
///
/// # Errors
/// The command fails.
pub fn run(cli: Cli, out: &mut Output<'_>) -> Result<(), Failure> {
    match &cli.command {
        None if cli.profile.are_given() => {
            Err("the tour runs in memory; name a command, such as `keys`".into())
        }
        None => block_on(true, tour::run(out)),
        Some(command) => block_on(false, commands::run(command, &cli, out)),
    }
}

/// Runs on one thread. A paused clock goes on when all tasks wait: what runs in this process alone does not wait for
/// timeouts.
fn block_on<T>(paused: bool, run: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    Builder::new_current_thread().enable_all().start_paused(paused).build()?.block_on(run)
}
