//! The text of a sealed cursor.

use super::sealer::MAX_TEXT;
use crate::error::{CursorError, CursorRefusal};
use std::{fmt, str::FromStr};

/// A sealed pagination token of a web API: text that only a [`CursorSealer`](super::CursorSealer) with its key can read or make.
///
/// A page of [`SealedPages`](crate::op::read::SealedPages) has them, and takes them or their text. The text is base64 with the
/// alphabet of URLs, about 110 characters more than the keys of an item. Two cursors of one place have different texts.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SealedCursor(Box<str>);

impl SealedCursor {
    pub(crate) fn new(text: String) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SealedCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for SealedCursor {
    type Err = CursorError;

    /// Takes a text that may be one: it is opened when a page is read.
    fn from_str(text: &str) -> Result<Self, CursorError> {
        match text.len() > MAX_TEXT {
            true => Err(CursorError::Refused(CursorRefusal::Malformed)),
            false => Ok(Self(text.into())),
        }
    }
}

impl From<SealedCursor> for String {
    fn from(cursor: SealedCursor) -> Self {
        cursor.0.into()
    }
}

/// Shows that it is a sealed cursor, not its text: a log that had it would let its readers use it.
impl fmt::Debug for SealedCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedCursor").finish_non_exhaustive()
    }
}

impl serde::Serialize for SealedCursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for SealedCursor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
