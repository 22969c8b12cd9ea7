//! The command line.

mod arguments;
mod commands;
mod watch;

pub use arguments::{Cli, Command, Search, WatchArguments};

use std::{io, process::ExitCode};

use aws_sdk_dynamodb::Client;
use examples_shared::{
    Failure, exit_code,
    output::{Output, Paint},
    profile::{Profile, ProfileError, Purpose},
};

use crate::{PROGRAM, tour};

/// Runs a command with the standard output, and prints why if it fails.
pub async fn main(cli: Cli) -> ExitCode {
    let mut stdout = io::stdout();
    let mut out = Output { to: &mut stdout, paint: Paint::of_terminal() };
    exit_code(run(cli, &mut out).await)
}

/// Runs a command. Without one it watches the table that the options name, or gives the tour.
///
/// # Errors
/// The command fails.
pub async fn run(cli: Cli, out: &mut Output<'_>) -> Result<(), Failure> {
    let profile = cli.profile.profile();
    match cli.command {
        None if profile == Profile::Memory => tour::run(out).await,
        Some(_) if profile == Profile::Memory => {
            Err("nothing is kept in memory; say where the tables are, such as --db shop.db".into())
        }
        None => watch::run(&WatchArguments::default(), &profile, &cli.names, out).await,
        Some(Command::Watch(arguments)) => watch::run(&arguments, &profile, &cli.names, out).await,
        Some(command) => commands::run(command, &profile, &cli.names, out).await,
    }
}

/// The client of the Lambda function: that of AWS, or of another endpoint.
///
/// # Errors
/// The endpoint is no URL, or the program was built without the feature `aws`.
pub async fn function_client(endpoint: Option<String>) -> Result<Client, ProfileError> {
    let profile = endpoint.map_or(Profile::Aws, Profile::Endpoint);
    Ok(profile.connect(Purpose::Use, PROGRAM).await?.client)
}
