//! Workers as processes on one database: killed in the middle, and started again.

use std::collections::BTreeSet;

use dynamap::stream::reader::Lease;
use stream_processor::{
    Tables, changes_of_entity, create_tables,
    model::{Event, OutboxEntry},
    poison_records, sales,
};
use webshop::model::ProductId;

use crate::scratch::{Running, Scratch, until};

const PRODUCTS: u32 = 5;

/// Sells one piece of each product, so many times.
async fn sell(tables: &Tables, times: u32) {
    for _ in 0..times {
        for id in 1..=PRODUCTS {
            webshop::sell(&tables.shop, ProductId(id), 1).await.unwrap();
        }
    }
}

/// The shop with its products in stock.
async fn stocked(scratch: &Scratch) -> Tables {
    let (tables, _) = scratch.tables();
    create_tables(&tables).await.unwrap();
    for id in 1..=PRODUCTS {
        webshop::restock(&tables.shop, ProductId(id), 1000).await.unwrap();
    }
    tables
}

async fn outbox(tables: &Tables) -> Vec<OutboxEntry> {
    let ever = jiff::Timestamp::UNIX_EPOCH..=jiff::Timestamp::MAX;
    changes_of_entity(&tables.views, "Stock", ever).await.unwrap()
}

async fn lease(tables: &Tables) -> Option<Lease> {
    tables.leases.scan::<Lease>().try_collect().await.unwrap().pop()
}

/// The outbox has each change once, and the views are what the changes make of them.
async fn check(tables: &Tables, sold: u32) {
    let entries = outbox(tables).await;
    let ids: BTreeSet<_> = entries.iter().map(|entry| entry.id.clone()).collect();
    let changes = (sold + 1) * PRODUCTS;
    assert_eq!((entries.len(), ids.len()), (changes as usize, changes as usize));
    assert_eq!(poison_records(&tables.views).await.unwrap(), []);
    assert_eq!(entries.iter().filter(|entry| entry.event == Event::Insert).count(), PRODUCTS as usize);
    for id in 1..=PRODUCTS {
        let sales = sales(&tables.views, ProductId(id)).await.unwrap();
        assert_eq!((sales.sales, sales.sold), (u64::from(sold), u64::from(sold)), "product {id}");
        let item = format!("stock of product {id}");
        let of_item: Vec<&OutboxEntry> = entries.iter().filter(|entry| entry.item == item).collect();
        let first = of_item.first().map(|entry| &*entry.what);
        let last = of_item.last().map(|entry| entry.what.clone());
        assert_eq!(first, Some("1000 in stock"));
        assert_eq!(last, Some(format!("{} in stock -> {} in stock", 1001 - sold, 1000 - sold)));
    }
}

/// The sequence numbers of all changes.
async fn numbers(tables: &Tables) -> BTreeSet<u128> {
    outbox(tables).await.iter().map(|entry| entry.number.parse().unwrap()).collect()
}

fn told(worker: &Running) -> BTreeSet<u128> {
    worker.told().into_iter().map(|(number, _)| number).collect()
}

#[tokio::test]
async fn a_worker_that_was_killed_goes_on_at_its_checkpoint() {
    let scratch = Scratch::new("killed");
    let tables = stocked(&scratch).await;
    sell(&tables, 12).await;
    let mut worker = scratch.worker("a");
    until("a checkpoint and some changes", async || {
        let checkpoint = lease(&tables).await.and_then(|lease| lease.checkpoint.after().cloned());
        checkpoint.is_some() && outbox(&tables).await.len() >= 25
    })
    .await;
    worker.kill();

    let checkpoint = lease(&tables).await.unwrap().checkpoint;
    let checkpoint: u128 = checkpoint.after().unwrap().as_str().parse().unwrap();
    let recorded = numbers(&tables).await;
    assert!(recorded.iter().any(|number| *number <= checkpoint), "nothing was acknowledged");
    sell(&tables, 12).await;

    let mut again = scratch.worker("a");
    until("all changes", async || {
        outbox(&tables).await.len() >= 25 * PRODUCTS as usize
            && told(&again).union(&told(&worker)).count() >= 125
    })
    .await;
    check(&tables, 24).await;
    // Nothing from before the checkpoint came again, and all else did.
    let second = again.told();
    let repeated = second.iter().filter(|(_, done)| done == "recorded before");
    assert!(repeated.clone().all(|(number, _)| *number > checkpoint), "{second:?}\n{checkpoint}");
    assert!(second.iter().all(|(number, _)| *number > checkpoint));
    let all = numbers(&tables).await;
    let before: BTreeSet<u128> = recorded.union(&told(&again)).copied().collect();
    assert_eq!(before, all, "missing");

    #[cfg(unix)]
    {
        assert!(again.stop("-INT"));
        let lease = lease(&tables).await.unwrap();
        assert_eq!(lease.owner, None, "the lease was not given back");
        let last = all.last().unwrap().to_string();
        assert_eq!(lease.checkpoint.after().unwrap().as_str().trim_start_matches('0'), last);
    }
}

#[tokio::test]
async fn another_worker_takes_over_from_one_that_was_killed() {
    let scratch = Scratch::new("two");
    let tables = stocked(&scratch).await;
    sell(&tables, 4).await;
    let mut workers = [("a", scratch.worker("a")), ("b", scratch.worker("b"))];
    until("some changes", async || outbox(&tables).await.len() >= 10).await;
    let owner = lease(&tables).await.unwrap().owner.unwrap();
    let killed = workers.iter().position(|(id, _)| *id == owner).unwrap();
    workers[killed].1.kill();

    sell(&tables, 4).await;
    until("all changes", async || outbox(&tables).await.len() >= 9 * PRODUCTS as usize).await;
    check(&tables, 8).await;
    let other = &workers[1 - killed];
    until("what it did is told", async || {
        told(&other.1).union(&told(&workers[killed].1)).count() >= 9 * PRODUCTS as usize - 10
    })
    .await;
    assert_eq!(lease(&tables).await.unwrap().owner.as_deref(), Some(other.0));
    // What the second has done was not done by the first.
    let second = other.1.told().into_iter().filter(|(_, done)| done == "recorded");
    let first: BTreeSet<u128> =
        workers[killed].1.told().into_iter().filter(|(_, done)| done == "recorded").map(|(n, _)| n).collect();
    assert_eq!(second.filter(|(number, _)| first.contains(number)).count(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn each_signal_that_ends_a_worker_lets_it_give_its_lease_back() {
    let scratch = Scratch::new("signals");
    let tables = stocked(&scratch).await;
    for (times, signal) in [(1, "-TERM"), (2, "-INT")] {
        sell(&tables, 1).await;
        let mut worker = scratch.worker("a");
        until("all changes", async || outbox(&tables).await.len() >= (times + 1) * PRODUCTS as usize).await;
        assert!(worker.stop(signal), "{signal}");
        let lease = lease(&tables).await.unwrap();
        assert_eq!(lease.owner, None, "{signal}: the lease was not given back");
        assert!(lease.checkpoint.after().is_some(), "{signal}");
    }
    check(&tables, 2).await;
}
