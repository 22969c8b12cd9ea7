use crate::matrix::{
    case::{CaseFailure, cases, equal, given},
    context::Context,
    lost_answer::LosingClient,
    model::{Account, Note, Order, Shop, order},
};
use dynamap::{Error, Table, value::Version};

cases!("lost_answers":
    a_put_is_sent_again,
    a_create_and_a_save_of_a_version_are_applied_once [FailedConditionItem],
    a_create_without_a_version_is_unknown,
    a_count_is_not_sent_again,
    a_count_in_a_transaction_is_counted_once [Transactions],
    a_transaction_is_applied_once [Transactions],
    a_batch_is_written_all_the_same,
);

/// The table by a client that loses answers.
fn losing(context: &Context) -> (Table<Shop>, LosingClient) {
    let losing = LosingClient::new(&context.target.client);
    (context.table_of(losing.client.clone()), losing)
}

/// The answer was lost, or the case says nothing.
fn lost(client: &LosingClient) -> Result<(), CaseFailure> {
    equal("an answer was lost", client.has_lost(), true)
}

async fn a_put_is_sent_again(context: Context) -> Result<(), CaseFailure> {
    let (table, client) = losing(&context);
    let order = order(&context.shop, 1);
    client.lose_next();
    table.put(&order).await?;
    lost(&client)?;
    equal("stored", context.table.get(&order).consistent_read().await?, Some(order.clone()))
}

async fn a_create_and_a_save_of_a_version_are_applied_once(context: Context) -> Result<(), CaseFailure> {
    let (table, client) = losing(&context);
    let mut note = Note { shop: context.shop.clone(), id: 1, text: String::new(), version: Version::NEW };
    client.lose_next();
    table.create(&mut note).await?;
    lost(&client)?;
    note.text = "x".into();
    client.lose_next();
    table.save(&mut note).await?;
    lost(&client)?;
    equal("version", note.version.stored(), Some(&2))?;
    equal("stored", context.table.get(&note).consistent_read().await?, Some(note.clone()))?;
    client.lose_next();
    table.delete(&note).expect_version(&note.version).await.or_else(|error| match error {
        // The item that would tell is gone.
        Error::Unknown(_) => Ok(()),
        error => Err(error),
    })?;
    lost(&client)?;
    equal("gone", context.table.exists(&note).consistent_read().await?, false)
}

async fn a_create_without_a_version_is_unknown(context: Context) -> Result<(), CaseFailure> {
    let (table, client) = losing(&context);
    let order = order(&context.shop, 1);
    client.lose_next();
    let outcome = table.create(&order).await;
    lost(&client)?;
    equal("unknown", matches!(outcome, Err(Error::Unknown(_))), true)?;
    equal("stored", context.table.exists(&order).consistent_read().await?, true)
}

async fn a_count_is_not_sent_again(context: Context) -> Result<(), CaseFailure> {
    let (table, client) = losing(&context);
    let order = order(&context.shop, 1);
    context.table.put(&order).await?;
    client.lose_next();
    let outcome = table.update(order.to_key()).apply(Order::TOTAL.add(1_u64)).await;
    lost(&client)?;
    equal("unknown", matches!(outcome, Err(Error::Unknown(_))), true)?;
    let stored = given("order", context.table.get(&order).consistent_read().await?)?;
    equal("counted once", stored.total, 11)
}

async fn a_count_in_a_transaction_is_counted_once(context: Context) -> Result<(), CaseFailure> {
    let (table, client) = losing(&context);
    let order = order(&context.shop, 1);
    context.table.put(&order).await?;
    client.lose_next();
    table.update(order.to_key()).apply(Order::TOTAL.add(1_u64)).transactional().send().await?;
    lost(&client)?;
    let stored = given("order", context.table.get(&order).consistent_read().await?)?;
    equal("counted once", stored.total, 11)
}

async fn a_transaction_is_applied_once(context: Context) -> Result<(), CaseFailure> {
    let (table, client) = losing(&context);
    let account = |id| Account { shop: context.shop.clone(), id, balance: 10 };
    for id in [1, 2] {
        context.table.put(&account(id)).await?;
    }
    let of = |id| table.update(Account::key(&context.shop, id));
    let pay = of(1).apply(Account::BALANCE.set(Account::BALANCE - 4_u64)).condition(Account::BALANCE.ge(4));
    client.lose_next();
    let new = order(&context.shop, 1);
    let write = table.transact_write().create(&new).update(pay);
    write.update(of(2).apply(Account::BALANCE.add(4_u64))).send().await?;
    lost(&client)?;
    let mut balances = Vec::new();
    for id in [1, 2] {
        balances
            .push(context.table.get(&account(id)).consistent_read().await?.map(|account| account.balance));
    }
    equal("balances", balances, [Some(6), Some(14)])
}

async fn a_batch_is_written_all_the_same(context: Context) -> Result<(), CaseFailure> {
    let (table, client) = losing(&context);
    client.lose_next();
    let all = (1..=30).map(|number| order(&context.shop, number));
    let report = table.repository::<Order>().batch_write().put_all(all).send().await?;
    lost(&client)?;
    equal("written", (report.written(), report.unknown_count()), (30, 0))?;
    let count = context.table.query(Order::partition(&context.shop)).consistent_read().count().await?;
    equal("stored", count, 30)
}
