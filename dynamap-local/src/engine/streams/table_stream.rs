use dynoxide::Database;
use serde_json::{Value, json};

use crate::streams::StreamError;

/// The offset from the engine's numbers to sequence numbers, which have 21 digits.
pub(super) const OFFSET: u128 = 100_000_000_000_000_000_000;

/// The stream of a table: the last one that was enabled.
pub(super) struct TableStream {
    pub(super) arn: String,
    pub(super) table: String,
    pub(super) is_enabled: bool,
    pub(super) view: String,
    label: String,
    key_schema: Value,
    created: i64,
}

impl TableStream {
    /// The stream with this ARN.
    pub(super) fn find(database: &Database, arn: &str) -> Result<Self, StreamError> {
        // arn:aws:dynamodb:<region>:<account>:table/<table>/stream/<label>
        let table = arn.split('/').nth(1).unwrap_or_default();
        let stream = Self::of_table(database, table)?.filter(|stream| stream.arn == arn);
        stream.ok_or_else(|| StreamError::no_stream(arn))
    }

    /// The stream of a table. None if it never had one.
    pub(super) fn of_table(database: &Database, table: &str) -> Result<Option<Self>, StreamError> {
        let found = database.get_table_metadata(table).map_err(|error| StreamError::internal(&error))?;
        let stream = found.and_then(|table| {
            let label = table.stream_label?;
            Some(Self {
                arn: dynoxide::streams::stream_arn(&table.table_name, &label),
                is_enabled: table.stream_enabled,
                view: table.stream_view_type.unwrap_or_default(),
                label,
                key_schema: serde_json::from_str(&table.key_schema).unwrap_or_default(),
                created: table.created_at,
                table: table.table_name,
            })
        });
        Ok(stream)
    }

    pub(super) fn summary(&self) -> Value {
        json!({ "StreamArn": self.arn, "TableName": self.table, "StreamLabel": self.label })
    }

    /// The description without shards.
    pub(super) fn description(&self) -> Value {
        let mut description = self.summary();
        description["StreamStatus"] = if self.is_enabled { "ENABLED" } else { "DISABLED" }.into();
        description["StreamViewType"] = self.view.as_str().into();
        description["CreationRequestDateTime"] = self.created.into();
        description["KeySchema"] = self.key_schema.clone();
        description
    }

    /// The id of the only shard, different for each stream of a table.
    pub(super) fn shard_id(&self) -> String {
        format!("shardId-{:020}-{:08x}", self.enabled_micros() / 1000, crc32fast::hash(self.arn.as_bytes()))
    }

    /// The lowest sequence number of the stream. The engine keeps the records of earlier streams of the table, with
    /// numbers below it: numbers begin at the microseconds of the clock, and so does a label.
    pub(super) fn starting(&self) -> u128 {
        OFFSET + u128::from(self.enabled_micros())
    }

    /// The label is the time at which the stream was enabled, in seconds with nine decimals.
    fn enabled_micros(&self) -> u64 {
        let (seconds, nanos) = self.label.split_once('.').unwrap_or((&self.label, "0"));
        let [seconds, nanos] = [seconds, nanos].map(|part| part.parse().unwrap_or(0_u64));
        seconds.saturating_mul(1_000_000).saturating_add(nanos / 1000)
    }
}
