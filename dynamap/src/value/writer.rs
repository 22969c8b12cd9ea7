use super::{DataType, FieldTable, ToAttribute};
use crate::error::EncodeError;

/// Writes attribute values, one after another.
///
/// Each call of a value method writes one value. Containers are written as `begin`, members, `end`; before
/// each member of a map comes [`field`](Writer::field) or [`key`](Writer::key), before each element of a list
/// [`element`](Writer::element).
pub trait Writer: Sized {
    /// Writes a string (S).
    fn string(&mut self, value: &str) -> Result<(), EncodeError>;

    /// Writes a number (N), given as text.
    ///
    /// The text must be a number that DynamoDB takes; [`Number`](crate::value::Number) checks any text.
    fn number(&mut self, text: &str) -> Result<(), EncodeError>;

    /// Writes a boolean (BOOL).
    fn boolean(&mut self, value: bool) -> Result<(), EncodeError>;

    /// Writes a null (NULL).
    fn null(&mut self) -> Result<(), EncodeError>;

    /// Writes a binary value (B).
    fn bytes(&mut self, value: &[u8]) -> Result<(), EncodeError>;

    /// Opens an item: attributes without a data type around them.
    fn begin_item(&mut self) -> Result<(), EncodeError>;

    /// Closes an item.
    fn end_item(&mut self) -> Result<(), EncodeError>;

    /// Opens a map (M).
    fn begin_map(&mut self) -> Result<(), EncodeError>;

    /// Announces the member of a map or item whose name is at `index` of `table`.
    fn field(&mut self, table: &'static FieldTable, index: usize) -> Result<(), EncodeError>;

    /// Announces a member of a map or item.
    fn key(&mut self, name: &str) -> Result<(), EncodeError>;

    /// Closes a map.
    fn end_map(&mut self) -> Result<(), EncodeError>;

    /// Opens a list (L).
    fn begin_list(&mut self) -> Result<(), EncodeError>;

    /// Announces an element of a list.
    fn element(&mut self) -> Result<(), EncodeError>;

    /// Closes a list.
    fn end_list(&mut self) -> Result<(), EncodeError>;

    /// Opens a set of the data type `set` (SS, NS or BS).
    fn begin_set(&mut self, set: DataType) -> Result<(), EncodeError>;

    /// Writes a member of a set.
    fn member<T: ToAttribute>(&mut self, member: &T) -> Result<(), EncodeError>;

    /// Closes a set.
    ///
    /// # Errors
    /// The set has no members: DynamoDB has no empty sets.
    fn end_set(&mut self) -> Result<(), EncodeError>;
}
