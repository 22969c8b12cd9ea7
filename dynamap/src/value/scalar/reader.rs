use super::Scalar;
use crate::{
    error::DecodeError,
    value::{DataType, Field, FieldTable, FromAttribute, Members, Reader, ShortText},
};
use std::borrow::Cow;

/// Reads one scalar.
#[derive(Debug)]
pub(crate) struct ScalarReader<'a>(Option<Scalar<'a>>);

impl<'a> ScalarReader<'a> {
    pub(crate) fn new(scalar: Scalar<'a>) -> Self {
        Self(Some(scalar))
    }

    #[cold]
    fn mismatch<T>(&mut self, wanted: DataType) -> Result<T, DecodeError> {
        let found = self.data_type()?;
        Err(DecodeError::new(wanted.phrase(), found.phrase()))
    }

    fn no_container<T>(&mut self) -> Result<T, DecodeError> {
        self.mismatch(DataType::M)
    }
}

impl Reader for ScalarReader<'_> {
    fn data_type(&mut self) -> Result<DataType, DecodeError> {
        match &self.0 {
            Some(scalar) => Ok(scalar.data_type()),
            None => Err(DecodeError::new("a value", "no value")),
        }
    }

    fn skip(&mut self) -> Result<(), DecodeError> {
        self.data_type()?;
        self.0 = None;
        Ok(())
    }

    fn null(&mut self) -> Result<bool, DecodeError> {
        self.data_type()?;
        Ok(false)
    }

    fn string(&mut self) -> Result<String, DecodeError> {
        self.str().map(Cow::into_owned)
    }

    fn str(&mut self) -> Result<Cow<'_, str>, DecodeError> {
        match self.0.take() {
            Some(Scalar::S(text)) => Ok(text),
            other => {
                self.0 = other;
                self.mismatch(DataType::S)
            }
        }
    }

    fn number(&mut self) -> Result<Cow<'_, str>, DecodeError> {
        match self.0.take() {
            Some(Scalar::N(text)) => Ok(text),
            other => {
                self.0 = other;
                self.mismatch(DataType::N)
            }
        }
    }

    fn boolean(&mut self) -> Result<bool, DecodeError> {
        self.mismatch(DataType::Bool)
    }

    fn bytes(&mut self) -> Result<Vec<u8>, DecodeError> {
        match self.0.take() {
            Some(Scalar::B(bytes)) => Ok(bytes.into_owned()),
            other => {
                self.0 = other;
                self.mismatch(DataType::B)
            }
        }
    }

    fn begin_item(&mut self) -> Result<Members, DecodeError> {
        self.no_container()
    }

    fn begin_map(&mut self) -> Result<Members, DecodeError> {
        self.no_container()
    }

    fn next_field(&mut self, _: &mut Members, _: &'static FieldTable) -> Result<Field, DecodeError> {
        self.no_container()
    }

    fn next_key(&mut self, _: &mut Members) -> Result<Option<Cow<'_, str>>, DecodeError> {
        self.no_container()
    }

    fn find_string(&mut self, _: &str) -> Result<Option<ShortText>, DecodeError> {
        self.no_container()
    }

    fn begin_list(&mut self) -> Result<Members, DecodeError> {
        self.mismatch(DataType::L)
    }

    fn next_element(&mut self, _: &mut Members) -> Result<bool, DecodeError> {
        self.mismatch(DataType::L)
    }

    fn begin_set(&mut self, set: DataType) -> Result<Members, DecodeError> {
        self.mismatch(set)
    }

    fn next_member<T: FromAttribute>(&mut self, _: &mut Members) -> Result<Option<T>, DecodeError> {
        self.mismatch(DataType::Ss)
    }

    fn attempt<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let before = self.0.clone();
        read(self).inspect_err(|_| self.0 = before)
    }
}
