//! The cases that a store must pass, on any DynamoDB.
//!
//! Another program runs them on a client of its own: an emulator, a proxy, or AWS.
//!
//! ```
//! use key_value::compliance::{self, Capability};
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//!     let client = dynamap_local::Local::memory()?.client();
//!     let report = compliance::run(&client, &[Capability::Transactions]).await?;
//!     assert!(report.is_passed(), "{report}");
//!     Ok(())
//! }
//! ```

mod binaries;
mod capability;
mod case;
mod logs;
mod many;
mod metadata;
mod paths;
mod report;
mod revisions;
mod stores;
mod values;

pub use capability::Capability;
pub use case::Case;
pub use report::{Outcome, Report};

use aws_sdk_dynamodb::Client;
use case::{CaseFailure, Context};
use uuid::Uuid;

use crate::{Creation, Result, Store, connect, delete_store};

/// All cases.
pub fn cases() -> impl Iterator<Item = &'static Case> {
    [
        values::CASES,
        paths::CASES,
        metadata::CASES,
        revisions::CASES,
        many::CASES,
        logs::CASES,
        binaries::CASES,
        stores::CASES,
    ]
    .into_iter()
    .flatten()
}

/// Runs all cases for which the DynamoDB of the client has the capabilities, in a table that is made for them and deleted
/// afterwards.
///
/// # Errors
/// The table cannot be created or deleted. That a case failed is in the report.
pub async fn run(client: &Client, capabilities: &[Capability]) -> Result<Report> {
    let store = Store::new(client.clone(), format!("key-value-compliance-{}", Uuid::new_v4().simple()));
    let store = store.consistent_reads();
    connect(&store, Creation::OnDemand).await?;
    let mut report = Report::default();
    for case in cases() {
        let missing = case.needs.iter().find(|needed| !capabilities.contains(needed));
        let outcome = match missing {
            Some(missing) => Outcome::LeftOut(*missing),
            None => case.run_in(client, &store).await,
        };
        report.add(case.name, outcome);
    }
    delete_store(&store).await?;
    Ok(report)
}
