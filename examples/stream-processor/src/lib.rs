//! Views of the web shop that are kept up by the changes of its table: the access patterns, one function each.
//!
//! The table in the README lists them; [`model`] has the entities, and [`told`] what a change means.

pub mod cli;
mod error;
mod live;
pub mod model;
mod names;
pub mod told;
pub mod tour;
mod worker;

pub use error::{ProcessorError, Result};
pub use live::Live;
pub use names::TableNames;
pub use worker::{Worker, WorkerSettings};

use std::{
    collections::BTreeMap,
    ops::RangeInclusive,
    time::{Duration, SystemTime},
};

use aws_sdk_dynamodb::types::StreamViewType;
use dynamap::{
    Table,
    entity::Item,
    error::DecodeError,
    stream::{
        ChangeRecord, EffectOutcome, PoisonRecord, RecordErrorKind, SequenceNumber, StreamRecord,
        lambda::StreamHandler, reader::LeaseTable,
    },
    value::{EpochSeconds, Value},
    wire,
};
use examples_shared::profile::Program;
use jiff::{Timestamp, tz::TimeZone};
use webshop::model::{ProductId, Shop, ShopItem};

use model::{DeadLetter, Effect, LowStock, OutboxEntry, Sales, Views};
use told::Told;

/// The names of this example.
const PROGRAM: Program = Program { package: "stream-processor", creates_table: "create-tables" };

/// The consumer, in the keys of its effects and in its leases.
pub const CONSUMER: &str = "views";

/// The time for which effects are remembered. Records are delivered for a day.
const EFFECTS_KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The digits of the longest sequence number.
const DIGITS: usize = 40;

/// The tables of the processor.
#[derive(Debug, Clone)]
pub struct Tables {
    /// The shop, whose changes are followed.
    pub shop: Table<Shop>,
    /// The views.
    pub views: Table<Views>,
    /// The leases and checkpoints of the workers.
    pub leases: Table<LeaseTable>,
}

/// Creates the tables that are absent, and enables the stream of the shop with both images.
///
/// # Errors
/// A request fails, or there is a table with other keys or another stream.
pub async fn create_tables(tables: &Tables) -> Result<()> {
    tables.shop.create_table_if_absent().stream(StreamViewType::NewAndOldImages).send().await?;
    tables.views.create_table_if_absent().send().await?;
    tables.leases.create_table_if_absent().send().await?;
    Ok(())
}

/// Records a change in the views: an entry of the outbox, and the sale and the alert that follow from it.
///
/// All of it is one transaction, together with a mark under the id of the change. A change that is delivered again finds
/// the mark, and does nothing.
///
/// # Errors
/// The transaction fails.
pub async fn record_change(views: &Table<Views>, record: &ChangeRecord<ShopItem>) -> Result<EffectOutcome> {
    let (told, id, at) = (Told::of(record), record.operation_id(), time(record.time())?);
    let entry = OutboxEntry {
        entity: told.entity.to_owned(),
        at,
        number: sortable(record.sequence_number()),
        id: id.clone(),
        day: day(at),
        item: told.item,
        event: told.event,
        what: told.what,
    };
    let alert = told.low.map(|(product, left)| LowStock { at, id: id.clone(), product, left });
    let sale = told.sold.map(|(product, sold)| {
        let sales = views.upsert(Sales::key(product)).apply(Sales::SALES.add(1));
        sales.apply(Sales::SOLD.add(u64::from(sold)))
    });
    let expires_at = EpochSeconds::from(SystemTime::now()) + EFFECTS_KEPT;
    let effect = Effect { consumer: CONSUMER.to_owned(), id, expires_at };

    let transaction = views.transact_write().create(&entry).write_all(sale);
    let transaction = alert.iter().fold(transaction, |transaction, alert| transaction.create(alert));
    Ok(transaction.send_once(&effect).await?)
}

