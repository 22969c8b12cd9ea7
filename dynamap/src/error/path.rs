use std::fmt;

/// One step of the path from an item to a value inside it.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum PathSegment {
    /// A declared name.
    Field(&'static str),
    /// A name that was read or written as data: the key of a map, or an attribute that no entity declares.
    Key(String),
    Index(usize),
}

/// The path of an attribute, kept from the inside out: each level that an error passes adds its step.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct AttributePath(Vec<PathSegment>);

impl AttributePath {
    pub(super) fn push(&mut self, segment: PathSegment) {
        self.0.push(segment);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl AttributePath {
    fn write(&self, f: &mut impl fmt::Write, shows_keys: bool) -> fmt::Result {
        for (position, segment) in self.0.iter().rev().enumerate() {
            let dot = if position == 0 { "" } else { "." };
            match segment {
                PathSegment::Field(name) => write!(f, "{dot}{name}")?,
                PathSegment::Key(name) if shows_keys => write!(f, "{dot}{name}")?,
                PathSegment::Key(_) => write!(f, "{dot}{HIDDEN_KEY}")?,
                PathSegment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }

    /// The path with the keys of maps, which are data.
    pub(super) fn unredacted(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut text, true);
        text
    }
}

/// The text that stands for the key of a map. Such a key is data, as values are, and not shown.
pub(crate) const HIDDEN_KEY: &str = "{key}";

/// Shows declared names and indexes, and [`HIDDEN_KEY`] for the key of a map.
impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, false)
    }
}

/// Shows the same as `Display`.
impl fmt::Debug for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
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
            ///
            /// The key of a map is data, and stands there as `{key}`: `prices.{key}`. So does the name of an attribute that
            /// the entity does not declare.
            pub fn path(&self) -> String {
                self.0.path.to_string()
            }

            /// The path of the attribute with the keys of maps: keep it out of logs.
            pub fn path_unredacted(&self) -> String {
                self.0.path.unredacted()
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
