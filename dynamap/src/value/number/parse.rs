use super::{Number, NumberError};
use std::str::FromStr;

/// Takes the forms that DynamoDB takes: an optional sign, digits with at most one point, and an optional exponent.
impl FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let (negative, unsigned) = match text.as_bytes() {
            [b'-', unsigned @ ..] => (true, unsigned),
            [b'+', unsigned @ ..] => (false, unsigned),
            unsigned => (false, unsigned),
        };
        let (digits, exponent) = match unsigned.iter().position(|byte| matches!(byte, b'e' | b'E')) {
            Some(at) => (&unsigned[..at], parse_exponent(&unsigned[at + 1..])?),
            None => (unsigned, 0),
        };
        let digits = Digits::parse(digits)?;
        let exponent = exponent.saturating_sub(digits.fraction).saturating_add(digits.dropped);
        if digits.coefficient == 0 {
            // DynamoDB: the range holds for zeros too, as if the last digit written were a 1.
            NumberError::check_magnitude(exponent)?;
        }
        Self::from_parts(negative, digits.coefficient, exponent)
    }
}

fn parse_exponent(text: &[u8]) -> Result<i64, NumberError> {
    let text = std::str::from_utf8(text).map_err(|_| NumberError::NotANumber)?;
    // DynamoDB: an exponent that does not fit 64 bits is not a number, rather than an overflow.
    text.parse().map_err(|_| NumberError::NotANumber)
}

/// The digits before an exponent.
#[derive(Default)]
struct Digits {
    coefficient: u128,
    /// The number of digits after the point.
    fraction: i64,
    /// The number of zeros at the end that did not fit the coefficient.
    dropped: i64,
}

impl Digits {
    fn parse(text: &[u8]) -> Result<Self, NumberError> {
        let mut digits = Self::default();
        let (mut point, mut any, mut excess) = (false, false, false);
        for &byte in text {
            match byte {
                b'0'..=b'9' => {
                    any = true;
                    digits.fraction += i64::from(point);
                    excess |= !digits.push(byte - b'0');
                }
                b'.' if !point => point = true,
                _ => return Err(NumberError::NotANumber),
            }
        }
        match (any, excess) {
            (false, _) => Err(NumberError::NotANumber),
            (true, true) => Err(NumberError::TooManyDigits),
            (true, false) => Ok(digits),
        }
    }

    /// Appends a digit; false if it is one too many.
    fn push(&mut self, digit: u8) -> bool {
        const FULL: u128 = 10_u128.pow(Number::MAX_DIGITS - 1);
        if self.coefficient < FULL {
            self.coefficient = self.coefficient * 10 + u128::from(digit);
            return true;
        }
        self.dropped += 1;
        digit == 0
    }
}
