use crate::matrix::{
    case::{CaseFailure, cases, equal, given, refused},
    context::Context,
    model::{Keeper, Order, Shop, order},
};
use aws_sdk_dynamodb::types::StreamViewType;
use dynamap::{
    Error, Table,
    op::read::Queryable,
    stream::{
        Change, ChangeRecord, KeysOnly, NewAndOldImages, StreamView,
        reader::{LeaseTable, ShardEvent, StreamReader},
    },
};
use std::time::Duration;

cases!("streams":
    changes_come_with_both_images [Streams],
    changes_come_with_keys_only [Streams],
    a_write_that_changes_nothing_is_no_change [Streams],
    a_batch_is_a_change_for_each_item [Streams],
    a_reader_goes_on_after_its_checkpoint [Streams],
    a_stream_is_enabled_later [Streams],
);

/// The longest time until a change is in the stream.
const MOST: Duration = Duration::from_secs(20);

fn reader<T: Queryable, V: StreamView>(
    context: &Context,
    stream_arn: &str,
    leases: &Table<LeaseTable>,
) -> StreamReader<T, V> {
    let reader = StreamReader::new(context.target.streams.clone(), stream_arn, leases.clone());
    reader
        .application("matrix")
        .poll_interval(Duration::from_millis(100))
        .lease_duration(Duration::from_secs(3))
}

/// Reads this many changes, and acknowledges them.
async fn take<T: Queryable, V: StreamView>(
    reader: StreamReader<T, V>,
    count: usize,
) -> Result<Vec<ChangeRecord<T, V>>, CaseFailure> {
    let mut changes = Vec::new();
    let mut shards = reader.shards();
    let read = async {
        while changes.len() < count {
            let Some(shard) = shards.next().await else { break };
            let mut shard = shard?;
            while changes.len() < count {
                let Some(delivery) = shard.next().await else { break };
                let delivery = delivery?;
                match delivery.event {
                    ShardEvent::Changes(some) => changes.extend(*some),
                    ShardEvent::Gap(gap) => return Err(format!("{gap:?}").into()),
                    ShardEvent::Unreadable(error) => return Err(error.into()),
                    other => return Err(format!("{other:?}").into()),
                }
                delivery.acknowledgement.acknowledge();
            }
            shards.begin_shutdown();
        }
        Ok::<(), CaseFailure>(())
    };
    let done = tokio::time::timeout(MOST, read).await;
    let found = changes.len();
    done.map_err(|_| format!("{found} of {count} changes after {MOST:?}"))??;
    shards.shutdown().await?;
    Ok(changes)
}

async fn streamed(context: &Context, view: StreamViewType) -> Result<(Table<Shop>, String), CaseFailure> {
    let table: Table<Shop> = context.streamed_table(view).await?;
    let stream_arn = given("stream", table.stream_arn().await?)?;
    Ok((table, stream_arn))
}

async fn changes_come_with_both_images(context: Context) -> Result<(), CaseFailure> {
    let (table, arn) = streamed(&context, StreamViewType::NewAndOldImages).await?;
    let leases = context.own_table().await?;
    let first = order(&context.shop, 1);
    table.put(&first).await?;
    table.put(&Keeper { shop: context.shop.clone(), name: "Ada".into() }).await?;
    let second = table.update(&first).apply(Order::TOTAL.add(1_u64)).return_new().await?;
    table.delete(&first).await?;
    let changes = take::<Order, NewAndOldImages>(reader(&context, &arn, &leases), 3).await?;
    let found: Vec<_> = changes.into_iter().map(|record| record.change).collect();
    let expected = vec![
        Change::Insert { new: first.clone() },
        Change::Modify { old: first, new: second.clone() },
        Change::Remove { old: second },
    ];
    equal("changes", found, expected)
}

