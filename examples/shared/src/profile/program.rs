use dynamap::error::ServiceErrorKind;

use crate::Failure;

/// The names of an example that its errors tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Program {
    /// The package.
    pub package: &'static str,
    /// The command that creates the table.
    pub creates_table: &'static str,
}

impl Program {
    /// Tells the command that creates the table, if `error` is that there is none.
    #[must_use]
    pub fn absent_table(self, error: &dynamap::Error, table: &str) -> Option<Failure> {
        let dynamap::Error::Service(error) = error else { return None };
        let is_absent = error.kind() == ServiceErrorKind::TableNotFound;
        is_absent.then(|| self.no_table(table))
    }

    /// Tells the command that creates an absent table.
    #[must_use]
    pub fn no_table(self, table: &str) -> Failure {
        format!("there is no table `{table}` here; `{}` creates it", self.creates_table).into()
    }
}
