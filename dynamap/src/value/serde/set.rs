use super::error::NotEncoded;
use super::serializer::Serializer;
use crate::value::{
    DataType, Writer,
    scalar::{Scalar, ScalarWriter},
};
use serde::Serialize;
use serde::ser::{self, Impossible};

/// The set that `serde_dynamo` marks by the name of a newtype.
pub(super) fn marked_set(newtype: &str) -> Option<DataType> {
    match newtype {
        "\u{37E}STRINGSET\u{37E}" => Some(DataType::Ss),
        "\u{37E}NUMBERSET\u{37E}" => Some(DataType::Ns),
        "\u{37E}BYTESSET\u{37E}" => Some(DataType::Bs),
        _ => None,
    }
}

/// The string, number or binary value that `value` serializes as.
pub(super) fn scalar<T: Serialize + ?Sized>(value: &T) -> Result<Scalar<'static>, NotEncoded> {
    let mut scalar = None;
    value.serialize(Serializer(&mut ScalarWriter::new(&mut scalar)))?;
    scalar.ok_or_else(|| NotEncoded::new("a member of a set must be a string, a number or a binary value"))
}

/// Writes a serde sequence as a set.
pub(super) struct SetWriter<'w, W> {
    w: &'w mut W,
    set: DataType,
}

impl<'w, W: Writer> SetWriter<'w, W> {
    pub(super) fn new(w: &'w mut W, set: DataType) -> Self {
        Self { w, set }
    }

    fn begin(self) -> Result<SetMemberWriter<'w, W>, NotEncoded> {
        self.w.begin_set(self.set)?;
        Ok(SetMemberWriter(self.w))
    }
}

/// Writes the members of a set.
pub(super) struct SetMemberWriter<'w, W>(&'w mut W);

impl<W: Writer> SetMemberWriter<'_, W> {
    fn member<T: Serialize + ?Sized>(&mut self, member: &T) -> Result<(), NotEncoded> {
        Ok(self.0.member(&scalar(member)?)?)
    }
}

macro_rules! members {
    ($($trait:ident::$method:ident),*) => { $(
        impl<W: Writer> ser::$trait for SetMemberWriter<'_, W> {
            type Ok = ();
            type Error = NotEncoded;

            fn $method<T: Serialize + ?Sized>(&mut self, member: &T) -> Result<(), NotEncoded> {
                self.member(member)
            }

            fn end(self) -> Result<(), NotEncoded> {
                Ok(self.0.end_set()?)
            }
        }
    )* };
}

members! { SerializeSeq::serialize_element, SerializeTuple::serialize_element, SerializeTupleStruct::serialize_field }

type NotASetMember = Impossible<(), NotEncoded>;

fn refused<T>() -> Result<T, NotEncoded> {
    Err(NotEncoded::new("only a sequence can be a set"))
}

impl<'w, W: Writer> ser::Serializer for SetWriter<'w, W> {
    type Ok = ();
    type Error = NotEncoded;
    type SerializeSeq = SetMemberWriter<'w, W>;
    type SerializeTuple = SetMemberWriter<'w, W>;
    type SerializeTupleStruct = SetMemberWriter<'w, W>;
    type SerializeTupleVariant = NotASetMember;
    type SerializeMap = NotASetMember;
    type SerializeStruct = NotASetMember;
    type SerializeStructVariant = NotASetMember;

    fn serialize_seq(self, _: Option<usize>) -> Result<SetMemberWriter<'w, W>, NotEncoded> {
        self.begin()
    }

    fn serialize_tuple(self, _: usize) -> Result<SetMemberWriter<'w, W>, NotEncoded> {
        self.begin()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<SetMemberWriter<'w, W>, NotEncoded> {
        self.begin()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NotEncoded> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), NotEncoded> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), NotEncoded> {
        refused()
    }

    refused! {
        serialize_bool(bool) -> ();
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_u64(u64) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_str(&str) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_unit_variant(&'static str, u32, &'static str) -> ();
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> NotASetMember;
        serialize_map(Option<usize>) -> NotASetMember;
        serialize_struct(&'static str, usize) -> NotASetMember;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> NotASetMember;
    }
}
