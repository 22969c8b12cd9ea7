use super::{
    attributes::ask_members,
    item_reader::{ItemReader, no_member},
    reads::Members,
};
use crate::{
    call::item_status::{
        FoundBy, ItemStatus, KeyAttributes, ReadFilter, check_read_key, expires_at, marks, noted_entity_type,
        noted_expires_at, noted_key, says_it_is,
    },
    collection::{CollectionFrom, EntityName, ItemCollection, Unknown, Visitor},
    entity::{
        Entity, Item, Key, Member, SENTINEL_TYPE, declared_names, entity_type, key_attributes, read_item_of,
    },
    error::DecodeError,
    expr::ProjectionExpression,
    op::ReadShapeOne,
    schema::Primary,
    value::FieldTable,
    wire::{self, JsonReader},
};
use std::marker::PhantomData;

/// Reads items of the members of the item collection `C`.
#[derive(Debug)]
pub struct MembersOf<C>(PhantomData<fn() -> C>);

impl<C: ItemCollection> ItemReader for MembersOf<C> {
    type Output = C::Item;
    type Table = C::Table;
    const NAME: &'static str = C::NAME;
    type MemberHint = MemberHint;

    fn begin(r: &mut JsonReader<'_>, keys: impl Iterator<Item = &'static str>) -> MemberHint {
        let guess = MemberHint { member: None, keys: keys.collect() };
        guess.set_marks::<C>(r);
        guess
    }

    fn read(
        r: &mut JsonReader<'_>,
        how: ReadFilter,
        guess: &mut MemberHint,
        put: impl FnOnce(C::Item),
    ) -> Result<ItemStatus, DecodeError> {
        let start = r.scanner.place();
        // Read at once as what the one before it was; where it is another, a first pass looks.
        if let Some(guessed) = guess.member {
            r.reset_marks();
            if let Some(Ok(item)) = C::visit(guessed, ReadJson(r))
                && let (Some(member), standing) = noted::<C>(r, how)
                && member == guessed
            {
                if how.counts(standing) {
                    put(item);
                }
                return Ok(standing);
            }
            r.go_back_to(start);
        }
        let (member, standing) = look::<C>(r, how)?;
        if how.counts(standing) {
            r.go_back_to(start);
            if guess.member != member {
                guess.member = member;
                guess.set_marks::<C>(r);
            }
            r.reset_marks();
            let item = match (member, C::UNKNOWN) {
                (None, Unknown::Kept(into)) => Some(wire::read_item::<Item, _>(r).map(into)),
                (member, _) => member.and_then(|member| C::visit(member, ReadJson(r))),
            };
            put(item.unwrap_or_else(|| Err(no_member::<Self>()))?);
        }
        Ok(standing)
    }

    fn look(r: &mut JsonReader<'_>, how: ReadFilter) -> Result<ItemStatus, DecodeError> {
        look::<C>(r, how).map(|(_, standing)| standing)
    }

    fn standing(item: &Item, how: ReadFilter) -> ItemStatus {
        standing_of::<C>(member_of::<C>(item, how.found_by), item, how)
    }

    fn noted_member(r: &JsonReader<'_>) -> Option<usize> {
        noted_member::<C>(r, FoundBy::Page)
    }

    fn member(item: &Item) -> Option<usize> {
        member_of::<C>(item, FoundBy::Page)
    }

    fn entity_name(member: usize) -> &'static str {
        C::visit(member, EntityName).unwrap_or_default()
    }

    fn declared_names(member: usize) -> Vec<&'static str> {
        C::visit(member, DeclaredNames).unwrap_or_default()
    }

    fn from_values(item: Item) -> Result<C::Item, DecodeError> {
        let member = member_of::<C>(&item, FoundBy::Page);
        from_values::<C>(member, item)
    }
}

fn from_values<C: ItemCollection>(member: Option<usize>, item: Item) -> Result<C::Item, DecodeError> {
    match (member, C::UNKNOWN) {
        (None, Unknown::Kept(into)) => Ok(into(item)),
        (member, _) => {
            let read = member.and_then(|member| C::visit(member, ReadValues(item)));
            read.unwrap_or_else(|| Err(no_member::<MembersOf<C>>()))
        }
    }
}

