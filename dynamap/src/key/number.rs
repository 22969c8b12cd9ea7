use std::fmt;

/// DynamoDB: a number has up to 38 digits, and a magnitude from 1E-130 to below 1E126.
const DIGITS: u32 = 38;
const LEAST: i128 = 10_i128.pow(DIGITS - 1);
const GREATEST: i128 = 10_i128.pow(DIGITS) - 1;
const EXPONENTS: std::ops::RangeInclusive<i32> = -130..=125;

/// A DynamoDB number, exactly.
///
/// The order of the fields makes the derived order that of the numbers: for negative ones, exponent and
/// mantissa are negated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number {
    sign: i8,
    /// The power of ten of the first digit.
    exponent: i32,
    /// All 38 digits, the first of them not zero; zero for the number zero.
    mantissa: i128,
}

impl Number {
    const ZERO: Self = Self { sign: 0, exponent: 0, mantissa: 0 };

    /// Reads the text of a number; `None` if it is none that DynamoDB stores.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (sign, text) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let (digits, power) = match text.split_once(['e', 'E']) {
            Some((digits, power)) => (digits, power.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let whole_digits = i32::try_from(whole.len()).ok()?;
        let first = whole_digits.checked_add(power)?.checked_sub(1)?;
        Self::of_digits(sign, first, whole.bytes().chain(fraction.bytes()))
    }

    /// The number of these digits, the first of which stands for a power of ten of `first`.
    fn of_digits(sign: i8, first: i32, digits: impl Iterator<Item = u8>) -> Option<Self> {
        let (mut mantissa, mut significant, mut exponent) = (0_i128, 0, first);
        for digit in digits {
            let digit = i128::from(char::from(digit).to_digit(10)?);
            if significant == 0 && digit == 0 {
                exponent = exponent.checked_sub(1)?;
            } else if significant < DIGITS {
                mantissa = mantissa * 10 + digit;
                significant += 1;
            } else if digit != 0 {
                return None;
            }
        }
        if mantissa == 0 {
            return Some(Self::ZERO);
        }
        mantissa *= 10_i128.pow(DIGITS - significant);
        EXPONENTS.contains(&exponent).then(|| Self::signed(sign, exponent, mantissa))
    }

    fn signed(sign: i8, exponent: i32, mantissa: i128) -> Self {
        Self { sign, exponent: exponent * i32::from(sign), mantissa: mantissa * i128::from(sign) }
    }

    /// The least number above, if there is one.
    pub(super) fn above(self) -> Option<Self> {
        match self.sign {
            0 => Some(Self::signed(1, *EXPONENTS.start(), LEAST)),
            1 if self.mantissa < GREATEST => Some(Self { mantissa: self.mantissa + 1, ..self }),
            1 if self.exponent == *EXPONENTS.end() => None,
            1 => Some(Self::signed(1, self.exponent + 1, LEAST)),
            _ if self.mantissa < -LEAST => Some(Self { mantissa: self.mantissa + 1, ..self }),
            _ if -self.exponent == *EXPONENTS.start() => Some(Self::ZERO),
            _ => Some(Self::signed(-1, -self.exponent - 1, GREATEST)),
        }
    }

    /// The greatest number below, if there is one.
    pub(super) fn below(self) -> Option<Self> {
        self.negated().above().map(Self::negated)
    }

    fn negated(self) -> Self {
        Self { sign: -self.sign, exponent: -self.exponent, mantissa: -self.mantissa }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.sign == 0 {
            return f.write_str("0");
        }
        let digits = self.mantissa.unsigned_abs().to_string();
        let (first, rest) = digits.split_at(1);
        let rest = rest.trim_end_matches('0');
        let (minus, dot) = (if self.sign < 0 { "-" } else { "" }, if rest.is_empty() { "" } else { "." });
        write!(f, "{minus}{first}{dot}{rest}E{}", self.exponent * i32::from(self.sign))
    }
}
