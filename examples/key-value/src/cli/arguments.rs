use std::{convert::Infallible, path::PathBuf};

use clap::{Args, Parser, Subcommand, value_parser};
use examples_shared::profile::ProfileArguments;

use super::json::{Json, JsonObject};
use crate::{Creation, Revision, Step, Target};

/// A store of values by key on one DynamoDB table. Without a command: a guided tour.
///
/// Without an option for its location, the store is in the file key-value.db.
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
    #[arg(long, global = true, value_name = "NAME", default_value = "key-value")]
    pub table: String,

    /// Use strongly consistent reads
    #[arg(long, global = true)]
    pub consistent: bool,

    /// The creation of the table
    #[command(flatten)]
    pub creation: CreationArguments,
}

/// A command of the program.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the value of a key, or what is at a path inside it
    Get {
        /// The key
        key: String,
        /// The names of members, and the numbers of elements
        #[arg(value_parser = step)]
        path: Vec<Step>,
    },
    /// Write the value of a key
    Assoc {
        /// The key, and the revision that it must have
        #[command(flatten)]
        target: TargetArguments,
        /// The value, as JSON
        value: Json,
    },
    /// Write what is at a path inside the value of a key
    AssocIn {
        /// The key, and the revision that it must have
        #[command(flatten)]
        target: TargetArguments,
        /// The value, as JSON
        value: Json,
        /// The names of members, and the numbers of elements
        #[arg(required = true, value_parser = step)]
        path: Vec<Step>,
    },
    /// Add a number to what is at a path inside the value of a key, which is 0 if there is nothing
    Increment {
        /// The key, and the revision that it must have
        #[command(flatten)]
        target: TargetArguments,
        /// The number
        #[arg(allow_negative_numbers = true)]
        number: i64,
        /// The names of members, and the numbers of elements
        #[arg(value_parser = step)]
        path: Vec<Step>,
    },
    /// Remove a key
    Dissoc {
        /// The key, and the revision that it must have
        #[command(flatten)]
        target: TargetArguments,
    },
    /// Tell whether a key is there
    Exists {
        /// The key
        key: String,
    },
    /// Show the kind, the revision and the time of the last write of a key
    Meta {
        /// The key
        key: String,
    },
    /// List all keys
    Keys,
    /// Show the values of several keys
    MultiGet {
        /// The keys
        #[arg(required = true)]
        keys: Vec<String>,
    },
    /// Write several values together
    MultiAssoc {
        /// The values by their keys, as a JSON object
        values: JsonObject,
    },
    /// Remove several keys together
    MultiDissoc {
        /// The keys
        #[arg(required = true)]
        keys: Vec<String>,
    },
    /// Append an entry to a log
    Append {
        /// The key, and the revision that it must have
        #[command(flatten)]
        target: TargetArguments,
        /// The entry, as JSON
        entry: Json,
    },
    /// Show the entries of a log
    Log {
        /// The key
        key: String,
    },
    /// Write the bytes of a file as the value of a key
    Bassoc {
        /// The key, and the revision that it must have
        #[command(flatten)]
        target: TargetArguments,
        /// The file; `-` is the standard input
        file: PathBuf,
    },
    /// Write the bytes of a key to a file
    Bget {
        /// The key
        key: String,
        /// The file; without one, or with `-`, the standard output
        file: Option<PathBuf>,
    },
    /// Delete the chunks and entries that writers left who ended in the middle of their work
    Collect {
        /// Only what is older than this
        #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
        age: u64,
    },
    /// Delete the table with all values
    DeleteStore,
    /// Run the compliance suite in a table of its own
    Compliance {
        /// Leave out the cases that need transactions
        #[arg(long)]
        without_transactions: bool,
    },
}

/// A key to write, and the revision that it must have.
#[derive(Debug, Args)]
pub struct TargetArguments {
    /// The key
    key: String,
    /// Write only if the key is at this revision
    #[arg(long, value_name = "REVISION", conflicts_with = "if_absent")]
    if_revision: Option<Revision>,
    /// Write only if the key is absent
    #[arg(long)]
    if_absent: bool,
}

impl TargetArguments {
    pub(super) fn target(&self) -> Target {
        match (self.if_revision, self.if_absent) {
            (Some(revision), _) => Target::at(&*self.key, revision),
            (None, true) => Target::absent(&*self.key),
            (None, false) => Target::from(&*self.key),
        }
    }
}

/// The creation of the table: on demand, unless both units are given.
#[derive(Debug, Args)]
pub struct CreationArguments {
    /// Create the table with so many read units in each second
    #[arg(long, global = true, value_name = "UNITS", requires = "write", value_parser = value_parser!(i64).range(1..))]
    read: Option<i64>,
    /// Create the table with so many write units in each second
    #[arg(long, global = true, value_name = "UNITS", requires = "read", value_parser = value_parser!(i64).range(1..))]
    write: Option<i64>,
    /// Do not create the table
    #[arg(long, global = true, conflicts_with_all = ["read", "write"])]
    no_create: bool,
}

impl CreationArguments {
    pub(super) fn creation(&self) -> Creation {
        match (self.no_create, self.read, self.write) {
            (true, ..) => Creation::Never,
            (_, Some(read), Some(write)) => Creation::Provisioned { read, write },
            _ => Creation::OnDemand,
        }
    }
}

/// Reads a step: a number is an element of a list, and all other text a member of a map.
fn step(text: &str) -> Result<Step, Infallible> {
    Ok(text.parse().map_or_else(|_| Step::from(text), Step::Element))
}
