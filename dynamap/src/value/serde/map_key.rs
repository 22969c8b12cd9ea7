use super::deserializer::Deserializer;
use super::error::{NotDecoded, NotEncoded};
use crate::value::scalar::{Scalar, ScalarReader};
use serde::de::{self, Visitor};
use serde::ser::{self, Impossible};
use serde::{Serialize, forward_to_deserialize_any};
use std::borrow::Cow;

/// Serializes a key of a map as text: strings, characters, integers, booleans and unit variants.
pub(super) struct MapKeySerializer;

type NotAMapKey = Impossible<String, NotEncoded>;

fn refused<T>() -> Result<T, NotEncoded> {
    Err(NotEncoded::new("the keys of a map must be strings, integers or booleans"))
}

macro_rules! displayed {
    ($($method:ident: $type:ty,)*) => { $(
        fn $method(self, value: $type) -> Result<String, NotEncoded> {
            Ok(value.to_string())
        }
    )* };
}

impl ser::Serializer for MapKeySerializer {
    type Ok = String;
    type Error = NotEncoded;
    type SerializeSeq = NotAMapKey;
    type SerializeTuple = NotAMapKey;
    type SerializeTupleStruct = NotAMapKey;
    type SerializeTupleVariant = NotAMapKey;
    type SerializeMap = NotAMapKey;
    type SerializeStruct = NotAMapKey;
    type SerializeStructVariant = NotAMapKey;

    displayed! {
        serialize_bool: bool,
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_i128: i128,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
        serialize_u128: u128,
        serialize_char: char,
        serialize_str: &str,
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<String, NotEncoded> {
        Ok(variant.to_owned())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<String, NotEncoded> {
        value.serialize(self)
    }

    refused! {
        serialize_f32(f32) -> String;
        serialize_f64(f64) -> String;
        serialize_bytes(&[u8]) -> String;
        serialize_none() -> String;
        serialize_unit() -> String;
        serialize_unit_struct(&'static str) -> String;
        serialize_seq(Option<usize>) -> NotAMapKey;
        serialize_tuple(usize) -> NotAMapKey;
        serialize_tuple_struct(&'static str, usize) -> NotAMapKey;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> NotAMapKey;
        serialize_map(Option<usize>) -> NotAMapKey;
        serialize_struct(&'static str, usize) -> NotAMapKey;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> NotAMapKey;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<String, NotEncoded> {
        refused()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<String, NotEncoded> {
        refused()
    }
}

/// Deserializes the key of a map from its text.
pub(super) struct MapKeyDeserializer<'k>(pub(super) &'k str);

macro_rules! parsed {
    ($($method:ident => $visit:ident,)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotDecoded> {
            match self.0.parse() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(NotDecoded::new("a map key that is an integer or a boolean", "another map key")),
            }
        }
    )* };
}

impl<'de> de::Deserializer<'de> for MapKeyDeserializer<'_> {
    type Error = NotDecoded;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotDecoded> {
        visitor.visit_str(self.0)
    }

    parsed! {
        deserialize_bool => visit_bool,
        deserialize_i8 => visit_i8,
        deserialize_i16 => visit_i16,
        deserialize_i32 => visit_i32,
        deserialize_i64 => visit_i64,
        deserialize_i128 => visit_i128,
        deserialize_u8 => visit_u8,
        deserialize_u16 => visit_u16,
        deserialize_u32 => visit_u32,
        deserialize_u64 => visit_u64,
        deserialize_u128 => visit_u128,
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, NotDecoded> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NotDecoded> {
        let mut reader = ScalarReader::new(Scalar::S(Cow::Borrowed(self.0)));
        Deserializer(&mut reader).deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}
