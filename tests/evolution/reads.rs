//! Every way to read an item, by programs that know its shape and by those that do not.

use crate::model::{ByState, Program, Shop, View, plain, versioned, view};
use crate::{clear, only, put, shops};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::error::DecodeError;
use dynamap::{Error, Table, entity};

/// Checks what a program reads of an item of the shape `stored`, which was written as `wanted`.
#[track_caller]
fn assert_read<P: Program>(read: Result<View, DecodeError>, stored: u32, wanted: &View, how: &str) {
    match (read, stored <= P::KNOWN) {
        (Ok(read), true) => assert_eq!(&read, wanted, "{how}"),
        (Err(error), false) => {
            let shapes = (error.found_shape(), error.known_shape(), error.entity());
            assert_eq!(shapes, (Some(stored), Some(P::KNOWN), Some("Order")), "{how}: {error}");
            assert!(!format!("{error} {error:?}").contains(&wanted.last), "{how}: {error}");
        }
        (read, _) => panic!("{how}: {} reads shape {stored} as {read:?}", P::KNOWN),
    }
}

fn decoded<T>(result: dynamap::Result<T>) -> Result<T, DecodeError> {
    result.map_err(|error| match error {
        Error::Decode(error) => error,
        error => panic!("{error}"),
    })
}

macro_rules! reads {
    ($shop:expr, $module:ident :: $program:ident, $stored:expr, $wanted:expr) => {{
        use $module::$program;
        let (shop, stored, wanted): (&Table<Shop>, u32, &View) = ($shop, $stored, $wanted);
        let orders = shop.repository::<$program>();
        let key = || $program::key(wanted.number);
        let check = |read: dynamap::Result<Vec<$program>>, how: &str| {
            let read = decoded(read).map(|orders| {
                assert_eq!(orders.len(), 1, "{how}");
                orders[0].view()
            });
            assert_read::<$program>(read, stored, wanted, how);
        };
        check(orders.get(key()).send().await.map(Vec::from_iter), "get");
        check(orders.get(key()).consistent_read().send().await.map(Vec::from_iter), "get");
        check(orders.query($program::partition()).try_collect().await, "query");
        check(orders.query($program::by_state(1_u8)).try_collect().await, "index");
        check(orders.scan().try_collect().await, "scan");
        check(orders.scan().index::<ByState>().try_collect().await, "scan of the index");
        check(shop.transact_get(key()).send().await.map(Vec::from_iter), "transact_get");
        let batch = orders.batch_get([key()]).send().await;
        check(batch.map(|found| found.into_iter().filter_map(|one| one.found()).collect()), "batch_get");
        let item = only(shop).await;
        let read = entity::from_item::<$program>(item).map(|order| order.view());
        assert_read::<$program>(read, stored, wanted, "from_item");
        // What a refused write finds is read the same way.
        match Program::create($program::of(wanted), shop).await {
            Err(Error::ConditionFailed(failed)) => {
                let current = failed.current::<$program>().unwrap().map(|order| order.view());
                assert_read::<$program>(current, stored, wanted, "the item of a refusal");
            }
            other => panic!("{other:?}"),
        }
        assert!(orders.exists(key()).send().await.unwrap());
    }};
}

/// Reads by each program what each of them has written.
macro_rules! each_program_reads {
    ($name:ident, $module:ident) => {
        #[tokio::test]
        async fn $name() {
            for shop in shops().await {
                let wanted = view(7);
                for (stored, has_attribute) in [(1, false), (1, true), (2, true), (3, true)] {
                    clear(&shop).await;
                    match stored {
                        1 => drop($module::V1::of(&wanted).create(&shop).await.unwrap()),
                        2 => drop($module::V2::of(&wanted).create(&shop).await.unwrap()),
                        _ => drop($module::V3::of(&wanted).create(&shop).await.unwrap()),
                    }
                    let mut item = only(&shop).await;
                    assert_eq!(item["shape"], AttributeValue::N(stored.to_string()));
                    if !has_attribute {
                        item.remove("shape");
                        put(&shop, item).await;
                    }
                    reads!(&shop, $module::V1, stored, &wanted);
                    reads!(&shop, $module::V2, stored, &wanted);
                    reads!(&shop, $module::V3, stored, &wanted);
                    let members = shop.query($module::Orders::partition(())).try_collect().await.unwrap();
                    let [$module::Orders::Order(member)] = &members[..] else { panic!("{members:?}") };
                    assert_eq!(member.view(), wanted);
                }
            }
        }
    };
}

each_program_reads!(each_program_reads_the_shapes_up_to_its_own, plain);
each_program_reads!(an_older_shape_need_not_have_the_lineage_of_its_version, versioned);

#[tokio::test]
async fn what_is_no_number_of_a_shape_and_what_cannot_be_upgraded_is_an_error() {
    for shop in shops().await {
        plain::V2::of(&view(1)).create(&shop).await.unwrap();
        let item = only(&shop).await;
        let orders = shop.repository::<plain::V3>();
        for (name, value, expected) in [
            ("shape", AttributeValue::S("2".into()), "attribute `shape` of entity `Order`"),
            ("shape", AttributeValue::N("-1".into()), "attribute `shape` of entity `Order`"),
            ("shape", AttributeValue::N("0".into()), "expected an item of shape 3, found an item of shape 0"),
            ("total", AttributeValue::S("SECRET".into()), "expected an item that can become shape 3"),
            ("last_name", AttributeValue::N("7".into()), "attribute `last_name` of entity `Order`"),
        ] {
            let mut changed = item.clone();
            changed.insert(name.into(), value);
            put(&shop, changed).await;
            let error = decoded(orders.get(plain::V3::key(1)).send().await).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
            assert!(!format!("{error:?}").contains("SECRET"));
            assert!(decoded(orders.scan().try_collect().await).is_err());
        }
    }
}
