//! CreateTable, and UpdateTimeToLive after it.

pub(super) mod explain;
mod index_projection;
mod vector_index;

pub(crate) use vector_index::vector_index;

use super::{
    built::built,
    continuous_backups::set_point_in_time_recovery,
    describe_table,
    stream_specification::stream_specification,
    table_settings::{Encryption, RequestUnits, TableSettings},
    table_stream,
    throughput::Throughput,
    time_to_live::enable_time_to_live,
};
use crate::{
    call::{Explanation, Handle, send_about_table},
    direct::{CREATE_TABLE, NullReceiver, RetryAfterUnknown},
    observe::Observing,
    outcome::Result,
    schema::{IndexSchema, KeyAttribute, Provisionable, TableSchema, VectorIndexSchema, primary_key},
    value::DataType,
};
use aws_sdk_dynamodb::{
    operation::create_table::{CreateTableError, builders::CreateTableFluentBuilder},
    types::{
        AttributeDefinition, GlobalSecondaryIndex, KeySchemaElement, KeyType, LocalSecondaryIndex,
        ScalarAttributeType, StreamViewType, Tag,
    },
};
use index_projection::projection;
use std::{fmt, pin::pin, time::Duration};

/// Creates the table of a schema with its indexes, unless it is there already.
///
/// One [DescribeTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html)
/// request; if there is no such table, one
/// [CreateTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html) request;
/// then DescribeTable until the table and its indexes are active. If the schema has a time to live,
/// [DescribeTimeToLive](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html)
/// and, where it is off, UpdateTimeToLive. None of them costs capacity units.
///
/// ```
/// use dynamap::{Index, Table, TableSchema};
/// # use dynamap_local::Local;
///
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", indexes(ByStatus))]
/// pub struct Shop;
///
/// #[derive(Index)]
/// #[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
/// pub struct ByStatus;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// assert!(shop.create_table_if_absent().send().await?);       // on demand, with the index and the time to live
/// assert!(!shop.create_table_if_absent().send().await?);      // it is there, with these keys
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
#[doc(alias("CreateTable", "UpdateTimeToLive"))]
pub struct CreateTableIfAbsent<S> {
    handle: Handle,
    settings: TableSettings<S>,
    timeout: Duration,
}

