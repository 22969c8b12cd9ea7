use crate::error::DecodeError;
use std::fmt;

/// A response that tells nothing about its request: damaged on the way, or not from DynamoDB.
#[derive(Debug)]
pub(super) enum Damaged {
    Checksum,
    Document(DecodeError),
    /// A success with another status than 200, or an error without DynamoDB's code, such as a proxy's.
    NotFromDynamoDb,
    /// A member that DynamoDB always sends is not there, or has nothing in it.
    Incomplete(&'static str),
    /// An error in the place of a success.
    ErrorWithSuccess,
    /// The SDK cannot read the rest of a success.
    Unread,
}

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checksum => f.write_str("the response differs from its x-amz-crc32"),
            Self::Document(error) => write!(f, "the response is damaged: {error}"),
            Self::NotFromDynamoDb => f.write_str("the response is not one of DynamoDB"),
            Self::Incomplete(member) => write!(f, "the response lacks its member `{member}`"),
            Self::ErrorWithSuccess => f.write_str("the response is an error with the status of a success"),
            Self::Unread => f.write_str("the response has another form than that of its operation"),
        }
    }
}

impl std::error::Error for Damaged {}
