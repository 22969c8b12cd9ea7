use std::time::Duration;

use aws_smithy_types::base64;

/// A position in a shard, and the age of the iterator that stands for it: the iterator is text that holds both.
pub(crate) struct ShardPosition {
    pub(crate) stream: String,
    pub(crate) shard: String,
    /// The position lies behind this sequence number.
    pub(crate) after: u128,
    pub(crate) issued: Duration,
    /// The number of times that all iterators had expired before.
    pub(crate) generation: u64,
}

impl ShardPosition {
    /// Returns the iterator for this position.
    pub(crate) fn encode(&self) -> String {
        let Self { stream, shard, after, issued, generation } = self;
        // An ARN and a shard's id have no blank.
        base64::encode(format!("{stream} {shard} {after} {} {generation}", issued.as_nanos()))
    }

    /// Reads an iterator. None if the text is not one.
    pub(crate) fn decode(iterator: &str) -> Option<Self> {
        let text = String::from_utf8(base64::decode(iterator).ok()?).ok()?;
        let mut parts = text.split(' ');
        Some(Self {
            stream: parts.next()?.to_owned(),
            shard: parts.next()?.to_owned(),
            after: parts.next()?.parse().ok()?,
            issued: Duration::from_nanos(parts.next()?.parse().ok()?),
            generation: parts.next()?.parse().ok()?,
        })
    }
}
