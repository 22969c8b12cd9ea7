use crate::{
    error::EncodeError,
    value::{
        DataType, FieldTable, MAX_DEPTH, ToAttribute, Writer,
        scalar::{Scalar, ScalarSink, ScalarWriter},
    },
    wire::refusals::{check_number_text, empty_set, write_too_deep},
};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;
use std::fmt;

/// Writes one value, or one item, as the SDK's `AttributeValue`.
pub struct AttributeValueWriter {
    open: Vec<ContainerBuilder>,
    /// The number of maps and lists that are open, without the item itself.
    depth: u32,
    /// The most maps and lists that may be open: DynamoDB nests no deeper.
    max_depth: u32,
    written: Option<AttributeValue>,
}

/// Shows how deep it is, and no value.
impl fmt::Debug for AttributeValueWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttributeValueWriter").field("depth", &self.depth).finish_non_exhaustive()
    }
}

/// A container that is being written.
enum ContainerBuilder {
    Map { members: HashMap<String, AttributeValue>, name: String },
    List(Vec<AttributeValue>),
    Set { of: DataType, members: SetMembers },
}

#[derive(Default)]
struct SetMembers {
    texts: Vec<String>,
    blobs: Vec<Blob>,
}

impl AttributeValueWriter {
    /// A writer that has written nothing.
    pub fn new() -> Self {
        Self { open: Vec::new(), depth: 0, max_depth: MAX_DEPTH, written: None }
    }

    /// A writer of an item by something that writes it as a map, such as serde: that map is no level.
    pub(in crate::wire) fn of_map_as_item() -> Self {
        Self { max_depth: MAX_DEPTH + 1, ..Self::new() }
    }

    /// The value that was written.
    ///
    /// # Errors
    /// No whole value was written.
    pub fn finish(self) -> Result<AttributeValue, EncodeError> {
        self.written.ok_or_else(unfinished)
    }

    /// The item that was written.
    ///
    /// # Errors
    /// No whole item was written.
    pub fn finish_item(self) -> Result<HashMap<String, AttributeValue>, EncodeError> {
        match self.written {
            Some(AttributeValue::M(item)) => Ok(item),
            _ => Err(unfinished()),
        }
    }

    #[inline(never)]
    fn put(&mut self, value: AttributeValue) -> Result<(), EncodeError> {
        match self.open.last_mut() {
            None => self.written = Some(value),
            Some(ContainerBuilder::Map { members, name }) => {
                members.insert(std::mem::take(name), value);
            }
            Some(ContainerBuilder::List(elements)) => elements.push(value),
            Some(ContainerBuilder::Set { .. }) => return Err(misplaced()),
        }
        Ok(())
    }

    /// Closes the innermost container, which becomes a value.
    fn end(&mut self) -> Result<(), EncodeError> {
        let value = match self.open.pop() {
            Some(ContainerBuilder::Map { members, .. }) => AttributeValue::M(members),
            Some(ContainerBuilder::List(elements)) => AttributeValue::L(elements),
            Some(ContainerBuilder::Set { of, members }) => members.finish(of)?,
            None => return Err(misplaced()),
        };
        self.put(value)
    }

    fn check_level(&self) -> Result<(), EncodeError> {
        if self.depth < self.max_depth { Ok(()) } else { Err(write_too_deep()) }
    }

    fn begin_members(&mut self) {
        self.open.push(ContainerBuilder::Map { members: HashMap::new(), name: String::new() });
    }
}

impl Default for AttributeValueWriter {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer for AttributeValueWriter {
    fn string(&mut self, value: &str) -> Result<(), EncodeError> {
        self.put(AttributeValue::S(value.to_owned()))
    }

    fn number(&mut self, text: &str) -> Result<(), EncodeError> {
        check_number_text(text)?;
        self.put(AttributeValue::N(text.to_owned()))
    }

    fn boolean(&mut self, value: bool) -> Result<(), EncodeError> {
        self.put(AttributeValue::Bool(value))
    }

    fn null(&mut self) -> Result<(), EncodeError> {
        self.put(AttributeValue::Null(true))
    }

    fn bytes(&mut self, value: &[u8]) -> Result<(), EncodeError> {
        self.put(AttributeValue::B(Blob::new(value)))
    }

    fn begin_item(&mut self) -> Result<(), EncodeError> {
        self.begin_members();
        Ok(())
    }

    fn end_item(&mut self) -> Result<(), EncodeError> {
        self.end()
    }

    fn begin_map(&mut self) -> Result<(), EncodeError> {
        self.depth += 1;
        self.begin_members();
        Ok(())
    }

    fn field(&mut self, table: &'static FieldTable, index: usize) -> Result<(), EncodeError> {
        self.key(table.name(index))
    }

    #[inline(never)]
    fn key(&mut self, key: &str) -> Result<(), EncodeError> {
        self.check_level()?;
        let Some(ContainerBuilder::Map { name, .. }) = self.open.last_mut() else { return Err(misplaced()) };
        name.clear();
        name.push_str(key);
        Ok(())
    }

    fn end_map(&mut self) -> Result<(), EncodeError> {
        self.depth = self.depth.saturating_sub(1);
        self.end()
    }

    fn begin_list(&mut self) -> Result<(), EncodeError> {
        self.depth += 1;
        self.open.push(ContainerBuilder::List(Vec::new()));
        Ok(())
    }

    fn element(&mut self) -> Result<(), EncodeError> {
        self.check_level()
    }

    fn end_list(&mut self) -> Result<(), EncodeError> {
        self.depth = self.depth.saturating_sub(1);
        self.end()
    }

    fn begin_set(&mut self, set: DataType) -> Result<(), EncodeError> {
        self.open.push(ContainerBuilder::Set { of: set, members: SetMembers::default() });
        Ok(())
    }

    fn member<T: ToAttribute>(&mut self, member: &T) -> Result<(), EncodeError> {
        match self.open.last_mut() {
            Some(ContainerBuilder::Set { of, members }) => {
                ScalarWriter::write_member(members, Some(*of), member)
            }
            _ => Err(misplaced()),
        }
    }

    fn end_set(&mut self) -> Result<(), EncodeError> {
        self.end()
    }
}

impl SetMembers {
    fn finish(self, set: DataType) -> Result<AttributeValue, EncodeError> {
        if self.texts.is_empty() && self.blobs.is_empty() {
            return Err(empty_set());
        }
        Ok(match set {
            DataType::Ns => AttributeValue::Ns(self.texts),
            DataType::Bs => AttributeValue::Bs(self.blobs),
            _ => AttributeValue::Ss(self.texts),
        })
    }
}

impl ScalarSink for SetMembers {
    fn put(&mut self, scalar: Scalar<'_>) -> Result<(), EncodeError> {
        match scalar {
            Scalar::S(text) => self.texts.push(text.into_owned()),
            Scalar::N(text) => {
                check_number_text(&text)?;
                self.texts.push(text.into_owned());
            }
            Scalar::B(bytes) => self.blobs.push(Blob::new(bytes)),
        }
        Ok(())
    }
}

#[cold]
fn unfinished() -> EncodeError {
    EncodeError::new("no whole value was written")
}

#[cold]
fn misplaced() -> EncodeError {
    EncodeError::new("a part of a container was written outside of one")
}
