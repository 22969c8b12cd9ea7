#![doc = include_str!("shards.md")]

mod answer;
mod error;
mod layer;
mod log;
mod moment;
mod plan;
mod random_event;
mod rates;
mod record;
mod request;
mod serving;
mod shard;
mod source;
mod state;
mod stream;

use std::fmt;
use std::sync::Arc;

use aws_sdk_dynamodb::config::retry::RetryPartition;
use aws_sdk_dynamodbstreams::types::{Record, StreamViewType};
use serde_json::json;

pub use error::ShardModelError;
pub use log::{LoggedShardEvent, ShardAnswer, ShardEvent};
pub use plan::ShardPlan;
pub use rates::{ShardEventKind, ShardRates};

use crate::config;
use crate::connector::InProcessHttpClient;
use crate::local::{Local, retry_partition};
use crate::streams::sequence;
use crate::transport::SharedTransport;
use layer::ShardLayer;
use moment::Moment;
use shard::ShardState;
use stream::{AboutStream, StreamState};

/// The first number of a stream without a database: soon its numbers get a digit more, which a comparison as text
/// puts into the wrong order.
const FIRST_SEQUENCE: u128 = 999_999_999_999_999_999_000;

impl Local {
    /// Distributes the records of this database's streams over shards that split, merge, roll over and are trimmed.
    /// Returns the handle of the model.
    ///
    /// The clients of the returned [`Local`] see the shards of the model. The original's see one shard for each stream.
    /// See [`shards`](crate::shards) for an example.
    #[must_use]
    pub fn with_shards(&self, plan: ShardPlan) -> (Self, ShardModel) {
        let layer = Arc::new(ShardLayer::on_engine(self.transport(), self.engine.clone(), plan));
        let local = self.wrap(|_| layer.clone());
        let retry_partition = local.retry_partition.clone();
        (local, ShardModel { layer, retry_partition })
    }
}

/// A model of the shards of DynamoDB Streams. Clones share it.
#[derive(Clone)]
pub struct ShardModel {
    layer: Arc<ShardLayer>,
    retry_partition: RetryPartition,
}

/// The place of a record in a [`ShardModel`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlacedRecord {
    /// The shard's id.
    pub shard: String,
    /// The record's sequence number.
    pub sequence_number: String,
}

/// A shard of a [`ShardModel`], as it is: DescribeStream may tell of it later.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModelShard {
    /// The shard's id.
    pub id: String,
    /// The shard that it names as its parent, which may have gone.
    pub parent: Option<String>,
    /// Its `StartingSequenceNumber`.
    pub starting: String,
    /// Its `EndingSequenceNumber`; none while the shard is open.
    pub ending: Option<String>,
    /// The number of records that it still has.
    pub records: usize,
    /// True if the shard has gone, with all its records.
    pub is_gone: bool,
}

impl ShardModel {
    /// A model without a database: its records are those that [`put_record`](Self::put_record) puts into it.
    #[must_use]
    pub fn new(plan: ShardPlan) -> Self {
        Self { layer: Arc::new(ShardLayer::alone(plan)), retry_partition: retry_partition() }
    }

    /// A client of DynamoDB Streams that reads the shards of this model.
    #[must_use]
    pub fn streams_client(&self) -> aws_sdk_dynamodbstreams::Client {
        aws_sdk_dynamodbstreams::Client::from_conf(self.streams_config().build())
    }

    /// The configuration of [`streams_client`](Self::streams_client), for callers who change retries, timeouts or
    /// interceptors; otherwise as that of [`Local::streams_config`].
    #[must_use]
    pub fn streams_config(&self) -> aws_sdk_dynamodbstreams::config::Builder {
        let http_client = InProcessHttpClient::new(self.transport());
        config::streams(self.retry_partition.clone(), http_client)
    }

    /// The transport of the client's requests, for sending a request without the SDK.
    #[must_use]
    pub fn transport(&self) -> SharedTransport {
        self.layer.clone()
    }

