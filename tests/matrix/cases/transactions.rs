use crate::matrix::{
    case::{CaseFailure, cases, equal, given, refused},
    context::Context,
    model::{Account, Digest, Digests, Keeper, Note, Order, OrderSummary, Shop, order},
};
use dynamap::{
    Error, Table,
    error::ServiceErrorKind,
    value::{Bytes, Version},
};

cases!("transactions":
    all_writes_are_applied [Transactions],
    one_refusal_refuses_all_writes [Transactions],
    a_refusal_tells_the_item [Transactions, FailedConditionItem],
    checks_demand_something_of_other_items [Transactions],
    versions_advance_with_success_only [Transactions],
    several_tables_are_written_at_once [Transactions],
    a_hundred_writes_are_one_transaction [Transactions],
    a_token_applies_a_transaction_once [Transactions],
    a_token_is_for_one_content [Transactions],
    a_write_is_a_transaction_of_its_own [Transactions],
    a_computation_without_a_number_cancels_it [Transactions],
    entities_are_read_at_one_time [Transactions],
    a_projection_is_read_at_one_time [Transactions],
    racing_transfers_lose_no_money [Transactions],
);

async fn account(context: &Context, id: u32, balance: u64) -> Result<(), CaseFailure> {
    context.table.put(&Account { shop: context.shop.clone(), id, balance }).await?;
    Ok(())
}

async fn balance(context: &Context, id: u32) -> Result<Option<u64>, CaseFailure> {
    let account = context.table.get(Account::key(&context.shop, id)).consistent_read().await?;
    Ok(account.map(|account| account.balance))
}

fn is_canceled(error: &Error) -> bool {
    matches!(error, Error::TransactionCanceled(_))
}

async fn all_writes_are_applied(context: Context) -> Result<(), CaseFailure> {
    let (table, shop) = (&context.table, &context.shop);
    account(&context, 1, 10).await?;
    account(&context, 2, 10).await?;
    account(&context, 3, 10).await?;
    let (first, second) = (order(shop, 1), order(shop, 2));
    table.put(&second).await?;
    let update = table.update(Account::key(shop, 1)).apply(Account::BALANCE.add(5_u64));
    let write =
        table.transact_write().create(&first).save(&Order { total: 7, ..second.clone() }).update(update);
    let replaced = Account { shop: shop.clone(), id: 2, balance: 99 };
    write.replace(&replaced).delete(table.delete(Account::key(shop, 3))).send().await?;
    equal("created", table.get(&first).consistent_read().await?, Some(first.clone()))?;
    equal("saved", table.get(&second).consistent_read().await?.map(|order| order.total), Some(7))?;
    let mut balances = Vec::new();
    for id in 1..=3 {
        balances.push(balance(&context, id).await?);
    }
    equal("balances", balances, [Some(15), Some(99), None])
}

async fn one_refusal_refuses_all_writes(context: Context) -> Result<(), CaseFailure> {
    let (table, shop) = (&context.table, &context.shop);
    account(&context, 1, 10).await?;
    account(&context, 2, 10).await?;
    let pay = table.update(Account::key(shop, 1)).apply(Account::BALANCE.set(Account::BALANCE - 11_u64));
    let write = table.transact_write().create(&order(shop, 1)).update(pay.condition(Account::BALANCE.ge(11)));
    let write = write.update(table.update(Account::key(shop, 2)).apply(Account::BALANCE.add(11_u64)));
    let error = refused("transaction", write.send().await, is_canceled)?;
    let Error::TransactionCanceled(canceled) = error else { return Err(error.into()) };
    let codes: Vec<bool> = canceled.reasons().iter().map(|reason| reason.is_condition_failed()).collect();
    equal("reasons", codes, [false, true, false])?;
    let balances = (balance(&context, 1).await?, balance(&context, 2).await?);
    equal("balances", balances, (Some(10), Some(10)))?;
    equal("not created", table.exists(Order::key(shop, 1)).consistent_read().await?, false)
}

async fn a_refusal_tells_the_item(context: Context) -> Result<(), CaseFailure> {
    let (table, shop) = (&context.table, &context.shop);
    let stored = order(shop, 1);
    table.put(&stored).await?;
    let write = table.transact_write().create(&order(shop, 2)).create(&Order { total: 1, ..stored.clone() });
    let error = refused("transaction", write.send().await, is_canceled)?;
    let Error::TransactionCanceled(canceled) = error else { return Err(error.into()) };
    let reason = given("reason", canceled.refused().next())?;
    equal("position", reason.position(), 1)?;
    equal("item", reason.current::<Order>().transpose()?, Some(stored))
}

