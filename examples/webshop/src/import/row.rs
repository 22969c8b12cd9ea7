use std::{str::FromStr, sync::Arc};

use super::{mistake::Mistakes, place::Place};

/// The most characters of a bad value that a mistake repeats.
const SHOWN: usize = 40;

/// A file's name and content.
#[derive(Debug, Clone)]
pub struct Source {
    name: Arc<str>,
    bytes: Vec<u8>,
}

impl Source {
    /// A file with this name, for mistakes, and this content.
    #[must_use]
    pub fn new(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }

    /// The file's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file's content.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The lines of the file that have a value for each of `columns`. Empty lines are passed over.
    pub(super) fn rows<const N: usize>(
        &self,
        columns: &'static [&'static str; N],
        mistakes: &mut Mistakes,
    ) -> Vec<Row<'_, N>> {
        let bytes = self.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.bytes);
        let mut rows = Vec::new();
        for (index, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
            let place = Place { file: self.name.clone(), line: index + 1 };
            match std::str::from_utf8(line.strip_suffix(b"\r").unwrap_or(line)) {
                Ok("") => {}
                Ok(text) => rows.extend(Row::split(place, text, columns, mistakes)),
                Err(error) => {
                    mistakes.at(&place, format!("not UTF-8 at byte {} of the line", error.valid_up_to() + 1));
                }
            }
        }
        rows
    }
}

/// A line with a value for each column.
pub(super) struct Row<'a, const N: usize> {
    pub(super) place: Place,
    columns: &'static [&'static str; N],
    values: [&'a str; N],
}

impl<'a, const N: usize> Row<'a, N> {
    fn split(
        place: Place,
        text: &'a str,
        columns: &'static [&'static str; N],
        mistakes: &mut Mistakes,
    ) -> Option<Self> {
        let values: Vec<&str> = text.split('\t').collect();
        let found = values.len();
        let Ok(values) = values.try_into() else {
            let plural = if found == 1 { "column" } else { "columns" };
            mistakes.at(&place, format!("{found} {plural} instead of {N}: {}", columns.join(", ")));
            return None;
        };
        Some(Self { place, columns, values })
    }

    /// The value of a column that must have one.
    pub(super) fn text(&self, column: usize, mistakes: &mut Mistakes) -> Option<&'a str> {
        let value = self.values[column].trim();
        if value.is_empty() {
            mistakes.at(&self.place, format!("{} is empty", self.columns[column]));
            return None;
        }
        Some(value)
    }

    /// The value of a column that may be empty.
    pub(super) fn optional(&self, column: usize) -> Option<&'a str> {
        Some(self.values[column].trim()).filter(|value| !value.is_empty())
    }

    /// The value of a column as a `T`; `expected` says what that looks like.
    pub(super) fn parse<T: FromStr>(
        &self,
        column: usize,
        expected: &str,
        mistakes: &mut Mistakes,
    ) -> Option<T> {
        let value = self.text(column, mistakes)?;
        let parsed = value.parse().ok();
        if parsed.is_none() {
            let shown: String = value.chars().take(SHOWN).collect();
            let dots = if shown.len() < value.len() { "…" } else { "" };
            let column = self.columns[column];
            mistakes
                .at(&self.place, format!("{column} \"{}{dots}\": expected {expected}", shown.escape_debug()));
        }
        parsed
    }

    /// The value of a column as a `T`, without showing it in a mistake.
    pub(super) fn parse_secret<T: FromStr>(
        &self,
        column: usize,
        expected: &str,
        mistakes: &mut Mistakes,
    ) -> Option<T> {
        let parsed = self.text(column, mistakes)?.parse().ok();
        if parsed.is_none() {
            mistakes.at(&self.place, format!("{}: expected {expected}", self.columns[column]));
        }
        parsed
    }
}
