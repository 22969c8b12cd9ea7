use super::read_item::ReadItem;
use crate::{
    collection::{ItemCollection, Unknown, Visitor},
    entity::{Entity, Item, Key, entity_type},
    error::DecodeError,
    op::standing::{
        ReadItems, Standing, expires_at, key_of, marks, noted_entity_type, noted_expires_at, noted_key,
    },
    value::FieldTable,
    wire::{self, JsonReader},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::marker::PhantomData;

/// Reads items of the members of the item collection `C`.
#[derive(Debug)]
pub struct MembersOf<C>(PhantomData<fn() -> C>);

impl<C: ItemCollection> ReadItem for MembersOf<C> {
    type Output = C::Item;
    type Table = C::Table;
    const NAME: &'static str = C::NAME;

    fn set_marks(r: &mut JsonReader<'_>, keys: impl Iterator<Item = &'static str>) {
        // What is noted by its name stays noted while the item is read by the fields of its entity.
        r.set_marks(marks::<C::Table>(&FieldTable::EMPTY, keys));
    }

    fn read(
        r: &mut JsonReader<'_>,
        how: ReadItems,
        _: bool,
        put: impl FnOnce(C::Item),
    ) -> Result<Standing, DecodeError> {
        let start = r.scanner.place();
        let (member, standing) = look::<C>(r, how)?;
        if how.counts(standing) {
            r.go_back_to(start);
            let item = match (member, C::UNKNOWN) {
                (None, Unknown::Kept(into)) => Some(wire::read_item::<Item, _>(r).map(into)),
                (member, _) => member.and_then(|member| C::visit(member, ReadJson(r))),
            };
            put(item.unwrap_or_else(|| Err(no_member::<C>()))?);
        }
        Ok(standing)
    }

    fn look(r: &mut JsonReader<'_>, how: ReadItems) -> Result<Standing, DecodeError> {
        look::<C>(r, how).map(|(_, standing)| standing)
    }

    fn standing(item: &Item, how: ReadItems) -> Standing {
        standing::<C>(member_of::<C>(item), expires_at::<C::Table>(item), how)
    }

    fn from_values(item: Item) -> Result<C::Item, DecodeError> {
        match (member_of::<C>(&item), C::UNKNOWN) {
            (None, Unknown::Kept(into)) => Ok(into(item)),
            (member, _) => {
                let read = member.and_then(|member| C::visit(member, ReadValues(item)));
                read.unwrap_or_else(|| Err(no_member::<C>()))
            }
        }
    }
}

fn look<C: ItemCollection>(
    r: &mut JsonReader<'_>,
    how: ReadItems,
) -> Result<(Option<usize>, Standing), DecodeError> {
    r.reset_marks();
    r.skip_item().map_err(|error| error.in_entity(C::NAME))?;
    let name = noted_entity_type::<C::Table>(r);
    let member = member::<C>(name.as_deref(), || noted_key::<C::Table>(r));
    Ok((member, standing::<C>(member, noted_expires_at::<C::Table>(r), how)))
}

fn member_of<C: ItemCollection>(item: &Item) -> Option<usize> {
    member::<C>(entity_type::<C::Table>(item), || key_of::<C::Table>(item))
}

/// The key attributes of an item.
type KeyValues = (Option<AttributeValue>, Option<AttributeValue>);

/// The member that an item says it is of; if it does not say, the first whose key it has.
fn member<C: ItemCollection>(name: Option<&str>, key: impl FnOnce() -> KeyValues) -> Option<usize> {
    let mut members = 0..C::MEMBERS;
    match name {
        Some(name) => members.find(|member| C::visit(*member, IsNamed(name)) == Some(true)),
        None => {
            let key = key();
            members.find(|member| C::visit(*member, HasKey(&key)) == Some(true))
        }
    }
}

/// An expired item is absent, whatever it is of.
fn standing<C: ItemCollection>(member: Option<usize>, expires_at: Option<i64>, how: ReadItems) -> Standing {
    let expired = expires_at.is_some_and(|at| at <= how.now);
    match (member, C::UNKNOWN) {
        (None, Unknown::Skipped) => Standing::OtherEntity,
        (None, Unknown::Refused) if !expired || how.include_expired => Standing::Unknown,
        _ if expired => Standing::Expired,
        _ => Standing::Present,
    }
}

/// Items that count are of a member.
#[cold]
fn no_member<C: ItemCollection>() -> DecodeError {
    DecodeError::new(format!("an item of the collection `{}`", C::NAME), "an item of another entity")
}

struct IsNamed<'n>(&'n str);

impl<T> Visitor<T> for IsNamed<'_> {
    type Output = bool;

    fn visit<E: Entity>(self, _: fn(E) -> T) -> bool {
        E::NAME == self.0
    }
}

struct HasKey<'k>(&'k KeyValues);

impl<T> Visitor<T> for HasKey<'_> {
    type Output = bool;

    fn visit<E: Entity>(self, _: fn(E) -> T) -> bool {
        let (partition_key, sort_key) = self.0;
        E::Key::from_attributes(partition_key.clone(), sort_key.clone()).is_ok()
    }
}

struct ReadJson<'r, 'a>(&'r mut JsonReader<'a>);

impl<T> Visitor<T> for ReadJson<'_, '_> {
    type Output = Result<T, DecodeError>;

    fn visit<E: Entity>(self, into: fn(E) -> T) -> Self::Output {
        wire::read_item::<E, _>(self.0).map(into).map_err(|error| error.in_entity(E::NAME))
    }
}

struct ReadValues(Item);

impl<T> Visitor<T> for ReadValues {
    type Output = Result<T, DecodeError>;

    fn visit<E: Entity>(self, into: fn(E) -> T) -> Self::Output {
        crate::entity::from_item::<E>(self.0).map(into)
    }
}