impl<S> fmt::Debug for CreateTableIfAbsent<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateTableIfAbsent")
            .field("table", &self.handle.table)
            .field("settings", &self.settings)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl<S: TableSchema> CreateTableIfAbsent<S> {
    pub(crate) fn new(handle: Handle) -> Self {
        Self { handle, settings: TableSettings::new(), timeout: describe_table::TIMEOUT }
    }

    /// Gives the table and each global secondary index a provisioned throughput, in read and write capacity units per
    /// second. Default: on demand.
    ///
    /// DynamoDB has vector indexes only on tables that are on demand.
    pub fn provisioned(self, read_units: i64, write_units: i64) -> Self
    where
        S: Provisionable,
    {
        self.throughput(Throughput::Provisioned { read: read_units, write: write_units })
    }

    /// Gives the table this billing mode; provisioned throughput is that of the table and of each global secondary index.
    /// Default: on demand.
    ///
    /// A table that is there keeps its own: [`update_throughput`](crate::Table::update_throughput) changes it.
    pub fn throughput(mut self, throughput: Throughput) -> Self
    where
        S: Provisionable,
    {
        self.settings = self.settings.throughput(throughput);
        self
    }

    /// Gives the table a stream of its changes with this view type. Default: none.
    ///
    /// If the table is there and has no stream, it is [enabled](crate::Table::enable_stream).
    pub fn stream(mut self, view: StreamViewType) -> Self {
        self.settings = self.settings.stream(view);
        self
    }

    /// Gives the table these settings, in the place of those before. A table that is there keeps its own, but for a stream and a
    /// point-in-time recovery that it lacks: [`update_table`](crate::Table::update_table) changes the others.
    ///
    /// Tags are given with the creation. Point-in-time recovery takes one
    /// [DescribeContinuousBackups](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html)
    /// request more and, where it is off, UpdateContinuousBackups.
    pub fn settings(mut self, settings: TableSettings<S>) -> Self {
        self.settings = settings;
        self
    }

    /// Waits at most this long for the table to be active. Default: five minutes.
    pub fn retry_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The SDK's builder with the CreateTable request.
    pub fn into_sdk(self) -> CreateTableFluentBuilder {
        let settings = &self.settings;
        let (local, global): (Vec<IndexSchema>, Vec<IndexSchema>) =
            S::INDEXES.iter().partition(|index| index.local);
        let throughput = settings.throughput.unwrap_or(Throughput::OnDemand);
        let global: Vec<_> = global.iter().map(|index| global_index(index, settings)).collect();
        let local: Vec<_> = local.iter().map(local_index).collect();
        let vector: Vec<_> = S::VECTOR_INDEXES.iter().map(vector_index).collect();
        let definitions = key_attributes::<S>().into_iter().map(attribute_definition);
        let tags: Vec<Tag> = settings.present_tags().map(tag).collect();
        self.handle
            .client
            .create_table()
            .table_name(&*self.handle.table)
            .set_key_schema(Some(key_schema(&[S::PARTITION_KEY], S::SORT_KEY.as_slice())))
            .set_attribute_definitions(Some(definitions.collect()))
            .billing_mode(throughput.billing_mode())
            .set_provisioned_throughput(throughput.provisioned())
            .set_on_demand_throughput(settings.on_demand_maximum.and_then(RequestUnits::new_maximum))
            .set_warm_throughput(settings.warm_throughput.map(RequestUnits::warm))
            .set_stream_specification(settings.stream.clone().flatten().map(stream_specification))
            .set_sse_specification(settings.encryption.as_ref().map(Encryption::specification))
            .set_table_class(settings.table_class.clone())
            .set_deletion_protection_enabled(settings.deletion_protection)
            .set_tags((!tags.is_empty()).then_some(tags))
            .set_global_secondary_indexes((!global.is_empty()).then_some(global))
            .set_local_secondary_indexes((!local.is_empty()).then_some(local))
            .set_vector_indexes((!vector.is_empty()).then_some(vector))
    }

    /// The CreateTable request that would be sent if the table is absent. Nothing is sent.
    pub fn explain(self) -> Explanation {
        explain::explanation(&self.into_sdk())
    }

    /// Creates the table and waits until it is active; true if it was created by this call.
    ///
    /// # Errors
    /// [`Error::InvalidThroughput`](crate::Error::InvalidThroughput): a provisioned throughput is less than one unit; no
    /// request was sent.
    /// [`Error::SchemaMismatch`](crate::Error::SchemaMismatch): the table is there with other keys or indexes, or has
    /// its time to live in another attribute, or a stream of another view type.
    /// [`ServiceErrorKind::TimedOut`](crate::error::ServiceErrorKind): it is not active in time. Otherwise a request
    /// fails.
    pub async fn send(self) -> Result<bool> {
        let observing = Observing::call("CreateTableIfAbsent", &self.handle.table);
        observing.watch(pin!(self.run()), |_| 0).await
    }

    async fn run(self) -> Result<bool> {
        self.settings.check()?;
        let (handle, timeout, settings) = (self.handle.clone(), self.timeout, self.settings.clone());
        let created = match describe_table::describe(&handle).await? {
            Some(_) => false,
            None => create(&handle, self.into_sdk()).await?,
        };
        describe_table::wait_until_active::<S>(&handle, timeout).await?;
        if let Some(Some(view)) = settings.stream {
            table_stream::enable::<S>(&handle, view, timeout).await?;
        }
        if let Some(attribute) = S::TTL {
            enable_time_to_live(&handle, attribute).await?;
        }
        if let Some(recovery) = settings.point_in_time_recovery {
            set_point_in_time_recovery(&handle, recovery, timeout).await?;
        }
        Ok(created)
    }
}

