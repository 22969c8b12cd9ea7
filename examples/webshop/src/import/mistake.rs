use std::{fmt, sync::Arc};

use super::place::Place;

/// The mistakes of an import that `Display` shows; the others are counted.
const SHOWN: usize = 20;

/// Something in a file that cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    file: Arc<str>,
    line: Option<usize>,
    reason: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, reason } = self;
        match line {
            Some(line) => write!(f, "{file}:{line}: {reason}"),
            None => write!(f, "{file}: {reason}"),
        }
    }
}

/// All mistakes of an import.
///
/// `Display` shows one a line: file, line and reason, as editors and terminals make links of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    /// The mistakes, file by file.
    #[must_use]
    pub fn as_slice(&self) -> &[Mistake] {
        &self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a mistake of a whole file.
    pub(super) fn in_file(&mut self, file: &str, reason: impl Into<String>) {
        self.0.push(Mistake { file: file.into(), line: None, reason: reason.into() });
    }

    /// Adds a mistake in a line.
    pub(super) fn at(&mut self, place: &Place, reason: impl Into<String>) {
        let line = Some(place.line);
        self.0.push(Mistake { file: place.file.clone(), line, reason: reason.into() });
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for mistake in self.0.iter().take(SHOWN) {
            writeln!(f, "{mistake}")?;
        }
        match self.0.len() {
            more if more > SHOWN => write!(f, "and {} more", more - SHOWN),
            1 => write!(f, "1 mistake"),
            count => write!(f, "{count} mistakes"),
        }
    }
}

impl std::error::Error for Mistakes {}
