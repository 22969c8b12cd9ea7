use super::Error;
use crate::error::NoRandomBytes;
use std::fmt;

/// A transaction that DynamoDB would refuse, found before any request.
///
/// It names the action at fault by its place in the transaction, and never holds a key or a value.
pub struct InvalidTransaction(Box<Inner>);

struct Inner {
    operation: &'static str,
    action: Option<TransactionAction>,
    kind: InvalidTransactionKind,
}

/// An action of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransactionAction {
    /// Its place in the transaction, from 0.
    pub position: usize,
    /// The kind of action: `Put`, `Update`, `Delete`, `ConditionCheck` or `Get`.
    pub kind: &'static str,
    /// The entity.
    pub entity: &'static str,
}

/// The reason why a transaction cannot be sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum InvalidTransactionKind {
    /// A transaction without actions.
    Empty,
    /// More actions than DynamoDB allows; the action is the first beyond.
    TooManyActions {
        /// The number of actions of the transaction.
        count: usize,
        /// The most that DynamoDB takes.
        limit: usize,
    },
    /// The items together are larger than DynamoDB allows; the action is the first beyond.
    TooLarge {
        /// The size of all items, in bytes. Of updates, deletes and checks it counts the key.
        size: usize,
        /// The most bytes that DynamoDB takes.
        limit: usize,
    },
    /// The action's item is larger than DynamoDB allows.
    ItemTooLarge {
        /// The size of the item, in bytes.
        size: usize,
        /// The most bytes that DynamoDB takes.
        limit: usize,
    },
    /// The action is on the same item as another before it.
    SameItem {
        /// The place of that other action.
        first: usize,
    },
    /// The action is a builder of another table than that of the transaction.
    OtherTable,
    /// The action is on a table in another Region than that of the transaction.
    OtherRegion {
        /// The Region of the action's table.
        region: String,
        /// The Region of the transaction's table.
        first: String,
    },
    /// The client request token is empty or too long.
    TokenLength {
        /// The number of characters of the token.
        length: usize,
        /// The most that DynamoDB takes.
        limit: usize,
    },
    /// The action itself cannot be sent: its key cannot be made, a value cannot be stored, or DynamoDB would refuse its
    /// expressions.
    Action(Box<Error>),
    /// The transaction changes unique fields, so that what it writes depends on the stored item, which only `send` reads.
    NeedsStoredItem,
    /// There is nothing to make a token of.
    NoRandomBytes(NoRandomBytes),
}

impl InvalidTransaction {
    #[cold]
    pub(crate) fn new(
        operation: &'static str,
        action: Option<TransactionAction>,
        kind: InvalidTransactionKind,
    ) -> Self {
        Self(Box::new(Inner { operation, action, kind }))
    }

    /// The DynamoDB operation: `TransactWriteItems` or `TransactGetItems`.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The action at fault, if it is one.
    pub fn action(&self) -> Option<TransactionAction> {
        self.0.action
    }

    /// The reason.
    pub fn kind(&self) -> &InvalidTransactionKind {
        &self.0.kind
    }

    /// The error of the action, where the transaction has no other action.
    pub(crate) fn into_only(self) -> Error {
        match self.0.kind {
            InvalidTransactionKind::Action(error) => *error,
            InvalidTransactionKind::NoRandomBytes(error) => error.into(),
            _ => self.into(),
        }
    }
}

impl fmt::Display for InvalidTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { operation, action, kind } = &*self.0;
        f.write_str(operation)?;
        if let Some(action) = action {
            write!(f, ", action {action}")?;
        }
        match kind {
            InvalidTransactionKind::Empty => f.write_str(": it has no actions"),
            InvalidTransactionKind::TooManyActions { count, limit } => {
                write!(f, ": {count} actions are over the limit of {limit}")
            }
            InvalidTransactionKind::TooLarge { size, limit } => {
                write!(f, ": items of {size} bytes are over the limit of {limit} bytes")
            }
            InvalidTransactionKind::ItemTooLarge { size, limit } => {
                write!(f, ": an item of {size} bytes is over the limit of {limit} bytes")
            }
            InvalidTransactionKind::SameItem { first } => {
                write!(f, ": action {first} is on the same item")
            }
            InvalidTransactionKind::OtherTable => f.write_str(": it is on another table"),
            InvalidTransactionKind::OtherRegion { region, first } => {
                write!(f, ": its table is in Region `{region}`, and the transaction in `{first}`")
            }
            InvalidTransactionKind::TokenLength { length, limit } => {
                write!(f, ": a client request token has 1 to {limit} characters, not {length}")
            }
            InvalidTransactionKind::NeedsStoredItem => {
                f.write_str(": it changes unique fields, and needs the stored item, which `send` reads")
            }
            InvalidTransactionKind::Action(error) => write!(f, ": {error}"),
            InvalidTransactionKind::NoRandomBytes(error) => write!(f, ": {error}"),
        }
    }
}

/// Shows the same as `Display`.
impl fmt::Debug for InvalidTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InvalidTransaction({self})")
    }
}

impl std::error::Error for InvalidTransaction {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            InvalidTransactionKind::Action(error) => Some(&**error),
            _ => None,
        }
    }
}

/// Such as ``2 (Update of `Order`)``.
impl fmt::Display for TransactionAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { position, kind, entity } = self;
        write!(f, "{position} ({kind} of `{entity}`)")
    }
}