    /// Adds a stream to a model without a database. Returns its ARN.
    ///
    /// The partition key's attribute decides the shard of each record. A second stream of a table has another ARN.
    pub fn create_stream(&self, table: &str, partition_key: &str, view: StreamViewType) -> String {
        self.layer.with_state(None, |state, now| {
            let label = format!("2026-01-01T00:00:00.{:03}", state.streams().len());
            let arn = format!("arn:aws:dynamodb:us-east-1:000000000000:table/{table}/stream/{label}");
            let about = AboutStream {
                arn: arn.clone(),
                label,
                table: table.to_owned(),
                view: view.as_str().to_owned(),
                key_schema: json!([{ "AttributeName": partition_key, "KeyType": "HASH" }]),
                created: state.time(now).epoch,
            };
            state.add(about, FIRST_SEQUENCE, now);
            arn
        })
    }

    /// Puts a record into the open shard of its partition key. Returns its place.
    ///
    /// The record needs an event name, `Keys`, and the images of its item. The model sets the sequence number and the view
    /// type, leaves out the images that the view does not have, and fills in all else that is missing, such as the time.
    ///
    /// # Errors
    /// [`ShardModelError::UnknownStream`] and [`ShardModelError::DisabledStream`].
    pub fn put_record(&self, stream_arn: &str, record: &Record) -> Result<PlacedRecord, ShardModelError> {
        let record = record::of_sdk(record);
        let place = self.layer.with_state(None, |state, now| state.put(stream_arn, record, 0, now))?;
        Ok(PlacedRecord { shard: place.shard, sequence_number: sequence::text(place.sequence) })
    }

    /// Splits an open shard: it closes, and two children share its keys. Returns their ids.
    ///
    /// # Errors
    /// [`ShardModelError`] if there is no such open shard, or if it cannot be split any more.
    pub fn split(&self, shard: &str) -> Result<[String; 2], ShardModelError> {
        self.change_shard(shard, |stream, moment| stream.split(shard, moment))
    }

    /// Closes an open shard, and opens its only child, as DynamoDB does about every four hours. Returns the child's id.
    ///
    /// # Errors
    /// [`ShardModelError`] if there is no such open shard.
    pub fn roll_over(&self, shard: &str) -> Result<String, ShardModelError> {
        self.change_shard(shard, |stream, moment| stream.roll_over(shard, moment))
    }

    /// Merges two open shards of a stream: both close, and one child has the keys of both. Returns the child's id.
    ///
    /// DynamoDB: a shard names one parent, so the child names `shard` only. A reader that reads each parent before its
    /// children would not wait for `other`. Therefore `other`, and those of its ancestors that are not ancestors of
    /// `shard` as well, must have no records left.
    ///
    /// # Errors
    /// [`ShardModelError::RecordsOutOfOrder`] if they have, and others if these are not two open shards of one stream.
    pub fn merge(&self, shard: &str, other: &str) -> Result<String, ShardModelError> {
        let mismatch = || ShardModelError::Mismatch(shard.to_owned(), other.to_owned());
        self.change_shard(shard, |stream, moment| match stream.shard(other) {
            Some(_) if shard != other => stream.merge([shard, other], moment),
            _ => Err(mismatch()),
        })
    }

    /// Trims the records of a stream that are older than this sequence number, as if they were older than a day, and
    /// takes out closed shards that end before it.
    ///
    /// # Errors
    /// [`ShardModelError::UnknownStream`], and [`ShardModelError::SequenceNumber`] if the text is not one.
    pub fn trim_before(&self, stream_arn: &str, sequence_number: &str) -> Result<(), ShardModelError> {
        let number = sequence::parse(sequence_number);
        let number = number.ok_or_else(|| ShardModelError::SequenceNumber(sequence_number.to_owned()))?;
        self.change_stream(stream_arn, |stream, moment| {
            stream.trim_before(number, moment);
            Ok(())
        })
    }

    /// Trims all records of a shard. A closed one stays in the list until its time has come.
    ///
    /// # Errors
    /// [`ShardModelError::UnknownShard`].
    pub fn trim_shard(&self, shard: &str) -> Result<(), ShardModelError> {
        self.change_shard(shard, |stream, moment| stream.trim_shard(shard, moment))
    }

