use crate::{
    error::DecodeError,
    value::{
        DataType, Field, FieldTable, FromAttribute, MAX_DEPTH, Members, Reader, ShortText,
        scalar::{Scalar, ScalarReader},
    },
    wire::refusals::{mismatch, not_in_a_set, read_too_deep, unknown_data_type},
};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use std::borrow::Cow;
use std::collections::{HashMap, hash_map};
use std::fmt;
use std::vec;

/// Reads attribute values from the SDK's `AttributeValue`, which it takes apart.
pub struct AttributeValueReader {
    next: Option<AttributeValue>,
    open: Vec<ContainerIter>,
    /// The number of maps and lists that are open, without the item itself.
    depth: u32,
    /// The most maps and lists that may be open: DynamoDB nests no deeper.
    max_depth: u32,
}

/// Shows how deep it is, and no value.
impl fmt::Debug for AttributeValueReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttributeValueReader").field("depth", &self.depth).finish_non_exhaustive()
    }
}

/// The rest of a container that is being read.
enum ContainerIter {
    Map(hash_map::IntoIter<String, AttributeValue>),
    List(vec::IntoIter<AttributeValue>),
    Strings(vec::IntoIter<String>),
    Numbers(vec::IntoIter<String>),
    Blobs(vec::IntoIter<Blob>),
}

impl AttributeValueReader {
    /// A reader of one value.
    pub fn new(value: AttributeValue) -> Self {
        Self { next: Some(value), open: Vec::new(), depth: 0, max_depth: MAX_DEPTH }
    }

    /// A reader of an item for something that reads it as a map, such as serde: that map is no level.
    pub(in crate::wire) fn of_item_as_map(item: HashMap<String, AttributeValue>) -> Self {
        Self { max_depth: MAX_DEPTH + 1, ..Self::from_item(item) }
    }

    /// A reader of one item.
    pub fn from_item(item: HashMap<String, AttributeValue>) -> Self {
        Self::new(AttributeValue::M(item))
    }

    /// The error for a next value that is not a `wanted`.
    #[cold]
    fn mismatch(&mut self, wanted: DataType) -> DecodeError {
        match self.data_type() {
            Ok(found) => mismatch(wanted, found),
            Err(error) => error,
        }
    }

    fn scalar<T>(
        &mut self,
        wanted: DataType,
        take: impl FnOnce(AttributeValue) -> Result<T, AttributeValue>,
    ) -> Result<T, DecodeError> {
        match self.next.take().map(take) {
            Some(Ok(value)) => Ok(value),
            Some(Err(other)) => {
                self.next = Some(other);
                Err(self.mismatch(wanted))
            }
            None => Err(no_value()),
        }
    }

    fn begin(&mut self, wanted: DataType) -> Result<Members, DecodeError> {
        let container = match (self.next.take(), wanted) {
            (Some(AttributeValue::M(members)), DataType::M) => ContainerIter::Map(members.into_iter()),
            (Some(AttributeValue::L(elements)), DataType::L) => ContainerIter::List(elements.into_iter()),
            (Some(AttributeValue::Ss(members)), DataType::Ss) => ContainerIter::Strings(members.into_iter()),
            (Some(AttributeValue::Ns(members)), DataType::Ns) => ContainerIter::Numbers(members.into_iter()),
            (Some(AttributeValue::Bs(members)), DataType::Bs) => ContainerIter::Blobs(members.into_iter()),
            (other, _) => {
                self.next = other;
                return Err(self.mismatch(wanted));
            }
        };
        self.open.push(container);
        Ok(Members { first: true, of: Some(wanted) })
    }

    /// Makes a member the next value, or leaves the container if there is none.
    fn enter(&mut self, member: Option<AttributeValue>, members: &Members) -> Result<bool, DecodeError> {
        if member.is_none() {
            self.open.pop();
            self.depth -= u32::from(members.of.is_some() && self.depth > 0);
            return Ok(false);
        }
        if self.depth >= self.max_depth {
            return Err(read_too_deep());
        }
        self.next = member;
        Ok(true)
    }

    fn next_entry(&mut self, members: &Members) -> Result<Option<String>, DecodeError> {
        let Some(ContainerIter::Map(rest)) = self.open.last_mut() else { return Err(not_in_a_map()) };
        let (name, value) = rest.next().unzip();
        self.enter(value, members)?;
        Ok(name)
    }
}

/// The data type of a value; `None` if it is none that dynamap knows.
pub(crate) fn data_type_of(value: &AttributeValue) -> Option<DataType> {
    Some(match value {
        AttributeValue::S(_) => DataType::S,
        AttributeValue::N(_) => DataType::N,
        AttributeValue::B(_) => DataType::B,
        AttributeValue::Bool(_) => DataType::Bool,
        AttributeValue::Null(_) => DataType::Null,
        AttributeValue::M(_) => DataType::M,
        AttributeValue::L(_) => DataType::L,
        AttributeValue::Ss(_) => DataType::Ss,
        AttributeValue::Ns(_) => DataType::Ns,
        AttributeValue::Bs(_) => DataType::Bs,
        _ => return None,
    })
}

impl Reader for AttributeValueReader {
    fn data_type(&mut self) -> Result<DataType, DecodeError> {
        data_type_of(self.next.as_ref().ok_or_else(no_value)?).ok_or_else(unknown_data_type)
    }

