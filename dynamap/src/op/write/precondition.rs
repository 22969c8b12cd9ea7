use crate::{
    entity::Entity,
    expr::{Attribute, Condition},
    schema::TableSchema,
};
use aws_sdk_dynamodb::types::AttributeValue;

/// The condition of the operation's name on the stored item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Precondition {
    /// Nothing.
    None,
    /// If it is there, it is of the entity.
    NoOther,
    /// If it is there, it is of the entity, and has not expired.
    Upsert,
    /// The item must not be there, or must have expired.
    Absent,
    /// The item must be there, of the entity, and must not have expired.
    Present,
}

impl Precondition {
    /// DynamoDB: an expired item stays for up to a few days, and counts as absent here.
    pub(crate) fn condition<E: Entity>(self, now: i64) -> Option<Condition<E>> {
        let key = Attribute::<E, AttributeValue>::new(E::Table::PARTITION_KEY.name);
        // An entity that does not store the attribute never expires.
        let ttl = expiry_of::<E>();
        let alive = || ttl.map(|ttl| ttl.not_exists() | ttl.gt(now));
        match (self, ttl) {
            (Self::None, _) => None,
            (Self::NoOther, _) => of_entity(),
            (Self::Upsert, _) => Condition::both(of_entity(), alive()),
            (Self::Absent, None) => Some(key.not_exists()),
            (Self::Absent, Some(ttl)) => Some(key.not_exists() | ttl.le(now)),
            (Self::Present, _) => Condition::both(Condition::both(Some(key.exists()), of_entity()), alive()),
        }
    }
}

/// The attribute that says when an item of the entity expires, if it can.
pub(crate) fn expiry_of<E: Entity>() -> Option<Attribute<E, i64>> {
    let ttl = E::Table::TTL.filter(|ttl| E::OPEN || E::FIELDS.find(ttl.as_bytes()).is_some());
    ttl.map(Attribute::<E, i64>::new)
}

/// The key tells the entity of an item without an entity type.
fn of_entity<E: Entity>() -> Option<Condition<E>> {
    let entity_type = Attribute::<E, String>::new(E::Table::ENTITY_TYPE?);
    Some(entity_type.not_exists() | entity_type.eq(E::NAME))
}
