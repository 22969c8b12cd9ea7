//! Settings of tables: what a table has beside its keys and indexes.

mod encryption;
mod request_units;

pub use encryption::{Encryption, PointInTimeRecovery};
pub(crate) use request_units::RequestUnits;
pub(super) use request_units::{maximum_json, warm_json};

use super::throughput::Throughput;
use crate::{
    outcome::{InvalidThroughput, InvalidThroughputKind},
    schema::{Index, Provisionable, TableSchema},
};
use aws_sdk_dynamodb::types::{StreamViewType, TableClass};
use std::{fmt, marker::PhantomData};

/// The settings of a table beside its keys and indexes: throughput, stream, encryption, backups, tags and the rest.
///
/// One value for the creation of a table ([`CreateTableIfAbsent::settings`](crate::op::CreateTableIfAbsent::settings)), for
/// changes of it ([`Table::update_table`](crate::Table::update_table)), for its comparison with the table that is there
/// ([`Verify::settings`](crate::op::Verify::settings)) and for its [exports](crate::export). What is not set is DynamoDB's
/// default for a new table, and stays as it is for one that is there.
///
/// ```
/// use aws_sdk_dynamodb::types::{StreamViewType, TableClass};
/// use dynamap::{Table, TableSchema, op::{Encryption, PointInTimeRecovery, TableSettings, Throughput}};
/// # use dynamap_local::Local;
///
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk", sort_key = "sk")]
/// pub struct Shop;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let settings = TableSettings::<Shop>::new()
///     .throughput(Throughput::OnDemand)
///     .on_demand_maximum(4000, 1000)
///     .stream(StreamViewType::NewAndOldImages)
///     .encryption(Encryption::CustomerManaged("alias/shop".into()))
///     .table_class(TableClass::Standard)
///     .deletion_protection(true)
///     .tag("team", "shop");
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// assert!(shop.create_table_if_absent().settings(settings.clone()).send().await?);
///
/// // The embedded engine has no backups.
/// let settings = settings.point_in_time_recovery(PointInTimeRecovery::Days(35));
/// # drop(settings);
/// # Ok(())
/// # }
/// ```
pub struct TableSettings<S> {
    pub(crate) throughput: Option<Throughput>,
    pub(crate) index_throughput: Vec<(&'static str, Throughput)>,
    pub(crate) on_demand_maximum: Option<RequestUnits>,
    pub(crate) index_on_demand_maximum: Vec<(&'static str, RequestUnits)>,
    pub(crate) warm_throughput: Option<RequestUnits>,
    pub(crate) index_warm_throughput: Vec<(&'static str, RequestUnits)>,
    /// `Some(None)`: no stream.
    pub(crate) stream: Option<Option<StreamViewType>>,
    pub(crate) encryption: Option<Encryption>,
    pub(crate) table_class: Option<TableClass>,
    pub(crate) deletion_protection: Option<bool>,
    pub(crate) point_in_time_recovery: Option<PointInTimeRecovery>,
    /// `None`: without this tag.
    pub(crate) tags: Vec<(String, Option<String>)>,
    of: PhantomData<fn() -> S>,
}

impl<S: TableSchema> TableSettings<S> {
    /// No settings.
    pub fn new() -> Self {
        Self {
            throughput: None,
            index_throughput: Vec::new(),
            on_demand_maximum: None,
            index_on_demand_maximum: Vec::new(),
            warm_throughput: None,
            index_warm_throughput: Vec::new(),
            stream: None,
            encryption: None,
            table_class: None,
            deletion_protection: None,
            point_in_time_recovery: None,
            tags: Vec::new(),
            of: PhantomData,
        }
    }

    /// Sets the billing mode; provisioned throughput is that of the table and of each global secondary index.
    pub fn throughput(mut self, throughput: Throughput) -> Self
    where
        S: Provisionable,
    {
        self.throughput = Some(throughput);
        self
    }

    /// Gives a global secondary index this provisioned throughput, in read and write capacity units per second. Default: that
    /// of the table.
    pub fn index_throughput<I: Index<Table = S>>(mut self, read: i64, write: i64) -> Self {
        const { assert!(!I::SCHEMA.local, "a local secondary index uses the throughput of its table") };
        put(&mut self.index_throughput, I::SCHEMA.name, Throughput::Provisioned { read, write });
        self
    }

    /// Limits the table and each global secondary index to this many read and write request units per second
    /// (`OnDemandThroughput`), which bounds the cost of a table that is on demand. `None`: no maximum.
    pub fn on_demand_maximum(mut self, read: impl Into<Option<i64>>, write: impl Into<Option<i64>>) -> Self {
        self.on_demand_maximum = Some(RequestUnits { read: read.into(), write: write.into() });
        self
    }

    /// Limits a global secondary index to other request units per second than the table.
    pub fn index_on_demand_maximum<I: Index<Table = S>>(
        mut self,
        read: impl Into<Option<i64>>,
        write: impl Into<Option<i64>>,
    ) -> Self {
        const { assert!(!I::SCHEMA.local, "a local secondary index uses the throughput of its table") };
        let units = RequestUnits { read: read.into(), write: write.into() };
        put(&mut self.index_on_demand_maximum, I::SCHEMA.name, units);
        self
    }

    /// Pre-warms the table for this many read and write units per second (`WarmThroughput`), which is charged once. It is
    /// raised, and never lowered.
    pub fn warm_throughput(mut self, read: i64, write: i64) -> Self {
        self.warm_throughput = Some(RequestUnits { read: Some(read), write: Some(write) });
        self
    }

    /// Pre-warms a global secondary index. Default: as DynamoDB has it, whatever the table has.
    pub fn index_warm_throughput<I: Index<Table = S>>(mut self, read: i64, write: i64) -> Self {
        const { assert!(!I::SCHEMA.local, "a local secondary index uses the throughput of its table") };
        let units = RequestUnits { read: Some(read), write: Some(write) };
        put(&mut self.index_warm_throughput, I::SCHEMA.name, units);
        self
    }

    /// Gives the table a stream of its changes with this view type.
    pub fn stream(mut self, view: StreamViewType) -> Self {
        self.stream = Some(Some(view));
        self
    }

    /// Leaves the table without a stream. A stream that is disabled can be read for 24 hours.
    pub fn without_stream(mut self) -> Self {
        self.stream = Some(None);
        self
    }

    /// Sets the key that encrypts the table at rest.
    pub fn encryption(mut self, encryption: Encryption) -> Self {
        self.encryption = Some(encryption);
        self
    }

    /// Sets the table class.
    pub fn table_class(mut self, class: TableClass) -> Self {
        self.table_class = Some(class);
        self
    }

    /// Protects the table from being deleted, or ends the protection.
    pub fn deletion_protection(mut self, enabled: bool) -> Self {
        self.deletion_protection = Some(enabled);
        self
    }

    /// Enables or disables continuous backups with point-in-time recovery.
    pub fn point_in_time_recovery(mut self, recovery: PointInTimeRecovery) -> Self {
        self.point_in_time_recovery = Some(recovery);
        self
    }

    /// Gives the table a tag. Other tags stay as they are.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        put(&mut self.tags, key.into(), Some(value.into()));
        self
    }

    /// Removes a tag from a table that is there.
    pub fn without_tag(mut self, key: impl Into<String>) -> Self {
        put(&mut self.tags, key.into(), None);
        self
    }

    /// The tags that the table shall have.
    pub(crate) fn present_tags(&self) -> impl Iterator<Item = (&str, &str)> {
        self.tags.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_deref()?)))
    }

    /// The provisioned throughput of an index: its own, or that of the table.
    pub(crate) fn throughput_of(&self, index: &str) -> Option<Throughput> {
        find(&self.index_throughput, index).or(self.throughput)
    }

    /// The on-demand maximum of an index: its own, or that of the table.
    pub(crate) fn on_demand_maximum_of(&self, index: &str) -> Option<RequestUnits> {
        find(&self.index_on_demand_maximum, index).or(self.on_demand_maximum)
    }

    pub(crate) fn warm_throughput_of(&self, index: &str) -> Option<RequestUnits> {
        find(&self.index_warm_throughput, index)
    }

    /// Checks the units of the table and of its indexes.
    pub(crate) fn check(&self) -> Result<(), InvalidThroughput> {
        self.throughput.map_or(Ok(()), |throughput| throughput.check(None))?;
        for (index, throughput) in &self.index_throughput {
            throughput.check(Some(index))?;
            if self.throughput.is_none_or(|throughput| throughput == Throughput::OnDemand) {
                return Err(InvalidThroughput::new(Some(index), InvalidThroughputKind::IndexOfOnDemandTable));
            }
        }
        if matches!(self.throughput, Some(Throughput::Provisioned { .. })) && self.on_demand_maximum.is_some()
        {
            return Err(InvalidThroughput::new(None, InvalidThroughputKind::MaximumOfProvisionedTable));
        }
        if let (Some(Throughput::Provisioned { .. }), Some((index, _))) =
            (self.throughput, self.index_on_demand_maximum.first())
        {
            return Err(InvalidThroughput::new(
                Some(index),
                InvalidThroughputKind::MaximumOfProvisionedTable,
            ));
        }
        let of_table = [self.on_demand_maximum, self.warm_throughput].into_iter().flatten();
        let of_indexes = self.index_on_demand_maximum.iter().chain(&self.index_warm_throughput);
        let of_indexes = of_indexes.map(|(index, units)| (Some(*index), *units));
        of_table
            .map(|units| (None, units))
            .chain(of_indexes)
            .try_for_each(|(index, units)| units.check(index))
    }
}

