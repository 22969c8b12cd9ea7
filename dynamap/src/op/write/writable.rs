//! Encoding of entities for a whole-item write, with or without a version.

use super::{
    settle::{Advance, Settlement},
    version_check::{StoredLineage, VersionCheck, expectation},
};
use crate::{
    call::Handle,
    direct::{AttemptMark, AttemptMarks},
    entity::{ByStamps, ByVersion, Changing, Entity, Item, Unchanging, Unversioned, Versioned, WholeWrite},
    error::EncodeError,
    expr::Condition,
    outcome::Result,
    value::{Lineage, Version, VersionValue},
    wire,
};
use std::sync::Arc;

/// A reference to an entity that is written as a whole. It is exclusive if the entity has a version or stamps, as
/// those change in memory with the write. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written as a whole: write `&` of an entity, or `&mut` of one with a version or stamps",
    label = "expected a reference to an entity"
)]
pub trait Writable<'a>: sealed::Sealed {
    /// The entity.
    type Entity: Entity;

    /// Encodes the entity with the version and the stamps that it will have, and the mark of the first attempt.
    #[doc(hidden)]
    fn encode<T>(
        self,
        stored: StoredState,
        writer: WriteHandle<'_>,
        encode: impl FnOnce(&Self::Entity) -> Result<T>,
    ) -> EncodedEntity<'a, Self::Entity, T>;
}

/// The demand of a whole write on the stored entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredState {
    /// The entity is created.
    No,
    /// The entity is put, whatever is stored.
    Perhaps,
    /// The entity was read, and no other writer has written it since.
    Yes,
}

impl StoredState {
    fn whole_write(self) -> WholeWrite {
        match self {
            Self::No => WholeWrite::Created,
            Self::Perhaps | Self::Yes => WholeWrite::Replaced,
        }
    }
}

/// The handle that the entity is written with.
#[derive(Debug, Clone, Copy)]
pub struct WriteHandle<'h>(pub(crate) &'h Handle);

/// An encoded entity.
#[derive(Debug)]
pub struct EncodedEntity<'a, E, T> {
    pub(crate) encoded: Result<T>,
    /// The condition on the stored version.
    pub(crate) check: Option<Condition<E>>,
    pub(crate) settlement: Settlement<'a>,
}

/// Nothing of it is needed after it was encoded.
impl<E: Unchanging> Writable<'static> for &E {
    type Entity = E;

    fn encode<T>(
        self,
        _: StoredState,
        _: WriteHandle<'_>,
        encode: impl FnOnce(&E) -> Result<T>,
    ) -> EncodedEntity<'static, E, T> {
        EncodedEntity { encoded: encode(self), check: None, settlement: Settlement::default() }
    }
}

impl<'a, E: Changing<By: ChangedBy<E>>> Writable<'a> for &'a mut E {
    type Entity = E;

    fn encode<T>(
        self,
        stored: StoredState,
        writer: WriteHandle<'_>,
        encode: impl FnOnce(&E) -> Result<T>,
    ) -> EncodedEntity<'a, E, T> {
        let encoded = E::By::encode(self, stored, writer, encode);
        encoded.unwrap_or_else(|error| EncodedEntity {
            encoded: Err(error),
            check: None,
            settlement: Settlement::default(),
        })
    }
}

/// The change of an entity in memory when it is written as a whole.
pub trait ChangedBy<E> {
    /// Encodes the entity as it will be; the one in memory stays as it is until the write has succeeded.
    fn encode<'a, T>(
        entity: &'a mut E,
        stored: StoredState,
        writer: WriteHandle<'_>,
        encode: impl FnOnce(&E) -> Result<T>,
    ) -> Result<EncodedEntity<'a, E, T>>;
}

