use super::Action;
use crate::{
    entity::{Entity, Key},
    op::{DeleteItem, PutItem, UpdateItem, update_item::Nothing},
};

/// What a transaction on the table `S` takes as an action: a [`PutItem`], an [`UpdateItem`] that returns nothing, or a
/// [`DeleteItem`]. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no action of a transaction on `{S}`",
    note = "it takes puts, deletes, and updates that return nothing: DynamoDB returns no attributes from a transaction"
)]
pub trait IntoTransactWrite<'a, S>: sealed::Sealed {
    #[doc(hidden)]
    fn into_action(self) -> Action<'a>;
}

impl<'a, E: Entity> IntoTransactWrite<'a, E::Table> for PutItem<'a, E> {
    fn into_action(self) -> Action<'a> {
        self.into_action()
    }
}

impl<'a, E: Entity> IntoTransactWrite<'a, E::Table> for UpdateItem<'a, E, Nothing> {
    fn into_action(self) -> Action<'a> {
        self.into_action()
    }
}

impl<'a, E: Entity> IntoTransactWrite<'a, E::Table> for DeleteItem<E> {
    fn into_action(self) -> Action<'a> {
        self.into_action()
    }
}

/// What a transaction on the table `S` deletes by: a key of one of its entities, or a [`DeleteItem`]. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a key nor a delete of an entity of `{S}`",
    note = "make a key with the entity's `key` function, such as `Order::key(..)`"
)]
pub trait IntoDelete<S>: sealed::Sealed {
    /// The entity.
    type Entity: Entity<Table = S>;

    #[doc(hidden)]
    fn into_delete(
        self,
        by_key: impl FnOnce(&<Self::Entity as Entity>::Key) -> DeleteItem<Self::Entity>,
    ) -> DeleteItem<Self::Entity>;
}

impl<K: Key> IntoDelete<<K::Entity as Entity>::Table> for K {
    type Entity = K::Entity;

    fn into_delete(self, by_key: impl FnOnce(&K) -> DeleteItem<K::Entity>) -> DeleteItem<K::Entity> {
        by_key(&self)
    }
}

impl<E: Entity> IntoDelete<E::Table> for DeleteItem<E> {
    type Entity = E;

    fn into_delete(self, _: impl FnOnce(&E::Key) -> Self) -> Self {
        self
    }
}

mod sealed {
    use super::{DeleteItem, Entity, Key, PutItem, UpdateItem};

    pub trait Sealed {}
    impl<E: Entity> Sealed for PutItem<'_, E> {}
    impl<E: Entity> Sealed for UpdateItem<'_, E> {}
    impl<E: Entity> Sealed for DeleteItem<E> {}
    impl<K: Key> Sealed for K {}
}
