use dynamap::Attribute;
use rust_decimal::Decimal;
use std::{fmt, str::FromStr};

/// A price with up to two decimals: exact, and stored as a number (N).
///
/// DynamoDB drops the zeros at the end of a fraction; a price is shown with them: `122.3` as `122.30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Attribute)]
pub struct Price(Decimal);

/// A text that is no price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a price, which is digits with at most two decimals, such as 167.68")]
pub struct BadPrice;

impl FromStr for Price {
    type Err = BadPrice;

    fn from_str(text: &str) -> Result<Self, BadPrice> {
        // `Decimal` also takes signs, underscores, and a point without digits on both sides.
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let well_formed = match text.split_once('.') {
            Some((whole, fraction)) => digits(whole) && digits(fraction) && fraction.len() <= 2,
            None => digits(text),
        };
        let price = if well_formed { Decimal::from_str_exact(text).ok() } else { None };
        price.map(Self).ok_or(BadPrice)
    }
}

impl Price {
    /// The shortest form, as price files have it: `14.4` and `7`.
    #[must_use]
    pub fn shortest(&self) -> String {
        self.0.normalize().to_string()
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:.2}", self.0))
    }
}
