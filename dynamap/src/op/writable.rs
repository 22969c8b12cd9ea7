//! Entities on their way into the table, with or without a version.

use crate::{
    entity::{Entity, Item, Unversioned, Versioned},
    error::{DecodeError, Error, NotLoaded, Result, VersionConflict},
    expr::{Attribute, Condition},
    value::{Number, Version, VersionValue},
    wire,
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::fmt;

/// What a write as a whole takes: a reference to an entity, which is exclusive if the entity has a version, as that
/// changes with the write. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written as a whole",
    label = "expected `&` of an entity, or `&mut` of an entity with a version"
)]
pub trait Writable<'a>: sealed::Sealed {
    /// The entity.
    type Entity: Entity;

    /// Encodes the entity with the version that it will have.
    #[doc(hidden)]
    fn encode<T>(
        self,
        stored: Stored,
        encode: impl FnOnce(&Self::Entity) -> Result<T>,
    ) -> Encoded<'a, Self::Entity, T>;
}

/// Whether the entity that is written must be stored already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It is created.
    No,
    /// It was read, and has not been written by somebody else since.
    Yes,
}

/// An encoded entity.
pub struct Encoded<'a, E, T> {
    pub(super) encoded: Result<T>,
    /// What must be true of the stored version.
    pub(super) check: Option<Condition<E>>,
    pub(super) commit: Commit<'a>,
}

/// What is to be done to the entity in memory when the write has succeeded, and how a conflict is told.
#[derive(Default)]
pub(super) struct Commit<'a> {
    advance: Option<Box<dyn FnOnce() + Send + 'a>>,
    versions: Option<Versions>,
}

/// The versions of a write.
pub(super) struct Versions {
    pub(super) attribute: &'static str,
    /// That which the stored item must have, if any is asked for; none inside if it must have none.
    pub(super) expected: Option<Option<AttributeValue>>,
    /// That which the write gives the item, if no other write gives the same.
    pub(super) unique: Option<AttributeValue>,
}

impl Commit<'_> {
    /// A write that asks for this version.
    pub(super) fn expecting<E: Versioned>(expected: Option<AttributeValue>) -> Self {
        let versions = Versions { attribute: E::VERSION, expected: Some(expected), unique: None };
        Self { advance: None, versions: Some(versions) }
    }

    /// Whether a stored item of which the condition failed has another version than the write asks for.
    pub(super) fn conflicts_with(&self, item: Option<Result<Item, DecodeError>>) -> bool {
        let expected =
            self.versions.as_ref().and_then(|versions| Some((versions, versions.expected.as_ref()?)));
        expected.is_some_and(|(versions, expected)| !same(expected, &versions.of(item)))
    }

    /// Whether the write can never be applied any more, as the stored item has a version after which that which the write
    /// asks for does not come again.
    ///
    /// Numbers count up, as long as the item is there; other versions are each unlike all others.
    pub(super) fn is_fenced_by(&self, item: Option<Result<Item, DecodeError>>) -> bool {
        let Some(versions) = &self.versions else { return false };
        let Some(Some(expected)) = &versions.expected else { return false };
        match (expected, versions.of(item)) {
            (AttributeValue::N(expected), Some(AttributeValue::N(stored))) => {
                let number = |text: &str| text.parse::<Number>().ok();
                number(expected).zip(number(&stored)).is_some_and(|(expected, stored)| stored > expected)
            }
            (AttributeValue::N(_), _) => false,
            (expected, stored) => stored.as_ref() != Some(expected),
        }
    }

    /// Gives the entity in memory its new version: the table has it.
    pub(super) fn advance(self) {
        if let Some(advance) = self.advance {
            advance();
        }
    }

    /// What the write comes to: the entity in memory has its new version only if the table has it.
    pub(super) fn finish<T>(self, outcome: Result<T>, applied: impl FnOnce() -> Option<T>) -> Result<T> {
        let outcome = match (outcome, &self.versions) {
            // No other write gives an item this version: it is ours that was applied, by an attempt without an answer.
            (Err(Error::Unknown(unknown)), Some(versions))
                if versions.unique.is_some() && versions.of(unknown.raw_item()) == versions.unique =>
            {
                applied().ok_or(Error::Unknown(unknown))
            }
            (Err(Error::ConditionFailed(failed)), Some(versions))
                if versions
                    .expected
                    .as_ref()
                    .is_some_and(|expected| !same(expected, &versions.of(failed.raw_item()))) =>
            {
                Err(Error::VersionConflict(VersionConflict::new(failed)))
            }
            (outcome, _) => outcome,
        };
        if let (Ok(_), Some(advance)) = (&outcome, self.advance) {
            advance();
        }
        outcome
    }
}

