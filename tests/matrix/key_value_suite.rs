//! The compliance suite of the example `key-value` as a topic of the matrix.

use super::{Capability, Outcome, Row, engine::Engine, target::Target};
use key_value::compliance::{self, Capability as Needed, Outcome as Found};

pub(super) const TOPIC: &str = "key_value";

/// Runs the suite.
pub(super) async fn run(target: &Target, engine: &Engine, mut on_row: impl FnMut(Row)) {
    let has_transactions = !target.lacks.contains(&Capability::Transactions);
    let capabilities = if has_transactions { &[Needed::Transactions][..] } else { &[] };
    let failed = match compliance::run(&target.client, capabilities).await {
        Ok(report) => {
            for (case, found) in report.outcomes() {
                on_row(row(engine, case, found));
            }
            return;
        }
        Err(failure) => examples_shared::with_sources(&failure),
    };
    for case in compliance::cases() {
        on_row(Row::judged(engine, TOPIC, case.name, Err(failed.clone())));
    }
}

fn row(engine: &Engine, case: &'static str, found: &Found) -> Row {
    let found = match found {
        Found::Passed => Ok(()),
        Found::Failed(failure) => Err(failure.clone()),
        Found::LeftOut(_) => {
            let outcome = Outcome::NotSupported(Capability::Transactions);
            return Row { topic: TOPIC, case, outcome };
        }
        other => Err(format!("{other:?}")),
    };
    Row::judged(engine, TOPIC, case, found)
}
