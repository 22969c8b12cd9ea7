//! Changes of a table that is there to what its schema says: UpdateTable, one change after another.

mod request;

use super::{
    continuous_backups::set_point_in_time_recovery,
    describe_table::{self, differences},
    table_settings::TableSettings,
    tags,
    time_to_live::enable_time_to_live,
    update_table::update_table,
    verify::{self, settings_differences},
};
use crate::{
    call::Handle,
    direct::UPDATE_TABLE,
    error::{SchemaDifference, SchemaDifferenceKind, SchemaDifferences, ServiceError, ServiceErrorKind},
    observe::Observing,
    outcome::{Error, Result},
    schema::TableSchema,
};
use aws_sdk_dynamodb::{
    operation::update_table::builders::UpdateTableFluentBuilder, types::TableDescription,
};
use std::{fmt, pin::pin, time::Duration};

/// The default time to wait for each change: adding an index fills it, which takes minutes or more.
const TIMEOUT: Duration = Duration::from_secs(3600);

/// Changes a table that is in use to what its schema and settings say: adds the global secondary indexes that it lacks, enables
/// its time to live, and changes the settings that differ.
///
/// One DescribeTable request; then for each change one request in the order that DynamoDB permits
/// ([UpdateTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html), which takes one index at
/// a time; at last UpdateTimeToLive, UpdateContinuousBackups, TagResource and UntagResource), and DescribeTable until the table
/// and its indexes are active and as wanted. None of them costs capacity units, but filling an index costs a write of each of
/// its entries.
///
/// What is as wanted is not changed. So a call that failed half way is sent again, and goes on where the first one stopped.
/// [`verify`](crate::Table::verify) tells what it would change. It removes nothing, unless
/// [`remove_index`](Self::remove_index) names it, and leaves vector indexes to
/// [`add_vector_index`](crate::Table::add_vector_index).
///
/// ```
/// use dynamap::{Index, Table, TableSchema, op::TableSettings};
/// # use dynamap_local::Local;
///
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk", ttl = "expires_at", indexes(ByStatus))]
/// pub struct Shop;
///
/// #[derive(Index)]
/// #[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
/// pub struct ByStatus;
///
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk")]
/// # pub struct Before;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = Local::memory()?.client();
/// # Table::<Before>::new(client.clone(), "shop").create_table_if_absent().send().await?;
/// // The table was created with its key only.
/// let shop = Table::<Shop>::new(client, "shop");
/// let settings = TableSettings::new().deletion_protection(true).tag("team", "shop");
/// let changed = shop.update_table().settings(settings.clone()).send().await?;
/// assert_eq!(changed.as_slice().len(), 4);      // the protection, the index, the time to live and the tag
/// assert!(shop.update_table().settings(settings).send().await?.is_empty());
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct UpdateTable<S> {
    handle: Handle,
    settings: TableSettings<S>,
    removed: Vec<String>,
    timeout: Duration,
}

impl<S: TableSchema> UpdateTable<S> {
    pub(crate) fn new(handle: Handle) -> Self {
        Self { handle, settings: TableSettings::new(), removed: Vec::new(), timeout: TIMEOUT }
    }

    /// Changes these settings. What they do not say stays as it is.
    pub fn settings(mut self, settings: TableSettings<S>) -> Self {
        self.settings = settings;
        self
    }

    /// Removes a global secondary index that the schema does not have, or has with another key or projection. One of the
    /// schema is then added as the schema says; until it is filled, queries of it fail.
    ///
    /// An index that is as the schema says is not removed. One that is local, or of vectors, is an error.
    pub fn remove_index(mut self, index: impl Into<String>) -> Self {
        self.removed.push(index.into());
        self
    }