impl<E: Unversioned> ChangedBy<E> for ByStamps {
    fn encode<'a, T>(
        entity: &'a mut E,
        stored: StoredState,
        writer: WriteHandle<'_>,
        encode: impl FnOnce(&E) -> Result<T>,
    ) -> Result<EncodedEntity<'a, E, T>> {
        let Some(mut next) = entity.stamped(writer.0.time_of_write(), stored.whole_write())? else {
            return Ok(EncodedEntity {
                encoded: encode(entity),
                check: None,
                settlement: Settlement::default(),
            });
        };
        let encoded = encode(&next);
        let advance = Box::new(move |_: Option<AttemptMark>, item: Option<&Item>| {
            if let Some(item) = item {
                next.restamp(item);
            }
            *entity = next;
        });
        Ok(EncodedEntity {
            encoded,
            check: None,
            settlement: Settlement { advance: Some(advance), versions: None, demand: None },
        })
    }
}

impl<E: Versioned> ChangedBy<E> for ByVersion {
    fn encode<'a, T>(
        entity: &'a mut E,
        stored: StoredState,
        writer: WriteHandle<'_>,
        encode: impl FnOnce(&E) -> Result<T>,
    ) -> Result<EncodedEntity<'a, E, T>> {
        let NextVersion { version, check, versions } = NextVersion::of(&*entity, stored, writer.0)?;
        let base = versions.lineage.and_then(|lineage| lineage.base);
        let stamped = entity.stamped(writer.0.time_of_write(), stored.whole_write())?;
        let (encoded, advance): (_, Advance<'a>) = match stamped {
            Some(mut next) => {
                *next.version_mut() = version.clone();
                let encoded = encode(&next);
                let advance = move |mark: Option<AttemptMark>, _: Option<&Item>| {
                    *next.version_mut() = marked(version, base, mark);
                    *entity = next;
                };
                (encoded, Box::new(advance))
            }
            None => {
                let old = std::mem::replace(entity.version_mut(), version.clone());
                let encoded = encode(entity);
                *entity.version_mut() = old;
                let advance = move |mark: Option<AttemptMark>, _: Option<&Item>| {
                    *entity.version_mut() = marked(version, base, mark);
                };
                (encoded, Box::new(advance))
            }
        };
        let settlement =
            Settlement { advance: Some(advance), versions: Some(Arc::new(versions)), demand: None };
        Ok(EncodedEntity { encoded, check, settlement })
    }
}

/// The version that a write gives an entity, and the one that it expects.
struct NextVersion<E: Versioned> {
    version: Version<E::Value>,
    check: Option<Condition<E>>,
    versions: VersionCheck,
}

impl<E: Versioned> NextVersion<E> {
    fn of(entity: &E, stored: StoredState, handle: &Handle) -> Result<Self> {
        let old = entity.version();
        let (check, expected, value) = match stored {
            StoredState::No | StoredState::Perhaps => (None, None, handle.version(Some(E::Value::first()))),
            StoredState::Yes => {
                let (check, expected) = expectation::<E>(old)?;
                let value = old.stored().map_or_else(|| Some(E::Value::first()), E::Value::next);
                (Some(check), Some(expected), handle.version(value))
            }
        };
        let value = value.ok_or_else(EncodeError::last_version)?;
        let base = if stored == StoredState::Yes { old.lineage() } else { None };
        let lineage = E::LINEAGE.map(|attribute| StoredLineage { attribute, base });
        let marks = match lineage {
            Some(_) => Some(handle.marks(base)?),
            None if E::Value::COUNTS => None,
            None => {
                let (first, value) = (wire::to_attribute_value(&value)?, value.clone());
                let draw = move || {
                    Ok(wire::to_attribute_value(&value.next().ok_or_else(EncodeError::last_version)?)?)
                };
                Some(AttemptMarks::of_versions(first, draw).derived(handle.redelivery.is_some()))
            }
        };
        let after = marks.as_ref().and_then(AttemptMarks::first_lineage);
        let versions =
            VersionCheck { attribute: E::VERSION, expected, counts: E::Value::COUNTS, lineage, marks };
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
