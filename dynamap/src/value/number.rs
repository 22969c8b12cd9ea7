//! DynamoDB's numbers.

mod arithmetic;
mod convert;
mod error;
mod neighbor;
mod parse;
mod serde;
mod text;

pub(crate) use self::serde::NUMBER_NEWTYPE;
pub use convert::IntegerOutOfRange;
pub use error::NumberError;

use super::{AttributeType, FromAttribute, Reader, ToAttribute, Writer, marker};
use crate::error::{DecodeError, EncodeError};
use std::cmp::Ordering;

/// A number as DynamoDB stores it: up to 38 significant digits, without loss.
///
/// Its magnitude is 0, or from 1E-130 to 9.9999999999999999999999999999999999999E+125. Equality, order and
/// hash are by value: `1.50`, `1.5` and `15E-1` are the same number, and `-0` is `0`.
///
/// ```
/// use dynamap::value::Number;
///
/// let price: Number = "1.50".parse()?;
/// assert_eq!(price, "15E-1".parse()?);
/// assert_eq!(price.to_string(), "1.5");
/// assert!(price < Number::from(2));
/// assert!("1E126".parse::<Number>().is_err());
/// # Ok::<(), dynamap::value::NumberError>(())
/// ```
// The coefficient has no factor of ten, and zero is positive with exponent 0: equal numbers have equal parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Number {
    negative: bool,
    coefficient: u128,
    exponent: i16,
}

impl Number {
    /// The number 0.
    pub const ZERO: Self = Self { negative: false, coefficient: 0, exponent: 0 };

    /// The most significant digits that a number has.
    pub const MAX_DIGITS: u32 = 38;

    /// ±`coefficient` × 10^`exponent`, if DynamoDB can store it.
    fn from_parts(negative: bool, mut coefficient: u128, mut exponent: i64) -> Result<Self, NumberError> {
        if coefficient == 0 {
            return Ok(Self::ZERO);
        }
        while coefficient.is_multiple_of(10) {
            coefficient /= 10;
            exponent = exponent.saturating_add(1);
        }
        let digits = coefficient.ilog10() + 1;
        if digits > Self::MAX_DIGITS {
            return Err(NumberError::TooManyDigits);
        }
        let exponent = NumberError::check_magnitude(exponent.saturating_add(i64::from(digits) - 1))
            .map(|magnitude| magnitude - (digits as i16 - 1))?;
        Ok(Self { negative, coefficient, exponent })
    }

    /// True if the number is less than 0.
    pub fn is_negative(self) -> bool {
        self.negative
    }

    /// True if the number has no fraction.
    pub fn is_integer(self) -> bool {
        self.exponent >= 0
    }

    /// The power of ten of the first digit; the number must not be 0.
    fn magnitude(self) -> i16 {
        self.exponent + self.coefficient.ilog10() as i16
    }

    fn cmp_magnitude(self, other: Self) -> Ordering {
        match (self.coefficient, other.coefficient) {
            (0, 0) => Ordering::Equal,
            (0, _) => Ordering::Less,
            (_, 0) => Ordering::Greater,
            _ => self
                .magnitude()
                .cmp(&other.magnitude())
                .then_with(|| self.left_aligned().cmp(&other.left_aligned())),
        }
    }

    /// The coefficient with zeros appended up to 38 digits.
    fn left_aligned(self) -> u128 {
        self.coefficient * 10_u128.pow(Self::MAX_DIGITS - 1 - self.coefficient.ilog10())
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.cmp_magnitude(*other),
            (true, true) => other.cmp_magnitude(*self),
        }
    }
}

impl AttributeType for Number {
    type DataType = marker::N;
}

impl ToAttribute for Number {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.number(&self.to_string())
    }
}

impl FromAttribute for Number {
    const EXACT: bool = true;

    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        Self::from_stored(&r.number()?)
    }
}

impl Number {
    /// The number that `text` of an attribute stands for.
    pub(crate) fn from_stored(text: &str) -> Result<Self, DecodeError> {
        text.parse().map_err(|error: NumberError| DecodeError::new("a number of DynamoDB", error.reason()))
    }
}
