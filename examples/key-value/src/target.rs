use crate::{
    Revision,
    error::{Result, StoreError},
    model::Head,
};

/// A key to write, and the revision that the write expects of it.
///
/// A text is a key that may be at any revision, or absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub(crate) key: String,
    expected: Expected,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Anything,
    Absent,
    Revision(Revision),
}

impl Target {
    /// The key at this revision.
    pub fn at(key: impl Into<String>, revision: Revision) -> Self {
        Self { key: key.into(), expected: Expected::Revision(revision) }
    }

    /// The key, which must be absent.
    pub fn absent(key: impl Into<String>) -> Self {
        Self { key: key.into(), expected: Expected::Absent }
    }

    /// True if the key may be at any revision.
    pub(crate) fn takes_anything(&self) -> bool {
        self.expected == Expected::Anything
    }

    /// Compares the key with the revision that is expected.
    pub(crate) fn check(&self, head: Option<&Head>) -> Result<()> {
        let current = head.map(|head| head.revision);
        let is_met = match self.expected {
            Expected::Anything => true,
            Expected::Absent => current.is_none(),
            Expected::Revision(revision) => current == Some(revision),
        };
        match is_met {
            true => Ok(()),
            false => Err(StoreError::RevisionMismatch { key: self.key.clone(), current }),
        }
    }
}

impl<K: Into<String>> From<K> for Target {
    fn from(key: K) -> Self {
        Self { key: key.into(), expected: Expected::Anything }
    }
}
