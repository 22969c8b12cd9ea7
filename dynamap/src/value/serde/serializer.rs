use super::compound::{ListWriter, MapWriter, VariantWriter};
use super::error::NotEncoded;
use super::set;
use crate::value::{ToAttribute, Writer, number::NUMBER_NEWTYPE, scalar::Scalar};
use serde::Serialize;

/// Writes one serde value.
pub(super) struct Serializer<'w, W>(pub(super) &'w mut W);

macro_rules! written_as_attributes {
    ($($method:ident: $type:ty,)*) => { $(
        #[inline]
        fn $method(self, value: $type) -> Result<(), NotEncoded> {
            Ok(value.write(self.0)?)
        }
    )* };
}

impl<'w, W: Writer> serde::Serializer for Serializer<'w, W> {
    type Ok = ();
    type Error = NotEncoded;
    type SerializeSeq = ListWriter<'w, W>;
    type SerializeTuple = ListWriter<'w, W>;
    type SerializeTupleStruct = ListWriter<'w, W>;
    type SerializeTupleVariant = VariantWriter<ListWriter<'w, W>>;
    type SerializeMap = MapWriter<'w, W>;
    type SerializeStruct = MapWriter<'w, W>;
    type SerializeStructVariant = VariantWriter<MapWriter<'w, W>>;

    written_as_attributes! {
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
        serialize_f32: f32,
        serialize_f64: f64,
        serialize_char: char,
        serialize_str: &str,
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), NotEncoded> {
        Ok(self.0.bytes(bytes)?)
    }

    fn serialize_none(self) -> Result<(), NotEncoded> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NotEncoded> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), NotEncoded> {
        Ok(self.0.null()?)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), NotEncoded> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), NotEncoded> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), NotEncoded> {
        if name == NUMBER_NEWTYPE {
            return match set::scalar(value)? {
                Scalar::S(text) => Ok(self.0.number(&text)?),
                _ => Err(NotEncoded::new("only a text can be a number")),
            };
        }
        match set::marked_set(name) {
            Some(data_type) => value.serialize(set::SetWriter::new(self.0, data_type)),
            None => value.serialize(self),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), NotEncoded> {
        self.0.begin_map()?;
        self.0.key(variant)?;
        value.serialize(Serializer(&mut *self.0)).map_err(|NotEncoded(error)| error.in_field(variant))?;
        Ok(self.0.end_map()?)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<ListWriter<'w, W>, NotEncoded> {
        ListWriter::begin(self.0)
    }

    fn serialize_tuple(self, _: usize) -> Result<ListWriter<'w, W>, NotEncoded> {
        ListWriter::begin(self.0)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<ListWriter<'w, W>, NotEncoded> {
        ListWriter::begin(self.0)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<VariantWriter<ListWriter<'w, W>>, NotEncoded> {
        VariantWriter::begin(variant, self.0, ListWriter::begin)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<MapWriter<'w, W>, NotEncoded> {
        MapWriter::begin(self.0)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<MapWriter<'w, W>, NotEncoded> {
        MapWriter::begin(self.0)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<VariantWriter<MapWriter<'w, W>>, NotEncoded> {
        VariantWriter::begin(variant, self.0, MapWriter::begin)
    }
}
