use std::fmt;

/// A table that exists and is not as its schema says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaMismatch {
    table: String,
    part: String,
    expected: String,
    found: String,
    /// The source of what is expected: the schema or the settings.
    source: &'static str,
}

impl SchemaMismatch {
    pub(crate) fn new(
        table: &str,
        part: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self {
            table: table.into(),
            part: part.into(),
            expected: expected.into(),
            found: found.into(),
            source: "the schema says",
        }
    }

    /// A mismatch with the settings of the table.
    pub(crate) fn of_settings(table: &str, part: &str, expected: String, found: String) -> Self {
        Self { source: "the settings say", ..Self::new(table, part, expected, found) }
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The part that differs, such as ``index `gsi1` ``.
    pub fn part(&self) -> &str {
        &self.part
    }

    /// The definition by the schema.
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// The definition that DynamoDB has.
    pub fn found(&self) -> &str {
        &self.found
    }
}

impl fmt::Display for SchemaMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, part, expected, found, source } = self;
        write!(f, "{part} of table `{table}`: {source} {expected}, DynamoDB has {found}")
    }
}

impl std::error::Error for SchemaMismatch {}
