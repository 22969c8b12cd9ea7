use super::Number;
use std::fmt;

/// Numbers from 1E-7 to below 1E38 are written in full, others with an exponent: `0.0000015`, `1.5E-8`.
///
/// DynamoDB takes both, and parsing either gives the same number.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(self.coefficient);
        let text = match self.exponent {
            0 => digits.to_owned(),
            _ => spell(digits, self.exponent, self.magnitude()),
        };
        f.pad_integral(!self.negative, "", &text)
    }
}

fn spell(digits: &str, exponent: i16, magnitude: i16) -> String {
    let zeros = |count: i16| "0".repeat(usize::from(count.unsigned_abs()));
    match magnitude {
        0..38 if exponent > 0 => format!("{digits}{}", zeros(exponent)),
        0..38 => {
            let (whole, fraction) = digits.split_at(usize::from(magnitude.unsigned_abs()) + 1);
            format!("{whole}.{fraction}")
        }
        -7..0 => format!("0.{}{digits}", zeros(magnitude + 1)),
        _ => {
            let (first, rest) = digits.split_at(1);
            let point = if rest.is_empty() { "" } else { "." };
            format!("{first}{point}{rest}E{magnitude}")
        }
    }
}
