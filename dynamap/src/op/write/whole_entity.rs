//! The write of a whole entity that is there, whatever it keeps of its writes.

use super::{
    Precondition,
    writable::{Writable, WriteHandle},
};
use crate::{
    entity::Entity,
    expr::Condition,
    op::{PutItem, UpdateItem},
    outcome::Result,
    value::FromDocument,
};
use std::pin::Pin;

/// A save that is on its way.
pub type SaveFuture<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// An entity that is written by `&mut`, with a version or stamps or without. Derived.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no entity that can be written as a whole",
    note = "derive `dynamap::Entity` for `{Self}`"
)]
pub trait WrittenWhole: Entity {
    /// Saves the entity if the condition is true of the stored item as well.
    fn save_whole<'a>(
        &'a mut self,
        writer: WriteHandle<'_>,
        condition: Option<Condition<Self>>,
    ) -> SaveFuture<'a>;
}

/// Saves an entity by the reference that its kind is written by. One with a flattened map holds all attributes of its item, and
/// replaces it.
pub fn save_whole<'a, W: Writable<'a>>(
    entity: W,
    WriteHandle(handle): WriteHandle<'_>,
    condition: Option<Condition<W::Entity>>,
) -> SaveFuture<'a> {
    let handle = handle.clone();
    match <W::Entity as FromDocument>::TAKES_ANY {
        true => {
            let put = PutItem::new(handle, entity, Precondition::Present);
            let put = condition.into_iter().fold(put, PutItem::condition);
            Box::pin(put.send())
        }
        false => {
            let save = UpdateItem::save(handle, entity);
            let save = condition.into_iter().fold(save, UpdateItem::condition);
            Box::pin(save.send())
        }
    }
}
