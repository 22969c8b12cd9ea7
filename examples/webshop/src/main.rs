//! The web shop's command line.

use std::process::ExitCode;

use clap::Parser;
use webshop::cli::{self, Cli};

#[tokio::main]
async fn main() -> ExitCode {
    cli::main(Cli::parse()).await
}
