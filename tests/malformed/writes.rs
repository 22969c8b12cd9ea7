//! The operations that write, each an item or a partition of its own, and then look whether it is there.

use crate::model::{Bare, Cart, Order, Shop, TABLE, order};
use crate::operation::{Run, Told};
use crate::reads::TIME;
use aws_sdk_dynamodb::types::StreamViewType;
use dynamap::Table;
use dynamap::op::{ModifyError, Throughput};
use dynamap::outcome::{BatchWriteReport, Error};
use dynamap::value::Version;

impl Run {
    fn order(&self) -> Order {
        order(&format!("w-{}", self.number), 1)
    }

    fn key(&self) -> <Order as dynamap::Entity>::Key {
        Order::key(format!("w-{}", self.number), 1)
    }

    fn cart(&self) -> Cart {
        Cart { id: self.number, goods: 1, version: Version::NEW }
    }

    /// The order as it is stored.
    async fn stored(&self) -> Option<Order> {
        self.plain.get(self.key()).consistent_read().send().await.unwrap()
    }

    async fn stored_cart(&self) -> Option<Cart> {
        self.plain.get(Cart::key(self.number)).consistent_read().send().await.unwrap()
    }
}

pub(crate) async fn put(run: &Run) -> Told {
    let written = run.shop.put(&run.order()).send().await;
    Told::of_write(written, run.stored().await == Some(run.order()))
}

pub(crate) async fn create(run: &Run) -> Told {
    let written = run.shop.create(&run.order()).send().await;
    Told::of_write(written, run.stored().await == Some(run.order()))
}

/// Another's is there.
pub(crate) async fn create_taken(run: &Run) -> Told {
    let others = Order { total: 7, ..run.order() };
    run.plain.put(&others).send().await.unwrap();
    let told = Told::of_write(run.shop.create(&run.order()).send().await, false);
    match run.stored().await == Some(others) {
        true => told,
        false => Told::Untrue("another's order is gone".to_owned()),
    }
}

pub(crate) async fn replace(run: &Run) -> Told {
    run.plain.put(&Order { total: 7, ..run.order() }).send().await.unwrap();
    let written = run.shop.replace(&run.order()).send().await;
    Told::of_write(written, run.stored().await == Some(run.order()))
}

pub(crate) async fn update(run: &Run) -> Told {
    run.plain.put(&run.order()).send().await.unwrap();
    let written = run.shop.update(run.key()).apply(Order::TOTAL.add(1)).send().await;
    let total = run.stored().await.unwrap().total;
    match total - run.order().total {
        0 | 1 => Told::of_write(written, total == run.order().total + 1),
        twice => Told::Untrue(format!("it is added {twice} times")),
    }
}

pub(crate) async fn delete(run: &Run) -> Told {
    run.plain.put(&run.order()).send().await.unwrap();
    let written = run.shop.delete(run.key()).send().await;
    Told::of_write(written, run.stored().await.is_none())
}

pub(crate) async fn create_versioned(run: &Run) -> Told {
    let mut cart = run.cart();
    let written = run.shop.create(&mut cart).send().await;
    let stored = run.stored_cart().await;
    Told::of_write(written, stored.is_some() && stored == Some(cart))
}

pub(crate) async fn save(run: &Run) -> Told {
    let mut cart = run.cart();
    run.plain.create(&mut cart).send().await.unwrap();
    cart.goods = 2;
    let written = run.shop.save(&mut cart).send().await;
    let stored = run.stored_cart().await;
    Told::of_write(written, stored.as_ref().is_some_and(|stored| stored.goods == 2) && stored == Some(cart))
}

/// Another has saved it since.
pub(crate) async fn save_stale(run: &Run) -> Told {
    let mut cart = run.cart();
    run.plain.create(&mut cart).send().await.unwrap();
    let mut others = cart.clone();
    others.goods = 7;
    run.plain.save(&mut others).send().await.unwrap();
    cart.goods = 2;
    let told = Told::of_write(run.shop.save(&mut cart).send().await, false);
    match run.stored_cart().await.unwrap().goods {
        7 => told,
        _ => Told::Untrue("another's change is gone".to_owned()),
    }
}

pub(crate) async fn modify(run: &Run) -> Told {
    let mut cart = run.cart();
    run.plain.create(&mut cart).send().await.unwrap();
    let carts = run.shop.repository::<Cart>();
    let modified = carts
        .modify(Cart::key(run.number), |cart| {
            cart.goods += 1;
            Ok::<_, ()>(())
        })
        .send()
        .await;
    let goods = run.stored_cart().await.unwrap().goods;
    match modified {
        _ if goods > 2 => Told::Untrue(format!("it is added {} times", goods - 1)),
        Ok(cart) => Told::of_write(Ok(cart), goods == 2),
        Err(ModifyError::Table(error)) => Told::of_write::<()>(Err(error), false),
        Err(error) => Told::Untrue(format!("{error}")),
    }
}

