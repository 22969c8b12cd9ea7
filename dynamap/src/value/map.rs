//! Maps with keys that are text, as maps (M), items and flattened attributes.

use super::{
    AttributeType, Document, FieldTable, FromAttribute, FromDocument, Reader, ToAttribute, ToDocument,
    Writer, marker, read_document,
};
use crate::error::{DecodeError, EncodeError};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};
use std::{rc::Rc, sync::Arc};

/// A type that can be the key of a map: DynamoDB's maps have strings as keys.
///
/// Implement it for a newtype by its text. Different keys must have different texts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key of a DynamoDB map",
    note = "the keys of DynamoDB's maps are strings; implement `dynamap::value::MapKey` for `{Self}`"
)]
pub trait MapKey: Sized {
    /// The key as text.
    fn to_key(&self) -> Cow<'_, str>;

    /// The key that `text` stands for.
    ///
    /// # Errors
    /// The text does not stand for a key of this type.
    fn from_key(text: Cow<'_, str>) -> Result<Self, DecodeError>;
}

macro_rules! string_keys {
    ($($string:ty),*) => { $(
        impl MapKey for $string {
            fn to_key(&self) -> Cow<'_, str> {
                Cow::Borrowed(self)
            }

            fn from_key(text: Cow<'_, str>) -> Result<Self, DecodeError> {
                Ok(text.into_owned().into())
            }
        }
    )* };
}

string_keys! { String, Box<str>, Rc<str>, Arc<str> }

macro_rules! displayed_keys {
    ($($key:ty = $expected:literal),*) => { $(
        impl MapKey for $key {
            fn to_key(&self) -> Cow<'_, str> {
                Cow::Owned(self.to_string())
            }

            fn from_key(text: Cow<'_, str>) -> Result<Self, DecodeError> {
                text.parse().map_err(|_| DecodeError::new($expected, "another map key"))
            }
        }
    )* };
}

displayed_keys! {
    i8 = "a map key that is an integer", i16 = "a map key that is an integer",
    i32 = "a map key that is an integer", i64 = "a map key that is an integer",
    i128 = "a map key that is an integer", isize = "a map key that is an integer",
    u8 = "a map key that is an integer", u16 = "a map key that is an integer",
    u32 = "a map key that is an integer", u64 = "a map key that is an integer",
    u128 = "a map key that is an integer", usize = "a map key that is an integer",
    bool = "a map key that is true or false", char = "a map key that is one character"
}

#[cfg(feature = "uuid")]
displayed_keys! { uuid::Uuid = "a map key that is a UUID" }

fn write_members<'a, K, V, W>(
    members: impl IntoIterator<Item = (&'a K, &'a V)>,
    w: &mut W,
) -> Result<(), EncodeError>
where
    K: MapKey + 'a,
    V: ToAttribute + 'a,
    W: Writer,
{
    for (key, value) in members {
        let key = key.to_key();
        let written = check_key(&key).and_then(|()| w.key(&key)).and_then(|()| value.write(w));
        written.map_err(|error| error.in_key(key))?;
    }
    Ok(())
}

/// DynamoDB: the name of an attribute and the key of a map have at least one byte.
pub(super) fn check_key(key: &str) -> Result<(), EncodeError> {
    match key.is_empty() {
        true => Err(EncodeError::new("the key of a map is empty")),
        false => Ok(()),
    }
}

fn check_keys<'a, K: MapKey + 'a>(
    mut keys: impl Iterator<Item = &'a K>,
    taken: &dyn Fn(&str) -> bool,
) -> Result<(), EncodeError> {
    match keys.find(|key| taken(&key.to_key())) {
        Some(key) => {
            Err(EncodeError::new("a map holds the name of an attribute beside it").in_key(key.to_key()))
        }
        None => Ok(()),
    }
}

macro_rules! maps {
    ($(($map:ident $(, $hasher:ident)?) where $key:ident: $($bound:ident)+;)*) => { $(
        impl<$key, V: AttributeType $(, $hasher)?> AttributeType for $map<$key, V $(, $hasher)?> {
            type DataType = marker::M;
        }

        impl<$key: MapKey, V: ToAttribute $(, $hasher)?> ToAttribute for $map<$key, V $(, $hasher)?> {
            fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
                w.begin_map()?;
                write_members(self, w)?;
                w.end_map()
            }
        }

        impl<$key, V $(, $hasher)?> FromAttribute for $map<$key, V $(, $hasher)?>
        where
            $key: MapKey $(+ $bound)+,
            V: FromAttribute,
            $($hasher: BuildHasher + Default,)?
        {
            fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
                read_document::<Self, R>(r)
            }
        }

        impl<$key: MapKey, V: ToAttribute $(, $hasher)?> ToDocument for $map<$key, V $(, $hasher)?> {
            fn write_fields<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
                write_members(self, w)
            }

            fn check_beside(&self, taken: &dyn Fn(&str) -> bool) -> Result<(), EncodeError> {
                check_keys(self.keys(), taken)
            }
        }

        impl<$key, V $(, $hasher)?> Document for $map<$key, V $(, $hasher)?>
        where
            $key: MapKey $(+ $bound)+,
            V: FromAttribute,
            $($hasher: BuildHasher + Default,)?
        {
        }

        impl<$key, V $(, $hasher)?> FromDocument for $map<$key, V $(, $hasher)?>
        where
            $key: MapKey $(+ $bound)+,
            V: FromAttribute,
            $($hasher: BuildHasher + Default,)?
        {
            type Output = Self;
            type Partial = Self;
            const FIELDS: &'static FieldTable = &FieldTable::EMPTY;
            const OPEN: bool = true;
            const TAKES_ANY: bool = true;

            fn read_field<R: Reader>(_: &mut Self, _: usize, r: &mut R) -> Result<(), DecodeError> {
                r.skip()
            }

            fn read_other<R: Reader>(partial: &mut Self, name: &str, r: &mut R) -> Result<bool, DecodeError> {
                let key = $key::from_key(Cow::Borrowed(name))?;
                partial.insert(key, V::read(r)?);
                Ok(true)
            }

            fn finish(partial: Self) -> Result<Self, DecodeError> {
                Ok(partial)
            }
        }
    )* };
}

maps! {
    (HashMap, H) where K: Eq Hash;
    (BTreeMap) where K: Ord;
}
