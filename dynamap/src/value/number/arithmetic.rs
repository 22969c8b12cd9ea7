use super::{Number, NumberError};

impl Number {
    /// The exact sum.
    ///
    /// # Errors
    /// It has more than 38 significant digits, or is too large for DynamoDB, which refuses such sums in an update as
    /// well.
    pub fn checked_add(self, other: Self) -> Result<Self, NumberError> {
        let (large, small) = if self.exponent >= other.exponent { (self, other) } else { (other, self) };
        if large.coefficient == 0 {
            return Ok(small);
        }
        if small.coefficient == 0 {
            return Ok(large);
        }
        // A coefficient that does not fit has 39 digits and more, and what is added to its end stays there.
        let shift = (large.exponent - small.exponent).unsigned_abs();
        let scale = 10_u128.checked_pow(shift.into()).ok_or(NumberError::TooManyDigits)?;
        let coefficient = large.coefficient.checked_mul(scale).ok_or(NumberError::TooManyDigits)?;
        let (negative, coefficient) = match large.negative == small.negative {
            true => (
                large.negative,
                coefficient.checked_add(small.coefficient).ok_or(NumberError::TooManyDigits)?,
            ),
            false => match coefficient.checked_sub(small.coefficient) {
                Some(difference) => (large.negative, difference),
                None => (small.negative, small.coefficient - coefficient),
            },
        };
        Self::from_parts(negative, coefficient, small.exponent.into())
    }

    /// The exact difference.
    ///
    /// # Errors
    /// As [`checked_add`](Self::checked_add).
    pub fn checked_sub(self, other: Self) -> Result<Self, NumberError> {
        let negated = Self { negative: !other.negative && other.coefficient != 0, ..other };
        self.checked_add(negated)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn sums_are_exact() {
        for (left, right, sum) in [
            ("1", "2", "3"),
            ("0.1", "0.2", "0.3"),
            ("1.5", "-1.5", "0"),
            ("-1", "0.25", "-0.75"),
            ("0", "-7", "-7"),
            ("1E125", "1E125", "2E125"),
            ("1E37", "1", "10000000000000000000000000000000000001"),
            ("99999999999999999999999999999999999999", "1", "1E38"),
            ("1E-130", "-1E-130", "0"),
        ] {
            assert_eq!(number(left).checked_add(number(right)), Ok(number(sum)), "{left} + {right}");
            assert_eq!(number(right).checked_add(number(left)), Ok(number(sum)), "{right} + {left}");
            assert_eq!(number(sum).checked_sub(number(right)), Ok(number(left)), "{sum} - {right}");
        }
    }

    #[test]
    fn sums_of_too_many_digits_are_refused() {
        for (left, right) in [("1E38", "1"), ("1E125", "-1"), ("9E125", "9E125"), ("-1E100", "1E-100")] {
            assert!(number(left).checked_add(number(right)).is_err(), "{left} + {right}");
        }
    }
}