    /// Expires all iterators that have been handed out so far.
    pub fn expire_iterators(&self) {
        self.layer.with_state(None, |state, now| state.expire_iterators(now));
    }

    /// Disables a stream: its shards close, and can be read to their end.
    ///
    /// # Errors
    /// [`ShardModelError::UnknownStream`].
    pub fn disable(&self, stream_arn: &str) -> Result<(), ShardModelError> {
        self.change_stream(stream_arn, |stream, moment| {
            stream.disable(moment);
            Ok(())
        })
    }

    /// Deletes a stream: from now on each request for it is answered with a `ResourceNotFoundException`.
    ///
    /// A stream of a database comes back with the next request; disable it there, or delete its table.
    pub fn delete(&self, stream_arn: &str) {
        self.layer.with_state(None, |state, now| state.delete(stream_arn, now));
    }

    /// The shards of a stream in the order in which they opened, those that have gone included.
    ///
    /// Empty if there is no such stream.
    #[must_use]
    pub fn shards(&self, stream_arn: &str) -> Vec<ModelShard> {
        self.layer.with_state(Some(stream_arn), |state, _| {
            state
                .stream(stream_arn)
                .map(|stream| stream.shards.iter().map(described).collect())
                .unwrap_or_default()
        })
    }

    /// The events so far, in their order.
    #[must_use]
    pub fn log(&self) -> Vec<LoggedShardEvent> {
        self.layer.state_as_left(|state| state.log.clone())
    }

    /// The events behind the first `seen` ones, for a test that looks at them while they happen.
    #[must_use]
    pub fn log_after(&self, seen: usize) -> Vec<LoggedShardEvent> {
        self.layer.state_as_left(|state| state.log.get(seen..).unwrap_or_default().to_vec())
    }

    /// The seed of a random plan.
    #[must_use]
    pub fn seed(&self) -> Option<u64> {
        self.layer.state_as_left(|state| state.plan.seed())
    }

    /// Stops random events, and shards from rolling over by themselves, until [`resume`](Self::resume). Records are still
    /// trimmed, and iterators still expire, when their time has come.
    pub fn stop(&self) {
        self.layer.state_as_left(|state| state.stopped = true);
    }

    /// Goes on with the plan where it was stopped.
    pub fn resume(&self) {
        self.layer.state_as_left(|state| state.stopped = false);
    }

    fn change_stream<T>(
        &self,
        arn: &str,
        change: impl FnOnce(&mut StreamState, &mut Moment<'_>) -> Result<T, ShardModelError>,
    ) -> Result<T, ShardModelError> {
        self.layer.with_state(Some(arn), |state, now| {
            let (streams, mut moment) = state.parts(now);
            let stream = streams.iter_mut().find(|stream| stream.about.arn == arn);
            change(stream.ok_or_else(|| ShardModelError::UnknownStream(arn.to_owned()))?, &mut moment)
        })
    }

    fn change_shard<T>(
        &self,
        shard: &str,
        change: impl FnOnce(&mut StreamState, &mut Moment<'_>) -> Result<T, ShardModelError>,
    ) -> Result<T, ShardModelError> {
        let stream = self.layer.with_state(None, |state, _| {
            let stream = state.streams().iter().find(|stream| stream.shard(shard).is_some());
            stream.map(|stream| stream.about.arn.clone())
        });
        self.change_stream(&stream.ok_or_else(|| ShardModelError::UnknownShard(shard.to_owned()))?, change)
    }
}

fn described(shard: &ShardState) -> ModelShard {
    ModelShard {
        id: shard.id.clone(),
        parent: shard.lineage.parent.clone(),
        starting: sequence::text(shard.starting),
        ending: shard.closing.as_ref().map(|closing| sequence::text(closing.ending)),
        records: shard.len(),
        is_gone: shard.gone_at.is_some(),
    }
}

impl fmt::Debug for ShardModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.layer.fmt(f)
    }
}
