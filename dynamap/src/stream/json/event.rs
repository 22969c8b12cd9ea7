use super::{
    delivered::delivered_record,
    members::{MemberValue, members, pass, string, without_mark},
    time::time,
};
use crate::{error::DecodeError, stream::StreamRecord, wire::JsonReader};
use std::{borrow::Cow, fmt, slice, time::SystemTime, vec};

/// An event of AWS Lambda: records of one shard, in their order, and with tumbling windows the window that they are in.
///
/// `R` is a record, or what it was read as.
pub struct StreamEvent<'a, R = StreamRecord<'a>> {
    records: Vec<R>,
    window: Option<TimeWindow>,
    state: Option<&'a str>,
    shard_id: Option<Cow<'a, str>>,
    is_final_invoke_for_window: bool,
    is_window_terminated_early: bool,
}

/// A tumbling window: the time of the records that one state is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeWindow {
    /// The time at which it begins.
    pub start: SystemTime,
    /// The time at which it ends, which is not in it.
    pub end: SystemTime,
}

impl<'a, R> StreamEvent<'a, R> {
    /// The records in their order.
    pub fn records(&self) -> &[R] {
        &self.records
    }

    /// The tumbling window that the records are in, if the event source mapping has one (`TumblingWindowInSeconds`).
    pub fn window(&self) -> Option<TimeWindow> {
        self.window
    }

    /// The state that the function returned for the records before, in their window, as JSON. It may hold values: keep it out
    /// of logs.
    pub fn state_unredacted(&self) -> Option<&'a str> {
        self.state
    }

    /// The shard of the records, which Lambda tells with tumbling windows.
    pub fn shard_id(&self) -> Option<&str> {
        self.shard_id.as_deref()
    }

    /// True of the last event of a window: the state is final.
    pub fn is_final_invoke_for_window(&self) -> bool {
        self.is_final_invoke_for_window
    }

    /// True if Lambda ended the window before its time, since its state became too large.
    pub fn is_window_terminated_early(&self) -> bool {
        self.is_window_terminated_early
    }
}

impl<R> IntoIterator for StreamEvent<'_, R> {
    type Item = R;
    type IntoIter = vec::IntoIter<R>;

    fn into_iter(self) -> Self::IntoIter {
        self.records.into_iter()
    }
}

impl<'e, R> IntoIterator for &'e StreamEvent<'_, R> {
    type Item = &'e R;
    type IntoIter = slice::Iter<'e, R>;

    fn into_iter(self) -> Self::IntoIter {
        self.records.iter()
    }
}

/// Shows the places of the records, and no value.
impl<R: fmt::Debug> fmt::Debug for StreamEvent<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamEvent")
            .field("records", &self.records)
            .field("window", &self.window)
            .field("shard_id", &self.shard_id)
            .field("is_final_invoke_for_window", &self.is_final_invoke_for_window)
            .field("is_window_terminated_early", &self.is_window_terminated_early)
            .finish_non_exhaustive()
    }
}

/// Reads the records of a Lambda event from its JSON, which they borrow.
///
/// A record that is damaged leaves the others as they are: it is an error when its
/// [changes](StreamRecord::changes) are read.
///
/// An event of a Kinesis data stream, to which DynamoDB sends records, is read as well: each of its records carries one.
///
/// ```
/// # use dynamap::{Entity, TableSchema};
/// use dynamap::stream::{Change, NewImage, json};
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", sort_key = "sk")]
/// # pub struct Shop;
///
/// #[derive(Debug, PartialEq, Entity)]
/// #[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "ORDER#{number}")]
/// pub struct Order {
///     pub customer: String,
///     pub number: u32,
/// }
///
/// let event = br#"{"Records": [{
///     "eventID": "c4ca4238a0b923820dcc509a6f75849b",
///     "eventName": "INSERT",
///     "eventSource": "aws:dynamodb",
///     "dynamodb": {
///         "ApproximateCreationDateTime": 1479499740,
///         "Keys": {"pk": {"S": "CUSTOMER#ada"}, "sk": {"S": "ORDER#0000000007"}},
///         "NewImage": {
///             "pk": {"S": "CUSTOMER#ada"}, "sk": {"S": "ORDER#0000000007"}, "entity_type": {"S": "Order"},
///             "customer": {"S": "ada"}, "number": {"N": "7"}
///         },
///         "SequenceNumber": "4421584500000000017450439091",
///         "StreamViewType": "NEW_IMAGE"
///     }
/// }]}"#;
///
/// for record in &json::lambda_event(event)? {
///     for change in record.changes::<Order, NewImage>()? {
///         assert_eq!(change.key.number, 7);
///         assert_eq!(change.change, Change::Insert { new: Order { customer: "ada".into(), number: 7 } });
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The bytes are not JSON, or not that of an event: an object with `Records`, which is a list.
pub fn lambda_event(json: &[u8]) -> Result<StreamEvent<'_>, DecodeError> {
    let mut r = JsonReader::new(without_mark(json))?;
    event(&mut r, |index, r| Ok(StreamRecord { index: Some(index), ..delivered_record(r)? }))
}

/// Reads an event, each record of it by `record`, which is told its place.
///
/// # Errors
/// The text is not that of an event, or `record` returns an error.
pub(super) fn event<'a, R>(
    r: &mut JsonReader<'a>,
    mut record: impl FnMut(usize, &mut JsonReader<'a>) -> Result<R, DecodeError>,
) -> Result<StreamEvent<'a, R>, DecodeError> {
    let mut event = StreamEvent {
        records: Vec::new(),
        window: None,
        state: None,
        shard_id: None,
        is_final_invoke_for_window: false,
        is_window_terminated_early: false,
    };
    let mut has_records = false;
    let read = members(r, |name, r| {
        match name {
            "Records" => {
                event.records.clear();
                has_records = records(&mut event.records, r, &mut record)?;
            }
            "window" => event.window = window(r)?,
            "state" => event.state = Some(pass(r)?),
            "shardId" => event.shard_id = string(r)?.value(),
            "isFinalInvokeForWindow" => event.is_final_invoke_for_window = pass(r)? == "true",
            "isWindowTerminatedEarly" => event.is_window_terminated_early = pass(r)? == "true",
            _ => {
                pass(r)?;
            }
        }
        Ok(())
    })?;
    r.scanner.finish()?;
    match (read, has_records) {
        (MemberValue::Value(()), true) => Ok(event),
        _ => Err(DecodeError::new("an event with a list of `Records`", "another JSON value")),
    }
}

/// Reads the list of records that comes next; false if it is another value.
fn records<'a, R>(
    records: &mut Vec<R>,
    r: &mut JsonReader<'a>,
    record: &mut impl FnMut(usize, &mut JsonReader<'a>) -> Result<R, DecodeError>,
) -> Result<bool, DecodeError> {
    r.scanner.pass_whitespace();
    if r.scanner.peek() != b'[' {
        pass(r)?;
        return Ok(false);
    }
    let mut first = true;
    r.scanner.expect(b'[', "`[`")?;
    while r.scanner.next_member(&mut first, b']')? {
        records.push(record(records.len(), r)?);
    }
    Ok(true)
}

fn window(r: &mut JsonReader<'_>) -> Result<Option<TimeWindow>, DecodeError> {
    let (mut start, mut end) = (None, None);
    members(r, |name, r| {
        match name {
            "start" => start = string(r)?.value().and_then(|text| time(&text)),
            "end" => end = string(r)?.value().and_then(|text| time(&text)),
            _ => {
                pass(r)?;
            }
        }
        Ok(())
    })?;
    Ok(start.zip(end).map(|(start, end)| TimeWindow { start, end }))
}
