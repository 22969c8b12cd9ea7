//! The table of views and its entities.

use std::collections::BTreeMap;

use dynamap::{
    Attribute, Entity, Index, TableSchema,
    stream::OperationId,
    value::{EpochSeconds, Value},
};
use jiff::Timestamp;
use webshop::model::ProductId;

/// The table: what is known of the shop by its changes.
#[derive(Debug, Clone, Copy, TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", indexes(ByItem, ByDay))]
#[dynamap(entities(Effect, OutboxEntry, Sales, LowStock, DeadLetter))]
pub struct Views;

/// The changes of an item, in their order.
#[derive(Debug, Clone, Copy, Index)]
#[dynamap(table = Views, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
pub struct ByItem;

/// The changes of a day, in their order.
#[derive(Debug, Clone, Copy, Index)]
#[dynamap(table = Views, name = "gsi2", partition_key = "gsi2pk", sort_key = "gsi2sk")]
pub struct ByDay;

/// The mark of a change whose effects are there: a second delivery of the change does nothing.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Views, pk = "EFFECT#{consumer}#{id}", sk = "EFFECT")]
pub struct Effect {
    /// The consumer, of which each has effects of its own.
    #[dynamap(key_only)]
    pub consumer: String,
    /// The change.
    #[dynamap(key_only)]
    pub id: OperationId,
    /// Some days after the change can be delivered for the last time.
    #[dynamap(ttl)]
    pub expires_at: EpochSeconds,
}

/// An entry of the outbox: one for each change, which other systems can search and send on.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Views, pk = "OUTBOX#{entity}", sk = "{at}#{number}#{id}")]
#[dynamap(index = ByItem, pk = "ITEM#{item}", sk = "{at}#{number}#{id}")]
#[dynamap(index = ByDay, pk = "DAY#{day}", sk = "{at}#{number}#{id}")]
pub struct OutboxEntry {
    /// The entity of the item.
    pub entity: String,
    /// The time of the change, to the second.
    pub at: Timestamp,
    /// The sequence number of the change, with zeros before it, so that text sorts as numbers do: it gives the order within a
    /// second.
    pub number: String,
    /// The change.
    pub id: OperationId,
    /// The day of the change, such as `2026-11-30`.
    pub day: String,
    /// The item, such as `product 22`.
    pub item: String,
    /// The event.
    pub event: Event,
    /// The change in words.
    pub what: String,
}

/// The kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
#[dynamap(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Event {
    /// The item is new.
    Insert,
    /// The item was changed.
    Modify,
    /// The item was deleted.
    Remove,
    /// The item was deleted by its time to live.
    Expire,
}

impl std::fmt::Display for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Insert => "INSERT",
            Self::Modify => "MODIFY",
            Self::Remove => "REMOVE",
            Self::Expire => "EXPIRE",
        })
    }
}

/// The sales of a product.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Views, pk = "PRODUCT#{id}", sk = "SALES")]
pub struct Sales {
    /// The product.
    #[dynamap(key_only)]
    pub id: ProductId,
    /// The number of sales.
    pub sales: u64,
    /// The number of pieces that were sold.
    pub sold: u64,
}

/// An alert: the stock of a product has become low.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Views, pk = "ALERTS", sk = "{at}#{id}")]
pub struct LowStock {
    /// The time of the change.
    pub at: Timestamp,
    /// The change that made it low.
    pub id: OperationId,
    /// The product.
    pub product: ProductId,
    /// The number that is left.
    pub left: u32,
}

/// A record that could not be handled, and the item before and after its change.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Views, pk = "POISON", sk = "{number}#{id}")]
pub struct DeadLetter {
    /// The sequence number of the record, with zeros before it.
    pub number: String,
    /// The id of its event.
    pub id: String,
    /// The reason, without a value of the item.
    pub reason: String,
    /// The item before the change.
    pub old: Option<BTreeMap<String, Value>>,
    /// The item after the change.
    pub new: Option<BTreeMap<String, Value>>,
}
