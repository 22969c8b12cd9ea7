use super::{Number, error::MAGNITUDES};

/// The least and the greatest coefficient of 38 digits.
const LEAST: u128 = 10_u128.pow(Number::MAX_DIGITS - 1);
const GREATEST: u128 = 10_u128.pow(Number::MAX_DIGITS) - 1;

/// The numbers directly above and below another one: DynamoDB stores none between them.
impl Number {
    /// The least number above, if there is one.
    pub(crate) fn above(self) -> Option<Self> {
        if self.negative { self.toward_zero().map(Self::negated) } else { self.away_from_zero() }
    }

    /// The greatest number below, if there is one.
    pub(crate) fn below(self) -> Option<Self> {
        self.negated().above().map(Self::negated)
    }

    fn negated(self) -> Self {
        Self { negative: !self.negative && self.coefficient != 0, ..self }
    }

    /// The next greater magnitude, positive.
    fn away_from_zero(self) -> Option<Self> {
        let (coefficient, magnitude) = match self.coefficient {
            0 => (LEAST, *MAGNITUDES.start()),
            _ => match self.left_aligned() {
                GREATEST => (LEAST, i64::from(self.magnitude()) + 1),
                aligned => (aligned + 1, i64::from(self.magnitude())),
            },
        };
        Self::of_magnitude(coefficient, magnitude)
    }

    /// The next smaller magnitude, positive; this one must not be zero.
    fn toward_zero(self) -> Option<Self> {
        match (self.left_aligned(), i64::from(self.magnitude())) {
            (LEAST, magnitude) if magnitude == *MAGNITUDES.start() => Some(Self::ZERO),
            (LEAST, magnitude) => Self::of_magnitude(GREATEST, magnitude - 1),
            (aligned, magnitude) => Self::of_magnitude(aligned - 1, magnitude),
        }
    }

    /// The number with a coefficient of 38 digits and this power of ten of its first digit.
    fn of_magnitude(coefficient: u128, magnitude: i64) -> Option<Self> {
        Self::from_parts(false, coefficient, magnitude - i64::from(Self::MAX_DIGITS - 1)).ok()
    }
}