/// Stores a record that cannot be handled, so that the others go on.
///
/// # Errors
/// The write fails, or the stream has not both images.
pub async fn store_poison(views: &Table<Views>, poison: PoisonRecord<ShopItem>) -> Result<DeadLetter> {
    let letter = match poison {
        // All records would be poison: it is the stream that has to be changed.
        PoisonRecord::Unreadable(error) if matches!(error.kind(), RecordErrorKind::View { .. }) => {
            return Err(error.into());
        }
        PoisonRecord::Unreadable(error) => dead_letter(error.record(), error.to_string())?,
        PoisonRecord::Failed { change, attempts, error } => DeadLetter {
            number: sortable(change.sequence_number()),
            id: change.operation_id().to_string(),
            reason: format!("{attempts} attempts: {error}"),
            old: None,
            new: None,
        },
        _ => return Err(DecodeError::new("a poison record", "one of another kind").into()),
    };
    views.put(&letter).send().await?;
    Ok(letter)
}

fn dead_letter(record: &StreamRecord<'_>, reason: String) -> Result<DeadLetter> {
    Ok(DeadLetter {
        number: record.sequence_number().map(sortable).unwrap_or_default(),
        id: record.event_id().unwrap_or_default().to_owned(),
        reason,
        old: record.old_image_unredacted()?.map(values).transpose()?,
        new: record.new_image_unredacted()?.map(values).transpose()?,
    })
}

/// The attributes of any item.
fn values(item: Item) -> std::result::Result<BTreeMap<String, Value>, DecodeError> {
    item.into_iter().map(|(name, value)| Ok((name, wire::from_attribute_value(value)?))).collect()
}

/// The handler of a Lambda function: the same as that of the workers.
#[must_use]
pub fn stream_handler(views: &Table<Views>) -> StreamHandler<ShopItem> {
    let (changes, poison) = (views.clone(), views.clone());
    StreamHandler::new(move |record| {
        let views = changes.clone();
        async move { record_change(&views, &record).await.map(drop) }
    })
    .on_poison(move |record| {
        let views = poison.clone();
        async move { store_poison(&views, record).await.map(drop) }
    })
}

/// The sales of a product.
///
/// # Errors
/// The read fails.
pub async fn sales(views: &Table<Views>, product: ProductId) -> Result<Sales> {
    let sales = views.get(Sales::key(product)).send().await?;
    Ok(sales.unwrap_or(Sales { id: product, sales: 0, sold: 0 }))
}

/// The last alerts, newest first.
///
/// # Errors
/// The read fails.
pub async fn low_stock(views: &Table<Views>, limit: usize) -> Result<Vec<LowStock>> {
    Ok(views.query(LowStock::partition()).descending().limit(limit).send().await?.items)
}

/// The changes of an entity in a time, in their order.
///
/// # Errors
/// The read fails, or the time begins after its end.
pub async fn changes_of_entity(
    views: &Table<Views>,
    entity: &str,
    time: RangeInclusive<Timestamp>,
) -> Result<Vec<OutboxEntry>> {
    Ok(views.query(OutboxEntry::partition(entity).at(time)).try_collect().await?)
}

/// The changes of one item, in their order.
///
/// # Errors
/// The read fails.
pub async fn changes_of_item(views: &Table<Views>, item: &str) -> Result<Vec<OutboxEntry>> {
    Ok(views.query(OutboxEntry::by_item(item)).try_collect().await?)
}

/// The changes of all entities on a day, such as `2026-11-30`, in their order.
///
/// # Errors
/// The read fails.
pub async fn changes_of_day(views: &Table<Views>, day: &str) -> Result<Vec<OutboxEntry>> {
    Ok(views.query(OutboxEntry::by_day(day)).try_collect().await?)
}

/// The records that could not be handled, in their order.
///
/// # Errors
/// The read fails.
pub async fn poison_records(views: &Table<Views>) -> Result<Vec<DeadLetter>> {
    Ok(views.query(DeadLetter::partition()).try_collect().await?)
}

/// The time of a change, to the second.
fn time(time: Option<SystemTime>) -> Result<Timestamp> {
    Ok(Timestamp::try_from(time.unwrap_or(SystemTime::UNIX_EPOCH))?)
}

/// The day of a time, in UTC.
fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).date().to_string()
}

/// The number as text that sorts as the number does.
fn sortable(number: &SequenceNumber) -> String {
    format!("{:0>DIGITS$}", number.as_str())
}
