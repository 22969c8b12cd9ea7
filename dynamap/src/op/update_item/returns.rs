//! Values that a write returns (`ReturnValues`).

use crate::{
    call::item_status::{FoundBy, ItemStatus},
    direct::{Exchange, Receiver, RetryAfterUnknown},
    entity::{Entity, Item, RawItem},
    error::DecodeError,
    expr::Attribute,
    outcome::{ConditionFailed, Error, Result},
    schema::is_primary_key,
    value::FromAttribute,
    wire::{self, JsonReader},
};
use aws_sdk_dynamodb::types::ReturnValue;
use std::{fmt, marker::PhantomData};

/// A value that a put, update or delete of an `E` returns. Sealed.
pub trait Returns<E>: sealed::Sealed {
    /// The result.
    type Output;
    /// `ReturnValues`, if it is in the request.
    #[doc(hidden)]
    const RETURN_VALUE: Option<ReturnValue>;
    /// True if it is of the item before the write: a second attempt would return what the first has left.
    #[doc(hidden)]
    const BEFORE: bool = false;

    /// Reads the attributes of a response.
    #[doc(hidden)]
    fn read(attributes: Option<RawAttributes>) -> Result<Self::Output, DecodeError>;

    /// The result where the condition was not met, if that is no error. `is_own` is false if the caller has a condition beside
    /// that of the operation.
    #[doc(hidden)]
    fn refused(failed: ConditionFailed, _is_own: bool, _now: i64) -> Result<Self::Output> {
        Err(Error::ConditionFailed(failed))
    }

    /// The result without a request, if there can be one.
    #[doc(hidden)]
    fn nothing() -> Option<Self::Output> {
        None
    }
}

/// Attributes of a response that were not read yet.
#[derive(Debug)]
pub struct RawAttributes {
    item: RawItem,
    /// The seconds since 1970.
    now: i64,
}

/// A write that returns nothing.
#[derive(Debug)]
pub enum Nothing {}

/// A create that returns true if it has written, and false if the entity was there.
#[derive(Debug)]
pub enum IfAbsent {}

/// A write that returns the entity as it was before (`ALL_OLD`), if there was one.
#[derive(Debug)]
pub enum Old {}

/// An update that returns the entity as it is after it (`ALL_NEW`).
#[derive(Debug)]
pub enum New {}

/// An update that returns the [`Updated`] attributes as they were before (`UPDATED_OLD`).
#[derive(Debug)]
pub enum UpdatedOld {}

/// An update that returns the [`Updated`] attributes as they are after it (`UPDATED_NEW`).
#[derive(Debug)]
pub enum UpdatedNew {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Nothing {}
    impl Sealed for super::IfAbsent {}
    impl Sealed for super::Old {}
    impl Sealed for super::New {}
    impl Sealed for super::UpdatedOld {}
    impl Sealed for super::UpdatedNew {}
}

/// The rule for retries of a write that returns `V`: values of the item before the write are true only of one attempt.
///
/// A write that expects a version is applied at most once, and so returns the item before it.
pub(in crate::op) fn repeats_of<E, V: Returns<E>>(
    is_fenced: bool,
    repeats: RetryAfterUnknown,
) -> RetryAfterUnknown {
    if V::BEFORE && !is_fenced { RetryAfterUnknown::Never } else { repeats }
}

/// The item that a write returned, which was sent with `exchange`; `attributes` are those of the SDK's output.
pub(in crate::op) fn returned_item(
    exchange: &Exchange<ReturnedAttributes>,
    attributes: Option<Item>,
) -> Result<Option<RawItem>> {
    let item = exchange.finish(|read| read.0.take())?;
    Ok(item.or_read(|| Ok(attributes.map(RawItem::Values)))?)
}

/// Reads the item that a write returned.
pub(in crate::op) fn read_returned<E, V: Returns<E>>(item: Option<RawItem>, now: i64) -> Result<V::Output> {
    Ok(V::read(item.map(|item| RawAttributes { item, now }))?)
}

/// Reads the item that a write returned, which was sent with `exchange`; `attributes` are those of the SDK's output.
pub(in crate::op) fn returned<E, V: Returns<E>>(
    exchange: &Exchange<ReturnedAttributes>,
    attributes: Option<Item>,
    now: i64,
) -> Result<V::Output> {
    read_returned::<E, V>(returned_item(exchange, attributes)?, now)
}

/// The reason why a write by a transaction does not compile if it is to return anything.
pub(in crate::op) const BY_TRANSACTION: &str = "a transaction returns nothing, and this entity is written by transactions, as it is `transactional` or has unique fields";

/// Keeps the attributes that a response returns, to be read after it.
#[derive(Default)]
pub(in crate::op) struct ReturnedAttributes(Option<RawItem>);

