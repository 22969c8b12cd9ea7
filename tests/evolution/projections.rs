//! Projections, which read the entity's own shape only.

use crate::model::{Program, StateOnly, plain, view};
use crate::{clear, only, shops};
use dynamap::{Error, Projection};

#[derive(Debug, Clone, PartialEq, Projection)]
#[dynamap(entity = plain::V3)]
struct Total {
    total: u64,
}

#[derive(Debug, Clone, PartialEq, Projection)]
#[dynamap(entity = plain::V3, index = StateOnly)]
struct State {
    #[dynamap(key)]
    number: u32,
    state: u8,
}

#[tokio::test]
async fn a_projection_of_an_older_or_newer_item_is_an_error() {
    for shop in shops().await {
        for stored in 1..=3 {
            clear(&shop).await;
            match stored {
                1 => drop(plain::V1::of(&view(7)).create(&shop).await.unwrap()),
                2 => drop(plain::V2::of(&view(7)).create(&shop).await.unwrap()),
                _ => drop(plain::V3::of(&view(7)).create(&shop).await.unwrap()),
            }
            let orders = shop.repository::<plain::V3>();
            let key = plain::V3::key(7);
            let total = Total { total: 70 };
            let state = State { number: 7, state: 1 };
            let check = |read: dynamap::Result<bool>, how: &str| match (read, stored) {
                (Ok(is_right), 3) => assert!(is_right, "{how}"),
                (Err(Error::Decode(error)), 1 | 2) => {
                    assert_eq!((error.found_shape(), error.known_shape()), (Some(stored), Some(3)), "{how}");
                }
                (read, _) => panic!("{how}, {stored}: {read:?}"),
            };
            let one = orders.get(key.clone()).project::<Total>().send().await;
            check(one.map(|one| one.as_ref() == Some(&total)), "get");
            let all = orders.query(plain::V3::partition()).project::<Total>().try_collect().await;
            check(all.map(|all| all == [total.clone()]), "query");
            let all = orders.scan().project::<Total>().try_collect().await;
            check(all.map(|all| all == [total.clone()]), "scan");
            let all = orders.query(plain::V3::state_only(1_u8)).project::<State>().try_collect().await;
            check(all.map(|all| all == [state.clone()]), "query of the index");
            let batch = orders.batch_get([key.clone()]).project::<Total>().send().await;
            check(
                batch.map(|all| all.into_iter().all(|one| one.found() == Some(total.clone()))),
                "batch get",
            );
            // Keys have no shape.
            let keys = orders.query(plain::V3::state_only(1_u8)).keys().try_collect().await.unwrap();
            assert_eq!(keys, [key]);
            assert!(only(&shop).await.contains_key("shape"));
        }
    }
}
