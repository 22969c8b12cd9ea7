//! serde derives over DynamoDB-JSON itself, for `sonic-rs` and `serde_json`: the floor for general JSON parsers.
//!
//! The entities already derive serde for their plain form, so their DynamoDB-JSON form is a remote derive, which
//! reads the very same structs.

mod event;
mod mixed;
mod order;
mod read;
mod wallet;
mod write;

use crate::model::TABLE;
use serde::{Deserialize, Serialize, Serializer, de::DeserializeOwned};

/// An entity that can be read as DynamoDB-JSON by serde.
pub(crate) trait ReadTyped: Sized {
    /// The type that derives `Deserialize` in its place.
    type Wire: DeserializeOwned + Into<Self>;
}

/// An entity that can be written as DynamoDB-JSON by serde.
pub(crate) trait WriteTyped {
    /// Writes the item.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// The response of GetItem.
#[derive(Deserialize)]
pub(crate) struct GetItemResponse<W> {
    #[serde(rename = "Item")]
    item: W,
}

impl<W> GetItemResponse<W> {
    /// The entity.
    pub(crate) fn entity<T: ReadTyped<Wire = W>>(self) -> T
    where
        W: Into<T>,
    {
        self.item.into()
    }
}

/// The response of Query.
#[derive(Deserialize)]
pub(crate) struct QueryResponse<W> {
    #[serde(rename = "Items")]
    items: Vec<W>,
}

impl<W> QueryResponse<W> {
    /// The entities.
    pub(crate) fn entities<T: ReadTyped<Wire = W>>(self) -> Vec<T>
    where
        W: Into<T>,
    {
        self.items.into_iter().map(Into::into).collect()
    }
}

/// The request document of PutItem.
#[derive(Serialize)]
pub(crate) struct PutItemRequest<'a, T: WriteTyped> {
    #[serde(rename = "TableName")]
    table_name: &'static str,
    #[serde(rename = "Item")]
    item: ItemOf<'a, T>,
}

impl<'a, T: WriteTyped> PutItemRequest<'a, T> {
    /// Puts `entity`.
    pub(crate) fn new(entity: &'a T) -> Self {
        Self { table_name: TABLE, item: ItemOf(entity) }
    }
}

struct ItemOf<'a, T>(&'a T);

impl<T: WriteTyped> Serialize for ItemOf<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
