use super::{Number, NumberError};

macro_rules! from_integers {
    ($($signed:ident $unsigned:ident),*) => { $(
        impl From<$signed> for Number {
            fn from(value: $signed) -> Self {
                Self::from_small(value < 0, u64::from(value.unsigned_abs()))
            }
        }

        impl From<$unsigned> for Number {
            fn from(value: $unsigned) -> Self {
                Self::from_small(false, u64::from(value))
            }
        }
    )* };
}

from_integers!(i8 u8, i16 u16, i32 u32, i64 u64);

impl Number {
    fn from_small(negative: bool, mut coefficient: u64) -> Self {
        if coefficient == 0 {
            return Self::ZERO;
        }
        let mut exponent = 0;
        while coefficient.is_multiple_of(10) {
            coefficient /= 10;
            exponent += 1;
        }
        Self { negative, coefficient: coefficient.into(), exponent }
    }

    /// The floating-point number that is nearest to this one.
    pub fn to_f64(self) -> f64 {
        // A number in DynamoDB's range is in that of f64, and its text is one that Rust reads.
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The number as ±coefficient × 10^exponent, in which the coefficient has no factor of ten.
    #[cfg(feature = "rust_decimal")]
    pub(crate) fn parts(self) -> (bool, u128, i16) {
        (self.negative, self.coefficient, self.exponent)
    }

    /// The magnitude as an integer, if it is one that fits.
    fn to_u128(self) -> Option<u128> {
        let power = 10_u128.checked_pow(u32::try_from(self.exponent).ok()?)?;
        self.coefficient.checked_mul(power)
    }
}

impl TryFrom<i128> for Number {
    type Error = NumberError;

    /// # Errors
    /// The integer has more than 38 significant digits.
    fn try_from(value: i128) -> Result<Self, NumberError> {
        Self::from_parts(value < 0, value.unsigned_abs(), 0)
    }
}

impl TryFrom<u128> for Number {
    type Error = NumberError;

    /// # Errors
    /// The integer has more than 38 significant digits.
    fn try_from(value: u128) -> Result<Self, NumberError> {
        Self::from_parts(false, value, 0)
    }
}

impl TryFrom<f64> for Number {
    type Error = NumberError;

    /// The number with the fewest digits that [`Number::to_f64`] turns back into `value`.
    ///
    /// # Errors
    /// The value is not finite, or its magnitude is out of DynamoDB's range.
    fn try_from(value: f64) -> Result<Self, NumberError> {
        zmij::Buffer::new().format(value).parse()
    }
}

/// A [`Number`] that is not an integer, or not one that the wanted type can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct IntegerOutOfRange;

impl std::fmt::Display for IntegerOutOfRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the number is not an integer that the type can hold")
    }
}

impl std::error::Error for IntegerOutOfRange {}

macro_rules! into_integers {
    ($($integer:ident),*) => { $(
        impl TryFrom<Number> for $integer {
            type Error = IntegerOutOfRange;

            fn try_from(number: Number) -> Result<Self, IntegerOutOfRange> {
                let magnitude = number.to_u128().ok_or(IntegerOutOfRange)?;
                let value = if number.negative {
                    0_i128.checked_sub_unsigned(magnitude).and_then(|value| value.try_into().ok())
                } else {
                    magnitude.try_into().ok()
                };
                value.ok_or(IntegerOutOfRange)
            }
        }
    )* };
}

into_integers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);
