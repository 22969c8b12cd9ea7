//! Entities on their way into the table, with or without a version.

use super::commit::{Commit, OwnLineage, Versions, expectation};
use crate::{
    entity::{Entity, Unversioned, Versioned},
    error::{NoRandomBytes, Result},
    expr::Condition,
    value::{Lineage, OperationId, Version, VersionValue},
    wire,
};
use std::sync::Arc;

/// What a write as a whole takes: a reference to an entity, which is exclusive if the entity has a version, as that
/// changes with the write. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written as a whole",
    label = "expected `&` of an entity, or `&mut` of an entity with a version"
)]
pub trait Writable<'a>: sealed::Sealed {
    /// The entity.
    type Entity: Entity;

    /// Encodes the entity with the version that it will have, and that of the write in its lineage.
    #[doc(hidden)]
    fn encode<T>(
        self,
        stored: Stored,
        id: impl FnOnce() -> Result<OperationId, NoRandomBytes>,
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
#[derive(Debug)]
pub struct Encoded<'a, E, T> {
    pub(super) encoded: Result<T>,
    /// What must be true of the stored version.
    pub(super) check: Option<Condition<E>>,
    pub(super) commit: Commit<'a>,
}

/// Nothing of it is needed after it was encoded.
impl<E: Unversioned> Writable<'static> for &E {
    type Entity = E;

    fn encode<T>(
        self,
        _: Stored,
        _: impl FnOnce() -> Result<OperationId, NoRandomBytes>,
        encode: impl FnOnce(&E) -> Result<T>,
    ) -> Encoded<'static, E, T> {
        Encoded { encoded: encode(self), check: None, commit: Commit::default() }
    }
}

impl<'a, E: Versioned> Writable<'a> for &'a mut E {
    type Entity = E;

    fn encode<T>(
        self,
        stored: Stored,
        id: impl FnOnce() -> Result<OperationId, NoRandomBytes>,
        encode: impl FnOnce(&E) -> Result<T>,
    ) -> Encoded<'a, E, T> {
        let next = match Next::of(&*self, stored, id) {
            Ok(next) => next,
            Err(error) => return Encoded { encoded: Err(error), check: None, commit: Commit::default() },
        };
        let Next { version, check, versions } = next;
        // The entity keeps its version until the write has succeeded.
        let old = std::mem::replace(self.version_mut(), version.clone());
        let encoded = encode(self);
        *self.version_mut() = old;
        let advance = Box::new(move || *self.version_mut() = version);
        Encoded {
            encoded,
            check,
            commit: Commit { advance: Some(advance), versions: Some(Arc::new(versions)) },
        }
    }
}

/// The version that a write gives an entity, and what it asks for.
struct Next<E: Versioned> {
    version: Version<E::Value>,
    check: Option<Condition<E>>,
    versions: Versions,
}

impl<E: Versioned> Next<E> {
    fn of(
        entity: &E,
        stored: Stored,
        id: impl FnOnce() -> Result<OperationId, NoRandomBytes>,
    ) -> Result<Self> {
        let old = entity.version();
        let (check, expected, value) = match stored {
            Stored::No => (None, None, E::Value::first()),
            Stored::Yes => {
                let (check, expected) = expectation::<E>(old)?;
                (Some(check), Some(expected), old.stored().map_or_else(E::Value::first, E::Value::next))
            }
        };
        let base = if stored == Stored::Yes { old.lineage() } else { None };
        let lineage = match E::LINEAGE {
            Some(attribute) => Some(OwnLineage { attribute, base, own: Some(id()?) }),
            None => None,
        };
        let versions = Versions {
            attribute: E::VERSION,
            expected,
            unique: if E::Value::COUNTS { None } else { wire::to_attribute_value(&value).ok() },
            counts: E::Value::COUNTS,
            lineage,
        };
        let after = lineage.and_then(|OwnLineage { own, .. }| Some(base.unwrap_or(Lineage::NONE).and(own?)));
        Ok(Self { version: Version::loaded(value).with_lineage(after), check, versions })
    }
}

mod sealed {
    use crate::entity::Entity;

    pub trait Sealed {}
    impl<E: Entity> Sealed for &E {}
    impl<E: Entity> Sealed for &mut E {}
}