async fn checks_demand_something_of_other_items(context: Context) -> Result<(), CaseFailure> {
    let (table, shop) = (&context.table, &context.shop);
    account(&context, 1, 10).await?;
    let orders = [1, 2, 3].map(|number| order(shop, number));
    let create = |number: usize| table.transact_write().create(&orders[number]);
    create(0).check_exists(Account::key(shop, 1)).check_absent(Keeper::key(shop)).send().await?;
    create(1).check(Account::key(shop, 1), Account::BALANCE.eq(10)).send().await?;
    let wrong = [
        create(2).check_exists(Keeper::key(shop)),
        create(2).check_absent(Account::key(shop, 1)),
        create(2).check(Account::key(shop, 1), Account::BALANCE.gt(10)),
    ];
    for write in wrong {
        refused("check", write.send().await, is_canceled)?;
    }
    equal("created", table.query(Order::partition(shop)).consistent_read().count().await?, 2)
}

async fn versions_advance_with_success_only(context: Context) -> Result<(), CaseFailure> {
    let (table, shop) = (&context.table, &context.shop);
    let note = |id| Note { shop: shop.clone(), id, text: String::new(), version: Version::NEW };
    let (mut first, mut second) = (note(1), note(2));
    table.transact_write().create(&mut first).create(&mut second).send().await?;
    equal("created", (first.version.stored(), second.version.stored()), (Some(&1), Some(&1)))?;
    let mut stale = first.clone();
    table.transact_write().save(&mut first).save(&mut second).send().await?;
    equal("saved", (first.version.stored(), second.version.stored()), (Some(&2), Some(&2)))?;
    let write = table.transact_write().save(&mut second).save(&mut stale);
    refused("stale", write.send().await, is_canceled)?;
    equal("in memory", (second.version.stored(), stale.version.stored()), (Some(&2), Some(&1)))?;
    equal("stored", table.get(&second).consistent_read().await?, Some(second.clone()))
}

async fn several_tables_are_written_at_once(context: Context) -> Result<(), CaseFailure> {
    let digests: Table<Digests> = context.own_table().await?;
    let digest = Digest { group: 1, digest: Bytes(vec![1]), size: 7 };
    let new = order(&context.shop, 1);
    let write = || {
        let other = digests.transact_write().create(&digest);
        context.table.transact_write().create(&new).and(other)
    };
    write().send().await?;
    equal("digest", digests.get(&digest).consistent_read().await?, Some(digest.clone()))?;
    context.table.delete(Order::key(&context.shop, 1)).await?;
    refused("again", write().send().await, is_canceled)?;
    equal("order", context.table.exists(Order::key(&context.shop, 1)).consistent_read().await?, false)
}

async fn a_hundred_writes_are_one_transaction(context: Context) -> Result<(), CaseFailure> {
    let orders: Vec<Order> = (1..=100).map(|number| order(&context.shop, number)).collect();
    let table = context.own_table::<Shop>().await?;
    orders.iter().fold(table.transact_write(), |write, order| write.create(order)).send().await?;
    let count = table.query(Order::partition(&context.shop)).consistent_read().count().await?;
    equal("created", count, 100)
}

async fn a_token_applies_a_transaction_once(context: Context) -> Result<(), CaseFailure> {
    account(&context, 1, 10).await?;
    let token = uuid::Uuid::new_v4().to_string();
    for _ in 0..3 {
        let add = context.table.update(Account::key(&context.shop, 1)).apply(Account::BALANCE.add(5_u64));
        context.table.transact_write().update(add).client_request_token(&*token).send().await?;
    }
    equal("balance", balance(&context, 1).await?, Some(15))
}

async fn a_token_is_for_one_content(context: Context) -> Result<(), CaseFailure> {
    account(&context, 1, 10).await?;
    let token = uuid::Uuid::new_v4().to_string();
    let send = |amount: u64| {
        let add = context.table.update(Account::key(&context.shop, 1)).apply(Account::BALANCE.add(amount));
        context.table.transact_write().update(add).client_request_token(&*token).send()
    };
    send(5).await?;
    let is_mismatch =
        |error: &Error| matches!(error, Error::Service(error) if error.code() == Some(MISMATCH));
    refused("other content", send(6).await, is_mismatch)?;
    equal("balance", balance(&context, 1).await?, Some(15))
}

