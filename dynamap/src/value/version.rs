//! Versions of entities, for optimistic locking.

mod text;

use super::{AttributeType, FromAttribute, Lineage, Reader, ToAttribute, Writer, marker};
use crate::error::{DecodeError, EncodeError};
use std::hash::{Hash, Hasher};

/// The version of an entity: the field that is marked `#[dynamap(version)]`.
///
/// It serves optimistic locking: a write that checks it fails if another writer has changed the item. It is new until the
/// entity is created, and the stored version from then on. New is a state of its own and never a value: a stored version 0
/// is a version like any other. An item without the attribute,
/// which was written before the entity had versions, can be saved too: it expects that there is none.
///
/// `V` is a number (`u64` by default), a `uuid::Uuid`, or a [`VersionValue`] of your own.
///
/// ```
/// use dynamap::value::Version;
///
/// let version = Version::<u64>::NEW;
/// assert!(version.is_new());
/// assert_eq!(version.stored(), None);
/// ```
///
/// It carries the item's lineage as well, the ids of its last writes, which comparisons ignore.
#[derive(Debug, Clone, Copy)]
#[doc(alias("optimistic_locking", "VersionAttribute"))]
pub struct Version<V = u64> {
    state: VersionState<V>,
    /// The lineage that the item had; `None` if it was not read.
    lineage: Option<Lineage>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum VersionState<V> {
    New,
    Loaded(Option<V>),
}

impl<V> Version<V> {
    /// The version of an entity that is not stored yet.
    pub const NEW: Self = Self { state: VersionState::New, lineage: None };

    /// A version that the caller knows from elsewhere, such as HTTP's `If-Match`, to be expected of the stored item.
    ///
    /// It is compared with the stored version alone. One that was read with its entity is compared with the lineage of the item
    /// as well, so that a number which came again is not taken for the one that was read.
    ///
    /// ```
    /// use dynamap::value::Version;
    ///
    /// let version: Version = "7".parse()?;
    /// assert_eq!(version, Version::from_stored(7));
    /// assert_eq!(version.to_string(), "7");
    /// # Ok::<(), std::num::ParseIntError>(())
    /// ```
    pub const fn from_stored(version: V) -> Self {
        Self::loaded(version)
    }

    /// The version that the table holds.
    pub(crate) const fn loaded(stored: V) -> Self {
        Self { state: VersionState::Loaded(Some(stored)), lineage: None }
    }

    /// True if the entity was not read from the table, nor written to it.
    pub fn is_new(&self) -> bool {
        matches!(self.state, VersionState::New)
    }

    /// The version that the table held when the entity was read or written; `None` if it is new, or the item had no
    /// version.
    pub fn stored(&self) -> Option<&V> {
        match &self.state {
            VersionState::New => None,
            VersionState::Loaded(stored) => stored.as_ref(),
        }
    }

    pub(crate) fn with_lineage(mut self, lineage: Option<Lineage>) -> Self {
        self.lineage = lineage;
        self
    }

    /// The lineage of the item when the entity was read or written; `None` if it was not read.
    pub(crate) fn lineage(&self) -> Option<Lineage> {
        self.lineage
    }
}

impl<V: PartialEq> PartialEq for Version<V> {
    fn eq(&self, other: &Self) -> bool {
        self.state == other.state
    }
}

impl<V: Eq> Eq for Version<V> {}

impl<V: Hash> Hash for Version<V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.state.hash(state);
    }
}

impl<V> Default for Version<V> {
    fn default() -> Self {
        Self::NEW
    }
}

impl<V: AttributeType> AttributeType for Version<V> {
    type DataType = V::DataType;
}

/// Only a stored version has a value.
impl<V: ToAttribute> ToAttribute for Version<V> {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        match self.stored() {
            Some(stored) => stored.write(w),
            None => Err(EncodeError::new("an entity that is not stored has no version")),
        }
    }

    fn is_absent(&self) -> bool {
        self.stored().is_none_or(V::is_absent)
    }
}

impl<V: FromAttribute> FromAttribute for Version<V> {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        V::read(r).map(Self::loaded)
    }

    fn absent() -> Option<Self> {
        Some(Self { state: VersionState::Loaded(None), lineage: None })
    }
}

/// A type that a [`Version`] can be made of.
///
/// No two versions of one item may be equal. Numbers count up from 1 and begin again where an item is deleted and
/// created anew; where that matters, take a `Uuid`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no version",
    label = "expected an integer, `FromZero<u64>`, `uuid::Uuid`, or a type of your own that implements `VersionValue`"
)]
pub trait VersionValue: FromAttribute + Clone + PartialEq + Send + Sync + 'static {
    /// True of a number that each write increments. False of a value that is unlike all others, such as a `Uuid`.
    const COUNTS: bool;

    /// The version of an item that is created.
    fn first() -> Self;

    /// The version after this one; `None` at the end of its type.
    fn next(&self) -> Option<Self>;

    /// The version that is made of these random bytes; `None` if it is drawn in another way, or counts.
    ///
    /// With it, the transaction of a message that is delivered again is the same request: see
    /// [`Table::with_client_request_token`](crate::Table::with_client_request_token).
    fn from_random(_: [u8; 16]) -> Option<Self> {
        None
    }
}

/// A number that counts from 0, for the tables of other systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FromZero<N>(pub N);

impl<N: AttributeType<DataType = marker::N>> AttributeType for FromZero<N> {
    type DataType = marker::N;
}

impl<N: ToAttribute<DataType = marker::N>> ToAttribute for FromZero<N> {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        self.0.write(w)
    }
}

impl<N: FromAttribute<DataType = marker::N>> FromAttribute for FromZero<N> {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        N::read(r).map(Self)
    }
}

macro_rules! numbers {
    ($($number:ty)*) => { $(
        impl VersionValue for $number {
            const COUNTS: bool = true;

            fn first() -> Self {
                1
            }

            fn next(&self) -> Option<Self> {
                self.checked_add(1)
            }
        }

        impl VersionValue for FromZero<$number> {
            const COUNTS: bool = true;

            fn first() -> Self {
                Self(0)
            }

            fn next(&self) -> Option<Self> {
                self.0.checked_add(1).map(Self)
            }
        }
    )* };
}

numbers! { u32 u64 i32 i64 }

/// Each is random.
#[cfg(feature = "uuid")]
impl VersionValue for uuid::Uuid {
    const COUNTS: bool = false;

    fn first() -> Self {
        Self::new_v4()
    }

    fn next(&self) -> Option<Self> {
        Some(Self::new_v4())
    }

    fn from_random(bytes: [u8; 16]) -> Option<Self> {
        Some(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }
}

/// The type of a field that is a version. Sealed: it is a [`Version`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no version of an entity",
    label = "expected `Version<V>`",
    note = "a field marked `version` is a `dynamap::value::Version`, such as `Version<u64>` or `Version<Uuid>`"
)]
pub trait VersionField: FromAttribute {
    /// The type of the stored version, such as `u64` in `Version<u64>`.
    type Value: VersionValue;

    #[doc(hidden)]
    fn as_version(&self) -> &Version<Self::Value>;

    #[doc(hidden)]
    fn as_version_mut(&mut self) -> &mut Version<Self::Value>;
}

impl<V: VersionValue> VersionField for Version<V> {
    type Value = V;

    fn as_version(&self) -> &Self {
        self
    }

    fn as_version_mut(&mut self) -> &mut Self {
        self
    }
}
