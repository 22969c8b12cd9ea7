use super::bytes::{has_control_character, quotes};
use crate::{
    error::DecodeError,
    value::{
        DataType, FieldTable, Head,
        integer::{leading_integer, with_fraction},
    },
    wire::refusals::unknown_data_type,
};
use std::borrow::Cow;

/// Reads the tokens of DynamoDB-JSON, one after another, from text that is known to be UTF-8.
#[derive(Clone)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    /// The bytes of the text, if none of them is a control character; otherwise nothing. The paths for what
    /// DynamoDB writes look here, and so need not check each string for control characters.
    pub(super) plain: &'a [u8],
    /// The first backslash of the plain text, looked for from a place that is not after `offset`. A string that
    /// ends before it ends at its next quote.
    backslash: usize,
    offset: usize,
}

/// A place of a text that was reached before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ScanPosition {
    offset: usize,
    /// The scanner's knowledge of backslashes at this place. By now it may know of a later one, which says nothing of
    /// those between.
    backslash: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        match simdutf8::compat::from_utf8(bytes) {
            Ok(text) => {
                let plain = if has_control_character(bytes) { &[] } else { bytes };
                let backslash = memchr::memchr(b'\\', plain).unwrap_or(usize::MAX);
                Ok(Self { text, plain, backslash, offset: 0 })
            }
            Err(error) => Err(DecodeError::new(
                "JSON in UTF-8",
                format!("a byte that is not UTF-8 at byte {}", error.valid_up_to()),
            )),
        }
    }

    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    /// Goes on to `offset`, which is not before this one.
    #[inline(always)]
    pub(super) fn go_to(&mut self, offset: usize) {
        self.offset = offset;
    }

    /// The present place, to come back to with `return_to`.
    #[inline(always)]
    pub(crate) fn place(&self) -> ScanPosition {
        ScanPosition { offset: self.offset, backslash: self.backslash }
    }

    #[inline(always)]
    pub(crate) fn return_to(&mut self, place: ScanPosition) {
        ScanPosition { offset: self.offset, backslash: self.backslash } = place;
    }

    /// A scanner of the text between `offset` and this place.
    pub(crate) fn between(&self, offset: usize) -> Self {
        let text = self.text.get(..self.offset).unwrap_or_default();
        let plain = self.plain.get(..self.offset).unwrap_or_default();
        Self { text, plain, backslash: 0, offset }
    }

    #[inline(always)]
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    #[inline(always)]
    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// The next byte; 0, which no token begins with, at the end.
    #[inline(always)]
    pub(crate) fn peek(&self) -> u8 {
        self.bytes().get(self.offset).copied().unwrap_or(0)
    }

    /// The eight bytes at `offset`, if there are as many and the text is plain.
    #[inline(always)]
    pub(crate) fn word(&self, offset: usize) -> Option<u64> {
        let bytes = self.plain.get(offset..)?.first_chunk()?;
        Some(u64::from_le_bytes(*bytes))
    }

    /// Passes a string (S), number (N) or binary value (B) that is written as DynamoDB writes it,
    /// `{"S":"text"}`, and gives its text. Otherwise nothing is passed.
    #[inline(always)]
    pub(crate) fn plain_scalar(&mut self, letter: u8) -> Option<&'a str> {
        let opening = u64::from_le_bytes([b'{', b'"', letter, b'"', b':', b'"', 0, 0]);
        if self.word(self.offset)? & SIX_BYTES != opening {
            return None;
        }
        let start = self.offset + 6;
        let end = self.plain_end(start)?;
        if self.plain.get(end + 1) != Some(&b'}') {
            return None;
        }
        self.offset = end + 2;
        self.text.get(start..end)
    }

    /// Passes a number (N) that is written as `{"N":"7.5"}` with up to 15 digits before the point and 15 behind
    /// it; see [`Reader::plain_number`](crate::value::Reader::plain_number). Otherwise nothing is passed.
    #[inline(always)]
    pub(crate) fn plain_number(&mut self, max: i64, max_scale: usize) -> Option<(i64, usize)> {
        if self.word(self.offset)? & SIX_BYTES != u64::from_le_bytes(*b"{\"N\":\"\0\0") {
            return None;
        }
        let rest: &[u8; 32] = self.plain.get(self.offset + 6..)?.first_chunk()?;
        let (mut number, mut length) = leading_integer(rest.first_chunk()?)?;
        let (mut scale, negative) = (0, rest[0] == b'-');
        if rest[length] == b'.' {
            (number, scale) = with_fraction(number, negative, rest[length + 1..].first_chunk()?)?;
            length += 1 + scale;
        }
        if rest[length..].first_chunk() != Some(b"\"}") || scale > max_scale || number.abs() > max {
            return None;
        }
        // `-0` and `-0.0` would lose their sign.
        if number == 0 && negative {
            return None;
        }
        self.offset += 6 + length + 2;
        Some((number, scale))
    }

    /// Passes the name of a member of an object, and all before its value, if it is written as DynamoDB writes
    /// it, `,"name":`, and is a name of at most 15 bytes that `table` has. Otherwise nothing is passed.
    ///
    /// `first` tells that the member comes first: after the `{` that was passed before.
    #[inline(always)]
    pub(crate) fn plain_field(&mut self, first: bool, table: &FieldTable) -> Option<usize> {
        let start = self.offset.wrapping_sub(usize::from(first));
        let chunk: &[u8; 24] = self.plain.get(start..)?.first_chunk()?;
        let opening = if first { [b'{', b'"'] } else { [b',', b'"'] };
        if chunk[..2] != opening {
            return None;
        }
        let name = chunk_word(chunk, 2);
        let quote = quotes(name);
        let (length, index) = if quote != 0 {
            let length = (quote.trailing_zeros() / 8) as usize;
            // The bits below that of the quote.
            let name = name & ((quote ^ (quote - 1)) >> 8);
            (length, table.find_head(Head::of_short(name, length))?)
        } else {
            let length = 8 + (quotes(chunk_word(chunk, 10)).trailing_zeros() / 8) as usize;
            if length > 15 {
                return None;
            }
            (length, table.find_head(Head::of_long(name, chunk_word(chunk, length - 6), length))?)
        };
        // A backslash that was passed is looked for again where the name is read in another way.
        if chunk[length + 3] != b':' || self.backslash < start + 2 + length {
            return None;
        }
        self.offset = start + length + 4;
        Some(index)
    }

    /// Passes `text`, if it comes next.
    #[inline(always)]
    pub(crate) fn pass(&mut self, text: &[u8]) -> bool {
        let found = self.bytes().get(self.offset..).is_some_and(|rest| rest.starts_with(text));
        if found {
            self.offset += text.len();
        }
        found
    }

    /// Passes the name of a member as [`Scanner::plain_field`], whatever name it is.
    #[inline(always)]
    pub(crate) fn plain_name(&mut self, first: bool) -> Option<&'a str> {
        let start = self.offset.wrapping_sub(usize::from(first));
        let opening = if first { [b'{', b'"'] } else { [b',', b'"'] };
        if self.plain.get(start..)?.first_chunk() != Some(&opening) {
            return None;
        }
        let end = self.plain_end(start + 2)?;
        if self.plain.get(end + 1) != Some(&b':') {
            return None;
        }
        self.offset = end + 2;
        self.text.get(start + 2..end)
    }

    /// True if a backslash stands between the two places of the plain text.
    #[inline(always)]
    pub(super) fn has_backslash(&mut self, start: usize, end: usize) -> bool {
        self.backslash < end && self.look_for_backslash(start) < end
    }

    #[inline(never)]
    fn look_for_backslash(&mut self, start: usize) -> usize {
        if self.backslash < start {
            let found = self.plain.get(start..).and_then(|rest| memchr::memchr(b'\\', rest));
            self.backslash = found.map_or(usize::MAX, |at| start + at);
        }
        self.backslash
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn malformed(&self, expected: &'static str) -> DecodeError {
        DecodeError::new(expected, format!("malformed JSON at byte {}", self.offset))
    }

    #[inline(always)]
    pub(crate) fn pass_whitespace(&mut self) {
        if self.peek() <= b' ' {
            self.pass_some_whitespace();
        }
    }

    #[cold]
    fn pass_some_whitespace(&mut self) {
        while matches!(self.peek(), b' ' | b'\n' | b'\r' | b'\t') {
            self.offset += 1;
        }
    }

    /// Passes `wanted`, an ASCII character, and any white space before it.
    #[inline(always)]
    pub(crate) fn expect(&mut self, wanted: u8, name: &'static str) -> Result<(), DecodeError> {
        if self.peek() != wanted {
            self.pass_some_whitespace();
            if self.peek() != wanted {
                return Err(self.malformed(name));
            }
        }
        self.offset += 1;
        Ok(())
    }

    /// Passes the opening of an attribute value, `{"S":` or its like, and tells which.
    #[inline(always)]
    pub(crate) fn data_type(&mut self) -> Result<DataType, DecodeError> {
        match self.word(self.offset).and_then(compact_opening) {
            Some((data_type, length)) => {
                self.offset += length;
                Ok(data_type)
            }
            None => self.spaced_data_type(),
        }
    }

    #[cold]
    #[inline(never)]
    fn spaced_data_type(&mut self) -> Result<DataType, DecodeError> {
        self.expect(b'{', "the `{` of an attribute value")?;
        let descriptor = self.string()?;
        let Some(data_type) = DataType::from_descriptor(&descriptor) else {
            return Err(unknown_data_type());
        };
        self.expect(b':', "`:`")?;
        Ok(data_type)
    }

    /// Closes an attribute value.
    #[inline(always)]
    pub(crate) fn close(&mut self) -> Result<(), DecodeError> {
        self.expect(b'}', "the `}` of an attribute value")
    }

    /// Goes to the next member of an array or object that `end` closes; false if there is none.
    ///
    /// `first` must be true at first and is kept by this function.
    #[inline(always)]
    pub(crate) fn next_member(&mut self, first: &mut bool, end: u8) -> Result<bool, DecodeError> {
        let next = self.peek();
        if next == b',' && !*first {
            self.offset += 1;
            return Ok(true);
        }
        if next == end {
            self.offset += 1;
            return Ok(false);
        }
        if *first && next > b' ' {
            *first = false;
            return Ok(true);
        }
        self.spaced_member(first, end)
    }

    #[inline(never)]
    fn spaced_member(&mut self, first: &mut bool, end: u8) -> Result<bool, DecodeError> {
        self.pass_some_whitespace();
        let next = self.peek();
        if next == end {
            self.offset += 1;
            return Ok(false);
        }
        if std::mem::take(first) {
            return Ok(true);
        }
        if next != b',' {
            return Err(self.malformed("`,` or the end"));
        }
        self.offset += 1;
        Ok(true)
    }

    /// The name of a member of an object, and the `:` after it.
    #[inline(always)]
    pub(crate) fn key(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        let key = self.any_string()?;
        self.expect(b':', "`:`")?;
        Ok(key)
    }

    #[inline(always)]
    pub(crate) fn boolean(&mut self) -> Result<bool, DecodeError> {
        self.pass_whitespace();
        if self.pass_literal("true") {
            Ok(true)
        } else if self.pass_literal("false") {
            Ok(false)
        } else {
            Err(self.malformed("true or false"))
        }
    }

    pub(crate) fn pass_literal(&mut self, literal: &str) -> bool {
        self.pass(literal.as_bytes())
    }

    /// Checks that nothing but white space is left.
    pub(crate) fn finish(&mut self) -> Result<(), DecodeError> {
        self.pass_whitespace();
        if self.offset == self.text.len() { Ok(()) } else { Err(self.malformed("the end")) }
    }
}

