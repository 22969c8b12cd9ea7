use super::{
    marks::Marks,
    scanner::{ScanPosition, Scanner},
};
use crate::{
    error::DecodeError,
    value::{
        DataType, Field, FieldTable, FromAttribute, MAX_DEPTH, Members, Reader, ShortText,
        scalar::{Scalar, ScalarReader},
    },
    wire::refusals::{mismatch, not_in_a_set, read_too_deep},
};
use std::{borrow::Cow, fmt};

/// The end of an item or map, as a position in a table.
pub(super) const END: usize = usize::MAX;

/// Reads attribute values from the bytes of DynamoDB-JSON, with no value in between.
///
/// It takes any white space and any order of members; of members with the same name, the last counts. Text
/// that is not JSON in UTF-8 is an error.
#[doc(hidden)]
pub struct JsonReader<'a> {
    pub(crate) scanner: Scanner<'a>,
    /// The number of maps and lists that are open.
    pub(super) depth: u32,
    /// The attributes of items whose places are noted on the way.
    marks: Option<Box<Marks>>,
    /// Memory that a reader of many items uses again.
    pub(crate) memory: [Vec<u8>; 2],
}

/// Shows where it is, and nothing of what it reads.
impl fmt::Debug for JsonReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonReader").field("offset", &self.scanner.offset()).finish_non_exhaustive()
    }
}

impl<'a> JsonReader<'a> {
    /// A reader at the start of `json`.
    ///
    /// # Errors
    /// The bytes are not UTF-8.
    pub fn new(json: &'a [u8]) -> Result<Self, DecodeError> {
        Ok(Self { scanner: Scanner::new(json)?, depth: 0, marks: None, memory: Default::default() })
    }

    /// Notes from now on where the items that are read have the attributes of `marks`.
    pub(crate) fn set_marks(&mut self, marks: Marks) {
        self.marks = Some(Box::new(marks));
    }

    /// Forgets the places in the item before.
    pub(crate) fn reset_marks(&mut self) {
        if let Some(marks) = &mut self.marks {
            marks.reset(self.scanner.offset());
        }
    }

    /// A reader at the value of the attribute at `position` of the marks, if the item that was read last has it.
    pub(crate) fn marked(&self, position: usize) -> Option<Self> {
        Some(self.at(self.marks.as_ref()?.place(position)?))
    }

    /// True if the attribute at `position` of the marks is the string `text`, written as DynamoDB writes it and
    /// without escapes.
    pub(crate) fn marked_is(&self, position: usize, text: &str) -> bool {
        let place = self.marks.as_ref().and_then(|marks| marks.place(position));
        let json = place.and_then(|place| self.scanner.bytes().get(place..)).unwrap_or_default();
        let rest = json.strip_prefix(b"{\"S\":\"").and_then(|json| json.strip_prefix(text.as_bytes()));
        rest.is_some_and(|rest| rest.starts_with(b"\"}"))
    }

    /// True if the JSON of the attribute at `position` of the marks begins with `json`; a whole value is all of it.
    pub(crate) fn marked_begins(&self, position: usize, json: &str) -> bool {
        let place = self.marks.as_ref().and_then(|marks| marks.place(position));
        let text = place.and_then(|place| self.scanner.bytes().get(place..));
        text.is_some_and(|text| text.starts_with(json.as_bytes()))
    }

    /// A reader at a place that was noted.
    fn at(&self, offset: usize) -> Self {
        Self { scanner: self.scanner.between(offset), depth: 0, marks: None, memory: Default::default() }
    }

    /// The attributes of the marks from `position` on that the item that was read last has.
    pub(crate) fn marked_from(&self, position: usize) -> impl Iterator<Item = (&'static str, Self)> {
        let marks = self.marks.as_ref().map(|marks| marks.places_from(position));
        marks.into_iter().flatten().map(|(name, place)| (name, self.at(place)))
    }