async fn changes_come_with_keys_only(context: Context) -> Result<(), CaseFailure> {
    let (table, arn) = streamed(&context, StreamViewType::KeysOnly).await?;
    let leases = context.own_table().await?;
    for number in 1..=3 {
        table.put(&order(&context.shop, number)).await?;
    }
    let changes = take::<Order, KeysOnly>(reader(&context, &arn, &leases), 3).await?;
    let found: Vec<_> = changes.into_iter().map(|record| record.key).collect();
    equal("keys", found, (1..=3).map(|number| Order::key(&context.shop, number)).collect::<Vec<_>>())
}

async fn a_write_that_changes_nothing_is_no_change(context: Context) -> Result<(), CaseFailure> {
    let (table, arn) = streamed(&context, StreamViewType::NewAndOldImages).await?;
    let leases = context.own_table().await?;
    let first = order(&context.shop, 1);
    table.put(&first).await?;
    table.put(&first).await?;
    table.update(&first).apply(Order::TOTAL.set(first.total)).await?;
    table.delete(Order::key(&context.shop, 9)).await?;
    table.put(&order(&context.shop, 2)).await?;
    let changes = take::<Order, NewAndOldImages>(reader(&context, &arn, &leases), 2).await?;
    let found: Vec<_> = changes.into_iter().map(|record| record.change).collect();
    let expected = [first, order(&context.shop, 2)].map(|new| Change::Insert { new });
    equal("changes", &found[..], &expected[..])
}

async fn a_batch_is_a_change_for_each_item(context: Context) -> Result<(), CaseFailure> {
    let (table, arn) = streamed(&context, StreamViewType::NewImage).await?;
    let leases = context.own_table().await?;
    let all = (1..=40).map(|number| order(&context.shop, number));
    table.repository::<Order>().batch_write().put_all(all).send().await?;
    let reader = reader::<Order, dynamap::stream::NewImage>(&context, &arn, &leases);
    let mut found: Vec<u32> = Vec::new();
    for record in take(reader, 40).await? {
        found.extend(record.change.new_item().map(|order| order.number));
    }
    found.sort_unstable();
    equal("numbers", found, (1..=40).collect::<Vec<_>>())
}

async fn a_reader_goes_on_after_its_checkpoint(context: Context) -> Result<(), CaseFailure> {
    let (table, arn) = streamed(&context, StreamViewType::NewAndOldImages).await?;
    let leases = context.own_table().await?;
    let keys =
        |changes: Vec<ChangeRecord<Order>>| changes.into_iter().map(|record| record.key).collect::<Vec<_>>();
    for number in [1, 2, 3] {
        table.put(&order(&context.shop, number)).await?;
    }
    let first = keys(take(reader(&context, &arn, &leases), 2).await?);
    equal("first", &first[..], &[1, 2].map(|number| Order::key(&context.shop, number))[..])?;
    table.put(&order(&context.shop, 4)).await?;
    let second = keys(take(reader(&context, &arn, &leases), 2).await?);
    equal("second", &second[..], &[3, 4].map(|number| Order::key(&context.shop, number))[..])
}

async fn a_stream_is_enabled_later(context: Context) -> Result<(), CaseFailure> {
    let table: Table<Shop> = context.own_table().await?;
    equal("without", table.stream_arn().await?, None)?;
    table.put(&order(&context.shop, 1)).await?;
    table.enable_stream(StreamViewType::NewAndOldImages).await?;
    table.enable_stream(StreamViewType::NewAndOldImages).await?;
    let other = table.enable_stream(StreamViewType::KeysOnly).await;
    refused("another view", other, |error| matches!(error, Error::SchemaMismatch(_)))?;
    let arn = given("stream", table.stream_arn().await?)?;
    table.put(&order(&context.shop, 2)).await?;
    let leases = context.own_table().await?;
    let changes = take::<Order, NewAndOldImages>(reader(&context, &arn, &leases), 1).await?;
    let found: Vec<_> = changes.into_iter().map(|record| record.change).collect();
    equal("changes", found, vec![Change::Insert { new: order(&context.shop, 2) }])
}
