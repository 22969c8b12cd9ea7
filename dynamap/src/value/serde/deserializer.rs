use super::access::{EnumReader, ListReader, MapReader, SetReader};
use super::error::NotDecoded;
use crate::{
    error::DecodeError,
    value::{DataType, FromAttribute, Reader, number::NUMBER_NEWTYPE, text::one_character},
};
use serde::de::{self, Visitor, value::StrDeserializer};

/// Reads one serde value.
pub(super) struct Deserializer<'r, R>(pub(super) &'r mut R);

macro_rules! read_as_attributes {
    ($($method:ident: $type:ty => $visit:ident,)*) => { $(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotDecoded> {
            visitor.$visit(<$type>::read(self.0)?)
        }
    )* };
}

impl<R: Reader> Deserializer<'_, R> {
    /// Reads a map, of a type that declares these names.
    pub(super) fn map<'de, V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NotDecoded> {
        let mut members = MapReader::begin(self.0, names)?;
        let value = visitor.visit_map(&mut members)?;
        members.finish()?;
        Ok(value)
    }
}

impl<'de, R: Reader> de::Deserializer<'de> for Deserializer<'_, R> {
    type Error = NotDecoded;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotDecoded> {
        match self.0.data_type()? {
            DataType::S => self.deserialize_str(visitor),
            DataType::N => visit_number(&self.0.number()?, visitor),
            DataType::B => self.deserialize_bytes(visitor),
            DataType::Bool => self.deserialize_bool(visitor),
            DataType::Null => self.deserialize_unit(visitor),
            DataType::M => self.deserialize_map(visitor),
            DataType::L | DataType::Ss | DataType::Ns | DataType::Bs => self.deserialize_seq(visitor),
        }
    }

    read_as_attributes! {
        deserialize_bool: bool => visit_bool,
        deserialize_i8: i8 => visit_i8,
        deserialize_i16: i16 => visit_i16,
        deserialize_i32: i32 => visit_i32,
        deserialize_i64: i64 => visit_i64,
        deserialize_i128: i128 => visit_i128,
        deserialize_u8: u8 => visit_u8,
        deserialize_u16: u16 => visit_u16,
        deserialize_u32: u32 => visit_u32,
        deserialize_u64: u64 => visit_u64,
        deserialize_u128: u128 => visit_u128,
        deserialize_f32: f32 => visit_f32,
        deserialize_f64: f64 => visit_f64,
        deserialize_string: String => visit_string,
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotDecoded> {
        visitor.visit_str(&self.0.str()?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotDecoded> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotDecoded> {
        visitor.visit_char(one_character(&self.0.str()?)?)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotDecoded> {
        self.deserialize_byte_buf(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotDecoded> {
        visitor.visit_byte_buf(self.0.bytes()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotDecoded> {
        if self.0.null()? { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotDecoded> {
        <()>::read(self.0)?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, NotDecoded> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, NotDecoded> {
        if name == NUMBER_NEWTYPE {
            return visitor.visit_str(&self.0.number()?);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotDecoded> {
        match self.0.data_type()? {
            set @ (DataType::Ss | DataType::Ns | DataType::Bs) => {
                let mut members = SetReader::begin(self.0, set)?;
                let value = visitor.visit_seq(&mut members)?;
                members.finish()?;
                Ok(value)
            }
            _ => {
                let mut elements = ListReader::begin(self.0)?;
                let value = visitor.visit_seq(&mut elements)?;
                elements.finish()?;
                Ok(value)
            }
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, NotDecoded> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, NotDecoded> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotDecoded> {
        self.map(&[], visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NotDecoded> {
        match self.0.data_type()? {
            DataType::L => self.deserialize_seq(visitor),
            _ => self.map(fields, visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NotDecoded> {
        match self.0.data_type()? {
            DataType::S => visitor.visit_enum(StrDeserializer::new(&self.0.str()?)),
            DataType::M => visitor.visit_enum(EnumReader::begin(self.0, variants)?),
            other => {
                Err(DecodeError::new("a string (S) or a map (M) that is a variant", other.phrase()).into())
            }
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotDecoded> {
        self.0.skip()?;
        visitor.visit_unit()
    }
}

/// Gives a visitor that takes anything the smallest of serde's types that holds a number.
fn visit_number<'de, V: Visitor<'de>>(text: &str, visitor: V) -> Result<V::Value, NotDecoded> {
    if let Ok(value) = text.parse::<i64>() {
        return visitor.visit_i64(value);
    }
    if let Ok(value) = text.parse::<u64>() {
        return visitor.visit_u64(value);
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => visitor.visit_f64(value),
        _ => Err(NotDecoded::new("a number", "a text that is not a number")),
    }
}
