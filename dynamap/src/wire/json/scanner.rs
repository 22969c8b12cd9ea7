use crate::{
    error::DecodeError,
    value::{DataType, Head},
    wire::unknown_data_type,
};
use std::borrow::Cow;

/// Reads the tokens of DynamoDB-JSON, one after another, from text that is known to be UTF-8.
#[derive(Debug, Clone)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    /// The bytes of the text, if none of them is a control character; otherwise nothing. The paths for what
    /// DynamoDB writes look here, and so need not check each string for control characters.
    plain: &'a [u8],
    offset: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                // Without an early exit, so that the compiler can compare many bytes at once.
                let controls = bytes.iter().fold(false, |found, &byte| found | (byte < 0x20));
                Ok(Self { text, plain: if controls { &[] } else { bytes }, offset: 0 })
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

    /// Goes to `offset`, which must come from [`Scanner::offset`] or be the place of an ASCII character.
    #[inline(always)]
    pub(crate) fn go_to(&mut self, offset: usize) {
        self.offset = offset;
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

    /// The byte at `offset`; 0 if there is none.
    #[inline(always)]
    fn byte(&self, offset: usize) -> u8 {
        self.bytes().get(offset).copied().unwrap_or(0)
    }

    /// Passes a string (S) or number (N) that is written as DynamoDB writes it, `{"S":"text"}`, and gives its
    /// text. Otherwise nothing is passed.
    #[inline(always)]
    pub(crate) fn plain_scalar(&mut self, letter: u8) -> Option<&'a str> {
        let opening = u64::from_le_bytes([b'{', b'"', letter, b'"', b':', b'"', 0, 0]);
        if self.word(self.offset)? & SIX_BYTES != opening {
            return None;
        }
        let start = self.offset + 6;
        let end = self.plain_end(start)?;
        if self.byte(end + 1) != b'}' {
            return None;
        }
        self.offset = end + 2;
        Some(&self.text[start..end])
    }

    /// Passes the name of the next member of an object, and all before its value, if it is written as DynamoDB
    /// writes it: `,"name":` with up to eight bytes. Otherwise nothing is passed.
    #[inline(always)]
    pub(crate) fn plain_name(&mut self, first: bool) -> Option<(Head, &'a str)> {
        let opening = self.offset + usize::from(!first);
        if self.byte(opening) != b'"' || !first && self.byte(self.offset) != b',' {
            return None;
        }
        let start = opening + 1;
        let word = self.word(start)?;
        let end = self.plain_end(start)?;
        if self.byte(end + 1) != b':' {
            return None;
        }
        self.offset = end + 2;
        let name = &self.text[start..end];
        let head =
            if name.len() <= 8 { Head::of_short(word, name.len()) } else { Head::new(name.as_bytes()) };
        Some((head, name))
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
        self.first_or_spaced_member(first, end)
    }

    #[inline(never)]
    fn first_or_spaced_member(&mut self, first: &mut bool, end: u8) -> Result<bool, DecodeError> {
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
        let key = self.string()?;
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
        let found = self.bytes()[self.offset..].starts_with(literal.as_bytes());
        if found {
            self.offset += literal.len();
        }
        found
    }

    /// Checks that nothing but white space is left.
    pub(crate) fn finish(&mut self) -> Result<(), DecodeError> {
        self.pass_whitespace();
        if self.offset == self.text.len() { Ok(()) } else { Err(self.malformed("the end")) }
    }
}

const SIX_BYTES: u64 = 0xFFFF_FFFF_FFFF;

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
