//! DeleteItem.

use super::Handle;
use crate::{
    entity::{self, Entity, Item},
    error::{KeyError, Result},
};
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use std::marker::PhantomData;

/// Deletes an entity by its primary key; succeeds as well if there is none.
///
/// One [DeleteItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html) request.
/// It costs a write unit for every 1 KB of the item, begun ones included, at least one, and as much for every
/// index that holds the item.
#[derive(Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct DeleteItem<E> {
    handle: Handle,
    key: Result<Item, KeyError>,
    of: PhantomData<fn() -> E>,
}

impl<E: Entity> DeleteItem<E> {
    pub(crate) fn new(handle: Handle, key: &E::Key) -> Self {
        Self { handle, key: entity::key_item(key), of: PhantomData }
    }

    /// The SDK's builder with this request.
    ///
    /// # Errors
    /// The key cannot be made.
    pub fn into_sdk(self) -> Result<DeleteItemFluentBuilder> {
        Ok(self.handle.client.delete_item().table_name(&*self.handle.table).set_key(Some(self.key?)))
    }

    /// Runs the request.
    ///
    /// # Errors
    /// The key cannot be made, or the request fails.
    pub async fn send(self) -> Result<()> {
        let handle = self.handle.clone();
        self.into_sdk()?.send().await.map_err(|error| handle.error("DeleteItem", error))?;
        Ok(())
    }
}