    /// Waits at most this long for each change. Default: one hour.
    pub fn retry_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Makes the changes one after another, and returns the differences that they mended; none if the table was as wanted.
    ///
    /// # Errors
    /// [`Error::InvalidThroughput`](crate::Error::InvalidThroughput): DynamoDB would refuse the settings; no request was sent.
    /// [`Error::SchemaMismatch`](crate::Error::SchemaMismatch): the table has a difference that no change of a table in use
    /// mends, such as another primary key, or an index with another key that is not to be removed; or its time to live is in
    /// another attribute. [`ServiceErrorKind::TableNotFound`]: there is no such table. [`ServiceErrorKind::TableInUse`]:
    /// another caller is changing it. [`ServiceErrorKind::TimedOut`]: a change is not done in time. Otherwise a request fails.
    pub async fn send(self) -> Result<SchemaDifferences> {
        let observing = Observing::call("UpdateTable", &self.handle.table);
        observing.watch(pin!(self.run()), |_| 0).await
    }

    async fn run(self) -> Result<SchemaDifferences> {
        self.settings.check()?;
        let handle = &self.handle;
        let Some(table) = describe_table::settled(handle, self.timeout).await? else {
            return Err(ServiceError::absent_table(UPDATE_TABLE.name, &handle.table).into());
        };
        self.refuse_others(&table, |difference| !self.is_removed(&table, difference))?;
        let (table, mut mended) = self.remove_indexes(table).await?;
        let table = self.change_table(table, &mut mended).await?;
        self.change_the_rest(&table, &mut mended).await?;
        Ok(SchemaDifferences::new(mended))
    }

    /// Refuses a table with a difference that no change mends.
    fn refuse_others(
        &self,
        table: &TableDescription,
        is_refused: impl Fn(&SchemaDifference) -> bool,
    ) -> Result<()> {
        let found = differences::<S>(&self.handle.table, table);
        let mut refused = found.into_iter().filter(|difference| {
            (stays(difference.kind()) || self.is_named(difference)) && is_refused(difference)
        });
        refused.next().map_or(Ok(()), |difference| Err(difference.into_mismatch().into()))
    }

    /// True of the difference of an index that is to be removed.
    fn is_named(&self, difference: &SchemaDifference) -> bool {
        index_of(difference).is_some_and(|index| self.removed.iter().any(|removed| removed == index))
    }

    /// True of the difference of an index that is removed. DynamoDB: a local index stays as long as its table.
    fn is_removed(&self, table: &TableDescription, difference: &SchemaDifference) -> bool {
        self.is_named(difference) && index_of(difference).is_some_and(|index| has_index(table, index))
    }

    async fn remove_indexes(
        &self,
        mut table: TableDescription,
    ) -> Result<(TableDescription, Vec<SchemaDifference>)> {
        let mut mended = Vec::new();
        for index in &self.removed {
            let has_it = |table: &TableDescription| has_index(table, index);
            let found = differences::<S>(&self.handle.table, &table);
            let of_index = |difference: &SchemaDifference| index_of(difference) == Some(index);
            let Some(difference) = found.into_iter().find(of_index).filter(|_| has_it(&table)) else {
                continue;
            };
            let still_there =
                |table: &TableDescription| has_it(table).then(|| format!("it has the index `{index}`"));
            table = self.change(request::removal(&self.handle, index), still_there).await?;
            mended.push(difference);
        }
        Ok((table, mended))
    }

    /// Sends UpdateTable for each difference that it mends: the settings, then the indexes.
    async fn change_table(
        &self,
        mut table: TableDescription,
        mended: &mut Vec<SchemaDifference>,
    ) -> Result<TableDescription> {
        let differences = |table: &TableDescription| {
            let mut found = settings_differences(&self.handle.table, table, &self.settings);
            found.extend(differences::<S>(&self.handle.table, table));
            found
        };
        loop {
            self.refuse_others(&table, |_| true)?;
            let mut changes = differences(&table).into_iter().filter_map(|difference| {
                Some((request::of(&self.handle, &table, &self.settings, &difference)?, difference))
            });
            let Some((request, difference)) = changes.next() else { return Ok(table) };
            let unfinished = |table: &TableDescription| {
                let same = differences(table).into_iter().find(|found| *found == difference)?;
                Some(same.mismatch().to_string())
            };
            table = self.change(request, unfinished).await?;
            // A stream of another view type takes two changes.
            if mended.last().is_none_or(|last| last.kind() != difference.kind()) {
                mended.push(difference);
            }
        }
    }

