use crate::matrix::{
    case::{CaseFailure, cases, equal, given, refused},
    context::Context,
    model::{Digest, Digests, Keeper, Sessions, Shop, order},
};
use dynamap::{Error, Table, TableSchema, error::ServiceErrorKind, value::Bytes};

cases!("tables":
    a_table_is_created_once,
    a_table_with_other_keys_is_told_apart,
    a_table_without_an_index_is_told_apart,
    a_table_with_a_throughput_is_created,
    a_table_that_is_not_there_is_told_by_reads_and_writes,
    keys_are_numbers_and_binary_values,
    a_deleted_table_is_created_empty,
);

/// The keys of `Shop`, and no index.
#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Plain;

fn is_absent_table(error: &Error) -> bool {
    matches!(error, Error::Service(error) if error.kind() == ServiceErrorKind::TableNotFound)
}

fn is_mismatch(error: &Error) -> bool {
    matches!(error, Error::SchemaMismatch(_))
}

async fn a_table_is_created_once(context: Context) -> Result<(), CaseFailure> {
    let shop: Table<Shop> = context.named();
    equal("first", shop.create_table_if_absent().await?, true)?;
    equal("second", shop.create_table_if_absent().await?, false)?;
    shop.wait_until_active().await?;
    shop.put(&order(&context.shop, 1)).await?;
    equal("of all cases", context.table.create_table_if_absent().await?, false)
}

async fn a_table_with_other_keys_is_told_apart(context: Context) -> Result<(), CaseFailure> {
    let digests = context.own_table::<Digests>().await?;
    let shop = Table::<Plain>::new(context.target.client.clone(), digests.name());
    refused("other keys", shop.create_table_if_absent().await, is_mismatch)?;
    Ok(())
}

async fn a_table_without_an_index_is_told_apart(context: Context) -> Result<(), CaseFailure> {
    let plain = context.own_table::<Plain>().await?;
    let shop = Table::<Shop>::new(context.target.client.clone(), plain.name());
    refused("no indexes", shop.create_table_if_absent().await, is_mismatch)?;
    let plain = Table::<Plain>::new(context.target.client.clone(), context.table.name());
    equal("indexes that are not read", plain.create_table_if_absent().await?, false)
}

async fn a_table_with_a_throughput_is_created(context: Context) -> Result<(), CaseFailure> {
    let shop: Table<Shop> = context.named();
    equal("created", shop.create_table_if_absent().provisioned(5, 5).await?, true)?;
    let described = context.target.client.describe_table().table_name(shop.name()).send().await?;
    let throughput = described.table().and_then(|table| table.provisioned_throughput());
    let throughput = given("throughput", throughput)?;
    let units = (throughput.read_capacity_units(), throughput.write_capacity_units());
    equal("units", units, (Some(5), Some(5)))
}

async fn a_table_that_is_not_there_is_told_by_reads_and_writes(context: Context) -> Result<(), CaseFailure> {
    let shop: Table<Shop> = context.named();
    let (order, key) = (order(&context.shop, 1), || Keeper::key(&context.shop));
    refused("get", shop.get(key()).await, is_absent_table)?;
    refused("put", shop.put(&order).await, is_absent_table)?;
    refused("delete", shop.delete(key()).await, is_absent_table)?;
    refused("query", shop.query(Keeper::partition(&context.shop)).send().await, is_absent_table)?;
    refused("scan", shop.scan::<Keeper>().send().await, is_absent_table)?;
    equal("stream", shop.stream_arn().await?, None)?;
    Ok(())
}

async fn keys_are_numbers_and_binary_values(context: Context) -> Result<(), CaseFailure> {
    let digests = context.own_table::<Digests>().await?.repository::<Digest>();
    let of = |bytes: &[u8]| Digest { group: -7, digest: Bytes(bytes.to_vec()), size: 1 };
    let all = [&[0][..], &[0, 0], &[1], &[127, 255], &[128], &[255]].map(of);
    for digest in all.iter().rev() {
        digests.create(digest).await?;
    }
    digests.create(&Digest { group: -70, ..of(&[5]) }).await?;
    let found = digests.query(Digest::partition(-7)).consistent_read().try_collect().await?;
    equal("in the order of unsigned bytes", &found[..], &all[..])?;
    let found = digests.query(Digest::partition(-7).digest(Bytes(vec![1])..=Bytes(vec![128])));
    equal("range", &found.consistent_read().try_collect().await?[..], &all[2..5])?;
    let found = digests.query(Digest::partition(-7).digest_begins_with(&[0_u8][..]));
    equal("beginning", &found.consistent_read().try_collect().await?[..], &all[..2])
}

async fn a_deleted_table_is_created_empty(context: Context) -> Result<(), CaseFailure> {
    let shop = context.own_table::<Plain>().await?;
    let client = &context.target.client;
    client.delete_table().table_name(shop.name()).send().await?;
    for _ in 0..600 {
        if client.describe_table().table_name(shop.name()).send().await.is_err() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    equal("created again", shop.create_table_if_absent().await?, true)?;
    let sessions = Table::<Sessions>::new(client.clone(), shop.name());
    refused("other keys", sessions.create_table_if_absent().await, is_mismatch)?;
    Ok(())
}
