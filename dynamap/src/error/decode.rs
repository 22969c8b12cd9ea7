use super::path::{AttributePath, located};
use std::{borrow::Cow, fmt};

/// An item or attribute that does not have the form its Rust type asks for.
///
/// It says which attribute of which entity was read, what was expected and what was found; it never holds the
/// attribute's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError(Box<Facts>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Facts {
    entity: Option<&'static str>,
    path: AttributePath,
    expected: Cow<'static, str>,
    found: Cow<'static, str>,
}

impl DecodeError {
    /// An error for a value that is not what its type expects.
    ///
    /// Name types and forms, never the value itself: `DecodeError::new("an ISO country code", "another string")`.
    #[cold]
    pub fn new(expected: impl Into<Cow<'static, str>>, found: impl Into<Cow<'static, str>>) -> Self {
        let (expected, found) = (expected.into(), found.into());
        Self(Box::new(Facts { entity: None, path: AttributePath::default(), expected, found }))
    }

    /// What the Rust type expected.
    pub fn expected(&self) -> &str {
        &self.0.expected
    }

    /// What was found instead: a type or a description, never a value.
    pub fn found(&self) -> &str {
        &self.0.found
    }
}

located!(DecodeError);

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Facts { entity, path, expected, found } = &*self.0;
        match (path.is_empty(), entity) {
            (false, Some(entity)) => write!(f, "attribute `{path}` of entity `{entity}`: ")?,
            (false, None) => write!(f, "attribute `{path}`: ")?,
            (true, Some(entity)) => write!(f, "item of entity `{entity}`: ")?,
            (true, None) => {}
        }
        write!(f, "expected {expected}, found {found}")
    }
}

impl std::error::Error for DecodeError {}
