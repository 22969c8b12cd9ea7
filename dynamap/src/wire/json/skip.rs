use super::scanner::Scanner;
use crate::{error::DecodeError, wire::refusals::read_too_deep};

/// The JSON containers around a place: a bit for each, set for an object.
#[derive(Default)]
struct Open {
    objects: u128,
    depth: u32,
}

impl Open {
    fn push(&mut self, object: bool) {
        self.objects = self.objects << 1 | u128::from(object);
        self.depth += 1;
    }

    fn pop(&mut self) {
        self.objects >>= 1;
        self.depth -= 1;
    }

    fn in_object(&self) -> bool {
        self.objects & 1 == 1
    }

    fn end(&self) -> u8 {
        if self.in_object() { b'}' } else { b']' }
    }
}

impl Scanner<'_> {
    /// The deepest JSON that [`Scanner::skip`] can pass over.
    pub(crate) const MAX_SKIP_DEPTH: u32 = u128::BITS;

    /// Passes over any JSON value that nests at most `max_depth` objects and arrays.
    #[inline(never)]
    pub(crate) fn skip(&mut self, max_depth: u32) -> Result<(), DecodeError> {
        let max_depth = max_depth.min(Self::MAX_SKIP_DEPTH);
        let mut open = Open::default();
        loop {
            self.pass_whitespace();
            let mut first = false;
            match self.peek() {
                opening @ (b'{' | b'[') => {
                    if open.depth == max_depth {
                        return Err(read_too_deep());
                    }
                    self.go_to(self.offset() + 1);
                    open.push(opening == b'{');
                    first = true;
                }
                b'"' => {
                    self.string()?;
                }
                b'-' | b'0'..=b'9' => self.skip_number()?,
                _ => self.skip_literal()?,
            }
            loop {
                if open.depth == 0 {
                    return Ok(());
                }
                if self.next_member(&mut first, open.end())? {
                    break;
                }
                open.pop();
                first = false;
            }
            if open.in_object() {
                self.key()?;
            }
        }
    }

    fn skip_literal(&mut self) -> Result<(), DecodeError> {
        let found = ["true", "false", "null"].iter().any(|literal| self.pass_literal(literal));
        if found { Ok(()) } else { Err(self.malformed("a JSON value")) }
    }

    pub(crate) fn skip_number(&mut self) -> Result<(), DecodeError> {
        self.pass_one_of(b"-");
        if !self.pass_one_of(b"0") {
            self.pass_digits()?;
        }
        if self.pass_one_of(b".") {
            self.pass_digits()?;
        }
        if self.pass_one_of(b"eE") {
            self.pass_one_of(b"+-");
            self.pass_digits()?;
        }
        Ok(())
    }

    fn pass_one_of(&mut self, characters: &[u8]) -> bool {
        let found = characters.contains(&self.peek());
        if found {
            self.go_to(self.offset() + 1);
        }
        found
    }

    fn pass_digits(&mut self) -> Result<(), DecodeError> {
        if !self.peek().is_ascii_digit() {
            return Err(self.malformed("a digit"));
        }
        while self.peek().is_ascii_digit() {
            self.go_to(self.offset() + 1);
        }
        Ok(())
    }
}
