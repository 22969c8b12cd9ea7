//! The entities that every contender reads and writes.

mod event;
mod mixed;
mod note;
mod order;
mod passage;
mod serde_order;
mod wallet;

pub(crate) use event::Event;
pub(crate) use mixed::{MapObject, Mixed};
pub(crate) use note::Note;
pub(crate) use order::{Address, Line, Order, Payment, Status};
pub(crate) use passage::{Passage, Passages};
pub(crate) use serde_order::SerdeOrder;
pub(crate) use wallet::Wallet;

use dynamap::{TableSchema, key::IntoKeyCondition, schema::Primary};
use serde_json::Value;

/// The table of all entities.
#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
pub(crate) struct Bench;

/// The name of [`Bench`].
pub(crate) const TABLE: &str = "bench";

/// An entity of the benchmark. One type serves all contenders, so that what they read can be compared.
pub(crate) trait Model:
    dynamap::Entity<Table = Bench>
    + dynamap::entity::Unchanging
    + dynamap::entity::WithoutUniqueFields
    + serde::Serialize
    + serde::de::DeserializeOwned
    + Clone
    + PartialEq
{
    /// The entity number `index`.
    fn sample(index: usize) -> Self;

    /// The item in DynamoDB-JSON, without what any contender does: attribute names and their values.
    fn attributes(&self) -> Vec<(&'static str, Value)>;

    /// The values of the partition key and the sort key.
    fn key_values(&self) -> (&str, &str);

    /// The key condition that selects everything in the partition of this entity.
    fn partition_of(&self) -> impl IntoKeyCondition<Entity = Self, Source = Primary> + use<Self>;
}

/// The first `count` samples.
pub(crate) fn samples<T: Model>(count: usize) -> Vec<T> {
    (0..count).map(T::sample).collect()
}
