//! Entities on their way into the table, with or without a version.

use super::{
    Handle,
    commit::{Commit, StoredLineage, Versions, expectation},
};
use crate::{
    direct::{AttemptMark, AttemptMarks},
    entity::{Entity, Unversioned, Versioned},
    error::{EncodeError, Result},
    expr::Condition,
    value::{Lineage, Version, VersionValue},
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

    /// Encodes the entity with the version that it will have, and the mark of the first attempt.
    #[doc(hidden)]
    fn encode<T>(
        self,
        stored: Stored,
        writer: Writer<'_>,
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

/// The handle that the entity is written with.
#[derive(Debug, Clone, Copy)]
pub struct Writer<'h>(pub(super) &'h Handle);

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
        _: Writer<'_>,
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
        writer: Writer<'_>,
        encode: impl FnOnce(&E) -> Result<T>,
    ) -> Encoded<'a, E, T> {
        let next = match Next::of(&*self, stored, writer.0) {
            Ok(next) => next,
            Err(error) => return Encoded { encoded: Err(error), check: None, commit: Commit::default() },
        };
        let Next { version, check, versions } = next;
        // The entity keeps its version until the write has succeeded.
        let old = std::mem::replace(self.version_mut(), version.clone());
        let encoded = encode(self);
        *self.version_mut() = old;
        let base = versions.lineage.and_then(|lineage| lineage.base);
        let advance =
            Box::new(move |mark: Option<AttemptMark>| *self.version_mut() = marked(version, base, mark));
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
    fn of(entity: &E, stored: Stored, handle: &Handle) -> Result<Self> {
        let old = entity.version();
        let (check, expected, value) = match stored {
            Stored::No => (None, None, E::Value::first()),
            Stored::Yes => {
                let (check, expected) = expectation::<E>(old)?;
                let value = old.stored().map_or_else(|| Some(E::Value::first()), E::Value::next);
                (Some(check), Some(expected), value.ok_or_else(EncodeError::last_version)?)
            }
        };
        let base = if stored == Stored::Yes { old.lineage() } else { None };
        let lineage = E::LINEAGE.map(|attribute| StoredLineage { attribute, base });
        let marks = match lineage {
            Some(_) => Some(handle.marks(base)?),
            None if E::Value::COUNTS => None,
            None => {
                let (first, value) = (wire::to_attribute_value(&value)?, value.clone());
                let draw = move || {
                    Ok(wire::to_attribute_value(&value.next().ok_or_else(EncodeError::last_version)?)?)
                };
                Some(AttemptMarks::of_versions(first, draw))
            }
        };
        let after = marks.as_ref().and_then(AttemptMarks::first_lineage);
        let versions = Versions { attribute: E::VERSION, expected, counts: E::Value::COUNTS, lineage, marks };
        Ok(Self { version: Version::loaded(value).with_lineage(after), check, versions })
    }
}

/// The version that an item has with this mark.
fn marked<V: VersionValue>(
    version: Version<V>,
    base: Option<Lineage>,
    mark: Option<AttemptMark>,
) -> Version<V> {
    match mark {
        Some(AttemptMark::Id(id)) => version.with_lineage(Some(base.unwrap_or(Lineage::NONE).and(id))),
        Some(AttemptMark::Version(value)) => {
            wire::from_attribute_value(value).map_or(version, Version::loaded)
        }
        None => version,
    }
}

mod sealed {
    use crate::entity::Entity;

    pub trait Sealed {}
    impl<E: Entity> Sealed for &E {}
    impl<E: Entity> Sealed for &mut E {}
}
