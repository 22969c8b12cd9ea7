use crate::error::{DecodeError, EncodeError};
use serde::de::{Expected, Unexpected};
use std::{error, fmt};

/// An [`EncodeError`] on its way through serde.
#[derive(Debug)]
pub(super) struct NotEncoded(pub(super) EncodeError);

/// A [`DecodeError`] on its way through serde.
#[derive(Debug)]
pub(super) struct NotDecoded(pub(super) DecodeError);

impl NotEncoded {
    #[cold]
    pub(super) fn new(reason: &'static str) -> Self {
        Self(EncodeError::new(reason))
    }
}

impl NotDecoded {
    #[cold]
    pub(super) fn new(expected: &'static str, found: &'static str) -> Self {
        Self(DecodeError::new(expected, found))
    }
}

impl From<EncodeError> for NotEncoded {
    fn from(error: EncodeError) -> Self {
        Self(error)
    }
}

impl From<DecodeError> for NotDecoded {
    fn from(error: DecodeError) -> Self {
        Self(error)
    }
}

impl From<NotEncoded> for EncodeError {
    fn from(NotEncoded(error): NotEncoded) -> Self {
        error
    }
}

impl From<NotDecoded> for DecodeError {
    fn from(NotDecoded(error): NotDecoded) -> Self {
        error
    }
}

impl fmt::Display for NotEncoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for NotDecoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl error::Error for NotEncoded {}

impl error::Error for NotDecoded {}

impl serde::ser::Error for NotEncoded {
    // The message is dropped: it may quote the value.
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::new("the type's `Serialize` refused the value")
    }
}

// What serde tells about the input is reduced to its kind, and messages of its users are dropped: an error
// never holds an attribute's value.
impl serde::de::Error for NotDecoded {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::new("a value that the type's `Deserialize` takes", "another value")
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self(DecodeError::new(expected.to_string(), kind(unexpected)))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self(DecodeError::new(expected.to_string(), format!("{} of another value", kind(unexpected))))
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self(DecodeError::new(expected.to_string(), format!("{length} elements")))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self(DecodeError::new(one_of("variant", expected), "another variant"))
    }

    fn unknown_field(_: &str, expected: &'static [&'static str]) -> Self {
        Self(DecodeError::new(one_of("field", expected), "another field"))
    }

    fn missing_field(field: &'static str) -> Self {
        Self(DecodeError::new("a value", "no attribute").in_field(field))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self(DecodeError::new("one value", "a second one").in_field(field))
    }
}

/// The kind of value that was found, without the value itself.
fn kind(unexpected: Unexpected<'_>) -> &'static str {
    match unexpected {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "an integer",
        Unexpected::Float(_) => "a number",
        Unexpected::Char(_) => "a character",
        Unexpected::Str(_) => "a string",
        Unexpected::Bytes(_) => "a binary value",
        Unexpected::Unit => "a null",
        Unexpected::Option => "an optional value",
        Unexpected::NewtypeStruct => "a newtype",
        Unexpected::Seq => "a list or set",
        Unexpected::Map => "a map",
        Unexpected::Enum
        | Unexpected::UnitVariant
        | Unexpected::NewtypeVariant
        | Unexpected::TupleVariant
        | Unexpected::StructVariant => "a variant of another kind",
        _ => "another value",
    }
}

fn one_of(what: &str, expected: &'static [&'static str]) -> String {
    match expected {
        [] => format!("no {what}"),
        names => format!("the {what} `{}`", names.join("` or `")),
    }
}