    fn skip(&mut self) -> Result<(), DecodeError> {
        let value = self.next.take().ok_or_else(no_value)?;
        if nests_within(&value, self.max_depth.saturating_sub(self.depth)) {
            Ok(())
        } else {
            Err(read_too_deep())
        }
    }

    fn null(&mut self) -> Result<bool, DecodeError> {
        let found = self.data_type()? == DataType::Null;
        if found {
            self.next = None;
        }
        Ok(found)
    }

    #[inline(never)]
    fn string(&mut self) -> Result<String, DecodeError> {
        self.scalar(DataType::S, |value| match value {
            AttributeValue::S(text) => Ok(text),
            other => Err(other),
        })
    }

    fn str(&mut self) -> Result<Cow<'_, str>, DecodeError> {
        self.string().map(Cow::Owned)
    }

    #[inline(never)]
    fn number(&mut self) -> Result<Cow<'_, str>, DecodeError> {
        self.scalar(DataType::N, |value| match value {
            AttributeValue::N(text) => Ok(Cow::Owned(text)),
            other => Err(other),
        })
    }

    fn boolean(&mut self) -> Result<bool, DecodeError> {
        self.scalar(DataType::Bool, |value| match value {
            AttributeValue::Bool(value) => Ok(value),
            other => Err(other),
        })
    }

    fn bytes(&mut self) -> Result<Vec<u8>, DecodeError> {
        self.scalar(DataType::B, |value| match value {
            AttributeValue::B(bytes) => Ok(bytes.into_inner()),
            other => Err(other),
        })
    }

    fn begin_item(&mut self) -> Result<Members, DecodeError> {
        self.begin(DataType::M)?;
        Ok(Members { first: true, of: None })
    }

    fn begin_map(&mut self) -> Result<Members, DecodeError> {
        let members = self.begin(DataType::M)?;
        self.depth += 1;
        Ok(members)
    }

    #[inline(never)]
    fn next_field(
        &mut self,
        members: &mut Members,
        table: &'static FieldTable,
    ) -> Result<Field, DecodeError> {
        while let Some(name) = self.next_entry(members)? {
            match table.find(name.as_bytes()) {
                Some(index) => return Ok(Field::Known(index)),
                None => self.skip().map_err(|error| error.in_key(name))?,
            }
        }
        Ok(Field::End)
    }

    fn next_key(&mut self, members: &mut Members) -> Result<Option<Cow<'_, str>>, DecodeError> {
        Ok(self.next_entry(members)?.map(Cow::Owned))
    }

    fn find_string(&mut self, key: &str) -> Result<Option<ShortText>, DecodeError> {
        let Some(AttributeValue::M(members)) = &self.next else { return Err(self.mismatch(DataType::M)) };
        match members.get(key) {
            Some(AttributeValue::S(text)) => Ok(Some(text.as_str().into())),
            _ => Ok(None),
        }
    }

    fn find_attribute<T: FromAttribute>(&mut self, name: &str) -> Result<Option<T>, DecodeError> {
        let Some(AttributeValue::M(item)) = &self.next else { return Err(self.mismatch(DataType::M)) };
        item.get(name).map(|value| T::read(&mut Self::new(value.clone()))).transpose()
    }

    fn begin_list(&mut self) -> Result<Members, DecodeError> {
        let members = self.begin(DataType::L)?;
        self.depth += 1;
        Ok(members)
    }

    #[inline(never)]
    fn next_element(&mut self, members: &mut Members) -> Result<bool, DecodeError> {
        let Some(ContainerIter::List(rest)) = self.open.last_mut() else { return Err(not_in_a_list()) };
        let element = rest.next();
        self.enter(element, members)
    }

    fn begin_set(&mut self, set: DataType) -> Result<Members, DecodeError> {
        self.begin(set)
    }

    fn next_member<T: FromAttribute>(&mut self, _members: &mut Members) -> Result<Option<T>, DecodeError> {
        let member = match self.open.last_mut() {
            Some(ContainerIter::Strings(rest)) => rest.next().map(|text| Scalar::S(text.into())),
            Some(ContainerIter::Numbers(rest)) => rest.next().map(|text| Scalar::N(text.into())),
            Some(ContainerIter::Blobs(rest)) => rest.next().map(|bytes| Scalar::B(bytes.into_inner().into())),
            _ => return Err(not_in_a_set()),
        };
        match member {
            Some(member) => T::read(&mut ScalarReader::new(member)).map(Some),
            None => {
                self.open.pop();
                Ok(None)
            }
        }
    }

    fn attempt<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let (next, open, depth) = (self.next.clone(), self.open.len(), self.depth);
        read(self).inspect_err(|_| {
            self.next = next;
            self.open.truncate(open);
            self.depth = depth;
        })
    }
}

/// True if `value` and the values in it are at most `levels` levels.
fn nests_within(value: &AttributeValue, levels: u32) -> bool {
    let Some(below) = levels.checked_sub(1) else { return false };
    match value {
        AttributeValue::M(members) => members.values().all(|member| nests_within(member, below)),
        AttributeValue::L(elements) => elements.iter().all(|element| nests_within(element, below)),
        _ => true,
    }
}

#[cold]
fn no_value() -> DecodeError {
    DecodeError::new("a value", "no value")
}

#[cold]
fn not_in_a_map() -> DecodeError {
    DecodeError::new("a map", "another place")
}

#[cold]
fn not_in_a_list() -> DecodeError {
    DecodeError::new("a list", "another place")
}
