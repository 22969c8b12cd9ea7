//! The command line.

mod arguments;
mod commands;

pub use arguments::{Cli, Command, ServeArguments};

use std::{io, process::ExitCode};

use examples_shared::{
    Failure, exit_code,
    output::{Output, Paint},
};
use tokio::runtime::Builder;

use crate::tour;

/// Runs a command with the standard output, and prints the error if it fails.
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
    match cli.command {
        None if cli.profile.are_given() => {
            Err("the tour runs in memory; name a command, such as `serve`".into())
        }
        // A paused clock goes on when all tasks wait: the tour does not wait for lost answers.
        None => {
            Builder::new_current_thread().enable_all().start_paused(true).build()?.block_on(tour::run(out))
        }
        Some(ref command) => {
            Builder::new_multi_thread().enable_all().build()?.block_on(commands::run(command, &cli, out))
        }
    }
}
