use super::{DecodeError, EncodeError, ExpressionError, KeyError};

/// An item, its key or an expression about it that cannot be made or read. No request is sent for it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ItemError {
    /// A key cannot be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A value cannot be stored.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// An item does not have the form of its entity.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// DynamoDB would refuse an expression.
    #[error(transparent)]
    Expression(#[from] ExpressionError),
}
