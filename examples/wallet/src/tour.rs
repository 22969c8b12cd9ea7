//! The guided tour: every access pattern once, on an embedded DynamoDB.
//!
//! Each stop prints what is done, the requests that DynamoDB received, and what came back.

mod guide;
mod lost_answers;
mod reading;
mod transfers;

use std::error::Error;

use dynamap::{Table, capacity::Meter};
use dynamap_local::{Local, faults::Plan};
use jiff::Timestamp;
use webshop::output::{Align, Columns, Output};

use crate::{
    Throughput, create_table,
    model::{Entry, Wallet},
};
use guide::Guide;

/// An error that ends the program.
pub type Failure = Box<dyn Error + Send + Sync>;

/// The throughput of the tour's table.
const THROUGHPUT: Throughput = Throughput::Provisioned { read: 5, write: 10 };

/// Goes through all access patterns. On tokio's paused clock it waits for no time-out.
///
/// # Errors
/// A request fails, or the output cannot be written.
pub async fn run(out: &mut Output<'_>) -> Result<(), Failure> {
    let (faulty, faults) = Local::memory()?.with_faults(Plan::none());
    let (local, requests) = faulty.recording();
    let meter = Meter::new();
    let bank = Table::new(local.client(), "wallets").with_meter(&meter);
    out.line(out.paint.heading("Wallets on one DynamoDB table"))?;
    out.line("")?;
    out.line("It runs on a DynamoDB inside this program: nothing is installed, nothing leaves the machine.")?;
    out.line("Each stop shows a function of src/lib.rs, the requests DynamoDB received, and the outcome.")?;

    let mut guide = Guide::new(out, requests, faults, bank, meter);
    table(&mut guide).await?;
    transfers::visit(&mut guide).await?;
    lost_answers::visit(&mut guide).await?;
    reading::visit(&mut guide).await?;
    guide.end()
}

async fn table(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop(
        "The table",
        "create_table",
        "One table for wallets, ledger and transfers, created since it is absent, with a throughput of 5 read and\n\
         10 write units in each second.",
    )?;
    let created = create_table(&guide.bank, THROUGHPUT).await?;
    let operations = guide.sent_only("CreateTable")?.join(", ");
    let outcome = if created { "created, and active" } else { "it was there already" };
    guide.got(format_args!("{outcome}, by {operations}"))
}

/// A wallet in a line.
pub(crate) fn shown(wallet: &Wallet) -> String {
    let Wallet { id, owner, balance, version } = wallet;
    let version = version.stored().copied().unwrap_or_default();
    format!("{id} of {owner}: {balance} (version {version})")
}

/// A table of entries.
pub(crate) fn entries(entries: &[Entry]) -> Columns<4> {
    let headings =
        [("at", Align::Left), ("transfer", Align::Left), ("with", Align::Left), ("amount", Align::Right)];
    Columns::new(headings).rows(entries, |entry| {
        let other = entry.other.clone().unwrap_or_else(|| "(outside)".to_owned());
        [second(entry.at), entry.transfer.clone(), other, format!("{:+}", entry.amount)]
    })
}

fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A stop whose outcome is not the one it shows.
fn unexpected(what: &str, outcome: impl std::fmt::Debug) -> Failure {
    format!("{what}: {outcome:?}").into()
}
