use super::{AttributePath, PathSegment};
use std::{borrow::Cow, fmt};

/// A Rust value that DynamoDB cannot store, refused before any request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodeError(Box<Facts>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Facts {
    entity: Option<&'static str>,
    path: AttributePath,
    reason: Cow<'static, str>,
}

impl EncodeError {
    /// An error for a value that cannot be stored. Say why, never what the value is.
    #[cold]
    pub fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Facts { entity: None, path: AttributePath::default(), reason: reason.into() }))
    }

    /// The entity that was written, if it was an entity.
    pub fn entity(&self) -> Option<&'static str> {
        self.0.entity
    }

    /// The path of the attribute, such as `lines[2].price`; empty for the item itself.
    pub fn path(&self) -> String {
        self.0.path.to_string()
    }

    /// Why the value cannot be stored.
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Adds the name of the entity that was written.
    #[cold]
    #[must_use]
    pub fn in_entity(mut self, entity: &'static str) -> Self {
        self.0.entity.get_or_insert(entity);
        self
    }

    /// Adds the field that was written to the front of the path.
    #[cold]
    #[must_use]
    pub fn in_field(mut self, name: &'static str) -> Self {
        self.0.path.0.push(PathSegment::Field(name));
        self
    }

    /// Adds the map key that was written to the front of the path.
    #[cold]
    #[must_use]
    pub fn in_key(mut self, name: impl Into<String>) -> Self {
        self.0.path.0.push(PathSegment::Key(name.into()));
        self
    }

    /// Adds the list index that was written to the front of the path.
    #[cold]
    #[must_use]
    pub fn at_index(mut self, index: usize) -> Self {
        self.0.path.0.push(PathSegment::Index(index));
        self
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Facts { entity, path, reason } = &*self.0;
        match (path.is_empty(), entity) {
            (false, Some(entity)) => write!(f, "attribute `{path}` of entity `{entity}`: {reason}"),
            (false, None) => write!(f, "attribute `{path}`: {reason}"),
            (true, Some(entity)) => write!(f, "item of entity `{entity}`: {reason}"),
            (true, None) => f.write_str(reason),
        }
    }
}

impl std::error::Error for EncodeError {}