/// A transaction of one action.
pub(crate) async fn transactional(run: &Run) -> Told {
    run.plain.put(&run.order()).send().await.unwrap();
    let update = run.shop.update(run.key()).apply(Order::TOTAL.add(1));
    let written = update.transactional().retry_timeout(TIME).send().await;
    let total = run.stored().await.unwrap().total;
    match total - run.order().total {
        0 | 1 => Told::of_write(written, total == run.order().total + 1),
        twice => Told::Untrue(format!("it is added {twice} times")),
    }
}

pub(crate) async fn transact_write(run: &Run) -> Told {
    let mut cart = run.cart();
    let write = run.shop.transact_write().put(&run.order()).create(&mut cart).retry_timeout(TIME);
    let written = write.send().await;
    let (order, cart) = (run.stored().await, run.stored_cart().await);
    match order.is_some() == cart.is_some() {
        true => Told::of_write(written, order.is_some()),
        false => Told::Untrue("a half of it is written".to_owned()),
    }
}

/// One of the two is there.
pub(crate) async fn transact_taken(run: &Run) -> Told {
    run.plain.create(&mut run.cart()).send().await.unwrap();
    let mut cart = run.cart();
    let write = run.shop.transact_write().put(&run.order()).create(&mut cart).retry_timeout(TIME);
    let told = Told::of_write(write.send().await, false);
    match run.stored().await {
        None => told,
        Some(_) => Told::Untrue("a half of it is written".to_owned()),
    }
}

/// How many writes a batch has.
const WRITES: u32 = 10;

impl Run {
    fn orders(&self) -> Vec<Order> {
        (0..WRITES).map(|number| order(&format!("w-{}", self.number), number)).collect()
    }

    /// Which of them are stored.
    async fn stored_orders(&self) -> Vec<bool> {
        let stored = self.stored_in(&self.plain).await;
        self.orders().iter().map(|order| stored.contains(order)).collect()
    }

    async fn stored_in(&self, table: &Table<Shop>) -> Vec<Order> {
        table.query(Order::partition(format!("w-{}", self.number))).try_collect().await.unwrap()
    }

    /// What is told of the writes of a batch: those that were not written, and those of which nobody knows.
    async fn told(&self, total: u64, written: u64, not_written: &[u64], unknown: &[u64]) -> Told {
        self.told_of(self.stored_orders().await, (total, written), not_written, unknown)
    }

    /// The same, where these are stored.
    fn told_of(
        &self,
        stored: Vec<bool>,
        (total, written): (u64, u64),
        not_written: &[u64],
        unknown: &[u64],
    ) -> Told {
        let is_stored = |at: u64| stored[usize::try_from(at).unwrap()];
        let rest = (0..u64::from(WRITES)).filter(|at| !not_written.contains(at) && !unknown.contains(at));
        let rest: Vec<u64> = rest.collect();
        if total != u64::from(WRITES) || written != rest.len() as u64 {
            return Told::Untrue(format!("{written} of {total}, but for {not_written:?} and {unknown:?}"));
        }
        if let Some(lost) = rest.iter().find(|at| !is_stored(**at)) {
            return Told::Untrue(format!("{lost} is told to be written"));
        }
        if let Some(stored) = not_written.iter().find(|at| is_stored(**at)) {
            return Told::Untrue(format!("{stored} is told not to be written"));
        }
        match (not_written, unknown) {
            ([], []) => Told::True,
            ([], _) => Told::Unknown,
            _ => Told::Failed(format!("{not_written:?} are not written")),
        }
    }
}

pub(crate) async fn batch_write(run: &Run) -> Told {
    let orders = run.shop.repository::<Order>();
    let report: BatchWriteReport =
        orders.batch_write().put_all(run.orders()).retry_timeout(TIME).report().await;
    let positions =
        |items: &[dynamap::outcome::UnwrittenItem]| items.iter().map(|item| item.position()).collect();
    let (not_written, unknown): (Vec<u64>, Vec<u64>) =
        (positions(report.not_written()), positions(report.unknown()));
    run.told(report.total(), report.written(), &not_written, &unknown).await
}

/// The orders take turns between the shop and the archive.
pub(crate) async fn batch_write_tables(run: &Run) -> Told {
    let orders = run.orders();
    let every_second = |from: usize| orders.iter().skip(from).step_by(2);
    let batch = run.shop.batch_write().put_all(every_second(0));
    let batch = batch.and(run.archive.batch_write().put_all(every_second(1)));
    let report: BatchWriteReport = batch.retry_timeout(TIME).report().await;
    let positions = |items: &[dynamap::outcome::UnwrittenItem]| -> Vec<u64> {
        items.iter().map(|item| item.position() * 2 + u64::from(item.table() == "archive")).collect()
    };
    let (not_written, unknown) = (positions(report.not_written()), positions(report.unknown()));
    let (own, archived) = (run.stored_in(&run.plain).await, run.stored_in(&run.plain_archive).await);
    let is_stored = |(at, order)| if at % 2 == 0 { own.contains(order) } else { archived.contains(order) };
    let stored = orders.iter().enumerate().map(is_stored).collect();
    run.told_of(stored, (report.total(), report.written()), &not_written, &unknown)
}