    /// Sends one UpdateTable request, and waits until nothing is `unfinished`.
    async fn change(
        &self,
        request: UpdateTableFluentBuilder,
        unfinished: impl Fn(&TableDescription) -> Option<String>,
    ) -> Result<TableDescription> {
        let handle = &self.handle;
        if let Err((refused, is_ambiguous)) = update_table(handle, request).await {
            // An attempt without an answer, or another caller, may have made the same change.
            if !is_ambiguous && refused.kind() != ServiceErrorKind::TableInUse {
                return Err(refused.into());
            }
            match describe_table::describe(handle).await {
                Ok(Some(table)) if unfinished(&table).is_none() => {}
                _ => return Err(refused.into()),
            }
        }
        describe_table::poll(handle, self.timeout, |table| Ok(unfinished(table))).await
    }

    /// Changes the parts that are not in the description of a table: time to live, backups and tags.
    async fn change_the_rest(
        &self,
        table: &TableDescription,
        mended: &mut Vec<SchemaDifference>,
    ) -> Result<()> {
        let (handle, settings) = (&self.handle, &self.settings);
        if let Some(attribute) = S::TTL
            && let Some(difference) = verify::expiry_difference::<S>(handle).await?
        {
            enable_time_to_live(handle, attribute).await?;
            mended.push(difference);
        }
        if let Some(recovery) = settings.point_in_time_recovery
            && let Some(difference) = verify::recovery_difference(handle, settings).await?
        {
            set_point_in_time_recovery(handle, recovery, self.timeout).await?;
            mended.push(difference);
        }
        if let Some((arn, difference)) = verify::tags_difference(handle, table, settings).await? {
            let found = tags::tags_of(handle, arn).await?;
            tags::change_tags(handle, arn, &settings.tags, &found).await.map_err(Error::from)?;
            mended.push(difference);
        }
        Ok(())
    }
}

/// The name of the index that a difference is of, if it can be removed.
fn index_of(difference: &SchemaDifference) -> Option<&str> {
    match difference.kind() {
        SchemaDifferenceKind::UnknownIndex { index }
        | SchemaDifferenceKind::IndexKey { index }
        | SchemaDifferenceKind::IndexProjection { index, .. } => Some(index),
        _ => None,
    }
}

/// True if the table has a global index of this name.
fn has_index(table: &TableDescription, index: &str) -> bool {
    table.global_secondary_indexes().iter().any(|found| found.index_name() == Some(index))
}

/// True of a difference that no change of a table in use mends.
fn stays(kind: &SchemaDifferenceKind) -> bool {
    match kind {
        SchemaDifferenceKind::MissingIndex { local, .. } => *local,
        SchemaDifferenceKind::IndexProjection { missing, .. } => !missing.is_empty(),
        SchemaDifferenceKind::MissingTable
        | SchemaDifferenceKind::PrimaryKey
        | SchemaDifferenceKind::IndexKey { .. }
        | SchemaDifferenceKind::VectorIndex { .. } => true,
        SchemaDifferenceKind::UnknownIndex { .. }
        | SchemaDifferenceKind::MissingVectorIndex { .. }
        | SchemaDifferenceKind::TimeToLive
        | SchemaDifferenceKind::Setting(_) => false,
    }
}

impl<S> fmt::Debug for UpdateTable<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateTable")
            .field("table", &self.handle.table)
            .field("settings", &self.settings)
            .field("removed", &self.removed)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
