//! The guided tour: every access pattern once, on an embedded DynamoDB.
//!
//! Each stop prints the action, the requests that DynamoDB received, and the outcome.

mod changes;
mod guide;
mod store;

use std::{ops::RangeInclusive, time::Duration};

use dynamap::Table;
use dynamap_local::{Local, faults::Plan};
use examples_shared::{Failure, output::Output, tour::Guide};

use guide::Tour;

/// The time of a request on its way, and of its response.
const LATENCY: RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_millis(5);

/// Goes through all access patterns. On tokio's paused clock it waits for no timeout.
///
/// # Errors
/// A request fails, or the output cannot be written.
pub async fn run(out: &mut Output<'_>) -> Result<(), Failure> {
    let (faulty, faults) = Local::memory()?.with_faults(Plan::none().latency(LATENCY));
    let (local, requests) = faulty.recording();
    let sessions = Table::new(local.client(), "sessions");
    let guide = Guide::begin("Planning poker on one DynamoDB table", out, requests)?;
    let mut tour = Tour { guide, faults, sessions };
    let id = store::visit(&mut tour).await?;
    changes::visit(&mut tour, &id).await?;
    tour.guide.end("cargo run -p session-store -- serve")
}
