//! The command line of the stream processor.

use std::process::ExitCode;

use clap::Parser;
use stream_processor::cli::{self, Cli};

#[tokio::main]
async fn main() -> ExitCode {
    examples_shared::log::begin();
    cli::main(Cli::parse()).await
}
