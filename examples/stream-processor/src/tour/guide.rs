//! The guide, and the tables that it shows.

use std::time::Duration;

use dynamap_local::Local;
use examples_shared::{
    Failure,
    output::{Align, Columns},
    tour::Guide,
};
use tokio::{sync::mpsc::UnboundedReceiver, time::timeout};

use crate::{
    Live, Tables,
    model::{LowStock, OutboxEntry, Sales},
};

/// The time that a change takes at most to get to the worker.
const PATIENCE: Duration = Duration::from_secs(30);

/// The tour of one shop.
pub(super) struct Tour<'o, 'w> {
    pub(super) guide: Guide<'o, 'w>,
    pub(super) tables: Tables,
    pub(super) local: Local,
    /// The work of the worker.
    pub(super) changes: UnboundedReceiver<Live>,
}

impl Tour<'_, '_> {
    /// Prints the next changes that the worker has recorded, with the requests of the last.
    pub(super) async fn got_changes(&mut self, count: usize) -> Result<(), Failure> {
        let mut changes = Vec::new();
        for _ in 0..count {
            changes.push(self.next_change().await?);
        }
        let requests = self.guide.take_requests();
        if let Some(last) = requests.last() {
            self.guide.sent_body(&last.operation, &last.body)?;
        }
        changes.iter().try_for_each(|change| self.guide.got(change))
    }

    /// Tells how many changes the worker has recorded.
    pub(super) async fn pass_changes(&mut self, count: usize) -> Result<(), Failure> {
        for _ in 0..count {
            self.next_change().await?;
        }
        drop(self.guide.take_requests());
        self.guide.got(format_args!("{count} changes recorded"))
    }

    async fn next_change(&mut self) -> Result<Live, Failure> {
        let change = timeout(PATIENCE, self.changes.recv()).await?;
        change.ok_or_else(|| "the worker has ended".into())
    }
}

/// The sales of a product in a line.
pub(crate) fn sales_of(sales: &Sales) -> String {
    format!("product {}: {} sold in {} sales", sales.id, sales.sold, sales.sales)
}

/// A table of alerts.
pub(crate) fn alerts(alerts: &[LowStock]) -> Columns<3> {
    let headings = [("at", Align::Left), ("product", Align::Right), ("left", Align::Right)];
    Columns::new(headings)
        .rows(alerts, |alert| [alert.at.to_string(), alert.product.to_string(), alert.left.to_string()])
}

/// A table of entries of the outbox.
pub(crate) fn entries(entries: &[OutboxEntry]) -> Columns<4> {
    let headings =
        [("at", Align::Left), ("event", Align::Left), ("item", Align::Left), ("what", Align::Left)];
    Columns::new(headings).rows(entries, |entry| {
        [entry.at.to_string(), entry.event.to_string(), entry.item.clone(), entry.what.clone()]
    })
}
