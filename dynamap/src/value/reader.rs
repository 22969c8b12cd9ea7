use super::{DataType, FieldTable, FromAttribute, ShortText};
use crate::error::DecodeError;
use std::borrow::Cow;

/// Reads attribute values, one after another.
///
/// A method consumes exactly one value, or fails. Inside a map or list, ask for the next member, then read or
/// [`skip`](Reader::skip) its value before asking again.
pub trait Reader: Sized {
    /// The data type of the next value, which stays unread.
    fn data_type(&mut self) -> Result<DataType, DecodeError>;

    /// Passes over the next value.
    fn skip(&mut self) -> Result<(), DecodeError>;

    /// Consumes the next value if it is NULL; leaves any other unread and returns false.
    fn null(&mut self) -> Result<bool, DecodeError>;

    /// Reads a string (S).
    fn string(&mut self) -> Result<String, DecodeError>;

    /// Reads a string (S), borrowed where the source allows it.
    fn str(&mut self) -> Result<Cow<'_, str>, DecodeError>;

    /// Reads the text of a number (N).
    fn number(&mut self) -> Result<Cow<'_, str>, DecodeError>;

    /// Reads a number (N) of few digits as the integer that its digits are, and how many of them stand behind the
    /// point, at most `max_scale`; where the reader can do that faster than by its text. Otherwise, and where the
    /// integer would be beyond `max`, the number stays unread.
    #[inline]
    fn plain_number(&mut self, _max: i64, _max_scale: usize) -> Option<(i64, usize)> {
        None
    }

    /// Reads a boolean (BOOL).
    fn boolean(&mut self) -> Result<bool, DecodeError>;

    /// Reads a binary value (B).
    fn bytes(&mut self) -> Result<Vec<u8>, DecodeError>;

    /// Enters an item: attributes without a data type around them.
    fn begin_item(&mut self) -> Result<Members, DecodeError>;

    /// Enters a map (M).
    fn begin_map(&mut self) -> Result<Members, DecodeError>;

    /// The next member of an item or map that `table` knows; members with other names are passed over.
    fn next_field(&mut self, members: &mut Members, table: &'static FieldTable)
    -> Result<Field, DecodeError>;

    /// The name of the next member of an item or map, whatever it is.
    fn next_key(&mut self, members: &mut Members) -> Result<Option<Cow<'_, str>>, DecodeError>;

    /// Looks ahead into the map that is the next value, for a member `key` that is a string.
    ///
    /// The map stays unread. Enums find their tag with it, wherever it stands.
    fn find_string(&mut self, key: &str) -> Result<Option<ShortText>, DecodeError>;

    /// Looks ahead into the item that is the next value, for the attribute `name`. The item stays unread.
    #[doc(hidden)]
    fn find_attribute<T: FromAttribute>(&mut self, _name: &str) -> Result<Option<T>, DecodeError> {
        Ok(None)
    }

    /// Reads an item with `read` by other names than those whose places are noted, which were noted by
    /// [`find_attribute`](Reader::find_attribute).
    #[doc(hidden)]
    fn by_other_names<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        read(self)
    }

    /// Enters a list (L).
    fn begin_list(&mut self) -> Result<Members, DecodeError>;

    /// True if the list has another element, which is then the next value.
    fn next_element(&mut self, members: &mut Members) -> Result<bool, DecodeError>;

    /// Enters a set of the data type `set` (SS, NS or BS).
    fn begin_set(&mut self, set: DataType) -> Result<Members, DecodeError>;

    /// Reads the next member of a set.
    fn next_member<T: FromAttribute>(&mut self, members: &mut Members) -> Result<Option<T>, DecodeError>;

    /// Reads with `read`; if that fails, everything it read is unread again.
    fn attempt<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError>;
}

/// The progress of a [`Reader`] inside a map, list or set.
#[derive(Debug)]
pub struct Members {
    pub(crate) first: bool,
    /// The data type of the container; `None` for an item, which has no data type around it.
    pub(crate) of: Option<DataType>,
}

/// The answer of [`Reader::next_field`]: a field of the table, or the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The field at this position of the table; its value is the next value.
    Known(usize),
    /// The map or item has ended.
    End,
}