const MISMATCH: &str = "IdempotentParameterMismatchException";

async fn a_write_is_a_transaction_of_its_own(context: Context) -> Result<(), CaseFailure> {
    let (table, order) = (&context.table, order(&context.shop, 1));
    table.create(&order).transactional().send().await?;
    let is_failed = |error: &Error| matches!(error, Error::ConditionFailed(_));
    refused("again", table.create(&order).transactional().send().await, is_failed)?;
    let update = || table.update(order.to_key()).apply(Order::TOTAL.add(1_u64));
    update().transactional().send().await?;
    let late = update().condition(Order::TOTAL.eq(10)).transactional().send().await;
    refused("update", late, is_failed)?;
    table.delete(&order).condition(Order::TOTAL.eq(11)).transactional().send().await?;
    equal("gone", table.exists(&order).consistent_read().await?, false)
}

async fn a_computation_without_a_number_cancels_it(context: Context) -> Result<(), CaseFailure> {
    let (table, stored) = (&context.table, order(&context.shop, 1));
    table.put(&stored).await?;
    let add = Order::NUMBER_OF_CHECKS.set(Order::NUMBER_OF_CHECKS + 1_u32);
    let other = order(&context.shop, 2);
    let write = table.transact_write().create(&other).update(table.update(stored.to_key()).apply(add));
    let is_invalid = |error: &Error| match error {
        Error::TransactionCanceled(canceled) => {
            canceled.reasons().get(1).and_then(|reason| reason.code()) == Some("ValidationError")
        }
        _ => false,
    };
    refused("transaction", write.send().await, is_invalid)?;
    equal("stored", table.query(Order::partition(&context.shop)).consistent_read().count().await?, 1)
}

async fn entities_are_read_at_one_time(context: Context) -> Result<(), CaseFailure> {
    let (table, shop) = (&context.table, &context.shop);
    table.put(&order(shop, 1)).await?;
    account(&context, 1, 10).await?;
    let keys = (Order::key(shop, 1), Account::key(shop, 1), Account::key(shop, 2));
    let (order_read, first, second) = table.transact_get(keys).send().await?;
    equal("order", order_read, Some(order(shop, 1)))?;
    let balances = (first.map(|account| account.balance), second.map(|account| account.balance));
    equal("accounts", balances, (Some(10), None))?;
    let keys: Vec<_> = (0..50).map(|number| Order::key(shop, number)).collect();
    let orders = table.repository::<Order>().transact_get(keys).send().await?;
    equal("fifty", orders.iter().flatten().count(), 1)
}

async fn a_projection_is_read_at_one_time(context: Context) -> Result<(), CaseFailure> {
    let (table, shop) = (&context.table, &context.shop);
    table.put(&order(shop, 1)).await?;
    let keys = (Order::key(shop, 1), Order::key(shop, 2));
    let found = table.transact_get(keys).project::<(OrderSummary, OrderSummary)>().send().await?;
    equal("summaries", found, (Some(OrderSummary { total: 10, lines: vec![] }), None))
}

async fn racing_transfers_lose_no_money(context: Context) -> Result<(), CaseFailure> {
    for id in 0..4 {
        account(&context, id, 100).await?;
    }
    let mut tasks = tokio::task::JoinSet::new();
    for worker in 0..4_u32 {
        let (table, shop) = (context.table.clone(), context.shop.clone());
        tasks.spawn(async move {
            for step in 0..6 {
                let (from, to) = ((worker + step) % 4, (worker + step * 2 + 1) % 4);
                if from == to {
                    continue;
                }
                let pay = table.update(Account::key(&shop, from));
                let pay = pay.apply(Account::BALANCE.set(Account::BALANCE - 40_u64));
                let take = table.update(Account::key(&shop, to)).apply(Account::BALANCE.add(40_u64));
                let write =
                    table.transact_write().update(pay.condition(Account::BALANCE.ge(40))).update(take);
                match write.send().await {
                    Ok(()) | Err(Error::TransactionCanceled(_)) => {}
                    Err(Error::Service(error)) if error.kind() == ServiceErrorKind::TransactionConflict => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    let mut sum = 0;
    for id in 0..4 {
        sum += balance(&context, id).await?.unwrap_or_default();
    }
    equal("sum", sum, 400)
}
