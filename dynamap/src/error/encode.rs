use super::path::{AttributePath, located};
use std::{borrow::Cow, fmt};

/// A Rust value that DynamoDB cannot store, refused before any request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodeError(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    entity: Option<&'static str>,
    path: AttributePath,
    reason: Cow<'static, str>,
}

impl EncodeError {
    /// An error for a value that cannot be stored. `reason` must not contain the value.
    #[cold]
    pub fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { entity: None, path: AttributePath::default(), reason: reason.into() }))
    }

    /// A version counts no further.
    #[cold]
    pub(crate) fn last_version() -> Self {
        Self::new("the version is the last one of its type")
    }

    /// The reason why the value cannot be stored.
    pub fn reason(&self) -> &str {
        &self.0.reason
    }
}

located!(EncodeError);

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { entity, path, reason } = &*self.0;
        match (path.is_empty(), entity) {
            (false, Some(entity)) => write!(f, "attribute `{path}` of entity `{entity}`: {reason}"),
            (false, None) => write!(f, "attribute `{path}`: {reason}"),
            (true, Some(entity)) => write!(f, "item of entity `{entity}`: {reason}"),
            (true, None) => f.write_str(reason),
        }
    }
}

impl std::error::Error for EncodeError {}
