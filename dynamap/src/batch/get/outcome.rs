use super::absence::Absence;
use crate::error::DecodeError;

/// What is at one of the places of a batch. `O` is what an item is kept as.
#[derive(Debug)]
pub enum KeyOutcome<O> {
    Found(O),
    Absent(Absence),
    /// The item does not have the form of its entity.
    Malformed(DecodeError),
}
