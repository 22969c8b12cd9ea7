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
pub(super) struct AttributePath(pub(super) Vec<PathSegment>);

impl AttributePath {
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
