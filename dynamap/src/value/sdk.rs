//! The SDK's `AttributeValue`, as whatever it holds.

use super::scalar::Scalar;
use super::{AttributeType, DataType, FromAttribute, Number, Reader, ToAttribute, Writer, marker};
use crate::error::{DecodeError, EncodeError};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

impl AttributeType for AttributeValue {
    type DataType = marker::Any;
}

/// The text of a number is written as it is, if it is one that DynamoDB takes.
impl ToAttribute for AttributeValue {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        match self {
            Self::S(text) => w.string(text),
            Self::N(text) => {
                check_number(text)?;
                w.number(text)
            }
            Self::B(bytes) => bytes.write(w),
            Self::Bool(value) => w.boolean(*value),
            Self::Null(true) => w.null(),
            Self::Null(false) => Err(EncodeError::new("a null (NULL) can only be true")),
            Self::M(members) => members.write(w),
            Self::L(elements) => elements.write(w),
            Self::Ss(members) => write_set(DataType::Ss, members, w),
            Self::Ns(members) => {
                members.iter().try_for_each(|text| check_number(text))?;
                write_set(DataType::Ns, &members.iter().map(number).collect::<Vec<_>>(), w)
            }
            Self::Bs(members) => write_set(DataType::Bs, members, w),
            _ => {
                Err(EncodeError::new("the `AttributeValue` has a data type that this version does not know"))
            }
        }
    }
}

/// The text of a number is kept as it is.
impl FromAttribute for AttributeValue {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        Ok(match r.data_type()? {
            DataType::S => Self::S(r.string()?),
            DataType::N => Self::N(r.number()?.into_owned()),
            DataType::B => Self::B(Blob::read(r)?),
            DataType::Bool => Self::Bool(r.boolean()?),
            DataType::Null => <()>::read(r).map(|()| Self::Null(true))?,
            DataType::M => Self::M(HashMap::read(r)?),
            DataType::L => Self::L(Vec::read(r)?),
            DataType::Ss => Self::Ss(read_set(DataType::Ss, r)?),
            DataType::Ns => Self::Ns(read_numbers(r)?),
            DataType::Bs => Self::Bs(read_set(DataType::Bs, r)?),
        })
    }
}

fn number(text: &String) -> Scalar<'_> {
    Scalar::N(text.into())
}

fn check_number(text: &str) -> Result<(), EncodeError> {
    match text.parse::<Number>() {
        Ok(_) => Ok(()),
        Err(error) => Err(EncodeError::new(error.reason())),
    }
}

fn write_set<T: ToAttribute, W: Writer>(set: DataType, members: &[T], w: &mut W) -> Result<(), EncodeError> {
    w.begin_set(set)?;
    for member in members {
        w.member(member)?;
    }
    w.end_set()
}

fn read_set<T: FromAttribute, R: Reader>(set: DataType, r: &mut R) -> Result<Vec<T>, DecodeError> {
    let mut members = r.begin_set(set)?;
    let mut read = Vec::new();
    while let Some(member) = r.next_member(&mut members)? {
        read.push(member);
    }
    Ok(read)
}

fn read_numbers<R: Reader>(r: &mut R) -> Result<Vec<String>, DecodeError> {
    let members: Vec<Scalar<'static>> = read_set(DataType::Ns, r)?;
    let texts = members.into_iter().filter_map(|member| match member {
        Scalar::N(text) => Some(text.into_owned()),
        _ => None,
    });
    Ok(texts.collect())
}
