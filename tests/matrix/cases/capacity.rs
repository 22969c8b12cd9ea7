use crate::matrix::{
    case::{CaseFailure, cases, equal, eventually},
    context::Context,
    model::{Account, Keeper, Order, OrderNote, Shop, Status, order},
};
use dynamap::{
    Table,
    capacity::{Meter, ReadConsistency, Units, entity_size, read_units, write_units},
};

cases!("capacity":
    a_write_costs_what_its_size_predicts,
    a_read_costs_what_its_size_predicts,
    a_query_costs_the_sum_of_its_items,
    a_read_of_nothing_costs_as_well,
    a_batch_costs_what_its_items_cost,
    a_transaction_costs_twice [Transactions],
    an_index_costs_a_write [IndexCapacity],
    a_changed_index_key_costs_two_writes [IndexCapacity],
    a_query_of_an_index_costs_the_index [IndexCapacity],
);

fn metered(context: &Context) -> (Table<Shop>, Meter) {
    let meter = Meter::new();
    (context.table.clone().with_meter(&meter), meter)
}

/// An order in no global index.
fn large(shop: &str, number: u32, bytes: usize) -> Order {
    Order { note: Some("x".repeat(bytes)), status: None, ..order(shop, number) }
}

fn write(write: f64) -> Units {
    Units { read: 0.0, write }
}

fn read(read: f64) -> Units {
    Units { read, write: 0.0 }
}

/// These are in no index at all.
async fn a_write_costs_what_its_size_predicts(context: Context) -> Result<(), CaseFailure> {
    let (table, meter) = metered(&context);
    let account = Account { shop: context.shop.clone(), id: 1, balance: 1 };
    table.put(&account).await?;
    equal("put", meter.reset().total(), write(1.0))?;
    table.update(account.to_key()).apply(Account::BALANCE.add(1_u64)).await?;
    equal("update", meter.reset().total(), write(1.0))?;
    table.delete(&account).await?;
    equal("delete", meter.reset().total(), write(1.0))?;
    for bytes in [10, 900, 5_000, 100_000] {
        let keeper = Keeper { shop: context.shop.clone(), name: "x".repeat(bytes) };
        table.put(&keeper).await?;
        equal("large", meter.reset().total(), write(write_units(entity_size(&keeper)?)))?;
    }
    Ok(())
}

async fn a_read_costs_what_its_size_predicts(context: Context) -> Result<(), CaseFailure> {
    let (table, meter) = metered(&context);
    for bytes in [10, 5_000, 100_000] {
        let order = large(&context.shop, 1, bytes);
        context.table.put(&order).await?;
        let units = |consistency| entity_size(&order).map(|size| read(read_units(size, consistency)));
        table.get(&order).await?;
        equal("eventual", meter.reset().total(), units(ReadConsistency::Eventual)?)?;
        table.get(&order).consistent_read().await?;
        equal("strong", meter.reset().total(), units(ReadConsistency::Strong)?)?;
    }
    Ok(())
}

async fn a_query_costs_the_sum_of_its_items(context: Context) -> Result<(), CaseFailure> {
    let (table, meter) = metered(&context);
    let mut bytes = 0;
    for number in 1..=10 {
        let order = large(&context.shop, number, 3_000);
        bytes += entity_size(&order)?;
        context.table.put(&order).await?;
    }
    table.query(Order::partition(&context.shop)).consistent_read().filter(Order::TOTAL.lt(50)).send().await?;
    // What the filter leaves out costs as well.
    equal("query", meter.reset().total(), read(read_units(bytes, ReadConsistency::Strong)))
}

async fn a_read_of_nothing_costs_as_well(context: Context) -> Result<(), CaseFailure> {
    let (table, meter) = metered(&context);
    table.get(Order::key(&context.shop, 1)).await?;
    equal("get", meter.reset().total(), read(0.5))?;
    table.get(Order::key(&context.shop, 1)).consistent_read().await?;
    equal("strong", meter.reset().total(), read(1.0))?;
    table.delete(Order::key(&context.shop, 1)).await?;
    equal("delete", meter.reset().total(), write(1.0))
}

async fn a_batch_costs_what_its_items_cost(context: Context) -> Result<(), CaseFailure> {
    let (table, meter) = metered(&context);
    let account = |id| Account { shop: context.shop.clone(), id, balance: 1 };
    table.repository::<Account>().batch_write().put_all((0..40).map(account)).send().await?;
    equal("put", meter.reset().total(), write(40.0))?;
    let keys = (0..50).map(|id| Account::key(&context.shop, id));
    table.repository::<Account>().batch_get(keys).consistent_read().send().await?;
    // Ten are not there.
    equal("get", meter.reset().total(), read(50.0))
}

async fn a_transaction_costs_twice(context: Context) -> Result<(), CaseFailure> {
    let (table, meter) = metered(&context);
    let account = |id| Account { shop: context.shop.clone(), id, balance: 1 };
    context.table.put(&account(2)).await?;
    table.transact_write().put(&account(1)).check_exists(account(2).to_key()).send().await?;
    equal("write", meter.reset().total().write, 4.0)?;
    table.transact_get((account(1).to_key(), account(2).to_key())).send().await?;
    equal("read", meter.reset().total(), read(4.0))
}

async fn an_index_costs_a_write(context: Context) -> Result<(), CaseFailure> {
    let (table, meter) = metered(&context);
    let order = Order { day: Some(1), ..order(&context.shop, 1) };
    table.put(&order).await?;
    let consumed = meter.reset();
    let of = |index| consumed.index(index);
    equal(
        "put",
        (consumed.table, of("gsi1"), of("gsi2"), of("lsi1")),
        (write(1.0), write(1.0), write(1.0), write(1.0)),
    )?;
    table.put(&order).await?;
    let consumed = meter.reset();
    equal("unchanged", (consumed.table, consumed.index("gsi1")), (write(1.0), Units::default()))
}

async fn a_changed_index_key_costs_two_writes(context: Context) -> Result<(), CaseFailure> {
    let (table, meter) = metered(&context);
    let order = order(&context.shop, 1);
    context.table.put(&order).await?;
    table.update(order.to_key()).apply(Order::STATUS.set(Status::Shipped)).await?;
    let consumed = meter.reset();
    equal("moved", (consumed.table, consumed.index("gsi1")), (write(1.0), write(2.0)))?;
    table.update(order.to_key()).apply(Order::STATUS.remove()).await?;
    let consumed = meter.reset();
    equal("removed", (consumed.table, consumed.index("gsi1")), (write(1.0), write(1.0)))
}

async fn a_query_of_an_index_costs_the_index(context: Context) -> Result<(), CaseFailure> {
    let order = Order { day: Some(1), ..order(&context.shop, 1) };
    context.table.put(&order).await?;
    let consumed = || {
        let (table, meter) = metered(&context);
        let query = table.query(Order::by_day(&context.shop)).project::<OrderNote>();
        async move {
            let found = query.try_collect().await?.len();
            let consumed = meter.reset();
            Ok((found, consumed.table, consumed.index("gsi2")))
        }
    };
    eventually("query", (1, Units::default(), read(0.5)), consumed).await
}
