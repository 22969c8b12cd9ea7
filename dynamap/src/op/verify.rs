//! The comparison of a table that is there with its schema: DescribeTable and its like.

mod settings_check;

use settings_check::setting_difference;
pub(super) use settings_check::{name_of, settings_differences, warm_of, warm_of_table};

use super::{
    continuous_backups::point_in_time_recovery,
    describe_table::{self, differences, mend},
    table_settings::TableSettings,
    tags,
    time_to_live::{self, time_to_live},
};
use crate::{
    call::{Capacity, Explanation, Handle},
    direct::DESCRIBE_TABLE,
    error::{
        SchemaDifference, SchemaDifferenceKind, SchemaDifferences, SchemaMismatch, ServiceError, TableSetting,
    },
    observe::Observing,
    outcome::Result,
    schema::TableSchema,
};
use aws_sdk_dynamodb::{
    operation::describe_table::builders::DescribeTableFluentBuilder, types::TableDescription,
};
use std::{fmt, pin::pin};

/// Compares a table with its schema, and with settings where they are given: a value of the differences, each with what would
/// mend it. Nothing is changed.
///
/// One [DescribeTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html) and one
/// [DescribeTimeToLive](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html) request;
/// where the settings have a point-in-time recovery or tags, DescribeContinuousBackups and ListTagsOfResource. None of them
/// costs capacity units.
///
/// ```
/// use dynamap::{Entity, Index, Table, TableSchema, error::SchemaDifferenceKind};
/// # use dynamap_local::Local;
///
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk", indexes(ByStatus), entities(Order))]
/// pub struct Shop;
///
/// #[derive(Index)]
/// #[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
/// pub struct ByStatus;
///
/// #[derive(Entity)]
/// #[dynamap(table = Shop, pk = "ORDER#{number}")]
/// #[dynamap(index = ByStatus, pk = "STATUS#{status}")]
/// pub struct Order {
///     pub number: u32,
///     pub status: String,
/// }
///
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk")]
/// # pub struct Before;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = Local::memory()?.client();
/// # Table::<Before>::new(client.clone(), "shop").create_table_if_absent().send().await?;
/// // The table was created before it had an index.
/// let shop = Table::<Shop>::new(client, "shop");
/// let differences = shop.verify().send().await?;
/// assert_eq!(
///     differences.to_string(),
///     "index `gsi1` of table `shop`: the schema says a global index, DynamoDB has none; to mend it, add it: `update_table`",
/// );
/// let kind = SchemaDifferenceKind::MissingIndex { index: "gsi1".into(), local: false };
/// assert_eq!(differences.as_slice()[0].kind(), &kind);
///
/// shop.update_table().send().await?;
/// assert!(shop.verify().send().await?.is_empty());
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct Verify<S> {
    handle: Handle,
    settings: TableSettings<S>,
}

impl<S: TableSchema> Verify<S> {
    pub(crate) fn new(handle: Handle) -> Self {
        Self { handle, settings: TableSettings::new() }
    }

    /// Compares these settings as well.
    pub fn settings(mut self, settings: TableSettings<S>) -> Self {
        self.settings = settings;
        self
    }

    /// The SDK's builder with the DescribeTable request.
    pub fn into_sdk(self) -> DescribeTableFluentBuilder {
        self.handle.client.describe_table().table_name(&*self.handle.table)
    }

    /// The DescribeTable request that would be sent first. Nothing is sent.
    pub fn explain(self) -> Explanation {
        Explanation::new(DESCRIBE_TABLE.name, self.into_sdk().get_table_name(), Capacity::None)
    }

    /// Returns the differences; none if the table is as its schema and settings say.
    ///
    /// # Errors
    /// A request fails.
    pub async fn send(self) -> Result<SchemaDifferences> {
        let observing = Observing::call("Verify", &self.handle.table);
        observing.watch(pin!(self.run()), |_| 0).await
    }

    async fn run(self) -> Result<SchemaDifferences> {
        let (handle, settings) = (&self.handle, &self.settings);
        let Some(table) = describe_table::describe(handle).await? else {
            let kind = SchemaDifferenceKind::MissingTable;
            let mismatch = SchemaMismatch::new(&handle.table, "existence", "a table", "none");
            let missing =
                SchemaDifference::new(kind, mismatch, mend::of::<S>(&SchemaDifferenceKind::MissingTable));
            return Ok(SchemaDifferences::new(vec![missing]));
        };
        let mut found = differences::<S>(&handle.table, &table);
        found.extend(expiry_difference::<S>(handle).await?);
        found.extend(settings_differences(&handle.table, &table, settings));
        found.extend(recovery_difference::<S>(handle, settings).await?);
        found.extend(tags_difference::<S>(handle, &table, settings).await?.map(|(_, difference)| difference));
        Ok(SchemaDifferences::new(found))
    }
}

/// The difference of the time to live.
pub(super) async fn expiry_difference<S: TableSchema>(
    handle: &Handle,
) -> Result<Option<SchemaDifference>, ServiceError> {
    let found = time_to_live(handle).await?;
    let mismatch = match (S::TTL, found.as_deref()) {
        (expected, found) if expected == found => return Ok(None),
        (Some(expected), found) => time_to_live::mismatch(handle, expected, found),
        (None, found) => {
            let found = format!("the attribute `{}`", found.unwrap_or_default());
            SchemaMismatch::new(&handle.table, "time to live", "none", found)
        }
    };
    let kind = SchemaDifferenceKind::TimeToLive;
    let mend = mend::of::<S>(&kind);
    Ok(Some(SchemaDifference::new(kind, mismatch, mend)))
}

/// The difference of the point-in-time recovery, where the settings have one.
pub(super) async fn recovery_difference<S: TableSchema>(
    handle: &Handle,
    settings: &TableSettings<S>,
) -> Result<Option<SchemaDifference>, ServiceError> {
    let Some(wanted) = settings.point_in_time_recovery else { return Ok(None) };
    let found = point_in_time_recovery(handle).await?;
    let texts = (wanted.to_string(), found.to_string());
    let setting = TableSetting::PointInTimeRecovery;
    Ok((found != wanted).then(|| setting_difference::<S>(&handle.table, setting, texts)))
}

/// The difference of the tags, where the settings have some, with the ARN of the table.
pub(super) async fn tags_difference<'t, S: TableSchema>(
    handle: &Handle,
    table: &'t TableDescription,
    settings: &TableSettings<S>,
) -> Result<Option<(&'t str, SchemaDifference)>, ServiceError> {
    let Some(arn) = table.table_arn().filter(|_| !settings.tags.is_empty()) else { return Ok(None) };
    let found = tags::tags_of(handle, arn).await?;
    let texts = tags::in_words(&settings.tags, &found);
    let differs = !texts.0.is_empty();
    Ok(differs.then(|| (arn, setting_difference::<S>(&handle.table, TableSetting::Tags, texts))))
}

impl<S> fmt::Debug for Verify<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verify")
            .field("table", &self.handle.table)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
