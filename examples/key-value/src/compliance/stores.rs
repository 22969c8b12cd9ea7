use super::{
    CaseFailure, Context,
    case::{Case, case, equal, refused},
};
use crate::{Creation, Store, StoreError, assoc, connect, delete_store, get};

pub(super) const CASES: &[Case] = &[
    case!(a_store_is_created_and_deleted),
    case!(a_store_that_must_be_there_is_not_created),
    case!(two_clients_see_one_store),
];

async fn a_store_is_created_and_deleted(context: Context) -> Result<(), CaseFailure> {
    let name = format!("{}-other", context.store.table_name());
    let store = Store::new(context.client.clone(), name).consistent_reads();
    equal("absent", delete_store(&store).await?, false)?;
    connect(&store, Creation::Provisioned { read: 5, write: 5 }).await?;
    assoc(&store, "k", &1).await?;
    connect(&store, Creation::OnDemand).await?;
    connect(&store, Creation::Never).await?;
    equal("kept", get(&store, "k").await?, Some(1))?;
    equal("deleted", delete_store(&store).await?, true)?;
    connect(&store, Creation::OnDemand).await?;
    equal("empty", get::<i32>(&store, "k").await?, None)?;
    equal("deleted again", delete_store(&store).await?, true)
}

async fn a_store_that_must_be_there_is_not_created(context: Context) -> Result<(), CaseFailure> {
    let store = Store::new(context.client.clone(), format!("{}-absent", context.store.table_name()));
    let is_table = |error: &StoreError| matches!(error, StoreError::Table(_));
    let is_absent = |error: &StoreError| matches!(error, StoreError::NoTable(_));
    refused("connect", connect(&store, Creation::Never).await, is_absent)?;
    refused("get", get::<i32>(&store, "k").await, is_table)?;
    equal("still absent", delete_store(&store).await?, false)
}

async fn two_clients_see_one_store(context: Context) -> Result<(), CaseFailure> {
    let key = context.key("k");
    let other = Store::new(context.client.clone(), context.store.table_name()).consistent_reads();
    for number in 0..4 {
        let (writer, reader) =
            if number % 2 == 0 { (&context.store, &other) } else { (&other, &context.store) };
        assoc(writer, &*key, &number).await?;
        equal("get", get(reader, &key).await?, Some(number))?;
    }
    Ok(())
}