    /// Goes back to `place`, where an item begins, after it could not be read.
    pub(crate) fn go_back_to(&mut self, place: ScanPosition) {
        self.scanner.return_to(place);
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
    pub(super) fn note(&mut self, members: &Members, name: &str) {
        if members.of.is_none()
            && let Some(marks) = &mut self.marks
        {
            marks.note(name, self.scanner.offset());
        }
    }

    /// Notes the place of the next value, which is the field `index` of an item.
    #[inline(always)]
    pub(super) fn note_field(&mut self, index: usize) {
        if let Some(marks) = &mut self.marks {
            marks.note_field(index, self.scanner.offset());
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
        let text = self.scanner.any_string()?;
        self.scanner.close()?;
        Ok(text)
    }

    #[inline(always)]
    fn begin(&mut self, container: DataType, opening: u8) -> Result<Members, DecodeError> {
        let plain = if container == DataType::M { b"{\"M\":{" } else { b"{\"L\":[" };
        if !self.scanner.pass(plain) {
            self.begin_otherwise(container, opening)?;
        }
        self.depth += 1;
        Ok(Members { first: true, of: Some(container) })
    }

    #[cold]
    #[inline(never)]
    fn begin_otherwise(&mut self, container: DataType, opening: u8) -> Result<(), DecodeError> {
        self.expect(container)?;
        self.scanner.expect(opening, "the members of a map or list")
    }

    #[inline(never)]
    fn other_element(&mut self, members: &mut Members) -> Result<bool, DecodeError> {
        self.next_member(members, b']')
    }

    /// Goes to the next member, or leaves the map, list or item that `end` closes.
    #[inline(always)]
    pub(super) fn next_member(&mut self, members: &mut Members, end: u8) -> Result<bool, DecodeError> {
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
    pub(super) fn skip_value(&mut self) -> Result<(), DecodeError> {
        if self.scanner.plain_scalar(b'S').or_else(|| self.scanner.plain_scalar(b'N')).is_some() {
            return Ok(());
        }
        // Each level of an attribute value is two of JSON: `{"M":{`.
        self.scanner.skip(2 * MAX_DEPTH.saturating_sub(self.depth))
    }
}

impl Reader for JsonReader<'_> {
    #[inline(never)]
    fn data_type(&mut self) -> Result<DataType, DecodeError> {
        let start = self.scanner.place();
        let data_type = self.scanner.data_type();
        self.scanner.return_to(start);
        data_type
    }

    #[inline(never)]
    fn skip(&mut self) -> Result<(), DecodeError> {
        self.skip_value()
    }

    #[inline(always)]
    fn null(&mut self) -> Result<bool, DecodeError> {
        let start = self.scanner.place();
        if self.scanner.data_type()? != DataType::Null {
            self.scanner.return_to(start);
            return Ok(false);
        }
        self.scanner.boolean()?;
        self.scanner.close()?;
        Ok(true)
    }

    #[inline(always)]
    fn string(&mut self) -> Result<String, DecodeError> {
        match self.scanner.plain_scalar(b'S') {
            Some(text) => Ok(text.to_owned()),
            None => self.unusual_scalar(DataType::S).map(Cow::into_owned),
        }
    }

    #[inline(always)]
    fn str(&mut self) -> Result<Cow<'_, str>, DecodeError> {
        self.scalar(DataType::S, b'S')
    }

    #[inline(always)]
    fn number(&mut self) -> Result<Cow<'_, str>, DecodeError> {
        self.scalar(DataType::N, b'N')
    }

    #[inline(always)]
    fn plain_number(&mut self, max: i64, max_scale: usize) -> Option<(i64, usize)> {
        self.scanner.plain_number(max, max_scale)
    }

    #[inline(always)]
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

    #[inline(always)]
    fn begin_item(&mut self) -> Result<Members, DecodeError> {
        self.scanner.expect(b'{', "the `{` of an item")?;
        Ok(Members { first: true, of: None })
    }

    #[inline(always)]
    fn begin_map(&mut self) -> Result<Members, DecodeError> {
        self.begin(DataType::M, b'{')
    }

    #[inline(always)]
    fn next_field(
        &mut self,
        members: &mut Members,
        table: &'static FieldTable,
    ) -> Result<Field, DecodeError> {
        let position = self.next_position(members, table)?;
        Ok(if position == END { Field::End } else { Field::Known(position) })
    }

    #[inline(never)]
    fn next_key(&mut self, members: &mut Members) -> Result<Option<Cow<'_, str>>, DecodeError> {
        self.next_name(members)
    }

    #[inline(never)]
    fn find_string(&mut self, key: &str) -> Result<Option<ShortText>, DecodeError> {
        let (start, depth) = (self.scanner.place(), self.depth);
        let found = self.find_string_ahead(key);
        self.scanner.return_to(start);
        self.depth = depth;
        found
    }

    #[inline(never)]
    fn find_attribute<T: FromAttribute>(&mut self, name: &str) -> Result<Option<T>, DecodeError> {
        let (start, depth) = (self.scanner.place(), self.depth);
        let found = self.find_attribute_ahead(name);
        // A reader at an earlier place reads up to this one.
        let found = found.map(|place| place.map(|place| self.at(place)));
        self.scanner.return_to(start);
        self.depth = depth;
        found?.map(|mut value| T::read(&mut value)).transpose()
    }

    fn by_other_names<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        // The positions of the marks are those of the fields of the entity.
        let marks = self.marks.take();
        let read = read(self);
        self.marks = marks;
        read
    }

    #[inline(always)]
    fn begin_list(&mut self) -> Result<Members, DecodeError> {
        self.begin(DataType::L, b'[')
    }

    #[inline(always)]
    fn next_element(&mut self, members: &mut Members) -> Result<bool, DecodeError> {
        // Where there is a first one, the list is not too deep.
        if !members.first && self.scanner.pass(b",") {
            return Ok(true);
        }
        self.other_element(members)
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
        let text = self.scanner.any_string()?;
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
        let (start, depth) = (self.scanner.place(), self.depth);
        read(self).inspect_err(|_| {
            self.scanner.return_to(start);
            self.depth = depth;
        })
    }
}

fn from_base64(text: &str) -> Result<Vec<u8>, DecodeError> {
    base64_simd::STANDARD
        .decode_to_vec(text)
        .map_err(|_| DecodeError::new("a binary value in base64", "another text"))
}
