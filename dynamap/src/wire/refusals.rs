//! Checks and errors for values that both forms refuse.

use crate::{
    error::{DecodeError, EncodeError},
    value::{DataType, MAX_DEPTH},
};

#[cold]
pub(super) fn mismatch(wanted: DataType, found: DataType) -> DecodeError {
    DecodeError::new(wanted.phrase(), found.phrase())
}

#[cold]
pub(super) fn unknown_data_type() -> DecodeError {
    DecodeError::new("a data type of DynamoDB", "an unknown data type")
}

#[cold]
pub(super) fn not_in_a_set() -> DecodeError {
    DecodeError::new("a set", "another place")
}

#[cold]
pub(super) fn read_too_deep() -> DecodeError {
    DecodeError::new(format!("at most {MAX_DEPTH} levels of nesting"), "deeper nesting")
}

#[cold]
pub(super) fn write_too_deep() -> EncodeError {
    EncodeError::new(format!("it nests deeper than {MAX_DEPTH} levels"))
}

#[cold]
pub(super) fn empty_set() -> EncodeError {
    EncodeError::new("a set without members cannot be stored")
}

/// Checks that `text` has no character that is in no number, so that it needs no escapes.
pub(super) fn check_number_text(text: &str) -> Result<(), EncodeError> {
    let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    if !text.is_empty() && text.bytes().all(plain) {
        Ok(())
    } else {
        Err(EncodeError::new("the text of a number is not a number"))
    }
}
