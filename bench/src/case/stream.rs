//! Change streams: from an event of Lambda to the entities of its images.

use super::{Case, CheckResult};
use crate::{
    contender::{self, AWS_LAMBDA_EVENTS, DYNAMAP, MEMCPY, SKIP},
    document,
    model::Order,
};
use dynamap::stream::{Change, ChangeRecord, Changes};

/// An event of records that have a new and an old image.
pub(super) fn lambda_event(name: &'static str, orders: Vec<Order>) -> Case {
    let orders: &'static [Order] = orders.leak();
    let changed: Vec<Order> =
        orders.iter().map(|order| Order { version: order.version + 1, ..order.clone() }).collect();
    let changed: &'static [Order] = changed.leak();
    let event: &'static [u8] = document::lambda_event(orders, changed).leak();

    let about = format!("a Lambda event of {} records with both images, {} bytes", orders.len(), event.len());
    let mut case = Case::new(name, about);
    let pairs = |changes: Vec<Changes<Order>>| {
        let pair = |record: ChangeRecord<Order>| match record.change {
            Change::Modify { old, new } => Some((old, new)),
            Change::Insert { .. } | Change::Remove { .. } => None,
        };
        changes.into_iter().flatten().filter_map(pair).collect::<Vec<_>>()
    };
    case.add(
        DYNAMAP,
        || contender::dynamap::lambda_event::<Order>(event),
        move |changes| same_pairs(orders, changed, &pairs(changes)),
    );
    case.add(
        AWS_LAMBDA_EVENTS,
        || contender::serde_dynamo::lambda_event::<Order>(event),
        move |read| same_pairs(orders, changed, &read),
    );
    case.add(SKIP, || contender::floor::skip(event), |()| Ok(()));
    case.add(
        MEMCPY,
        || contender::floor::memcpy(event),
        move |copy| if copy == event { Ok(()) } else { Err("another document".into()) },
    );
    case
}

/// Expects the entities before and after each change.
fn same_pairs(old: &[Order], new: &[Order], pairs: &[(Order, Order)]) -> CheckResult {
    let expected = old.iter().zip(new);
    if pairs.len() != old.len() {
        return Err(format!("{} changes instead of {}", pairs.len(), old.len()));
    }
    match pairs.iter().zip(expected).position(|(got, expected)| (&got.0, &got.1) != expected) {
        None => Ok(()),
        Some(index) => Err(format!("change {index} is another")),
    }
}
