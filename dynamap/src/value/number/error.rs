use std::{fmt, ops::RangeInclusive};

/// The powers of ten of the first digits that numbers other than 0 have.
pub(super) const MAGNITUDES: RangeInclusive<i64> = -130..=125;

/// The reason why DynamoDB does not take a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumberError {
    /// The text is not a decimal number.
    NotANumber,
    /// The number has more than 38 significant digits.
    TooManyDigits,
    /// The magnitude is greater than 9.9999999999999999999999999999999999999E+125.
    Overflow,
    /// The magnitude is less than 1E-130, and not 0.
    Underflow,
}

impl NumberError {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::NotANumber => "a text that is not a number",
            Self::TooManyDigits => "a number with more than 38 significant digits",
            Self::Overflow => "a number of a greater magnitude than DynamoDB stores",
            Self::Underflow => "a number of a smaller magnitude than DynamoDB stores",
        }
    }

    /// Checks the power of ten of a number's first digit.
    pub(super) fn check_magnitude(magnitude: i64) -> Result<i16, Self> {
        if magnitude > *MAGNITUDES.end() {
            Err(Self::Overflow)
        } else if magnitude < *MAGNITUDES.start() {
            Err(Self::Underflow)
        } else {
            Ok(magnitude as i16)
        }
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

impl std::error::Error for NumberError {}
