//! DescribeTable.

use crate::{
    call::{Backoff, Capacity, Explanation, Handle},
    direct::{DESCRIBE_TABLE, NullReceiver, customized},
    error::{SchemaMismatch, ServiceError},
    outcome::Result,
    schema::{IndexProjection, KeyAttribute, TableSchema},
};
use aws_sdk_dynamodb::{
    operation::describe_table::{DescribeTableError, builders::DescribeTableFluentBuilder},
    types::{
        IndexStatus, KeySchemaElement, KeyType, Projection, ProjectionType, TableDescription, TableStatus,
    },
};
use std::{fmt, marker::PhantomData, time::Duration};
use tokio::time::Instant;

/// The default time to wait for a table.
pub(super) const TIMEOUT: Duration = Duration::from_secs(300);

/// The pauses between two requests. They have no jitter: they delay no other caller.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(3));

/// Waits until a table and its indexes are active.
///
/// [DescribeTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html) requests,
/// with pauses that grow up to three seconds (exponential backoff). They cost no capacity units.
#[must_use = "a request does nothing until it is sent"]
pub struct WaitUntilActive<S> {
    handle: Handle,
    timeout: Duration,
    of: PhantomData<fn() -> S>,
}

impl<S> fmt::Debug for WaitUntilActive<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitUntilActive")
            .field("table", &self.handle.table)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl<S: TableSchema> WaitUntilActive<S> {
    pub(crate) fn new(handle: Handle) -> Self {
        Self { handle, timeout: TIMEOUT, of: PhantomData }
    }

    /// Waits at most this long. Default: five minutes.
    pub fn retry_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The SDK's builder with the request, which is repeated.
    pub fn into_sdk(self) -> DescribeTableFluentBuilder {
        self.handle.client.describe_table().table_name(&*self.handle.table)
    }

    /// The request that would be sent again and again. Nothing is sent.
    pub fn explain(self) -> Explanation {
        Explanation::new(DESCRIBE_TABLE.name, self.into_sdk().get_table_name(), Capacity::None)
    }

    /// Sends DescribeTable until the table and its indexes are active and as their schema says.
    ///
    /// # Errors
    /// [`Error::SchemaMismatch`](crate::Error::SchemaMismatch): the table has other keys or indexes.
    /// [`ServiceErrorKind::TimedOut`](crate::error::ServiceErrorKind): it is not active in time. Otherwise a request
    /// fails.
    pub async fn send(self) -> Result<()> {
        wait_until_active::<S>(&self.handle, self.timeout).await
    }
}

pub(super) async fn wait_until_active<S: TableSchema>(handle: &Handle, timeout: Duration) -> Result<()> {
    let deadline = Instant::now() + timeout;
    let mut backoff = BACKOFF;
    loop {
        let mut state = "there is no such table".to_owned();
        // DynamoDB: a table that was just created may still be unknown to DescribeTable.
        if let Some(table) = describe(handle).await? {
            check::<S>(handle, &table)?;
            match inactive(&table) {
                None => return Ok(()),
                Some(inactive) => state = inactive,
            }
        }
        let pause = backoff.limit();
        if Instant::now() + pause > deadline {
            return Err(ServiceError::not_in_time(DESCRIBE_TABLE.name, &handle.table, &state).into());
        }
        handle.timer().sleep(pause).await;
        backoff.grow();
    }
}

/// The table, or `None` if there is none.
pub(super) async fn describe(handle: &Handle) -> Result<Option<TableDescription>> {
    let exchange = handle.exchange(&DESCRIBE_TABLE, NullReceiver);
    let request = handle.client.describe_table().table_name(&*handle.table);
    match customized!(request, exchange) {
        Ok(output) => Ok(output.table),
        Err(error)
            if error.as_service_error().is_some_and(DescribeTableError::is_resource_not_found_exception) =>
        {
            Ok(None)
        }
        Err(error) => Err(handle.error(&exchange, error).into()),
    }
}

