//! The attributes that a search asks for.

use crate::{
    call::item_status::holds,
    entity::{Entity, Projection, ReadableFrom, declared_names},
    expr::ProjectionExpression,
    op::read::{HeldBy, KeysOnly, Projected, Results, Whole},
    schema::{ProjectsAll, Source, TableSchema, primary_key},
};

/// A way to read the items of a search that the vector index `I` allows.
#[diagnostic::on_unimplemented(
    message = "items of `{E}` cannot be read from `{I}` as `{Self}`",
    note = "a vector index that does not hold whole items is read as a projection: `.project::<Summary>()`, or by `.keys()`"
)]
pub trait FoundAs<E, I: Source>: HeldBy<E, I> {
    #[doc(hidden)]
    fn attributes() -> ProjectionExpression;
}

/// The attributes that tell which item it is and if it counts: the primary key, and the entity type and time to live, as far as
/// the index holds them.
fn marks<S: TableSchema, I: Source>() -> ProjectionExpression {
    let mut asked = ProjectionExpression::default();
    primary_key::<S>().for_each(|attribute| asked.add_whole(attribute.name));
    let marks = [S::ENTITY_TYPE, S::TTL].into_iter().flatten();
    marks.filter(|name| holds::<I>(name)).for_each(|name| asked.add_whole(name));
    asked
}

/// The reason why a search of whole entities does not compile.
const SEARCHED_MAP: &str = "an entity with a flattened map cannot be searched for as a whole: DynamoDB returns the vector only if it is \
     asked for by name, and with it only attributes that are, which those of a map are not; use `.project::<..>()` or `.keys()`";

impl<E: Entity, I: ProjectsAll> FoundAs<E, I> for Whole {
    // DynamoDB: the vector comes only if it is asked for.
    fn attributes() -> ProjectionExpression {
        const { assert!(!E::TAKES_ANY, "{}", SEARCHED_MAP) };
        let mut asked = marks::<E::Table, I>();
        // A derive that found mistakes has no names.
        declared_names::<E>().into_iter().for_each(|name| asked.add_whole(name));
        asked
    }
}

impl<E: Entity, I: Source, P: ReadableFrom<I, Entity = E>> FoundAs<E, I> for Projected<P> {
    fn attributes() -> ProjectionExpression {
        let mut asked = marks::<E::Table, I>();
        asked.add(<P as Projection>::ATTRIBUTES);
        asked
    }
}

impl<E: Entity, I: Source> FoundAs<E, I> for KeysOnly {
    fn attributes() -> ProjectionExpression {
        marks::<E::Table, I>()
    }
}

impl<E, I: Source, T: FoundAs<E, I>> FoundAs<E, I> for Results<T> {
    fn attributes() -> ProjectionExpression {
        T::attributes()
    }
}