/// Reads the item at a key of a member: it is of that member, unless it says that it is of another one. An item of no member
/// is an error unless the collection takes it.
impl<C: CollectionFrom<Primary>> ReadShapeOne<C> for Members {
    type Output = C::Item;
    type Table = C::Table;

    fn ask(asked: &mut ProjectionExpression) -> bool {
        ask_members::<C>(asked)
    }

    fn fields(at: usize) -> &'static FieldTable {
        C::visit(at, FieldsOfMember).unwrap_or(&FieldTable::EMPTY)
    }

    fn is_checked() -> bool {
        true
    }

    fn read(
        at: usize,
        how: ReadFilter,
        r: &mut JsonReader<'_>,
        read: &mut Option<C::Item>,
    ) -> Result<ItemStatus, DecodeError> {
        let how = ReadFilter { found_by: FoundBy::KeyOf(at), ..how };
        let mut guess = MemberHint { member: Some(at), keys: Vec::new() };
        // The item before may have been of another member.
        guess.set_marks::<C>(r);
        known::<C>(<MembersOf<C>>::read(r, how, &mut guess, |item| *read = Some(item))?)
    }

    fn take(
        at: usize,
        how: ReadFilter,
        item: Item,
        read: &mut Option<C::Item>,
    ) -> Result<ItemStatus, DecodeError> {
        let member = member_of::<C>(&item, FoundBy::KeyOf(at));
        let standing = known::<C>(standing_of::<C>(member, &item, how))?;
        if how.counts(standing) {
            *read = Some(from_values::<C>(member, item)?);
        }
        Ok(standing)
    }

    /// Items of no member are passed over where the collection says so.
    fn check_absent(_: ItemStatus) -> Result<(), DecodeError> {
        Ok(())
    }
}

fn known<C: ItemCollection>(standing: ItemStatus) -> Result<ItemStatus, DecodeError> {
    match standing {
        ItemStatus::Unknown => Err(no_member::<MembersOf<C>>()),
        standing => Ok(standing),
    }
}

/// The member that the item before was of, whose fields the marks know.
#[derive(Debug)]
pub struct MemberHint {
    member: Option<usize>,
    keys: Vec<&'static str>,
}

impl MemberHint {
    fn set_marks<C: ItemCollection>(&self, r: &mut JsonReader<'_>) {
        let fields =
            self.member.and_then(|member| C::visit(member, FieldsOfMember)).unwrap_or(&FieldTable::EMPTY);
        r.set_marks(marks::<C::Table>(fields, self.keys.iter().copied()));
    }
}

fn look<C: ItemCollection>(
    r: &mut JsonReader<'_>,
    how: ReadFilter,
) -> Result<(Option<usize>, ItemStatus), DecodeError> {
    r.reset_marks();
    r.skip_item().map_err(|error| error.in_entity(C::NAME))?;
    Ok(noted::<C>(r, how))
}

/// The member that the item which `r` read last is of, and its standing.
fn noted<C: ItemCollection>(r: &JsonReader<'_>, how: ReadFilter) -> (Option<usize>, ItemStatus) {
    let member = noted_member::<C>(r, how.found_by);
    let is_sentinel = || noted_entity_type::<C::Table>(r).as_deref() == Some(SENTINEL_TYPE);
    (member, standing::<C>(member, noted_expires_at::<C::Table>(r), is_sentinel, how))
}

/// The member that the item which `r` read last is of.
fn noted_member<C: ItemCollection>(r: &JsonReader<'_>, found_by: FoundBy) -> Option<usize> {
    // Most items are of a member and say so as plain text.
    let said = (0..C::MEMBERS).find(|member| C::visit(*member, IsNoted(r)) == Some(true));
    said.or_else(|| {
        let name = noted_entity_type::<C::Table>(r);
        member::<C>(name.as_deref(), found_by, || noted_key::<C::Table>(r))
    })
}

fn member_of<C: ItemCollection>(item: &Item, found_by: FoundBy) -> Option<usize> {
    member::<C>(entity_type::<C::Table>(item), found_by, || key_attributes::<C::Table>(item))
}

