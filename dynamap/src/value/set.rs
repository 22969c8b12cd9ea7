//! Sets of strings, numbers or binary values (SS, NS, BS).

use super::marker::{Marker, SetMember};
use super::{AttributeType, DataType, FromAttribute, Reader, ToAttribute, Writer};
use crate::error::{DecodeError, EncodeError};
use std::collections::{BTreeSet, HashSet};
use std::hash::{BuildHasher, Hash};

/// The data type of a set of `T`.
const fn set_of<T: AttributeType>() -> DataType
where
    T::DataType: SetMember,
{
    match <<T::DataType as SetMember>::Set as Marker>::DATA_TYPE {
        Some(data_type) => data_type,
        None => unreachable!(), // `SetMember` is sealed, and its sets are SS, NS and BS.
    }
}

fn write_set<'a, T, W>(members: impl IntoIterator<Item = &'a T>, w: &mut W) -> Result<(), EncodeError>
where
    T: ToAttribute + 'a,
    T::DataType: SetMember,
    W: Writer,
{
    w.begin_set(const { set_of::<T>() })?;
    for member in members {
        w.member(member)?;
    }
    w.end_set()
}

macro_rules! sets {
    ($(($set:ident $(, $hasher:ident)?) where $($bound:ident)+;)*) => { $(
        impl<T: AttributeType $(, $hasher)?> AttributeType for $set<T $(, $hasher)?>
        where
            T::DataType: SetMember,
        {
            type DataType = <T::DataType as SetMember>::Set;
        }

        /// A field that is a set without members is no attribute. Where a value has to stand, as in a list, an empty
        /// set is an error: DynamoDB stores none.
        impl<T: ToAttribute $(, $hasher)?> ToAttribute for $set<T $(, $hasher)?>
        where
            T::DataType: SetMember,
        {
            fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
                write_set(self, w)
            }

            fn is_absent(&self) -> bool {
                self.is_empty()
            }
        }

        /// No attribute is a set without members.
        impl<T $(, $hasher)?> FromAttribute for $set<T $(, $hasher)?>
        where
            T: FromAttribute $(+ $bound)+,
            T::DataType: SetMember,
            $($hasher: BuildHasher + Default,)?
        {
            fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
                let mut members = r.begin_set(const { set_of::<T>() })?;
                let mut set = Self::default();
                while let Some(member) = r.next_member(&mut members)? {
                    set.insert(member);
                }
                Ok(set)
            }

            fn absent() -> Option<Self> {
                Some(Self::default())
            }
        }
    )* };
}

sets! {
    (HashSet, H) where Eq Hash;
    (BTreeSet) where Ord;
}
