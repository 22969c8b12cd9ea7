use std::fmt;

/// The operating system gave no random bytes, which tokens of transactions and nonces of sealed cursors are made of. No request was sent.
///
/// There is no other source in their place: two equal tokens would make DynamoDB take one transaction for the repetition
/// of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoRandomBytes(());

impl NoRandomBytes {
    #[cold]
    pub(crate) fn new() -> Self {
        Self(())
    }
}

impl fmt::Display for NoRandomBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the operating system gave no random bytes")
    }
}

impl std::error::Error for NoRandomBytes {}
