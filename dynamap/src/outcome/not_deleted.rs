use std::fmt;

/// A table that was not deleted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct NotDeleted {
    table: String,
    kind: NotDeletedKind,
}

/// The reason why a table was not deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotDeletedKind {
    /// The caller named another table; no request was sent.
    OtherName {
        /// The name that was given.
        given: String,
    },
    /// The table has deletion protection.
    Protected,
}

impl NotDeleted {
    pub(crate) fn other_name(table: &str, given: &str) -> Self {
        Self { table: table.into(), kind: NotDeletedKind::OtherName { given: given.into() } }
    }

    pub(crate) fn protected(table: &str) -> Self {
        Self { table: table.into(), kind: NotDeletedKind::Protected }
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The reason.
    pub fn kind(&self) -> &NotDeletedKind {
        &self.kind
    }
}

impl fmt::Display for NotDeleted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "table `{}` was not deleted: ", self.table)?;
        match &self.kind {
            NotDeletedKind::OtherName { given } => write!(f, "the call names `{given}`"),
            NotDeletedKind::Protected => f.write_str(
                "it has deletion protection, which `update_table` with `deletion_protection(false)` ends",
            ),
        }
    }
}
