use super::EncodeError;
use std::{error::Error, fmt};

/// A key or key condition that cannot be made, or a key text that is not of its template's form.
///
/// It names the template, the component and the reason; it never holds the key or a component's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyError(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    subject: KeySubject,
    component: Option<&'static str>,
    kind: KeyErrorKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeySubject {
    Template(&'static str),
    Attribute(&'static str),
}

/// The reason why a key cannot be made or read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyErrorKind {
    /// The component's value has no key text, or the text is no value of the component's type.
    InvalidPart(InvalidPart),
    /// The value of a key attribute cannot be stored.
    Encode(EncodeError),
    /// The whole key is empty, which DynamoDB refuses.
    Empty,
    /// The key is longer than DynamoDB allows.
    TooLong {
        /// The key's length in bytes.
        size: usize,
        /// The most bytes that DynamoDB takes.
        limit: usize,
    },
    /// A component that is written as it displays is empty.
    EmptyPlain,
    /// A component that is written as it displays holds the literal text that ends it.
    HoldsSeparator(String),
    /// The range begins after its end, or has no value in it.
    EmptyRange,
    /// The text is not of the template's form.
    Mismatch,
    /// More, fewer or other components than the template has.
    Components,
    /// The attribute value is no string, number or binary value, or the two bounds of a range differ in type.
    NotAKeyType,
    /// An entity was changed in memory so that it has another key than the item that it was read from.
    Changed,
}

impl KeyError {
    /// An error of the key with this template.
    #[cold]
    pub fn new(template: &'static str, kind: KeyErrorKind) -> Self {
        Self(Box::new(Inner { subject: KeySubject::Template(template), component: None, kind }))
    }

    /// An error of one component of the key with this template.
    #[cold]
    pub fn in_component(template: &'static str, component: &'static str, kind: KeyErrorKind) -> Self {
        Self(Box::new(Inner { subject: KeySubject::Template(template), component: Some(component), kind }))
    }

    /// An error of a key attribute that is a field of its own.
    #[cold]
    pub fn in_attribute(attribute: &'static str, kind: KeyErrorKind) -> Self {
        Self(Box::new(Inner { subject: KeySubject::Attribute(attribute), component: None, kind }))
    }

    /// The text of the key's template, such as `ORDER#{order_id}`; `None` if the key has none.
    pub fn template(&self) -> Option<&'static str> {
        match self.0.subject {
            KeySubject::Template(text) => Some(text),
            KeySubject::Attribute(_) => None,
        }
    }

    /// The name of the key attribute, if the key has no template.
    pub fn attribute(&self) -> Option<&'static str> {
        match self.0.subject {
            KeySubject::Template(_) => None,
            KeySubject::Attribute(name) => Some(name),
        }
    }

    /// The component at fault, if it is one.
    pub fn component(&self) -> Option<&'static str> {
        self.0.component
    }

    /// The reason.
    pub fn kind(&self) -> &KeyErrorKind {
        &self.0.kind
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { subject, component, kind } = &*self.0;
        if let Some(component) = component {
            write!(f, "component `{component}` of ")?;
        }
        match subject {
            KeySubject::Template(text) => write!(f, "key `{text}`: {kind}"),
            KeySubject::Attribute(name) => write!(f, "key attribute `{name}`: {kind}"),
        }
    }
}

impl Error for KeyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0.kind {
            KeyErrorKind::Encode(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for KeyErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidPart(reason) => reason.fmt(f),
            Self::Encode(_) => f.write_str("the value cannot be stored"),
            Self::Empty => f.write_str("a key cannot be empty"),
            Self::TooLong { size, limit } => write!(f, "{size} bytes are over the limit of {limit} bytes"),
            Self::EmptyPlain => f.write_str("a component written as it displays cannot be empty"),
            Self::HoldsSeparator(separator) => {
                write!(f, "a component written as it displays cannot hold its separator {separator:?}")
            }
            Self::EmptyRange => f.write_str("the range is reversed or empty"),
            Self::Mismatch => f.write_str("the text is not of the template's form"),
            Self::Components => f.write_str("not the components that the template has"),
            Self::Changed => f.write_str("it is another one than that of the item that was read"),
            Self::NotAKeyType => {
                f.write_str("a key needs strings, numbers or binary values, all of one type")
            }
        }
    }
}

/// A value that has no key text, or a text that is no value of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidPart(&'static str);

impl InvalidPart {
    /// Says what is there instead of a fitting value: "a timestamp outside the years 0 to 9999", "not a UUID".
    pub const fn new(description: &'static str) -> Self {
        Self(description)
    }

    /// The description.
    pub const fn description(&self) -> &'static str {
        self.0
    }
}

impl fmt::Display for InvalidPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for InvalidPart {}
