use super::{marks::Marks, scanner::Scanner};
use crate::error::DecodeError;
use crate::value::scalar::{Scalar, ScalarReader};
use crate::value::{DataType, Field, FieldTable, FromAttribute, MAX_DEPTH, Members, Reader};
use crate::wire::{mismatch, not_in_a_set, read_too_deep};
use std::borrow::Cow;

/// Reads attribute values from the bytes of DynamoDB-JSON, with no value in between.
///
/// It takes any white space and any order of members; of members with the same name, the last counts. Text
/// that is not JSON in UTF-8 is an error.
#[derive(Debug)]
pub struct JsonReader<'a> {
    pub(crate) scanner: Scanner<'a>,
    /// How many maps and lists are open.
    depth: u32,
    /// The attributes of items whose places are noted on the way.
    marks: Option<Box<Marks>>,
}

impl<'a> JsonReader<'a> {
    /// A reader at the start of `json`.
    ///
    /// # Errors
    /// The bytes are not UTF-8.
    pub fn new(json: &'a [u8]) -> Result<Self, DecodeError> {
        Ok(Self { scanner: Scanner::new(json)?, depth: 0, marks: None })
    }

    /// A reader at another place of the same text.
    pub(crate) fn at(&self, offset: usize) -> Self {
        let mut scanner = self.scanner.clone();
        scanner.go_to(offset);
        Self { scanner, depth: 0, marks: None }
    }

    /// Notes from now on where the items that are read have the attributes of `marks`.
    pub(crate) fn set_marks(&mut self, marks: Marks) {
        self.marks = Some(Box::new(marks));
    }

    /// Forgets the places in the item before.
    pub(crate) fn reset_marks(&mut self) {
        if let Some(marks) = &mut self.marks {
            marks.reset();
        }
    }

    /// A reader at the value of the attribute at `position` of the marks, if the item that was read last has it.
    pub(crate) fn marked(&self, position: usize) -> Option<Self> {
        Some(self.at(self.marks.as_ref()?.place(position)?))
    }

    /// The attributes of the marks from `position` on that the item that was read last has.
    pub(crate) fn marked_from(&self, position: usize) -> impl Iterator<Item = (&'static str, Self)> {
        let marks = self.marks.as_ref().map(|marks| marks.places_from(position));
        marks.into_iter().flatten().map(|(name, place)| (name, self.at(place)))
    }

    /// Goes back to `offset`, where an item begins, after it could not be read.
    pub(crate) fn go_back_to(&mut self, offset: usize) {
        self.scanner.go_to(offset);
        self.depth = 0;
    }

    /// Passes over an item, and notes the places of the marks in it.
    pub(crate) fn skip_item(&mut self) -> Result<(), DecodeError> {
        let mut members = self.begin_item()?;
        self.next_field(&mut members, &FieldTable::EMPTY).map(|_| ())
    }

