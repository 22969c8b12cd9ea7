use std::fmt;

/// Text that holds data of an item, such as a path with the key of a map. `Display` and `Debug` show it without the data.
#[derive(Clone, PartialEq, Eq)]
pub struct Redacted {
    shown: Box<str>,
    whole: Box<str>,
}

impl Redacted {
    /// The text `whole`, which is shown as `shown`.
    pub fn new(shown: impl Into<Box<str>>, whole: impl Into<Box<str>>) -> Self {
        Self { shown: shown.into(), whole: whole.into() }
    }

    /// The whole text: keep it out of logs.
    pub fn unredacted(&self) -> &str {
        &self.whole
    }
}

/// Shows the text without data.
impl fmt::Display for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// Shows the same as `Display`.
impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.shown, f)
    }
}
