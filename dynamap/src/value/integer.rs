//! Integers, as numbers (N).

use super::{AttributeType, FromAttribute, Number, Reader, ToAttribute, Writer, marker};
use crate::error::{DecodeError, EncodeError};
use std::num::NonZero;

/// The integer that `text` of a number stands for, also if it is written as `1E2` or `100.0`.
#[inline(never)]
fn parse_integer(text: &str) -> Result<i128, DecodeError> {
    if let Some(integer) = parse_plain(text.as_bytes()) {
        return Ok(integer.into());
    }
    let number = Number::from_stored(text)?;
    number.try_into().map_err(|_| DecodeError::new("an integer", "another number"))
}

/// An optional minus and up to 18 digits: the form of most integers.
fn parse_plain(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut value = 0;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(if negative { -value } else { value })
}

const POWERS: [i64; 8] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/// The integer that `text` begins with, of up to 15 digits, and its length; eight digits at once.
#[inline(always)]
pub(crate) fn leading_integer(text: &[u8; 24]) -> Option<(i64, usize)> {
    let start = usize::from(text[0] == b'-');
    let (first, length) = leading_digits(*text[start..].first_chunk()?);
    let (value, length) = if length < 8 {
        (first, length)
    } else {
        let (second, more) = leading_digits(*text[start + 8..].first_chunk()?);
        (first * POWERS.get(more)? + second, 8 + more)
    };
    (length > 0).then_some((if start == 1 { -value } else { value }, start + length))
}

/// `integer`, which may be a `negative` 0, with the digits added that `text` begins with, up to 15; and how many there are.
#[inline(always)]
pub(crate) fn with_fraction(integer: i64, negative: bool, text: &[u8; 16]) -> Option<(i64, usize)> {
    let (first, length) = leading_digits(*text.first_chunk()?);
    let (fraction, power, length) = if length < 8 {
        (first, *POWERS.get(length)?, length)
    } else {
        let (second, more) = leading_digits(*text.last_chunk()?);
        let power = *POWERS.get(more)?;
        (first * power + second, power * 100_000_000, 8 + more)
    };
    let fraction = if negative { -fraction } else { fraction };
    let integer = integer.checked_mul(power)?.checked_add(fraction)?;
    (length > 0).then_some((integer, length))
}

/// The number that the digits are with which `text` begins, and how many there are.
///
/// Neighbours are joined to pairs, pairs to fours, fours to eight.
#[inline(always)]
fn leading_digits(text: [u8; 8]) -> (i64, usize) {
    let digits = u64::from_le_bytes(text) ^ u64::from_le_bytes(*b"00000000");
    // The high bit of each byte that is no digit: it is there, or adding reaches it. What an addition carries
    // over changes only bytes behind the first that is no digit.
    let others = (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080;
    let bits = others.trailing_zeros() & !7;
    // Behind zeros, which take the place of what is missing.
    let digits = digits.checked_shl(64 - bits).unwrap_or(0);
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_FFFF_0000_FFFF;
    let eight = fours.wrapping_mul(10_000).wrapping_add(fours >> 32) as u32;
    (eight.into(), (bits / 8) as usize)
}

#[cold]
pub(crate) fn out_of_range(minimum: impl std::fmt::Display, maximum: impl std::fmt::Display) -> DecodeError {
    DecodeError::new(format!("an integer from {minimum} to {maximum}"), "an integer out of this range")
}

macro_rules! integers {
    ($($integer:ident)*) => { $(
        impl AttributeType for $integer {
            type DataType = marker::N;
        }

        impl ToAttribute for $integer {
            #[inline]
            fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
                w.number(itoa::Buffer::new().format(*self))
            }
        }

        impl FromAttribute for $integer {
            const EXACT: bool = true;

            #[inline]
            fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
                let integer = match r.plain_number(i64::MAX, 0) {
                    Some((integer, _)) => Self::try_from(integer).ok(),
                    None => Self::try_from(parse_integer(&r.number()?)?).ok(),
                };
                integer.ok_or_else(|| out_of_range(Self::MIN, Self::MAX))
            }
        }
    )* };
}

integers! { i8 i16 i32 i64 isize u8 u16 u32 u64 usize }

macro_rules! long_integers {
    ($($integer:ident)*) => { $(
        impl AttributeType for $integer {
            type DataType = marker::N;
        }

        impl ToAttribute for $integer {
            fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
                match Number::try_from(*self) {
                    Ok(_) => w.number(itoa::Buffer::new().format(*self)),
                    Err(_) => Err(EncodeError::new("the integer has more than 38 significant digits")),
                }
            }
        }

        impl FromAttribute for $integer {
            const EXACT: bool = true;

            fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
                // What DynamoDB stores has 38 digits; what fits an i128 may have one more zero.
                let integer = Number::from_stored(&r.number()?)?;
                Self::try_from(integer).map_err(|_| out_of_range(Self::MIN, Self::MAX))
            }
        }
    )* };
}

long_integers! { i128 u128 }

macro_rules! non_zero_integers {
    ($($integer:ident)*) => { $(
        impl AttributeType for NonZero<$integer> {
            type DataType = marker::N;
        }

        impl ToAttribute for NonZero<$integer> {
            fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
                self.get().write(w)
            }
        }

        impl FromAttribute for NonZero<$integer> {
            fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
                Self::new($integer::read(r)?).ok_or_else(|| DecodeError::new("an integer other than 0", "0"))
            }
        }
    )* };
}

non_zero_integers! { i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }
