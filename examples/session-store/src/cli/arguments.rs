use std::net::IpAddr;

use clap::{Args, Parser, Subcommand};
use examples_shared::profile::ProfileArguments;

/// Planning poker on one DynamoDB table. Without a command: a guided tour.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Cli {
    /// The command to run
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The location of the table
    #[command(flatten)]
    pub profile: ProfileArguments,

    /// The table's name
    #[arg(long, global = true, value_name = "NAME", default_value = "sessions")]
    pub table: String,
}

/// A command of the program.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create the table if it is absent
    CreateTable,
    /// Run the HTTP service, on a table that is created if it is absent
    Serve(ServeArguments),
    /// Show a session and its version
    Show {
        /// The session's id
        id: String,
    },
}

/// The address of the service.
#[derive(Debug, Args)]
pub struct ServeArguments {
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = 8000)]
    pub port: u16,
    /// The address to listen on
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    pub host: IpAddr,
}