    /// The JSON of the next value, which is passed over.
    pub(crate) fn raw(&mut self) -> Result<&'a str, DecodeError> {
        self.scanner.pass_whitespace();
        let start = self.scanner.offset();
        self.scanner.skip(Scanner::MAX_SKIP_DEPTH)?;
        Ok(&self.scanner.text()[start..self.scanner.offset()])
    }

    /// Notes the place of the next value, which is the attribute `name` of an item.
    #[inline(always)]
    fn note(&mut self, members: &Members, name: &str, field: Option<usize>) {
        if members.of.is_none()
            && let Some(marks) = &mut self.marks
        {
            marks.note(name, field, self.scanner.offset());
        }
    }

    /// Checks that nothing is left to read.
    ///
    /// # Errors
    /// There is more than white space.
    pub fn finish(mut self) -> Result<(), DecodeError> {
        self.scanner.finish()
    }

    #[inline(always)]
    fn expect(&mut self, wanted: DataType) -> Result<(), DecodeError> {
        let found = self.scanner.data_type()?;
        if found == wanted { Ok(()) } else { Err(mismatch(wanted, found)) }
    }

    #[inline(always)]
    fn scalar(&mut self, wanted: DataType, letter: u8) -> Result<Cow<'a, str>, DecodeError> {
        if let Some(text) = self.scanner.plain_scalar(letter) {
            return Ok(Cow::Borrowed(text));
        }
        self.unusual_scalar(wanted)
    }

    #[inline(never)]
    fn unusual_scalar(&mut self, wanted: DataType) -> Result<Cow<'a, str>, DecodeError> {
        self.expect(wanted)?;
        let text = self.scanner.string()?;
        self.scanner.close()?;
        Ok(text)
    }

    #[inline(always)]
    fn begin(&mut self, container: DataType, opening: u8) -> Result<Members, DecodeError> {
        self.expect(container)?;
        self.scanner.expect(opening, "the members of a map or list")?;
        self.depth += 1;
        Ok(Members { first: true, of: Some(container) })
    }

    /// Goes to the next member, or leaves the map, list or item that `end` closes.
    #[inline(always)]
    fn next_member(&mut self, members: &mut Members, end: u8) -> Result<bool, DecodeError> {
        if self.scanner.next_member(&mut members.first, end)? {
            return if self.depth < MAX_DEPTH { Ok(true) } else { Err(read_too_deep()) };
        }
        if members.of.is_some() {
            self.depth = self.depth.saturating_sub(1);
            self.scanner.close()?;
        }
        Ok(false)
    }

    #[inline(always)]
    fn skip_value(&mut self) -> Result<(), DecodeError> {
        if self.scanner.plain_scalar(b'S').or_else(|| self.scanner.plain_scalar(b'N')).is_some() {
            return Ok(());
        }
        // Each level of an attribute value is two of JSON: `{"M":{`.
        self.scanner.skip(2 * MAX_DEPTH.saturating_sub(self.depth))
    }

    #[inline(never)]
    fn skip_unknown(&mut self, name: &str) -> Result<(), DecodeError> {
        self.skip_value().map_err(|error| error.in_key(name))
    }

    /// As `next_field`, whatever way the member is written; `None` for a member that was passed over.
    #[inline(never)]
    fn unusual_field(
        &mut self,
        members: &mut Members,
        table: &'static FieldTable,
    ) -> Result<Option<Field>, DecodeError> {
        if !self.next_member(members, b'}')? {
            return Ok(Some(Field::End));
        }
        let name = self.scanner.key()?;
        let field = table.find(name.as_bytes());
        self.note(members, &name, field);
        match field {
            Some(index) => Ok(Some(Field::Known(index))),
            None => self.skip_unknown(&name).map(|()| None),
        }
    }

    fn find_string_ahead(&mut self, wanted: &str) -> Result<Option<String>, DecodeError> {
        let mut members = self.begin_map()?;
        let mut found = None;
        while self.next_member(&mut members, b'}')? {
            if self.scanner.key()? != wanted {
                self.skip_value()?;
            } else if self.data_type()? == DataType::S {
                found = Some(self.string()?);
            } else {
                found = None;
                self.skip_value()?;
            }
        }
        Ok(found)
    }
}

