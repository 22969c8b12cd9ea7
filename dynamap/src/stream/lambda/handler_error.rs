use crate::error::DecodeError;
use std::{error, fmt};

/// An event that has no response but an error of the function: Lambda delivers all of it again.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StreamHandlerError {
    /// The event is not one of a stream.
    NoEvent(DecodeError),
    /// A record that is not done has no sequence number, from which Lambda could deliver again.
    NoSequenceNumber {
        /// The place of the record in the event, from 0.
        index: usize,
    },
}

impl fmt::Display for StreamHandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEvent(_) => f.write_str("the event is not one of a stream"),
            Self::NoSequenceNumber { index } => {
                write!(f, "record {index} of the event is not done, and has no sequence number")
            }
        }
    }
}

impl error::Error for StreamHandlerError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::NoEvent(error) => Some(error),
            Self::NoSequenceNumber { .. } => None,
        }
    }
}

/// The text of the error that Lambda logs.
impl From<StreamHandlerError> for lambda_runtime::Diagnostic {
    fn from(error: StreamHandlerError) -> Self {
        let error_message = match error::Error::source(&error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        };
        Self { error_type: "StreamHandlerError".to_owned(), error_message }
    }
}
