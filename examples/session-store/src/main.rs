//! The command line of the planning poker.

use std::process::ExitCode;

use clap::Parser;
use session_store::cli::{self, Cli};

fn main() -> ExitCode {
    examples_shared::log::begin();
    cli::main(Cli::parse())
}