async fn create(handle: &Handle, request: CreateTableFluentBuilder) -> Result<bool> {
    let mut handle = handle.clone();
    let observing = handle.observe(&CREATE_TABLE, None);
    observing.watch(pin!(create_once(&handle, request)), |_| 0).await
}

async fn create_once(handle: &Handle, request: CreateTableFluentBuilder) -> Result<bool> {
    let exchange =
        handle.write_exchange(&CREATE_TABLE, (RetryAfterUnknown::Always, None), Vec::new(), NullReceiver);
    match send_about_table!(handle, request, exchange) {
        Ok(_) => Ok(true),
        // Another caller has created the table in between.
        Err(error)
            if error.as_service_error().is_some_and(CreateTableError::is_resource_in_use_exception) =>
        {
            Ok(false)
        }
        Err(error) => Err(handle.error(&exchange, error).into()),
    }
}

/// The key attributes of the table and its indexes, and the search schemas of its vector indexes, each once.
pub(crate) fn key_attributes<S: TableSchema>() -> Vec<KeyAttribute> {
    let table = primary_key::<S>();
    let indexes =
        S::INDEXES.iter().flat_map(|index| index.partition_key.iter().chain(index.sort_key)).copied();
    let searched = S::VECTOR_INDEXES.iter().flat_map(VectorIndexSchema::search_schema);
    let mut attributes: Vec<KeyAttribute> = Vec::new();
    for attribute in table.chain(indexes).chain(searched) {
        if !attributes.iter().any(|known| known.name == attribute.name) {
            attributes.push(attribute);
        }
    }
    attributes
}

pub(super) fn key_schema(partition_key: &[KeyAttribute], sort_key: &[KeyAttribute]) -> Vec<KeySchemaElement> {
    let element = |attribute: &KeyAttribute, key_type: KeyType| {
        built(KeySchemaElement::builder().attribute_name(attribute.name).key_type(key_type).build())
    };
    let partition_key = partition_key.iter().map(|attribute| element(attribute, KeyType::Hash));
    partition_key.chain(sort_key.iter().map(|attribute| element(attribute, KeyType::Range))).collect()
}

/// A global secondary index with the settings of its table.
pub(super) fn global_index<S: TableSchema>(
    index: &IndexSchema,
    settings: &TableSettings<S>,
) -> GlobalSecondaryIndex {
    let maximum = settings.on_demand_maximum_of(index.name).and_then(RequestUnits::new_maximum);
    built(
        GlobalSecondaryIndex::builder()
            .index_name(index.name)
            .set_key_schema(Some(key_schema(index.partition_key, index.sort_key)))
            .projection(projection(index.projection))
            .set_provisioned_throughput(settings.throughput_of(index.name).and_then(Throughput::provisioned))
            .set_on_demand_throughput(maximum)
            .set_warm_throughput(settings.warm_throughput_of(index.name).map(RequestUnits::warm))
            .build(),
    )
}

pub(super) fn tag((key, value): (&str, &str)) -> Tag {
    built(Tag::builder().key(key).value(value).build())
}

fn local_index(index: &IndexSchema) -> LocalSecondaryIndex {
    built(
        LocalSecondaryIndex::builder()
            .index_name(index.name)
            .set_key_schema(Some(key_schema(index.partition_key, index.sort_key)))
            .projection(projection(index.projection))
            .build(),
    )
}

pub(super) fn attribute_definition(attribute: KeyAttribute) -> AttributeDefinition {
    built(
        AttributeDefinition::builder()
            .attribute_name(attribute.name)
            .attribute_type(scalar(attribute.data_type))
            .build(),
    )
}

pub(super) fn scalar(data_type: DataType) -> ScalarAttributeType {
    match data_type {
        DataType::N => ScalarAttributeType::N,
        DataType::B => ScalarAttributeType::B,
        _ => ScalarAttributeType::S,
    }
}
