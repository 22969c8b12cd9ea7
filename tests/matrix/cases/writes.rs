use crate::matrix::{
    case::{CaseFailure, cases, equal, given, refused},
    context::Context,
    model::{Keeper, Order, Shop, order},
};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::{Error, outcome::ConditionFailure};

cases!("writes":
    a_put_is_read_again,
    a_put_replaces_the_whole_item,
    a_put_returns_what_was_there,
    a_create_takes_an_absent_item_only,
    a_create_if_absent_tells_if_it_wrote,
    a_replace_needs_the_item,
    a_save_needs_the_item_and_keeps_unknown_attributes,
    a_save_or_create_does_both,
    a_delete_is_done_once,
    a_delete_returns_what_was_there,
    a_condition_guards_each_write,
    an_item_of_another_entity_stays,
    an_item_of_another_entity_is_named [FailedConditionItem],
    an_item_of_400_kb_is_stored,
    one_of_many_creates_wins,
);

fn is_failed(error: &Error) -> bool {
    matches!(error, Error::ConditionFailed(_))
}

async fn a_put_is_read_again(context: Context) -> Result<(), CaseFailure> {
    let (table, order) = (&context.table, order(&context.shop, 1));
    equal("absent", table.get(&order).consistent_read().await?, None)?;
    equal("absent", table.exists(&order).consistent_read().await?, false)?;
    table.put(&order).await?;
    equal("present", table.get(&order).consistent_read().await?, Some(order.clone()))?;
    equal("present", table.exists(&order).consistent_read().await?, true)
}

async fn a_put_replaces_the_whole_item(context: Context) -> Result<(), CaseFailure> {
    let (table, new) = (&context.table, order(&context.shop, 1));
    let old = Order { note: Some("old".into()), ..new.clone() };
    table.put(&old).await?;
    table.put(&new).await?;
    equal("the new one", table.get(&new).consistent_read().await?, Some(new.clone()))
}

async fn a_put_returns_what_was_there(context: Context) -> Result<(), CaseFailure> {
    let (table, new) = (&context.table, order(&context.shop, 1));
    let old = Order { total: 5, ..new.clone() };
    equal("nothing", table.put(&old).return_old().await?, None)?;
    equal("the old one", table.put(&new).return_old().await?, Some(old))
}

async fn a_create_takes_an_absent_item_only(context: Context) -> Result<(), CaseFailure> {
    let (table, first) = (&context.table, order(&context.shop, 1));
    table.create(&first).await?;
    refused("second", table.create(&Order { total: 7, ..first.clone() }).await, is_failed)?;
    equal("the first one stays", table.get(&first).consistent_read().await?, Some(first.clone()))
}

async fn a_create_if_absent_tells_if_it_wrote(context: Context) -> Result<(), CaseFailure> {
    let (table, first) = (&context.table, order(&context.shop, 1));
    equal("first", table.create_if_absent(&first).await?, true)?;
    equal("second", table.create_if_absent(&Order { total: 7, ..first.clone() }).await?, false)?;
    equal("the first one stays", table.get(&first).consistent_read().await?, Some(first.clone()))
}

async fn a_replace_needs_the_item(context: Context) -> Result<(), CaseFailure> {
    let (table, new) = (&context.table, order(&context.shop, 1));
    refused("absent", table.replace(&new).await, is_failed)?;
    table.put(&Order { note: Some("old".into()), ..new.clone() }).await?;
    table.replace(&new).await?;
    equal("the new one", table.get(&new).consistent_read().await?, Some(new.clone()))
}

async fn a_save_needs_the_item_and_keeps_unknown_attributes(context: Context) -> Result<(), CaseFailure> {
    let (table, old) = (&context.table, Order { note: Some("old".into()), ..order(&context.shop, 1) });
    refused("absent", table.save(&old).await, is_failed)?;
    let mut item = dynamap::entity::to_item(&old)?;
    item.insert("unknown".into(), AttributeValue::S("kept".into()));
    table.client().put_item().table_name(table.name()).set_item(Some(item)).send().await?;
    let new = Order { note: None, total: 11, ..old };
    table.save(&new).await?;
    let item = table.get(&new).consistent_read().into_sdk()?.send().await?.item;
    let item = given("item", item)?;
    equal("unknown", item.get("unknown"), Some(&AttributeValue::S("kept".into())))?;
    equal("no note", item.get("note"), None::<&AttributeValue>)?;
    equal("the new one", dynamap::entity::from_item::<Order>(item)?, new)
}

async fn a_save_or_create_does_both(context: Context) -> Result<(), CaseFailure> {
    let (table, first) = (&context.table, order(&context.shop, 1));
    table.save_or_create(&first).await?;
    equal("created", table.get(&first).consistent_read().await?, Some(first.clone()))?;
    let second = Order { total: 12, ..first };
    table.save_or_create(&second).await?;
    equal("saved", table.get(&second).consistent_read().await?, Some(second.clone()))
}

