use super::absence::Absence;
use crate::error::DecodeError;

/// The result at one of the positions of a batch. `O` is the type that an item is kept as.
#[derive(Debug)]
pub enum KeyOutcome<O> {
    Found(O),
    Absent(Absence),
    /// The item does not have the form of its entity.
    Malformed(DecodeError),
}