const SIX_BYTES: u64 = 0xFFFF_FFFF_FFFF;

#[inline(always)]
fn chunk_word(chunk: &[u8; 24], at: usize) -> u64 {
    chunk[at..].first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// The data type of an attribute value written without white space, and the length of its opening.
#[inline(always)]
fn compact_opening(word: u64) -> Option<(DataType, usize)> {
    // The bytes of `{"?":`, and which of them are fixed.
    const LETTER: u64 = u64::from_le_bytes(*b"{\"\0\":\0\0\0");
    const FIXED: u64 = 0xFF_FF00_FFFF;
    const BOOL: u64 = u64::from_le_bytes(*b"{\"BOOL\":");
    const NULL: u64 = u64::from_le_bytes(*b"{\"NULL\":");
    const SS: u64 = u64::from_le_bytes(*b"{\"SS\":\0\0");
    const NS: u64 = u64::from_le_bytes(*b"{\"NS\":\0\0");
    const BS: u64 = u64::from_le_bytes(*b"{\"BS\":\0\0");

    if word & FIXED == LETTER {
        let data_type = match word.to_le_bytes()[2] {
            b'S' => DataType::S,
            b'N' => DataType::N,
            b'M' => DataType::M,
            b'L' => DataType::L,
            b'B' => DataType::B,
            _ => return None,
        };
        return Some((data_type, 5));
    }
    match word {
        BOOL => return Some((DataType::Bool, 8)),
        NULL => return Some((DataType::Null, 8)),
        _ => {}
    }
    match word & SIX_BYTES {
        SS => Some((DataType::Ss, 6)),
        NS => Some((DataType::Ns, 6)),
        BS => Some((DataType::Bs, 6)),
        _ => None,
    }
}