impl Versions {
    /// The version of a stored item.
    fn of(&self, item: Option<Result<Item, DecodeError>>) -> Option<AttributeValue> {
        item?.ok()?.remove(self.attribute)
    }
}

/// Whether two versions are the same: numbers by value.
fn same(left: &Option<AttributeValue>, right: &Option<AttributeValue>) -> bool {
    match (left, right) {
        (Some(AttributeValue::N(left)), Some(AttributeValue::N(right))) => {
            left.parse::<Number>().ok() == right.parse::<Number>().ok()
        }
        _ => left == right,
    }
}

impl fmt::Debug for Commit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Commit").field("versioned", &self.versions.is_some()).finish_non_exhaustive()
    }
}

/// Nothing of it is needed after it was encoded.
impl<E: Unversioned> Writable<'static> for &E {
    type Entity = E;

    fn encode<T>(self, _: Stored, encode: impl FnOnce(&E) -> Result<T>) -> Encoded<'static, E, T> {
        Encoded { encoded: encode(self), check: None, commit: Commit::default() }
    }
}

impl<'a, E: Versioned> Writable<'a> for &'a mut E {
    type Entity = E;

    fn encode<T>(self, stored: Stored, encode: impl FnOnce(&E) -> Result<T>) -> Encoded<'a, E, T> {
        let (check, expected, next) = match stored {
            Stored::No => (None, None, E::Value::first()),
            Stored::Yes => {
                let next = self.version().stored().map_or_else(E::Value::first, E::Value::next);
                match expectation::<E>(self.version()) {
                    Ok((check, expected)) => (Some(check), Some(expected), next),
                    Err(error) => {
                        return Encoded { encoded: Err(error), check: None, commit: Commit::default() };
                    }
                }
            }
        };
        // The entity keeps its version until the write has succeeded.
        let old = std::mem::replace(self.version_mut(), Version::loaded(next.clone()));
        let encoded = encode(self);
        *self.version_mut() = old;
        let unique = if E::Value::COUNTS { None } else { wire::to_attribute_value(&next).ok() };
        let versions = Some(Versions { attribute: E::VERSION, expected, unique });
        let advance = Box::new(move || *self.version_mut() = Version::loaded(next));
        Encoded { encoded, check, commit: Commit { advance: Some(advance), versions } }
    }
}

/// The condition that the stored version is this one, and its value.
pub(super) fn expectation<E: Versioned>(
    version: &Version<E::Value>,
) -> Result<(Condition<E>, Option<AttributeValue>)> {
    let attribute = Attribute::<E, AttributeValue>::new(E::VERSION);
    if version.is_new() {
        return Err(Error::NotLoaded(NotLoaded::new(E::NAME)));
    }
    Ok(match version.stored() {
        Some(stored) => {
            let value = wire::to_attribute_value(stored)?;
            (attribute.eq(&value), Some(value))
        }
        None => (attribute.not_exists(), None),
    })
}

mod sealed {
    use crate::entity::Entity;

    pub trait Sealed {}
    impl<E: Entity> Sealed for &E {}
    impl<E: Entity> Sealed for &mut E {}
}
