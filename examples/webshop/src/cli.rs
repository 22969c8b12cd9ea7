//! The command line.

mod arguments;
mod commands;
mod import;
mod load;
mod schema;
mod serve;
mod stock;
mod telemetry;

pub use arguments::{Cli, Command};

use std::{io, process::ExitCode};

use examples_shared::{
    Failure, exit_code,
    output::{Output, Paint},
};

use crate::tour;
use telemetry::Telemetry;

/// Runs a command with the standard output, and prints why if it fails.
pub async fn main(cli: Cli) -> ExitCode {
    let mut stdout = io::stdout();
    let mut out = Output { to: &mut stdout, paint: Paint::of_terminal() };
    let outcome = {
        // A server has a log of its own.
        let _telemetry = match cli.command {
            Some(Command::Serve(_)) => None,
            _ => Some(Telemetry::begin("off")),
        };
        run(cli, &mut out).await
    };
    exit_code(outcome)
}

/// Runs a command; without one, the tour.
///
/// # Errors
/// The command fails.
pub async fn run(cli: Cli, out: &mut Output<'_>) -> Result<(), Failure> {
    let profile = cli.profile.profile();
    match cli.command {
        None if cli.profile.are_given() => {
            Err("the tour runs in memory; name a command, such as `groups`".into())
        }
        None => tour::run(out).await,
        Some(Command::Load(_)) if cli.profile.are_given() => {
            Err("the load runs in memory, on a server in this program".into())
        }
        Some(Command::Load(arguments)) => load::run(arguments, out).await,
        Some(Command::Schema(_)) if cli.profile.are_given() => {
            Err("the schema is that of the program, wherever a table is".into())
        }
        Some(Command::Schema(arguments)) => schema::print(&arguments, &cli.table, out),
        Some(Command::Import { files, wcu }) => {
            import::run(&profile, &cli.table, &files.into(), wcu, out).await
        }
        Some(command) => commands::run(command, &profile, &cli.table, out).await,
    }
}
