use dynamap::Attribute;
use std::{fmt, str::FromStr};

/// An email address in lower case, so that one person is one user however the address is typed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Attribute)]
pub struct Email(String);

/// The most bytes of an address: those of a path in SMTP, without its brackets.
const MAX_BYTES: usize = 254;

/// A text that is no email address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an email address")]
pub struct NoEmail;

impl FromStr for Email {
    type Err = NoEmail;

    /// Asks for one `@` with something before and after it, for no white space, and for no more than 254 bytes.
    fn from_str(text: &str) -> Result<Self, NoEmail> {
        match text.split_once('@') {
            Some((name, domain))
                if text.len() <= MAX_BYTES
                    && !name.is_empty()
                    && !domain.is_empty()
                    && !domain.contains('@')
                    && !text.contains(|c: char| c.is_whitespace() || c.is_control()) =>
            {
                Ok(Self(text.to_lowercase()))
            }
            _ => Err(NoEmail),
        }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
