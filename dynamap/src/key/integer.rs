use super::{KeyPart, PartWriter};
use crate::error::InvalidPart;

const ZEROS: &str = "000000000000000000000000000000000000000";
/// The sign, and digits.
const SIGNED: &str = "?000000000000000000000000000000000000000";
const NOT_AN_INTEGER: InvalidPart = InvalidPart::new("not an integer of this type in its full width");

macro_rules! unsigned {
    ($($integer:ident, $width:literal;)*) => { $(
        impl KeyPart for $integer {
            const FIXED_WIDTH: bool = true;
            const FORM: Option<&'static str> = Some(ZEROS.split_at($width).0);

            fn write_part(&self, w: &mut PartWriter<'_>) -> Result<(), InvalidPart> {
                write_digits(w, itoa::Buffer::new().format(*self), $width);
                Ok(())
            }

            fn read_part(text: &str) -> Result<Self, InvalidPart> {
                digits(text, $width).and_then(|digits| digits.parse().ok()).ok_or(NOT_AN_INTEGER)
            }
        }
    )* };
}

// `usize` and `isize` are as wide as on a 64-bit machine everywhere: keys do not depend on the writer.
unsigned! {
    u8, 3;
    u16, 5;
    u32, 10;
    u64, 20;
    u128, 39;
    usize, 20;
}

macro_rules! signed {
    ($($integer:ident, $width:literal;)*) => { $(
        impl KeyPart for $integer {
            const FIXED_WIDTH: bool = true;
            const FORM: Option<&'static str> = Some(SIGNED.split_at($width + 1).0);

            fn write_part(&self, w: &mut PartWriter<'_>) -> Result<(), InvalidPart> {
                let mut buffer = itoa::Buffer::new();
                if *self < 0 {
                    w.char('-');
                    write_complement(w, buffer.format(!*self), $width);
                } else {
                    w.char('0');
                    write_digits(w, buffer.format(*self), $width);
                }
                Ok(())
            }

            fn read_part(text: &str) -> Result<Self, InvalidPart> {
                let value = if let Some(rest) = text.strip_prefix('0') {
                    digits(rest, $width).and_then(|digits| digits.parse().ok())
                } else if let Some(rest) = text.strip_prefix('-') {
                    digits(rest, $width)
                        .and_then(complement)
                        .and_then(|value| $integer::try_from(value).ok())
                        .map(|value| !value)
                } else {
                    None
                };
                value.ok_or(NOT_AN_INTEGER)
            }
        }
    )* };
}

signed! {
    i8, 3;
    i16, 5;
    i32, 10;
    i64, 19;
    i128, 39;
    isize, 19;
}

fn write_digits(w: &mut PartWriter<'_>, digits: &str, width: usize) {
    w.text(&ZEROS[..width - digits.len()]);
    w.text(digits);
}

/// Writes 10^width - |n| for a negative n, given the digits of `!n` = |n| - 1: each digit's distance from 9.
///
/// The digits themselves, because 10^39 is more than a `u128` holds.
fn write_complement(w: &mut PartWriter<'_>, digits: &str, width: usize) {
    (digits.len()..width).for_each(|_| w.char('9'));
    digits.bytes().for_each(|digit| w.char(char::from(b'9' - (digit - b'0'))));
}

fn complement(digits: &str) -> Option<u128> {
    digits
        .bytes()
        .try_fold(0_u128, |value, digit| value.checked_mul(10)?.checked_add(u128::from(9 - (digit - b'0'))))
}

/// The text, if it is digits of exactly this width.
fn digits(text: &str, width: usize) -> Option<&str> {
    (text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}