pub(crate) async fn load(run: &Run) -> Told {
    let item = |number: u32| {
        let (id, total) = (run.number, 1_000 + number);
        format!(
            r#"{{"Item":{{"pk":{{"S":"CUSTOMER#w-{id}"}},"sk":{{"S":"ORDER#{number:010}"}},"entity_type":{{"S":"Order"}},"customer_id":{{"S":"w-{id}"}},"number":{{"N":"{number}"}},"total":{{"N":"{total}"}},"taste":{{"L":[{{"N":"{number}"}},{{"N":"0"}}]}}}}}}"#
        )
    };
    let lines: Vec<String> = (0..WRITES).map(item).collect();
    let lines = lines.join("\n");
    let report = match run.shop.load(lines.as_bytes()).retry_timeout(TIME).send().await {
        Ok(report) => report,
        Err(Error::IncompleteLoad(incomplete)) => incomplete.into_report(),
        Err(error) => return Told::Failed(error.to_string()),
    };
    let numbers = |is_unknown: bool| {
        let lines = report.unwritten().iter().filter(move |line| line.is_unknown() == is_unknown);
        lines.map(|line| line.line() - 1).collect::<Vec<_>>()
    };
    run.told(report.lines(), report.written(), &numbers(false), &numbers(true)).await
}

pub(crate) async fn create_table(run: &Run) -> Told {
    let name = format!("{TABLE}-{}", run.number);
    let table = |client: &aws_sdk_dynamodb::Client| {
        dynamap::Table::<crate::model::Shop>::new(client.clone(), name.clone())
    };
    let made = table(run.shop.client()).create_table_if_absent().send().await;
    let described = run.plain.client().describe_table().table_name(&name).send().await;
    if described.is_ok() {
        run.plain.client().delete_table().table_name(&name).send().await.unwrap();
    }
    match made {
        // It has no error of its own for what nobody knows.
        Err(Error::Service(error)) if error.operation() == "CreateTable" && error.kind().is_ambiguous() => {
            Told::Unknown
        }
        // The table is there, and was to be looked at: that says nothing about who made it.
        Err(Error::Service(error)) if error.operation() == "DescribeTable" && described.is_ok() => {
            Told::Unknown
        }
        made => Told::of_write(made, described.is_ok()),
    }
}

pub(crate) async fn enable_stream(run: &Run) -> Told {
    let name = format!("{TABLE}-{}", run.number);
    let table = |client: &aws_sdk_dynamodb::Client| {
        dynamap::Table::<crate::model::Shop>::new(client.clone(), name.clone())
    };
    let plain = table(run.plain.client());
    plain.create_table_if_absent().send().await.unwrap();
    let enabled = table(run.shop.client()).enable_stream(StreamViewType::NewImage).send().await;
    let arn = plain.stream_arn().send().await.unwrap();
    run.plain.client().delete_table().table_name(&name).send().await.unwrap();
    let holds = arn.is_some() && enabled.as_ref().is_ok_and(|enabled| Some(enabled) == arn.as_ref());
    match enabled {
        // It has no error of its own for what nobody knows.
        Err(Error::Service(error)) if error.operation() == "UpdateTable" && error.kind().is_ambiguous() => {
            Told::Unknown
        }
        enabled => Told::of_write(enabled, holds),
    }
}

pub(crate) async fn update_throughput(run: &Run) -> Told {
    let name = format!("{TABLE}-{}", run.number);
    let table = |client: &aws_sdk_dynamodb::Client| Table::<Bare>::new(client.clone(), name.clone());
    let plain = table(run.plain.client());
    plain.create_table_if_absent().send().await.unwrap();
    let wanted = Throughput::Provisioned { read: 1, write: 2 };
    let changed = table(run.shop.client()).update_throughput(wanted).send().await;
    let described = plain.describe().send().await.unwrap().unwrap();
    let is_changed = Throughput::of(&described) == Some(wanted);
    plain.client().delete_table().table_name(&name).send().await.unwrap();
    match changed {
        // It has no error of its own for what nobody knows.
        Err(Error::Service(error)) if error.operation() == "UpdateTable" && error.kind().is_ambiguous() => {
            Told::Unknown
        }
        Err(Error::Service(error)) if error.operation() == "DescribeTable" && is_changed => Told::Unknown,
        changed => Told::of_write(changed, is_changed),
    }
}
