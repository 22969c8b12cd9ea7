//! The command line of the wallets.

use std::process::ExitCode;

use clap::Parser;
use wallet::cli::{self, Cli};

fn main() -> ExitCode {
    cli::main(Cli::parse())
}