impl Reader for JsonReader<'_> {
    #[inline(never)]
    fn data_type(&mut self) -> Result<DataType, DecodeError> {
        let start = self.scanner.offset();
        let data_type = self.scanner.data_type();
        self.scanner.go_to(start);
        data_type
    }

    #[inline(never)]
    fn skip(&mut self) -> Result<(), DecodeError> {
        self.skip_value()
    }

    #[inline(never)]
    fn null(&mut self) -> Result<bool, DecodeError> {
        let start = self.scanner.offset();
        if self.scanner.data_type()? != DataType::Null {
            self.scanner.go_to(start);
            return Ok(false);
        }
        self.scanner.boolean()?;
        self.scanner.close()?;
        Ok(true)
    }

    #[inline(never)]
    fn string(&mut self) -> Result<String, DecodeError> {
        match self.scanner.plain_scalar(b'S') {
            Some(text) => Ok(text.to_owned()),
            None => self.unusual_scalar(DataType::S).map(Cow::into_owned),
        }
    }

    #[inline(never)]
    fn str(&mut self) -> Result<Cow<'_, str>, DecodeError> {
        self.scalar(DataType::S, b'S')
    }

    #[inline(never)]
    fn number(&mut self) -> Result<Cow<'_, str>, DecodeError> {
        self.scalar(DataType::N, b'N')
    }

    #[inline(never)]
    fn boolean(&mut self) -> Result<bool, DecodeError> {
        self.expect(DataType::Bool)?;
        let value = self.scanner.boolean()?;
        self.scanner.close()?;
        Ok(value)
    }

    #[inline(never)]
    fn bytes(&mut self) -> Result<Vec<u8>, DecodeError> {
        from_base64(&self.scalar(DataType::B, b'B')?)
    }

    #[inline(never)]
    fn begin_item(&mut self) -> Result<Members, DecodeError> {
        self.scanner.expect(b'{', "the `{` of an item")?;
        Ok(Members { first: true, of: None })
    }

    #[inline(never)]
    fn begin_map(&mut self) -> Result<Members, DecodeError> {
        self.begin(DataType::M, b'{')
    }

    #[inline(never)]
    fn next_field(
        &mut self,
        members: &mut Members,
        table: &'static FieldTable,
    ) -> Result<Field, DecodeError> {
        loop {
            if self.depth < MAX_DEPTH
                && let Some((head, name)) = self.scanner.plain_name(members.first)
            {
                members.first = false;
                let field = table.find_head(head, name.as_bytes());
                self.note(members, name, field);
                match field {
                    Some(index) => return Ok(Field::Known(index)),
                    None => self.skip_unknown(name)?,
                }
                continue;
            }
            match self.unusual_field(members, table)? {
                Some(field) => return Ok(field),
                None => {}
            }
        }
    }

    #[inline(never)]
    fn next_key(&mut self, members: &mut Members) -> Result<Option<Cow<'_, str>>, DecodeError> {
        if !self.next_member(members, b'}')? {
            return Ok(None);
        }
        let name = self.scanner.key()?;
        self.note(members, &name, None);
        Ok(Some(name))
    }

    #[inline(never)]
    fn find_string(&mut self, key: &str) -> Result<Option<String>, DecodeError> {
        let (offset, depth) = (self.scanner.offset(), self.depth);
        let found = self.find_string_ahead(key);
        self.scanner.go_to(offset);
        self.depth = depth;
        found
    }

    #[inline(never)]
    fn begin_list(&mut self) -> Result<Members, DecodeError> {
        self.begin(DataType::L, b'[')
    }

    #[inline(never)]
    fn next_element(&mut self, members: &mut Members) -> Result<bool, DecodeError> {
        self.next_member(members, b']')
    }

    #[inline(never)]
    fn begin_set(&mut self, set: DataType) -> Result<Members, DecodeError> {
        self.expect(set)?;
        self.scanner.expect(b'[', "the members of a set")?;
        Ok(Members { first: true, of: Some(set) })
    }

    fn next_member<T: FromAttribute>(&mut self, members: &mut Members) -> Result<Option<T>, DecodeError> {
        if !self.scanner.next_member(&mut members.first, b']')? {
            self.scanner.close()?;
            return Ok(None);
        }
        let text = self.scanner.string()?;
        let member = match members.of {
            Some(DataType::Ss) => Scalar::S(text),
            Some(DataType::Ns) => Scalar::N(text),
            Some(DataType::Bs) => Scalar::B(Cow::Owned(from_base64(&text)?)),
            _ => return Err(not_in_a_set()),
        };
        T::read(&mut ScalarReader::new(member)).map(Some)
    }

    fn attempt<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let (offset, depth) = (self.scanner.offset(), self.depth);
        read(self).inspect_err(|_| {
            self.scanner.go_to(offset);
            self.depth = depth;
        })
    }
}

fn from_base64(text: &str) -> Result<Vec<u8>, DecodeError> {
    base64_simd::STANDARD
        .decode_to_vec(text)
        .map_err(|_| DecodeError::new("a binary value in base64", "another text"))
}
