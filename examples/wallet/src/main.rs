//! The command line of the wallets.

use std::process::ExitCode;

use clap::Parser;
use wallet::cli::{self, Cli};

fn main() -> ExitCode {
    examples_shared::log::begin();
    cli::main(Cli::parse())
}