/// The part of the table that is not active, and its status.
fn inactive(table: &TableDescription) -> Option<String> {
    if table.table_status() != Some(&TableStatus::Active) {
        return Some(format!("it is {}", table.table_status().map_or("UNKNOWN", TableStatus::as_str)));
    }
    let mut indexes = table.global_secondary_indexes().iter();
    let index = indexes.find(|index| index.index_status() != Some(&IndexStatus::Active))?;
    let status = index.index_status().map_or("UNKNOWN", IndexStatus::as_str);
    Some(format!("index `{}` is {status}", index.index_name().unwrap_or_default()))
}

/// Compares the table with its schema: keys and indexes. More indexes than the schema has do no harm.
fn check<S: TableSchema>(handle: &Handle, table: &TableDescription) -> Result<(), SchemaMismatch> {
    let mismatch = |part: String, expected: String, found: String| {
        if expected == found {
            Ok(())
        } else {
            Err(SchemaMismatch::new(&handle.table, part, expected, found))
        }
    };
    let described = |elements: &[KeySchemaElement]| describe_elements(elements, table);
    mismatch(
        "primary key".into(),
        describe_key(&[S::PARTITION_KEY], S::SORT_KEY.as_slice()),
        described(table.key_schema()),
    )?;
    for index in S::INDEXES {
        let part = format!("index `{}`", index.name);
        let global =
            table.global_secondary_indexes().iter().find(|found| found.index_name() == Some(index.name));
        let local =
            table.local_secondary_indexes().iter().find(|found| found.index_name() == Some(index.name));
        let (key_schema, projection) = match (index.local, global, local) {
            (false, Some(found), _) => (found.key_schema(), found.projection()),
            (true, _, Some(found)) => (found.key_schema(), found.projection()),
            (false, None, _) => return mismatch(part, "a global index".into(), "none".into()),
            (true, _, None) => return mismatch(part, "a local index".into(), "none".into()),
        };
        mismatch(
            format!("key of {part}"),
            describe_key(index.partition_key, index.sort_key),
            described(key_schema),
        )?;
        mismatch(
            format!("projection of {part}"),
            describe_projection(index.projection),
            projection.map(describe_found_projection).unwrap_or_default(),
        )?;
    }
    Ok(())
}

/// A key in words, the same for a schema and for a description by DynamoDB.
fn describe_key(partition_key: &[KeyAttribute], sort_key: &[KeyAttribute]) -> String {
    let list = |attributes: &[KeyAttribute]| {
        let attributes =
            attributes.iter().map(|attribute| format!("`{}` ({})", attribute.name, attribute.data_type));
        attributes.collect::<Vec<_>>().join(", ")
    };
    match sort_key {
        [] => format!("partition key {}", list(partition_key)),
        _ => format!("partition key {} and sort key {}", list(partition_key), list(sort_key)),
    }
}

fn describe_elements(elements: &[KeySchemaElement], table: &TableDescription) -> String {
    let list = |key_type: KeyType| {
        let elements = elements.iter().filter(|element| *element.key_type() == key_type);
        let elements = elements.map(|element| {
            let name = element.attribute_name();
            let mut definitions = table.attribute_definitions().iter();
            let definition = definitions.find(|definition| definition.attribute_name() == name);
            let data_type = definition.map_or("?", |definition| definition.attribute_type().as_str());
            format!("`{name}` ({data_type})")
        });
        elements.collect::<Vec<_>>().join(", ")
    };
    match list(KeyType::Range).as_str() {
        "" => format!("partition key {}", list(KeyType::Hash)),
        sort_key => format!("partition key {} and sort key {sort_key}", list(KeyType::Hash)),
    }
}

fn describe_projection(projection: IndexProjection) -> String {
    match projection {
        IndexProjection::All => "all attributes".into(),
        IndexProjection::KeysOnly => "keys only".into(),
        IndexProjection::Include(names) => included(names.iter().copied()),
    }
}

fn describe_found_projection(projection: &Projection) -> String {
    match projection.projection_type() {
        Some(ProjectionType::All) | None => "all attributes".into(),
        Some(ProjectionType::KeysOnly) => "keys only".into(),
        Some(_) => included(projection.non_key_attributes().iter().map(String::as_str)),
    }
}

fn included<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    names.sort();
    format!("the attributes {}", names.join(", "))
}
