//! The place in a shard at which reading goes on, as a lease stores it.

use crate::{
    error::{DecodeError, EncodeError},
    stream::SequenceNumber,
    value::{AttributeType, EpochSeconds, FromAttribute, Reader, ToAttribute, Writer, marker},
};
use std::{fmt, str::FromStr};

/// The place in a shard at which reading goes on.
///
/// It is stored as a string: `TRIM_HORIZON`, `LATEST <seconds>`, `FROM <seconds>`, `GAP`, `AT <sequence number>`,
/// `AFTER <sequence number>` or `SHARD_END`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Checkpoint {
    /// The oldest record that the stream has.
    TrimHorizon,
    /// The end of the shard as it was at this time, the start of the application.
    ///
    /// An iterator of the type `LATEST` cannot be had twice. Where none was read from, the shard is read from its oldest
    /// record, without the records that are older than this time.
    Latest(EpochSeconds),
    /// The first record that is not older than this time.
    From(EpochSeconds),
    /// The oldest record that the stream has, after a gap that is reported first: the shard's parent was removed from
    /// the stream before the application saw it.
    Gap,
    /// This record.
    At(SequenceNumber),
    /// The record after this one.
    After(SequenceNumber),
    /// The end of a shard that was read and whose records are all acknowledged.
    ShardEnd,
}

impl Checkpoint {
    /// True at the end of the shard.
    pub fn is_end(&self) -> bool {
        *self == Self::ShardEnd
    }

    /// The record after which reading goes on, if one is known to be done.
    pub fn after(&self) -> Option<&SequenceNumber> {
        match self {
            Self::After(number) => Some(number),
            _ => None,
        }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TrimHorizon => f.write_str("TRIM_HORIZON"),
            Self::Latest(time) => write!(f, "LATEST {}", time.as_seconds()),
            Self::From(time) => write!(f, "FROM {}", time.as_seconds()),
            Self::Gap => f.write_str("GAP"),
            Self::At(number) => write!(f, "AT {number}"),
            Self::After(number) => write!(f, "AFTER {number}"),
            Self::ShardEnd => f.write_str("SHARD_END"),
        }
    }
}

/// A text that is no checkpoint of a shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a checkpoint of a shard")]
pub struct InvalidShardCheckpoint;

impl FromStr for Checkpoint {
    type Err = InvalidShardCheckpoint;

    fn from_str(text: &str) -> Result<Self, InvalidShardCheckpoint> {
        let time = |text: &str| text.parse().map(EpochSeconds).map_err(|_| InvalidShardCheckpoint);
        let number = |text: &str| text.parse().map_err(|_| InvalidShardCheckpoint);
        match text.split_once(' ') {
            None => match text {
                "TRIM_HORIZON" => Ok(Self::TrimHorizon),
                "GAP" => Ok(Self::Gap),
                "SHARD_END" => Ok(Self::ShardEnd),
                _ => Err(InvalidShardCheckpoint),
            },
            Some(("LATEST", at)) => time(at).map(Self::Latest),
            Some(("FROM", at)) => time(at).map(Self::From),
            Some(("AT", at)) => number(at).map(Self::At),
            Some(("AFTER", at)) => number(at).map(Self::After),
            Some(_) => Err(InvalidShardCheckpoint),
        }
    }
}

impl AttributeType for Checkpoint {
    type DataType = marker::S;
}

impl ToAttribute for Checkpoint {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.string(&self.to_string())
    }
}

impl FromAttribute for Checkpoint {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        let text = r.str()?;
        text.parse()
            .map_err(|_| DecodeError::new("a string that is a checkpoint of a shard", "another string"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_checkpoint_is_read_back_as_it_was_written() {
        let number: SequenceNumber = "000000000000000000000000000000000000042".parse().unwrap();
        for checkpoint in [
            Checkpoint::TrimHorizon,
            Checkpoint::Latest(EpochSeconds(-1)),
            Checkpoint::From(EpochSeconds(1_790_000_000)),
            Checkpoint::Gap,
            Checkpoint::At(number.clone()),
            Checkpoint::After(number),
            Checkpoint::ShardEnd,
        ] {
            assert_eq!(checkpoint.to_string().parse(), Ok(checkpoint));
        }
        for text in
            ["", "AFTER", "AFTER ", "AFTER x", "LATEST", "LATEST 1.5", "SHARD_END 1", "after 1", "AT 1 2"]
        {
            assert_eq!(text.parse::<Checkpoint>(), Err(InvalidShardCheckpoint), "{text}");
        }
    }
}
