use crate::error::DecodeError;

/// The content of a response for the receiver.
#[derive(Debug)]
pub(crate) enum Received<T> {
    /// The items were read.
    Items(T),
    /// The response has no items.
    None,
    /// Nothing passed our deserializer: the items, if there are any, are in the SDK's output.
    InOutput,
}

impl<T: Default> Received<T> {
    /// The items that were read, or those that `read_output` reads in the SDK's output if they are there.
    pub(crate) fn or_read(
        self,
        read_output: impl FnOnce() -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        match self {
            Self::Items(items) => Ok(items),
            Self::None => Ok(T::default()),
            Self::InOutput => read_output(),
        }
    }
}
