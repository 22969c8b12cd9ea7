//! Proxies between dynamap and DynamoDB, which answer in its place: by the faults of the engine.

use crate::model::{Order, Shop, World, order, orders};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::error::ServiceErrorKind;
use dynamap::{Error, Mapping, Table, direct};
use dynamap_local::Local;
use dynamap_local::faults::{Fault, Faults, Plan, Throttling, When};

const STATUSES: [u16; 8] = [403, 404, 408, 413, 429, 499, 502, 503];

/// The shop whose first answer, or all answers, are a fault's.
fn behind(local: &Local, fault: &Fault, always: bool, mapping: Mapping) -> (Table<Shop>, Faults) {
    let when = if always { When::any().always() } else { When::any() };
    let (faulty, faults) = local.with_faults(Plan::script([(when, fault.clone())]));
    (Table::new(faulty.client(), "shop").with_mapping(mapping), faults)
}

fn faults() -> impl Iterator<Item = (Fault, Mapping)> {
    let pages =
        STATUSES.into_iter().flat_map(|status| [Fault::ProxyBefore(status), Fault::ProxyAfter(status)]);
    let faults = pages.chain([Fault::Garbled(Throttling::KeyRange), Fault::Emptied]);
    faults.flat_map(|fault| [(fault.clone(), Mapping::Direct), (fault, Mapping::AttributeValue)])
}

#[tokio::test(start_paused = true)]
async fn reads_are_repeated_whatever_a_proxy_answers() {
    let world = World::new().await;
    for (fault, mapping) in faults() {
        let (shop, faults) = behind(&world.read, &fault, false, mapping);
        assert_eq!(shop.query(Order::partition("c-1")).try_collect().await.unwrap(), orders(), "{fault:?}");
        assert_eq!(faults.log().len(), 2);
        let (shop, _) = behind(&world.read, &fault, true, mapping);
        let Err(Error::Service(error)) = shop.get(Order::key("c-1", 1)).send().await else {
            panic!("{fault:?}")
        };
        assert!(error.kind().is_ambiguous(), "{fault:?}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn writes_that_can_be_done_twice_are_repeated_whatever_a_proxy_answers() {
    let world = World::new().await;
    for (number, (fault, mapping)) in (1..).zip(faults()) {
        let (shop, faults) = behind(&world.written, &fault, false, mapping);
        shop.put(&order("c-2", number)).send().await.unwrap();
        assert_eq!(faults.log().len(), 2, "{fault:?}");
        let (shop, _) = behind(&world.written, &fault, false, mapping);
        let many = (0..5).map(|number| order("c-3", number));
        let report = shop.repository::<Order>().batch_write().put_all(many).send().await.unwrap();
        assert_eq!(report.written(), 5, "{fault:?}");
        let (shop, _) = behind(&world.written, &fault, true, mapping);
        let put = shop.put(&order("c-2", number)).send().await;
        assert!(matches!(put, Err(Error::Unknown(_))), "{fault:?}: {put:?}");
    }
}

/// An addition is not repeated, and nobody is told that it was refused.
#[tokio::test(start_paused = true)]
async fn what_would_be_done_twice_is_unknown_after_a_proxys_answer() {
    let world = World::new().await;
    let plain = Table::<Shop>::new(world.written.client(), "shop");
    for (number, (fault, mapping)) in (1..).zip(faults()) {
        plain.put(&order("c-2", number)).send().await.unwrap();
        let (shop, faults) = behind(&world.written, &fault, false, mapping);
        let added = shop.update(Order::key("c-2", number)).apply(Order::TOTAL.add(1)).send().await;
        assert!(matches!(added, Err(Error::Unknown(_))), "{fault:?}: {added:?}");
        let applied = faults.log().iter().filter(|request| request.is_applied()).count() as u64;
        let stored = plain.get(Order::key("c-2", number)).send().await.unwrap().unwrap();
        assert_eq!(
            (stored.total, faults.log().len()),
            (order("c-2", number).total + applied, 1),
            "{fault:?}"
        );
    }
}

/// Whoever is too busy asks to be asked again, also for what is repeated only when the SDK does.
#[tokio::test(start_paused = true)]
async fn too_many_requests_are_repeated_and_so_is_an_unavailable_service() {
    let world = World::new().await;
    for (status, attempts) in [(429, 2), (503, 2), (403, 1)] {
        let (shop, faults) = behind(&world.written, &Fault::ProxyBefore(status), false, Mapping::Direct);
        let key = |value: &str| AttributeValue::S(value.to_owned());
        let delete = shop.client().delete_item().table_name("shop").key("pk", key("p")).key("sk", key("s"));
        let deleted = direct::delete_item::<Order>(delete).await;
        assert_eq!((deleted.is_ok(), faults.log().len()), (attempts == 2, attempts), "{status}");
    }
}

/// What DynamoDB itself refuses is refused.
#[tokio::test(start_paused = true)]
async fn a_code_of_dynamodb_is_its_word() {
    let world = World::new().await;
    let fault = Fault::Error(403, "AccessDeniedException".into());
    for mapping in [Mapping::Direct, Mapping::AttributeValue] {
        let (shop, faults) = behind(&world.written, &fault, true, mapping);
        let Err(Error::Service(error)) = shop.put(&order("c-5", 1)).send().await else { panic!() };
        assert_eq!((error.kind(), faults.log().len()), (ServiceErrorKind::AccessDenied, 1));
    }
}
