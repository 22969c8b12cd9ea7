use std::fmt;

/// One step of the path from an item to a value inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PathSegment {
    Field(&'static str),
    Key(String),
    Index(usize),
}

/// The path of an attribute, kept from the inside out: each level that an error passes adds its step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AttributePath(Vec<PathSegment>);

impl AttributePath {
    pub(super) fn push(&mut self, segment: PathSegment) {
        self.0.push(segment);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().rev().enumerate() {
            let dot = if position == 0 { "" } else { "." };
            match segment {
                PathSegment::Field(name) => write!(f, "{dot}{name}")?,
                PathSegment::Key(name) => write!(f, "{dot}{name}")?,
                PathSegment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// The methods of an error that knows the entity and the attribute it is about.
macro_rules! located {
    ($error:ident) => {
        impl $error {
            /// The entity that was read or written, if it was one.
            pub fn entity(&self) -> Option<&'static str> {
                self.0.entity
            }

            /// The path of the attribute, such as `lines[2].price`; empty for the item itself.
            pub fn path(&self) -> String {
                self.0.path.to_string()
            }

            /// Adds the name of the entity that was read or written.
            #[cold]
            #[must_use]
            pub fn in_entity(mut self, entity: &'static str) -> Self {
                self.0.entity.get_or_insert(entity);
                self
            }

            /// Adds a field to the front of the path.
            #[cold]
            #[must_use]
            pub fn in_field(mut self, name: &'static str) -> Self {
                self.0.path.push($crate::error::path::PathSegment::Field(name));
                self
            }

            /// Adds a map key to the front of the path.
            #[cold]
            #[must_use]
            pub fn in_key(mut self, name: impl Into<String>) -> Self {
                self.0.path.push($crate::error::path::PathSegment::Key(name.into()));
                self
            }

            /// Adds a list index to the front of the path.
            #[cold]
            #[must_use]
            pub fn at_index(mut self, index: usize) -> Self {
                self.0.path.push($crate::error::path::PathSegment::Index(index));
                self
            }
        }
    };
}
pub(super) use located;
