//! The command line of the store.

use std::process::ExitCode;

use clap::Parser;
use key_value::cli::{self, Cli};

fn main() -> ExitCode {
    examples_shared::log::begin();
    cli::main(Cli::parse())
}
