use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use examples_shared::profile::ProfileArguments;
use webshop::model::ProductId;

use crate::{TableNames, WorkerSettings};

/// Views of a web shop, kept up by the changes of its table. Without a command: watches, or gives a guided tour.
#[derive(Debug, Parser)]
#[command(name = "stream-processor", version)]
pub struct Cli {
    #[command(flatten)]
    pub(super) profile: ProfileArguments,

    #[command(flatten)]
    pub(super) names: TableNames,

    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create the tables that are absent, and enable the stream of the shop
    CreateTables,
    /// Record the changes of the shop as they happen, until Ctrl-C or SIGTERM
    Watch(WatchArguments),
    /// Show the sales of a product
    Sales {
        /// The product
        product: ProductId,
    },
    /// Show the last alerts of low stock
    Alerts {
        /// The most alerts
        #[arg(long, default_value_t = 20)]
        limit: usize,
    },
    /// Search the outbox
    Outbox(Search),
    /// Show the records that could not be handled
    Poison,
}

/// The settings of a worker.
#[derive(Debug, Clone, Args)]
pub struct WatchArguments {
    /// The id of this worker, one of its own. Default: a random one
    #[arg(long, value_name = "ID")]
    pub worker: Option<String>,

    /// The milliseconds after which the lease of a worker that is gone is taken by another
    #[arg(long, value_name = "MS", default_value_t = 30_000)]
    pub lease: u64,

    /// The milliseconds between two requests while nothing happens
    #[arg(long, value_name = "MS", default_value_t = 1_000)]
    pub poll: u64,

    /// The number of changes between two checkpoints
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    pub checkpoint: u64,
}

impl Default for WatchArguments {
    fn default() -> Self {
        let WorkerSettings { lease, poll, checkpoint_every, .. } = WorkerSettings::default();
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            worker: None,
            lease: milliseconds(lease),
            poll: milliseconds(poll),
            checkpoint: checkpoint_every,
        }
    }
}

impl WatchArguments {
    pub(super) fn settings(&self) -> WorkerSettings {
        WorkerSettings {
            id: self.worker.clone(),
            lease: Duration::from_millis(self.lease),
            poll: Duration::from_millis(self.poll),
            checkpoint_every: self.checkpoint,
        }
    }
}

/// A search of the outbox.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
pub struct Search {
    /// The changes of an entity, such as `Stock`
    #[arg(long)]
    pub entity: Option<String>,

    /// The changes of an item, such as `product 22`
    #[arg(long)]
    pub item: Option<String>,

    /// The changes of a day, such as 2026-11-30
    #[arg(long)]
    pub day: Option<String>,
}