async fn a_delete_is_done_once(context: Context) -> Result<(), CaseFailure> {
    let (table, order) = (&context.table, order(&context.shop, 1));
    table.put(&order).await?;
    table.delete(&order).await?;
    equal("gone", table.get(&order).consistent_read().await?, None)?;
    table.delete(&order).await?;
    Ok(())
}

async fn a_delete_returns_what_was_there(context: Context) -> Result<(), CaseFailure> {
    let (table, order) = (&context.table, order(&context.shop, 1));
    table.put(&order).await?;
    equal("first", table.delete(&order).return_old().await?, Some(order.clone()))?;
    equal("second", table.delete(&order).return_old().await?, None)
}

async fn a_condition_guards_each_write(context: Context) -> Result<(), CaseFailure> {
    let (table, old) = (&context.table, order(&context.shop, 1));
    table.put(&old).await?;
    let new = Order { total: 99, ..old.clone() };
    let (wrong, right) = (|| Order::TOTAL.gt(10), || Order::TOTAL.eq(10) & Order::NOTE.not_exists());
    refused("put", table.put(&new).condition(wrong()).await, is_failed)?;
    refused("replace", table.replace(&new).condition(wrong()).await, is_failed)?;
    refused("save", table.save(&new).condition(wrong()).await, is_failed)?;
    let update = table.update(old.to_key()).apply(Order::NOTE.set("x"));
    refused("update", update.condition(wrong()).await, is_failed)?;
    refused("delete", table.delete(&old).condition(wrong()).await, is_failed)?;
    equal("it stays", table.get(&old).consistent_read().await?, Some(old.clone()))?;
    table.put(&new).condition(right()).await?;
    refused("put again", table.put(&new).condition(right()).await, is_failed)?;
    table.delete(&old).condition(Order::TOTAL.eq(99)).await?;
    equal("gone", table.exists(&old).consistent_read().await?, false)
}

/// The key of a keeper, at which another program has put an order.
async fn disguised(context: &Context) -> Result<Keeper, CaseFailure> {
    let keeper = Keeper { shop: context.shop.clone(), name: "Ada".into() };
    let mut item = dynamap::entity::to_item(&order(&context.shop, 1))?;
    item.insert("sk".into(), AttributeValue::S("KEEPER".into()));
    let table = &context.table;
    table.client().put_item().table_name(table.name()).set_item(Some(item)).send().await?;
    Ok(keeper)
}

async fn an_item_of_another_entity_stays(context: Context) -> Result<(), CaseFailure> {
    let (table, keeper) = (&context.table, disguised(&context).await?);
    refused("put", table.put(&keeper).await, is_failed)?;
    refused("save_or_create", table.save_or_create(&keeper).await, is_failed)?;
    refused("delete", table.delete(&keeper).await, is_failed)?;
    let read = table.get(&keeper).consistent_read().await;
    refused("get", read, |error| matches!(error, Error::Decode(_)))?;
    Ok(())
}

async fn an_item_of_another_entity_is_named(context: Context) -> Result<(), CaseFailure> {
    let keeper = disguised(&context).await?;
    let error = refused("put", context.table.put(&keeper).await, is_failed)?;
    let Error::ConditionFailed(failed) = error else { return Err(error.into()) };
    equal("reason", failed.reason(), ConditionFailure::OtherEntity)
}

async fn an_item_of_400_kb_is_stored(context: Context) -> Result<(), CaseFailure> {
    let (table, mut large) = (&context.own_table::<Shop>().await?, order(&context.shop, 1));
    large.note = Some(String::new());
    let rest = 400 * 1024 - dynamap::capacity::entity_size(&large)?;
    large.note = Some("x".repeat(rest));
    table.put(&large).await?;
    let found = table.get(&large).consistent_read().await?;
    equal("length", found.and_then(|order| order.note).map(|note| note.len()), Some(rest))?;
    // dynamap refuses the larger one itself: here the engine does.
    let mut item = dynamap::entity::to_item(&large)?;
    item.insert("x".into(), AttributeValue::S("y".into()));
    let put = table.client().put_item().table_name(table.name()).set_item(Some(item)).send().await;
    equal("one attribute more is refused", put.is_err(), true)
}

async fn one_of_many_creates_wins(context: Context) -> Result<(), CaseFailure> {
    let mut tasks = tokio::task::JoinSet::new();
    for total in 0..16 {
        let (table, order) = (context.table.clone(), Order { total, ..order(&context.shop, 1) });
        tasks.spawn(async move { (total, table.create(&order).await) });
    }
    let mut won = Vec::new();
    while let Some(done) = tasks.join_next().await {
        match done? {
            (total, Ok(())) => won.push(total),
            (_, Err(Error::ConditionFailed(_))) => {}
            (_, Err(error)) => return Err(error.into()),
        }
    }
    let stored = context.table.get(Order::key(&context.shop, 1)).consistent_read().await?;
    equal("stored", won, stored.map(|order| order.total).into_iter().collect::<Vec<_>>())
}
