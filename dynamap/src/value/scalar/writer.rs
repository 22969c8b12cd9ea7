use super::Scalar;
use crate::{
    error::EncodeError,
    value::{DataType, FieldTable, ToAttribute, Writer},
};
use std::borrow::Cow;

/// Takes scalars as they are written.
pub(crate) trait ScalarSink {
    fn put(&mut self, scalar: Scalar<'_>) -> Result<(), EncodeError>;
}

impl ScalarSink for Option<Scalar<'static>> {
    fn put(&mut self, scalar: Scalar<'_>) -> Result<(), EncodeError> {
        *self = Some(scalar.into_owned());
        Ok(())
    }
}

/// Writes one scalar into a sink, and refuses everything else.
#[derive(Debug)]
pub(crate) struct ScalarWriter<'s, S> {
    sink: &'s mut S,
    /// The set that the scalar is a member of; any scalar will do without one.
    set: Option<DataType>,
    written: bool,
}

impl<'s, S: ScalarSink> ScalarWriter<'s, S> {
    pub(crate) fn new(sink: &'s mut S) -> Self {
        Self { sink, set: None, written: false }
    }

    /// Writes a member of `set` to `sink`.
    pub(crate) fn write_member<T: ToAttribute>(
        sink: &'s mut S,
        set: Option<DataType>,
        member: &T,
    ) -> Result<(), EncodeError> {
        let mut writer = Self { sink, set, written: false };
        member.write(&mut writer)?;
        if writer.written { Ok(()) } else { Err(writer.refuse()) }
    }

    fn put(&mut self, scalar: Scalar<'_>) -> Result<(), EncodeError> {
        let fits = match self.set {
            Some(DataType::Ss) => scalar.data_type() == DataType::S,
            Some(DataType::Ns) => scalar.data_type() == DataType::N,
            Some(DataType::Bs) => scalar.data_type() == DataType::B,
            _ => true,
        };
        if !fits || std::mem::replace(&mut self.written, true) {
            return Err(self.refuse());
        }
        self.sink.put(scalar)
    }

    #[cold]
    fn refuse(&self) -> EncodeError {
        EncodeError::new(match self.set {
            Some(DataType::Ss) => "a member of a string set (SS) must be a string",
            Some(DataType::Ns) => "a member of a number set (NS) must be a number",
            Some(DataType::Bs) => "a member of a binary set (BS) must be a binary value",
            _ => "a member of a set must be one string, number or binary value",
        })
    }
}

impl<S: ScalarSink> Writer for ScalarWriter<'_, S> {
    fn string(&mut self, value: &str) -> Result<(), EncodeError> {
        self.put(Scalar::S(Cow::Borrowed(value)))
    }

    fn number(&mut self, text: &str) -> Result<(), EncodeError> {
        self.put(Scalar::N(Cow::Borrowed(text)))
    }

    fn boolean(&mut self, _: bool) -> Result<(), EncodeError> {
        Err(self.refuse())
    }

    fn null(&mut self) -> Result<(), EncodeError> {
        Err(self.refuse())
    }

    fn bytes(&mut self, value: &[u8]) -> Result<(), EncodeError> {
        self.put(Scalar::B(Cow::Borrowed(value)))
    }

    fn begin_item(&mut self) -> Result<(), EncodeError> {
        Err(self.refuse())
    }

    fn end_item(&mut self) -> Result<(), EncodeError> {
        Err(self.refuse())
    }

    fn begin_map(&mut self) -> Result<(), EncodeError> {
        Err(self.refuse())
    }

    fn field(&mut self, _: &'static FieldTable, _: usize) -> Result<(), EncodeError> {
        Err(self.refuse())
    }

    fn key(&mut self, _: &str) -> Result<(), EncodeError> {
        Err(self.refuse())
    }

    fn end_map(&mut self) -> Result<(), EncodeError> {
        Err(self.refuse())
    }

    fn begin_list(&mut self) -> Result<(), EncodeError> {
        Err(self.refuse())
    }

    fn element(&mut self) -> Result<(), EncodeError> {
        Err(self.refuse())
    }

    fn end_list(&mut self) -> Result<(), EncodeError> {
        Err(self.refuse())
    }

    fn begin_set(&mut self, _: DataType) -> Result<(), EncodeError> {
        Err(self.refuse())
    }

    fn member<T: ToAttribute>(&mut self, _: &T) -> Result<(), EncodeError> {
        Err(self.refuse())
    }

    fn end_set(&mut self) -> Result<(), EncodeError> {
        Err(self.refuse())
    }
}
