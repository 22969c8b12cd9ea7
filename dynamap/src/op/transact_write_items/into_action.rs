use super::Action;
use crate::{
    entity::{BlindlyChanged, Entity, IntoKey},
    op::{
        DeleteItem, PutItem, UpdateItem,
        update_item::Nothing,
        write::version_choice::{NotChosen, VersionChoice},
    },
};

/// An argument of [`update`](super::TransactWriteItems::update): an update or upsert that returns nothing. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no update of an entity of `{S}` in a transaction",
    label = "expected `repository.update(key).apply(..)`, which returns nothing",
    note = "an entity is saved as a whole by `.save(&mut entity)`, or `.save(&entity)` if it has neither version nor stamps"
)]
pub trait IntoUpdate<'a, S>: IntoTransactWrite<'a, S> {}

impl<'a, E: Entity, C: VersionChoice<E>> IntoUpdate<'a, E::Table> for UpdateItem<'a, E, Nothing, C> {}

/// The argument of `condition` of a whole transaction, which no type is.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a condition belongs to one action of a transaction: `.write(table.create(&order).condition(..))`",
    label = "the transaction as a whole has none",
    note = "`check(key, condition)` demands something of an item that is not written"
)]
pub trait ConditionOfAnAction {}

/// An action of a transaction on the table `S`: a [`PutItem`], an [`UpdateItem`] that returns nothing, or a
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

impl<'a, E: Entity, C: VersionChoice<E>> IntoTransactWrite<'a, E::Table> for UpdateItem<'a, E, Nothing, C> {
    fn into_action(self) -> Action<'a> {
        self.into_action()
    }
}

impl<'a, E: Entity, C: VersionChoice<E>> IntoTransactWrite<'a, E::Table> for DeleteItem<E, Nothing, C> {
    fn into_action(self) -> Action<'a> {
        self.into_action()
    }
}

/// A delete of a transaction on the table `S`: a key of one of its entities, a reference to an entity, or a
/// [`DeleteItem`]. Sealed.
///
/// That of an entity with a version is none: a delete says if it checks the version.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a key nor a delete of an entity of `{S}`",
    note = "make a key with the entity's `key` function, such as `Order::key(..)`"
)]
pub trait IntoDelete<S>: sealed::Sealed {
    /// The entity.
    type Entity: Entity<Table = S>;
    #[doc(hidden)]
    type Choice: VersionChoice<Self::Entity>;

    #[doc(hidden)]
    fn into_delete(
        self,
        by_key: impl FnOnce(&<Self::Entity as Entity>::Key) -> DeleteItem<Self::Entity>,
    ) -> DeleteItem<Self::Entity, Nothing, Self::Choice>;
}

impl<K: IntoKey<Of: BlindlyChanged>> IntoDelete<<K::Of as Entity>::Table> for K {
    type Entity = K::Of;
    type Choice = NotChosen;

    fn into_delete(
        self,
        by_key: impl FnOnce(&<K::Of as Entity>::Key) -> DeleteItem<K::Of>,
    ) -> DeleteItem<K::Of> {
        by_key(&self.into_key())
    }
}

impl<E: Entity, C: VersionChoice<E>> IntoDelete<E::Table> for DeleteItem<E, Nothing, C> {
    type Entity = E;
    type Choice = C;

    fn into_delete(self, _: impl FnOnce(&E::Key) -> DeleteItem<E>) -> Self {
        self
    }
}

mod sealed {
    use super::{DeleteItem, Entity, IntoKey, PutItem, UpdateItem};

    pub trait Sealed {}
    impl<E: Entity> Sealed for PutItem<'_, E> {}
    impl<E: Entity, C> Sealed for UpdateItem<'_, E, super::Nothing, C> {}
    impl<E: Entity, C> Sealed for DeleteItem<E, super::Nothing, C> {}
    impl<K: IntoKey> Sealed for K {}
}
