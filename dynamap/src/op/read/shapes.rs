//! The attributes that each of the [`ReadShape`]s reads.

use super::{
    attributes::{needed, of_members},
    collection_reader::MembersOf,
    item_reader::EntityAs,
    keys::KeyReader,
    reads::{KeysOnly, Members, Parts, Projected, ReadShape, Whole},
};
use crate::{
    collection::ItemCollection,
    entity::{Entity, Projection},
    expr::ProjectionExpression,
    schema::Source,
};

impl<E: Entity> ReadShape<E> for Whole {
    type Output = E;
    type Table = E::Table;
    type Read = EntityAs<E, E>;

    fn projection<I: Source>() -> Option<ProjectionExpression> {
        None
    }
}

impl<E: Entity, P: Projection<Entity = E>> ReadShape<E> for Projected<P> {
    type Output = P;
    type Table = E::Table;
    type Read = EntityAs<E, P>;

    fn projection<I: Source>() -> Option<ProjectionExpression> {
        let mut asked = needed::<E::Table, I>();
        asked.add(P::ATTRIBUTES);
        Some(asked)
    }
}

impl<E: Entity> ReadShape<E> for KeysOnly {
    type Output = E::Key;
    type Table = E::Table;
    type Read = KeyReader<E>;

    fn projection<I: Source>() -> Option<ProjectionExpression> {
        Some(needed::<E::Table, I>())
    }
}

impl<C: ItemCollection> ReadShape<C> for Members {
    type Output = C::Item;
    type Table = C::Table;
    type Read = MembersOf<C>;

    fn projection<I: Source>() -> Option<ProjectionExpression> {
        of_members::<C, I>()
    }
}

impl<C: ItemCollection> ReadShape<C> for Parts {
    type Output = C::Item;
    type Table = C::Table;
    type Read = MembersOf<C>;

    fn projection<I: Source>() -> Option<ProjectionExpression> {
        of_members::<C, I>()
    }
}
