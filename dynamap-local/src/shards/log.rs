use std::fmt;
use std::time::Duration;

/// An entry in the log of a [`ShardModel`](super::ShardModel). It holds no attribute values.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggedShardEvent {
    /// The time of the event, in tokio's time since the model was made.
    pub at: Duration,
    /// The event.
    pub event: ShardEvent,
}

/// An event of a [`ShardModel`](super::ShardModel): a change of the shards, or an answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShardEvent {
    /// A shard opened: the first ones of a stream, or a child.
    Opened {
        /// The new shard.
        shard: String,
        /// The shard that it names as its parent.
        parent: Option<String>,
    },
    /// A shard closed: it was split, merged or rolled over, or its stream was disabled.
    Closed {
        /// The closed shard.
        shard: String,
        /// Its `EndingSequenceNumber`.
        ending: String,
    },
    /// The oldest records of a shard were trimmed.
    Trimmed {
        /// Their shard.
        shard: String,
        /// The number of records.
        records: usize,
        /// The sequence number of the last of them.
        through: String,
    },
    /// A closed shard without records has gone: DescribeStream no longer lists it, or soon will not.
    Gone {
        /// The shard.
        shard: String,
    },
    /// All iterators handed out so far expired.
    IteratorsExpired,
    /// A stream was disabled.
    Disabled {
        /// Its ARN.
        stream: String,
    },
    /// A stream was deleted, with all its records.
    Deleted {
        /// Its ARN.
        stream: String,
    },
    /// A request was answered.
    Answered {
        /// The operation's name, such as `GetRecords`.
        operation: String,
        /// The shard that the request was for.
        shard: Option<String>,
        /// The answer.
        answer: ShardAnswer,
    },
}

/// The answer to a request of a stream's client.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShardAnswer {
    /// GetRecords: a page of records.
    Records {
        /// Their number.
        records: usize,
        /// The sequence number of the last of them.
        through: Option<String>,
        /// The shard ends here: there is no iterator to go on.
        is_end: bool,
    },
    /// GetShardIterator: an iterator.
    Iterator,
    /// DescribeStream: a page of shards, and their number.
    Shards(usize),
    /// ListStreams: a page of streams, and their number.
    Streams(usize),
    /// An error with this code, such as `ExpiredIteratorException`.
    Error(String),
    /// No answer: the connection broke, or the request hangs.
    None,
}

impl fmt::Display for LoggedShardEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>12.3} s  {}", self.at.as_secs_f64(), self.event)
    }
}

impl fmt::Display for ShardEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opened { shard, parent: Some(parent) } => write!(f, "{shard} opened, a child of {parent}"),
            Self::Opened { shard, parent: None } => write!(f, "{shard} opened"),
            Self::Closed { shard, ending } => write!(f, "{shard} closed at {ending}"),
            Self::Trimmed { shard, records, through } => {
                write!(f, "{shard} lost {records} records through {through}")
            }
            Self::Gone { shard } => write!(f, "{shard} has gone"),
            Self::IteratorsExpired => f.write_str("all iterators expired"),
            Self::Disabled { stream } => write!(f, "{stream} disabled"),
            Self::Deleted { stream } => write!(f, "{stream} deleted"),
            Self::Answered { operation, shard: Some(shard), answer } => {
                write!(f, "{operation} of {shard}: {answer}")
            }
            Self::Answered { operation, shard: None, answer } => write!(f, "{operation}: {answer}"),
        }
    }
}

impl fmt::Display for ShardAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Records { records, through, is_end } => {
                write!(f, "{records} records")?;
                if let Some(through) = through {
                    write!(f, " through {through}")?;
                }
                f.write_str(if *is_end { ", the end" } else { "" })
            }
            Self::Iterator => f.write_str("an iterator"),
            Self::Shards(shards) => write!(f, "{shards} shards"),
            Self::Streams(streams) => write!(f, "{streams} streams"),
            Self::Error(code) => f.write_str(code),
            Self::None => f.write_str("no answer"),
        }
    }
}
