/// A part of DynamoDB that an implementation may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Capability {
    /// TransactWriteItems.
    Transactions,
}
