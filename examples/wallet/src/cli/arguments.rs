use clap::{Args, Parser, Subcommand, value_parser};
use dynamap::Cursor;
use examples_shared::profile::ProfileArguments;

use crate::{Throughput, model::Amount};

/// Wallets and transfers on one DynamoDB table. Without a command: a guided tour.
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
    #[arg(long, global = true, value_name = "NAME", default_value = "wallets")]
    pub table: String,
}

/// A command of the program.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create the table if it is absent
    CreateTable(ThroughputArguments),
    /// Describe the table: its status, key, throughput and size
    Describe,
    /// Change the throughput of the table while it is in use, or make it on demand
    Throughput(ChangeArguments),
    /// Open a wallet
    Open {
        /// The wallet's id
        wallet: String,
        /// The owner's name
        owner: String,
    },
    /// Put money into a wallet
    Deposit {
        /// The id of this deposit: again with it, it is not done again
        id: String,
        /// The wallet's id
        to: String,
        /// The amount, in the smallest unit of the currency
        amount: Amount,
    },
    /// Move money from one wallet to another
    Transfer {
        /// The id of this transfer: again with it, it is not done again
        id: String,
        /// The payer's wallet
        from: String,
        /// The payee's wallet
        to: String,
        /// The amount, in the smallest unit of the currency
        amount: Amount,
    },
    /// Show a wallet
    Show {
        /// The wallet's id
        wallet: String,
    },
    /// List the entries of a wallet, newest first
    Statement {
        /// The wallet's id
        wallet: String,
        /// No more than this many, and the cursor of the rest
        #[arg(long, value_name = "COUNT", default_value_t = 20)]
        limit: usize,
        /// Go on after this cursor
        #[arg(long, value_name = "CURSOR")]
        after: Option<Cursor>,
    },
    /// Transfer a lot while requests and responses are lost, and prove that no money is
    Stress(StressArguments),
}

/// The billing mode of the table: on demand, unless both are given.
#[derive(Debug, Args)]
pub struct ThroughputArguments {
    /// Read capacity units per second
    #[arg(long, visible_alias = "read", value_name = "UNITS", requires = "wcu")]
    #[arg(value_parser = value_parser!(i64).range(1..))]
    rcu: Option<i64>,
    /// Write capacity units per second
    #[arg(long, visible_alias = "write", value_name = "UNITS", requires = "rcu")]
    #[arg(value_parser = value_parser!(i64).range(1..))]
    wcu: Option<i64>,
}

/// The new billing mode of the table.
#[derive(Debug, Args)]
pub struct ChangeArguments {
    /// Provisioned throughput
    #[command(flatten)]
    pub(super) units: ThroughputArguments,
    /// On demand: paid by the request
    #[arg(long, required_unless_present = "rcu", conflicts_with_all = ["rcu", "wcu"])]
    on_demand: bool,
}

impl ThroughputArguments {
    pub(super) fn throughput(&self) -> Throughput {
        match (self.rcu, self.wcu) {
            (Some(read), Some(write)) => Throughput::Provisioned { read, write },
            _ => Throughput::OnDemand,
        }
    }
}

/// The size of the stress test.
#[derive(Debug, Args)]
pub struct StressArguments {
    /// The number of wallets
    #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = value_parser!(u32).range(2..=10_000))]
    pub(super) wallets: u32,
    /// The number of transfers
    #[arg(long, value_name = "COUNT", default_value_t = 10_000, value_parser = value_parser!(u32).range(1..))]
    pub(super) transfers: u32,
    /// The share of requests that have a fault, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.2, value_parser = share)]
    pub(super) faults: f64,
    /// Draws wallets, amounts and faults; by default another one each time
    #[arg(long, value_name = "NUMBER")]
    pub(super) seed: Option<u64>,
}

fn share(text: &str) -> Result<f64, &'static str> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or("expected a number from 0 to 1")
}