/// Puts a value in the place of an earlier one of the key.
fn put<K: PartialEq, V>(list: &mut Vec<(K, V)>, key: K, value: V) {
    list.retain(|(earlier, _)| *earlier != key);
    list.push((key, value));
}

fn find<V: Copy>(list: &[(&'static str, V)], index: &str) -> Option<V> {
    list.iter().find(|(name, _)| *name == index).map(|(_, value)| *value)
}

impl<S: TableSchema> Default for TableSettings<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Clone for TableSettings<S> {
    fn clone(&self) -> Self {
        Self {
            throughput: self.throughput,
            index_throughput: self.index_throughput.clone(),
            on_demand_maximum: self.on_demand_maximum,
            index_on_demand_maximum: self.index_on_demand_maximum.clone(),
            warm_throughput: self.warm_throughput,
            index_warm_throughput: self.index_warm_throughput.clone(),
            stream: self.stream.clone(),
            encryption: self.encryption.clone(),
            table_class: self.table_class.clone(),
            deletion_protection: self.deletion_protection,
            point_in_time_recovery: self.point_in_time_recovery,
            tags: self.tags.clone(),
            of: PhantomData,
        }
    }
}

impl<S> fmt::Debug for TableSettings<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TableSettings")
            .field("throughput", &self.throughput)
            .field("index_throughput", &self.index_throughput)
            .field("on_demand_maximum", &self.on_demand_maximum)
            .field("index_on_demand_maximum", &self.index_on_demand_maximum)
            .field("warm_throughput", &self.warm_throughput)
            .field("index_warm_throughput", &self.index_warm_throughput)
            .field("stream", &self.stream)
            .field("encryption", &self.encryption)
            .field("table_class", &self.table_class)
            .field("deletion_protection", &self.deletion_protection)
            .field("point_in_time_recovery", &self.point_in_time_recovery)
            .field("tags", &self.tags)
            .finish()
    }
}
