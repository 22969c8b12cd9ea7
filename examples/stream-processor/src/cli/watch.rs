use examples_shared::{
    Failure,
    output::Output,
    profile::{Profile, Purpose},
    stop_signal,
};
use tokio::sync::mpsc;

use super::{arguments::WatchArguments, commands::explained};
use crate::{PROGRAM, TableNames, Worker};

/// Runs a worker until Ctrl-C or SIGTERM, and prints each change.
pub(super) async fn run(
    arguments: &WatchArguments,
    profile: &Profile,
    names: &TableNames,
    out: &mut Output<'_>,
) -> Result<(), Failure> {
    let connection = profile.connect(Purpose::Use, PROGRAM).await?;
    let tables = names.tables(&connection.client);
    let worker = Worker { streams: connection.streams, tables, settings: arguments.settings() };
    let (sender, mut live) = mpsc::unbounded_channel();
    let running = tokio::spawn(worker.run(sender, stop_signal()?));
    out.line(format_args!("watching `{}`; Ctrl-C ends it", names.shop))?;
    out.to.flush()?;
    while let Some(change) = live.recv().await {
        out.line(change)?;
        out.to.flush()?;
    }
    running.await?.map_err(|error| explained(error, names))
}
