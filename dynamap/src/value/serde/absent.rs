//! `None` as a field: no attribute, as with the types that dynamap maps itself.

use serde::{
    Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, Visitor, value::Error},
    forward_to_deserialize_any,
    ser::{Error as _, Impossible},
};

/// True if the value is `None`.
pub(crate) fn is_absent<T: Serialize + ?Sized>(value: &T) -> bool {
    value.serialize(NoneProbe).is_ok()
}

/// The value that a type reads from an attribute that is not there: `None`, for an `Option`.
pub(crate) fn absent<T: DeserializeOwned>() -> Option<T> {
    T::deserialize(NoAttribute).ok()
}

struct NoAttribute;

impl<'de> Deserializer<'de> for NoAttribute {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(serde::de::Error::custom("no attribute"))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_none()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Succeeds for `None` and fails for all else.
struct NoneProbe;

type NotAbsent = Impossible<(), Error>;

fn refused<T>() -> Result<T, Error> {
    Err(Error::custom("a value"))
}

impl Serializer for NoneProbe {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = NotAbsent;
    type SerializeTuple = NotAbsent;
    type SerializeTupleStruct = NotAbsent;
    type SerializeTupleVariant = NotAbsent;
    type SerializeMap = NotAbsent;
    type SerializeStruct = NotAbsent;
    type SerializeStructVariant = NotAbsent;

    fn serialize_none(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<(), Error> {
        refused()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, _: &T) -> Result<(), Error> {
        refused()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Error> {
        refused()
    }

    refused! {
        serialize_bool(bool) -> ();
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_i128(i128) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_u64(u64) -> ();
        serialize_u128(u128) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_str(&str) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_unit_variant(&'static str, u32, &'static str) -> ();
        serialize_seq(Option<usize>) -> NotAbsent;
        serialize_tuple(usize) -> NotAbsent;
        serialize_tuple_struct(&'static str, usize) -> NotAbsent;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> NotAbsent;
        serialize_map(Option<usize>) -> NotAbsent;
        serialize_struct(&'static str, usize) -> NotAbsent;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> NotAbsent;
    }
}