/// The member that an item says it is of; if it does not say, that by whose key it was found, or the first whose key it has.
fn member<C: ItemCollection>(
    name: Option<&str>,
    found_by: FoundBy,
    key: impl FnOnce() -> KeyAttributes,
) -> Option<usize> {
    let mut members = 0..C::MEMBERS;
    match (name, found_by) {
        (Some(name), _) => members.find(|member| C::visit(*member, IsNamed(name)) == Some(true)),
        (None, FoundBy::KeyOf(member)) => Some(member),
        (None, FoundBy::Key | FoundBy::Page) => {
            let key = key();
            members.find(|member| C::visit(*member, HasKey(&key)) == Some(true))
        }
    }
}

fn standing_of<C: ItemCollection>(member: Option<usize>, item: &Item, how: ReadFilter) -> ItemStatus {
    let is_sentinel = || entity_type::<C::Table>(item) == Some(SENTINEL_TYPE);
    standing::<C>(member, expires_at::<C::Table>(item), is_sentinel, how)
}

/// An expired item is absent, whatever it is of. The sentinel items of unique fields are dynamap's own.
fn standing<C: ItemCollection>(
    member: Option<usize>,
    expires_at: Option<i64>,
    is_sentinel: impl FnOnce() -> bool,
    how: ReadFilter,
) -> ItemStatus {
    let expired = expires_at.is_some_and(|at| at <= how.now);
    match (member, C::UNKNOWN) {
        (None, Unknown::Skipped) => ItemStatus::OtherEntity,
        (None, Unknown::Refused) if is_sentinel() => ItemStatus::OtherEntity,
        (None, Unknown::Refused) if !expired || how.include_expired => ItemStatus::Unknown,
        _ if expired => ItemStatus::Expired,
        _ => ItemStatus::Present,
    }
}

struct FieldsOfMember;

impl<T> Visitor<T> for FieldsOfMember {
    type Output = &'static FieldTable;

    fn visit<M: Member>(self, _: fn(M) -> T) -> &'static FieldTable {
        M::FIELDS
    }
}

struct DeclaredNames;

impl<T> Visitor<T> for DeclaredNames {
    type Output = Vec<&'static str>;

    fn visit<M: Member>(self, _: fn(M) -> T) -> Vec<&'static str> {
        declared_names::<M::Entity>()
    }
}

struct IsNoted<'r, 'a>(&'r JsonReader<'a>);

impl<T> Visitor<T> for IsNoted<'_, '_> {
    type Output = bool;

    fn visit<M: Member>(self, _: fn(M) -> T) -> bool {
        says_it_is::<M::Entity>(self.0)
    }
}

struct IsNamed<'n>(&'n str);

impl<T> Visitor<T> for IsNamed<'_> {
    type Output = bool;

    fn visit<M: Member>(self, _: fn(M) -> T) -> bool {
        M::Entity::NAME == self.0
    }
}

struct HasKey<'k>(&'k KeyAttributes);

impl<T> Visitor<T> for HasKey<'_> {
    type Output = bool;

    fn visit<M: Member>(self, _: fn(M) -> T) -> bool {
        let (partition_key, sort_key) = self.0;
        <M::Entity as Entity>::Key::from_attributes(partition_key.clone(), sort_key.clone()).is_ok()
    }
}

struct ReadJson<'r, 'a>(&'r mut JsonReader<'a>);

impl<T> Visitor<T> for ReadJson<'_, '_> {
    type Output = Result<T, DecodeError>;

    fn visit<M: Member>(self, into: fn(M) -> T) -> Self::Output {
        let read = wire::read_item::<M, _>(self.0).map_err(|error| error.in_entity(M::Entity::NAME))?;
        check_read_key::<M::Entity, _>(&read, self.0)?;
        Ok(into(read))
    }
}

struct ReadValues(Item);

impl<T> Visitor<T> for ReadValues {
    type Output = Result<T, DecodeError>;

    fn visit<M: Member>(self, into: fn(M) -> T) -> Self::Output {
        read_item_of::<M::Entity, M>(self.0).map(into)
    }
}