impl Receiver for ReturnedAttributes {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        self.0 = Some(RawItem::Json(r.raw()?.into()));
        Ok(())
    }
}

impl<E> Returns<E> for Nothing {
    type Output = ();
    const RETURN_VALUE: Option<ReturnValue> = None;

    fn read(_: Option<RawAttributes>) -> Result<(), DecodeError> {
        Ok(())
    }

    fn nothing() -> Option<()> {
        Some(())
    }
}

impl<E: Entity> Returns<E> for IfAbsent {
    type Output = bool;
    const RETURN_VALUE: Option<ReturnValue> = None;

    fn read(_: Option<RawAttributes>) -> Result<bool, DecodeError> {
        Ok(true)
    }

    fn refused(failed: ConditionFailed, is_own: bool, now: i64) -> Result<bool> {
        // A condition of the caller's fails of what is absent as well.
        let is_there = || {
            let item = failed.raw_item().and_then(Result::ok);
            item.is_some_and(|item| ItemStatus::of::<E>(&item, FoundBy::Key, now) != ItemStatus::Expired)
        };
        if is_own || is_there() { Ok(false) } else { Err(Error::ConditionFailed(failed)) }
    }

    fn nothing() -> Option<bool> {
        Some(true)
    }
}

impl<E: Entity> Returns<E> for Old {
    type Output = Option<E>;
    const RETURN_VALUE: Option<ReturnValue> = Some(ReturnValue::AllOld);
    const BEFORE: bool = true;

    fn read(attributes: Option<RawAttributes>) -> Result<Option<E>, DecodeError> {
        let Some(RawAttributes { item, now }) = attributes else { return Ok(None) };
        let stored = item.read::<Item>().map_err(|error| error.in_entity(E::NAME))?;
        if ItemStatus::of::<E>(&stored, FoundBy::Key, now) != ItemStatus::Present {
            return Ok(None);
        }
        item.read_entity::<E>().map(Some).or_else(|error| {
            // Some engines return the key of an item that was not there.
            let is_key = |name: &String| is_primary_key::<E::Table>(name);
            if stored.keys().all(is_key) { Ok(None) } else { Err(error) }
        })
    }
}

impl<E: Entity> Returns<E> for New {
    type Output = E;
    const RETURN_VALUE: Option<ReturnValue> = Some(ReturnValue::AllNew);

    fn read(attributes: Option<RawAttributes>) -> Result<E, DecodeError> {
        match attributes {
            Some(RawAttributes { item, .. }) => item.read_entity(),
            None => Err(DecodeError::new("the attributes of the item", "none").in_entity(E::NAME)),
        }
    }
}

macro_rules! updated {
    ($($returns:ident = $value:ident, before $before:literal;)*) => { $(
        impl<E: Entity> Returns<E> for $returns {
            type Output = Updated<E>;
            const RETURN_VALUE: Option<ReturnValue> = Some(ReturnValue::$value);
            const BEFORE: bool = $before;

            fn read(attributes: Option<RawAttributes>) -> Result<Updated<E>, DecodeError> {
                let attributes = attributes.map(|RawAttributes { item, .. }| item.read::<Item>());
                let attributes = attributes.transpose().map_err(|error| error.in_entity(E::NAME))?;
                Ok(Updated { attributes: attributes.unwrap_or_default(), of: PhantomData })
            }
        }
    )* };
}

updated! {
    UpdatedOld = UpdatedOld, before true;
    UpdatedNew = UpdatedNew, before false;
}

/// The attributes that an update changed, as they were before or after it.
///
/// DynamoDB: of a map or list of which only a part was changed, it is that part only.
pub struct Updated<E> {
    attributes: Item,
    of: PhantomData<fn() -> E>,
}

impl<E: Entity> Updated<E> {
    /// The value of one attribute; `None` if it is not among them, or absent.
    ///
    /// # Errors
    /// The attribute is not of the form of `T`.
    pub fn get<T: FromAttribute, R>(&self, attribute: Attribute<E, T, R>) -> Result<Option<T>, DecodeError> {
        let value = self.attributes.get(attribute.name()).cloned().map(wire::from_attribute_value);
        value.transpose().map_err(|error: DecodeError| error.in_field(attribute.name()).in_entity(E::NAME))
    }

    /// All of them, in the SDK's types.
    pub fn into_raw(self) -> Item {
        self.attributes
    }
}

impl<E: Entity> fmt::Debug for Updated<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<&String> = self.attributes.keys().collect();
        names.sort_unstable();
        f.debug_struct("Updated").field("entity", &E::NAME).field("attributes", &names).finish()
    }
}
