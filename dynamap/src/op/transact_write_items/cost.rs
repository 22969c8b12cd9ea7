//! The likely cost of a transaction, and the cost of one that was cancelled.

use super::{
    action::{ActionKind, ActionMembers},
    check::Placed,
};
use crate::{
    budget::{Cost, Forecast, Processed},
    call::Handle,
    capacity::{Billing, Units, transactional_write_units},
    direct::{Refusal, TRANSACT_WRITE_ITEMS},
    entity::{Item, RawItem},
};
use std::sync::Arc;

/// The sizes of the actions that are sent, if a meter or a budget needs them.
#[derive(Debug, Default)]
pub(super) struct Costs {
    /// Of all actions; empty if they are of several.
    entity: &'static str,
    /// Of the items that are put, and of the keys of other actions.
    sizes: Vec<(usize, Billing)>,
    processed: Processed,
}

impl Costs {
    pub(super) fn of(handle: &Handle, placed: &[Placed], writes: &[(Arc<str>, ActionMembers)]) -> Self {
        if !handle.is_metered() {
            return Self::default();
        }
        let mut costs = Self { entity: only_entity(placed), ..Self::default() };
        for (_, write) in writes {
            let (size, processed) = (write.billed_size(), &mut costs.processed);
            costs.sizes.push((size, write.billing));
            processed.items += 1;
            match write.kind() {
                ActionKind::Put => processed.known += transactional_write_units(size),
                ActionKind::Update | ActionKind::Delete | ActionKind::ConditionCheck => processed.others += 1,
            }
        }
        costs
    }

    /// Puts by their sizes, and other actions by the average of those of such transactions.
    pub(super) fn forecast(&self) -> Forecast {
        let Processed { items, known, others } = self.processed;
        let cost = Cost::Partly { known, others, first: transactional_write_units(0) };
        Forecast { items, ..Forecast::of_write(TRANSACT_WRITE_ITEMS.name, self.entity, cost) }
    }

    /// The processed items of a transaction that succeeds: all of them.
    pub(super) fn processed(&self) -> Processed {
        self.processed
    }

    /// The units that it consumes if no stored item is larger than the one that is sent.
    pub(super) fn least(&self) -> f64 {
        self.sizes.iter().map(|(size, _)| transactional_write_units(*size)).sum()
    }

    /// The units that a transaction has consumed that was cancelled for these reasons.
    ///
    /// DynamoDB: a cancelled transaction costs as much as one that succeeds, and its error does not tell.
    pub(super) fn of_canceled(&self, refusals: &[Refusal]) -> Units {
        let units = self.sizes.iter().enumerate().map(|(at, (size, billing))| {
            let item = refusals.get(at).and_then(|(_, item)| item.as_ref().map(RawItem::read::<Item>)?.ok());
            transactional_write_units(item.map_or(0, |item| billing.item_size(&item)).max(*size))
        });
        Units::of(units.sum(), true)
    }
}

/// The entity of all actions; empty if there are several.
pub(super) fn only_entity(placed: &[Placed]) -> &'static str {
    let mut entities = placed.iter().map(|placed| placed.action.entity);
    let first = entities.next().unwrap_or_default();
    if entities.all(|entity| entity == first) { first } else { "" }
}
