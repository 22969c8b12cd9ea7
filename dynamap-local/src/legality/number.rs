//! Numbers with DynamoDB's order, size and limits.

use std::cmp::Ordering;

/// `0.digits` times ten to the power of `exponent`; zero has no digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Number {
    /// Parses a number. None if the text is none: the engine refuses it then.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix(['-', '+']) {
            Some(unsigned) => (text.starts_with('-'), unsigned),
            None => (false, text),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (unsigned, 0),
        };
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all: Vec<u8> = integer.bytes().chain(fraction.bytes()).collect();
        if all.is_empty() || !all.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let Some(first) = all.iter().position(|digit| *digit != b'0') else {
            return Some(Self { negative: false, digits: Vec::new(), exponent: 0 });
        };
        let last = all.iter().rposition(|digit| *digit != b'0').unwrap_or(first);
        let point = i64::try_from(integer.len()).ok()?.checked_add(exponent)?;
        Some(Self {
            negative,
            digits: all.get(first..=last)?.to_vec(),
            exponent: point.checked_sub(i64::try_from(first).ok()?)?,
        })
    }

    pub(super) fn is_in_range(&self) -> bool {
        self.digits.is_empty() || (self.digits.len() <= 38 && (-129..=126).contains(&self.exponent))
    }

    /// DynamoDB: a byte for two digits, before and after the point, one for the exponent, one for a minus sign.
    pub(super) fn size(&self) -> usize {
        let count = self.digits.len();
        if count == 0 {
            return 1;
        }
        let before = usize::try_from(self.exponent.max(0)).unwrap_or(usize::MAX).min(count);
        before.div_ceil(2) + (count - before).div_ceil(2) + 1 + usize::from(self.negative)
    }

    /// A text that is the same for all spellings of one number.
    pub(super) fn identity(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{}e{}", String::from_utf8_lossy(&self.digits), self.exponent)
    }

    fn magnitude(&self, other: &Self) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self.exponent.cmp(&other.exponent).then_with(|| self.digits.cmp(&other.digits)),
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap_or_else(|| unreachable!("{text}"))
    }

    #[test]
    fn sizes_and_identities() {
        for (text, size) in [
            ("0", 1),
            ("-0.00", 1),
            ("100", 2),
            ("1010", 3),
            ("1.5", 3),
            ("-42", 3),
            ("1E125", 2),
            ("0.0012", 2),
        ] {
            assert_eq!(number(text).size(), size, "{text}");
        }
        for (one, same) in [("1", "1.0"), ("01", "1e0"), ("-0", "0"), ("120", "1.2E2"), ("+5", "5")] {
            assert_eq!(number(one).identity(), number(same).identity());
        }
        assert_ne!(number("1").identity(), number("10").identity());
    }

    #[test]
    fn order_and_range() {
        let sorted = ["-1e3", "-2", "-1.5", "-1E-130", "0", "1e-130", "0.5", "1", "1.01", "9", "10", "1e125"];
        for pair in sorted.windows(2) {
            assert!(number(pair[0]) < number(pair[1]), "{pair:?}");
        }
        for (text, legal) in [
            ("9.9999999999999999999999999999999999999E125", true),
            ("1E126", false),
            ("1E-130", true),
            ("1E-131", false),
            ("12345678901234567890123456789012345678", true),
            ("123456789012345678901234567890123456789", false),
            ("123456789012345678901234567890123456780", true),
        ] {
            assert_eq!(number(text).is_in_range(), legal, "{text}");
        }
        assert!(
            ["", "-", "x", "1e", "1e99999999999999999999", "1.2.3"]
                .iter()
                .all(|t| Number::parse(t).is_none())
        );
    }
}
