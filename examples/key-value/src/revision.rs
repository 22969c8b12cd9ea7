use std::{fmt, str::FromStr};

use dynamap::Attribute;
use uuid::Uuid;

/// The state of a key after one write, as text that only the store understands.
///
/// Each write leaves another one, also if it writes the same value again, and none ever comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
pub struct Revision(Uuid);

impl Revision {
    /// A revision that no key has had so far.
    pub(crate) fn fresh() -> Self {
        Self(Uuid::new_v4())
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.simple().fmt(f)
    }
}

impl FromStr for Revision {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}
