//! Requests that are applied late, after the client has given them up.

use dynamap_local::faults::Wakes;

use super::*;

#[tokio::test(start_paused = true)]
async fn a_late_write_overwrites_a_newer_one() {
    let shop = first(Fault::Zombie(Wakes::After(Duration::from_secs(9)))).await;
    assert!(!put(&shop.once, "p-1", 1).await);
    assert!(put(&shop.once, "p-1", 2).await);
    assert_eq!(shop.effects(), [Effect::Pending, Effect::Applied]);
    tokio::time::sleep(Duration::from_secs(8)).await;
    assert_eq!(get(&shop.once, product("p-1")).await, Some(stocked("p-1", 2)));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(get(&shop.once, product("p-1")).await, Some(stocked("p-1", 1)));
    let log = shop.faults.log();
    assert_eq!((log[0].effect, log[0].answered_at), (Effect::Applied, Some(Duration::from_secs(9))));
    assert_eq!((log[1].answered_as, log[2].answered_as, log[0].answered_as), (Some(1), Some(2), Some(3)));
    assert_eq!(shop.faults.drain().await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_zombie_waits_for_so_many_requests() {
    for requests in 0..3 {
        let shop = first(Fault::Zombie(Wakes::AfterRequests(requests))).await;
        put(&shop.once, "p-1", 1).await;
        for _ in 0..requests {
            assert_eq!(get(&shop.once, product("p-1")).await, None);
        }
        assert_eq!(get(&shop.once, product("p-1")).await, Some(stocked("p-1", 1)));
    }
}

#[tokio::test(start_paused = true)]
async fn draining_applies_all_in_the_order_in_which_they_would_wake() {
    let seconds = |seconds| Fault::Zombie(Wakes::After(Duration::from_secs(seconds)));
    let late = Fault::Zombie(Wakes::After(Duration::MAX));
    let script = [late, seconds(5), seconds(1), Fault::Zombie(Wakes::AfterRequests(99))];
    let shop = shop(Plan::script(script.map(|fault| (When::any(), fault)))).await;
    for stock in 1..=4 {
        assert!(!put(&shop.once, "p-1", stock).await);
    }
    assert_eq!((shop.stock("p-1").await, shop.effects()), (None, vec![Effect::Pending; 4]));
    assert_eq!(shop.faults.drain().await, 4);
    let order: Vec<_> = shop.faults.log().iter().map(|request| request.answered_as.unwrap()).collect();
    assert_eq!((shop.stock("p-1").await, order), (Some(1), vec![4, 3, 2, 1]));
}

#[tokio::test(start_paused = true)]
async fn the_sdk_sends_again_what_becomes_a_zombie() {
    let shop = first(Fault::Zombie(Wakes::After(Duration::from_secs(60)))).await;
    let update = shop.client.update_item().table_name(TABLE).set_key(Some(product("p-1")));
    let update = update.update_expression("ADD stock :one").expression_attribute_values(":one", one());
    update.send().await.unwrap();
    assert_eq!(shop.stock("p-1").await, Some(1));
    shop.faults.drain().await;
    assert_eq!(shop.stock("p-1").await, Some(2));
}

#[tokio::test(start_paused = true)]
async fn a_zombie_whose_condition_fails_changes_nothing() {
    let shop = first(Fault::Zombie(Wakes::AfterRequests(1))).await;
    let create = shop.once.put_item().table_name(TABLE).set_item(Some(stocked("p-1", 1)));
    create.condition_expression("attribute_not_exists(pk)").send().await.unwrap_err();
    assert!(put(&shop.once, "p-1", 2).await);
    shop.faults.drain().await;
    assert_eq!((shop.effects()[0], shop.stock("p-1").await), (Effect::Refused, Some(2)));
}
