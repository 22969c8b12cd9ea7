//! The list of cases.

use super::{Case, Scale, batch, call, decode, encode, save, search, stream};
use crate::{
    document::{PAGE_BYTES, page_length},
    model::{Event, Mixed, Model, Order, Passage, Wallet, samples},
};

/// A case before its data is made.
pub(crate) struct Plan {
    pub(crate) name: &'static str,
    make: fn(&'static str, Scale) -> Case,
}

/// All cases, in the order of the report.
pub(crate) static PLANS: [Plan; 21] = [
    plan("decode-page-300b", |name, scale| decode::query(name, page::<Event>(scale))),
    plan("decode-page-1500b", |name, scale| decode::query(name, page::<Order>(scale))),
    plan("decode-page-serde-fields", |name, scale| decode::query_with_serde_fields(name, page(scale))),
    plan("decode-order", |name, _| decode::get_item(name, Order::sample(0))),
    plan("decode-wallet", |name, _| decode::get_item(name, Wallet::sample(0))),
    plan("encode-order", |name, _| encode::put_item(name, Order::sample(0))),
    plan("encode-wallet", |name, _| encode::put_item(name, Wallet::sample(0))),
    plan("mixed-10", |name, _| decode::query(name, samples::<Mixed>(10))),
    plan("mixed-100", |name, _| decode::query(name, samples::<Mixed>(100))),
    plan("mixed-1000", |name, _| decode::query(name, samples::<Mixed>(1000))),
    plan("stream-lambda-event", |name, scale| stream::lambda_event(name, records(scale))),
    plan("call-get-wallet", |name, _| call::get_item(name, Wallet::sample(0))),
    plan("call-get-order", |name, _| call::get_item(name, Order::sample(0))),
    plan("call-put-wallet", |name, _| call::put_item(name, Wallet::sample(0))),
    plan("call-put-order", |name, _| call::put_item(name, Order::sample(0))),
    plan("call-save-versioned", |name, _| save::update_item(name)),
    plan("call-query-300b", |name, scale| call::query(name, page::<Event>(scale))),
    plan("call-query-1500b", |name, scale| call::query(name, page::<Order>(scale))),
    plan("search-vectors-100x1024", |name, scale| search::search(name, passages(scale))),
    plan("call-batch-get-100", |name, _| call::batch_get_item(name, samples::<Order>(100))),
    plan("call-batch-write-25", |name, _| call::batch_write_item(name, samples::<Order>(25))),
];

/// The cases of `bench batch`.
pub(crate) static BATCHES: [Plan; 6] = [
    plan("batch-write-300b", |name, scale| batch::write(name, samples::<Event>(batch::items(scale)))),
    plan("batch-write-1500b", |name, scale| batch::write(name, samples::<Order>(batch::items(scale)))),
    plan("batch-write-4kb", |name, scale| batch::write(name, batch::large_orders(scale))),
    plan("batch-get-300b", |name, scale| batch::get(name, samples::<Event>(batch::items(scale)))),
    plan("batch-get-1500b", |name, scale| batch::get(name, samples::<Order>(batch::items(scale)))),
    plan("batch-get-4kb", |name, scale| batch::get(name, batch::large_orders(scale))),
];

/// The case with this name.
pub(crate) fn plan_of(name: &str) -> Option<&'static Plan> {
    PLANS.iter().chain(&BATCHES).find(|plan| plan.name == name)
}

const fn plan(name: &'static str, make: fn(&'static str, Scale) -> Case) -> Plan {
    Plan { name, make }
}

impl Plan {
    /// Makes the data of the case.
    pub(crate) fn make(&self, scale: Scale) -> Case {
        (self.make)(self.name, scale)
    }
}

fn page<T: Model>(scale: Scale) -> Vec<T> {
    let bytes = match scale {
        Scale::Full => PAGE_BYTES,
        Scale::Smoke => PAGE_BYTES / 64,
    };
    samples(page_length::<T>(bytes))
}

/// The orders that the records of an event are about.
fn records(scale: Scale) -> Vec<Order> {
    samples(match scale {
        Scale::Full => 1000,
        Scale::Smoke => 20,
    })
}

/// The passages that a search finds.
fn passages(scale: Scale) -> Vec<Passage> {
    let count = match scale {
        Scale::Full => 100,
        Scale::Smoke => 3,
    };
    (0..count).map(Passage::sample).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{leak, same, same_all};
    use super::*;
    use crate::document::item_size;

    #[test]
    fn contenders_agree() {
        for plan in PLANS.iter().chain(&BATCHES) {
            let mut case = plan.make(Scale::Smoke);
            assert_eq!(case.check(), Ok(()));
            assert!(case.contenders.len() > 1, "{}", case.name);
        }
    }

    #[test]
    fn checks_can_fail() {
        let expected = leak(Wallet::sample(0));
        assert!(same(expected)(Wallet::sample(1)).is_err());
        let all: &[Wallet] = samples(2).leak();
        assert!(same_all(all)(samples(1)).is_err());
        assert_eq!(
            same_all(all)(vec![Wallet::sample(0), Wallet::sample(2)]),
            Err("entity 1 is another".to_owned())
        );
        let request = br#"{"TableName":"bench","Item":{}}"#;
        assert!(encode::request_is(&crate::document::put_item_request(expected), request).is_err());
    }

    #[test]
    fn pages_have_items_of_the_size_in_their_name() {
        assert!((290..=310).contains(&(PAGE_BYTES / page_length::<Event>(PAGE_BYTES))));
        assert!((1450..=1550).contains(&(PAGE_BYTES / page_length::<Order>(PAGE_BYTES))));
        assert_eq!(item_size(&Wallet::sample(0)), 11 + 6 + 2 + 15 + 2 + 10 + 7 + 5 + 8 + 3);
    }

    #[test]
    fn names_of_cases_are_unique() {
        let mut names: Vec<_> = PLANS.iter().chain(&BATCHES).map(|plan| plan.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PLANS.len() + BATCHES.len());
    }
}
