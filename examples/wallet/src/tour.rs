//! The guided tour: every access pattern once, on an embedded DynamoDB.
//!
//! Each stop prints what is done, the requests that DynamoDB received, and what came back.

mod lost_answers;
mod reading;
mod transfers;

use dynamap::{Table, capacity::Meter};
use dynamap_local::{
    Local,
    faults::{Faults, Plan},
};
use examples_shared::{
    Failure,
    output::{Align, Columns, Output},
    tour::Guide,
};
use jiff::Timestamp;

use crate::{
    Throughput, create_table,
    model::{Bank, Entry, Wallet},
};

/// The throughput of the tour's table.
const THROUGHPUT: Throughput = Throughput::Provisioned { read: 5, write: 10 };

/// The tour of one bank.
struct Tour<'o, 'w> {
    guide: Guide<'o, 'w>,
    faults: Faults,
    bank: Table<Bank>,
}

/// Goes through all access patterns. On tokio's paused clock it waits for no timeout.
///
/// # Errors
/// A request fails, or the output cannot be written.
pub async fn run(out: &mut Output<'_>) -> Result<(), Failure> {
    let (faulty, faults) = Local::memory()?.with_faults(Plan::none());
    let (local, requests) = faulty.recording();
    let meter = Meter::new();
    let bank = Table::new(local.client(), "wallets").with_meter(&meter);
    let guide = Guide::begin("Wallets on one DynamoDB table", out, requests)?;
    let mut tour = Tour { guide, faults, bank };
    table(&mut tour).await?;
    transfers::visit(&mut tour).await?;
    lost_answers::visit(&mut tour).await?;
    reading::visit(&mut tour).await?;
    let Tour { mut guide, .. } = tour;
    guide.heading("Capacity", "")?;
    guide.tell(
        "What the calls of the tour consumed, as a `Meter` of the table counts it: DynamoDB tells it with each answer.",
    )?;
    guide.got(meter.consumed())?;
    guide.end("cargo run --release -p wallet -- stress")
}

async fn table(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "The table",
        "create_table",
        "One table for wallets, ledger and transfers, created since it is absent, with a throughput of 5 read and\n\
         10 write units in each second.",
    )?;
    let created = create_table(&tour.bank, THROUGHPUT).await?;
    let operations = tour.guide.sent_only("CreateTable")?.join(", ");
    let outcome = if created { "created, and active" } else { "it was there already" };
    tour.guide.got(format_args!("{outcome}, by {operations}"))
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

impl Tour<'_, '_> {
    /// Prints the tokens of the transactions since the last call, and the outcome of each; returns how many attempts there were
    /// with each token.
    fn sent_by_token(&mut self, outcomes: &[&str]) -> Result<Vec<(String, usize)>, Failure> {
        let mut tokens: Vec<(String, usize)> = Vec::new();
        for (index, request) in self.guide.take_requests().iter().enumerate() {
            let token = request.body["ClientRequestToken"].as_str().unwrap_or_default();
            if let Some(outcome) = outcomes.get(index) {
                let text = format!("{{ ..., \"ClientRequestToken\": \"{token}\" }}  {outcome}");
                self.guide.sent_text(&request.operation, &text)?;
            }
            match tokens.iter_mut().find(|(known, _)| known == token) {
                Some((_, count)) => *count += 1,
                None => tokens.push((token.to_owned(), 1)),
            }
        }
        Ok(tokens)
    }
}
