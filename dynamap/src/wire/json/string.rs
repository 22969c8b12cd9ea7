use super::{
    bytes::{quotes, special_bytes},
    scanner::Scanner,
};
use crate::error::DecodeError;
use std::borrow::Cow;

impl<'a> Scanner<'a> {
    /// The place of the `"` that ends the string whose text begins at `start`, if it has no escapes and the
    /// text is plain.
    #[inline(always)]
    pub(crate) fn plain_end(&mut self, start: usize) -> Option<usize> {
        let end = self.quote(start)?;
        if self.has_backslash(start, end) { None } else { Some(end) }
    }

    /// Reads a string as [`Scanner::string`] does, but faster where it is plain, as DynamoDB writes it.
    #[inline(always)]
    pub(crate) fn any_string(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        let start = self.offset() + 1;
        if self.peek() == b'"'
            && let Some(end) = self.plain_end(start)
            && let Some(text) = self.text().get(start..end)
        {
            self.go_to(end + 1);
            return Ok(Cow::Borrowed(text));
        }
        self.string()
    }

    /// The first quote of the plain text at or after `start`.
    #[inline(always)]
    fn quote(&self, start: usize) -> Option<usize> {
        let rest = self.plain.get(start..)?;
        // Most strings end within a few words; for others, memchr is faster.
        if let Some(chunk) = rest.first_chunk::<32>() {
            for (at, word) in chunk.as_chunks::<8>().0.iter().enumerate() {
                let quotes = quotes(u64::from_le_bytes(*word));
                if quotes != 0 {
                    return Some(start + 8 * at + (quotes.trailing_zeros() / 8) as usize);
                }
            }
        }
        self.far_quote(start)
    }

    #[inline(never)]
    fn far_quote(&self, start: usize) -> Option<usize> {
        Some(start + memchr::memchr(b'"', self.plain.get(start..)?)?)
    }

    /// A JSON string, borrowed unless it holds escapes.
    #[inline(always)]
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        self.expect(b'"', "a JSON string")?;
        let start = self.offset();
        let stop = self.find_special(start)?;
        match self.bytes()[stop] {
            b'"' => {
                self.go_to(stop + 1);
                Ok(Cow::Borrowed(&self.text()[start..stop]))
            }
            b'\\' => self.unescape(start, stop).map(Cow::Owned),
            _ => Err(self.bad_string(stop, "no control characters in a JSON string")),
        }
    }

    /// The place of the first `"`, `\` or control character at or after `from`.
    #[inline(always)]
    fn find_special(&mut self, from: usize) -> Result<usize, DecodeError> {
        let mut at = from;
        // Most strings end within a few words; for others, memchr is faster.
        for _ in 0..4 {
            let Some(word) = self.word(at) else { break };
            match special_bytes(word) {
                0 => at += 8,
                found => return Ok(at + (found.trailing_zeros() / 8) as usize),
            }
        }
        self.find_special_far(at)
    }

    #[inline(never)]
    fn find_special_far(&mut self, from: usize) -> Result<usize, DecodeError> {
        let rest = &self.bytes()[from..];
        let Some(length) = memchr::memchr2(b'"', b'\\', rest) else {
            return Err(self.bad_string(self.text().len(), "the end of a JSON string"));
        };
        let passed = &rest[..length];
        // Without an early exit, so that the compiler can compare many bytes at once.
        if !passed.iter().fold(false, |found, &byte| found | (byte < 0x20)) {
            return Ok(from + length);
        }
        let control = passed.iter().position(|&byte| byte < 0x20).unwrap_or(length);
        Ok(from + control)
    }

    #[cold]
    #[inline(never)]
    fn bad_string(&mut self, at: usize, expected: &'static str) -> DecodeError {
        self.go_to(at);
        self.malformed(expected)
    }

    #[cold]
    #[inline(never)]
    fn unescape(&mut self, start: usize, first_escape: usize) -> Result<String, DecodeError> {
        let mut text = String::with_capacity(2 * (first_escape - start) + 16);
        let (mut from, mut stop) = (start, first_escape);
        loop {
            text.push_str(&self.text()[from..stop]);
            self.go_to(stop + 1);
            match self.bytes()[stop] {
                b'"' => return Ok(text),
                b'\\' => text.push(self.escape()?),
                _ => return Err(self.bad_string(stop, "no control characters in a JSON string")),
            }
            from = self.offset();
            stop = self.find_special(from)?;
        }
    }

    /// The character that stands after a backslash.
    fn escape(&mut self) -> Result<char, DecodeError> {
        let letter = self.peek();
        let plain = match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.go_to(self.offset() + 1);
                return self.unicode_escape();
            }
            _ => return Err(self.malformed("a JSON escape")),
        };
        self.go_to(self.offset() + 1);
        Ok(plain)
    }

    /// The character of `\uXXXX`, or of two of them that are a surrogate pair, after the first `\u`.
    fn unicode_escape(&mut self) -> Result<char, DecodeError> {
        let first = self.four_hex_digits()?;
        let code = match first {
            0xD800..0xDC00 => {
                if !self.pass_literal("\\u") {
                    return Err(self.malformed("the second half of a surrogate pair"));
                }
                match self.four_hex_digits()? {
                    second @ 0xDC00..0xE000 => 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00),
                    _ => return Err(self.malformed("the second half of a surrogate pair")),
                }
            }
            code => code,
        };
        char::from_u32(code).ok_or_else(|| self.malformed("the first half of a surrogate pair"))
    }

    fn four_hex_digits(&mut self) -> Result<u32, DecodeError> {
        let mut code = 0;
        for _ in 0..4 {
            match char::from(self.peek()).to_digit(16) {
                Some(digit) => code = code * 16 + digit,
                None => return Err(self.malformed("four hexadecimal digits")),
            }
            self.go_to(self.offset() + 1);
        }
        Ok(code)
    }
}
