use super::Number;
use serde::de::{Error, Visitor};
use std::fmt;

/// The name by which dynamap's own serde adapter knows a number, which serde's data model has no form for.
pub(crate) const NUMBER_NEWTYPE: &str = "$dynamap::Number";

/// A number attribute (N) through dynamap's serde adapter; a string in other formats, so that nothing is lost.
impl serde::Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(NUMBER_NEWTYPE, &self.to_string())
    }
}

/// Takes a string, an integer or a floating-point number.
impl<'de> serde::Deserialize<'de> for Number {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(NUMBER_NEWTYPE, NumberVisitor)
    }
}

struct NumberVisitor;

impl<'de> Visitor<'de> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of DynamoDB")
    }

    fn visit_newtype_struct<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Number, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Number, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Number, E> {
        Ok(value.into())
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Number, E> {
        value.try_into().map_err(E::custom)
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Number, E> {
        value.try_into().map_err(E::custom)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Number, E> {
        value.try_into().map_err(E::custom)
    }
}
