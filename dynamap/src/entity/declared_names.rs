use super::Entity;
use crate::schema::{TableSchema, primary_key};

/// The names of all attributes that an item of the entity has under names known when it was compiled.
pub(crate) fn declared_names<E: Entity>() -> Vec<&'static str> {
    let keys = primary_key::<E::Table>().map(|attribute| attribute.name);
    let shape = E::SHAPE.map(|shape| shape.attribute);
    let marks = [E::Table::ENTITY_TYPE, E::Table::TTL, shape].into_iter().flatten();
    let mut names: Vec<_> = keys.chain(marks).chain(E::KEY_ATTRIBUTES.iter().copied()).collect();
    E::each_name(&mut |name| names.push(name));
    E::each_name_of_other_shapes(&mut |name| names.push(name));
    names
}
