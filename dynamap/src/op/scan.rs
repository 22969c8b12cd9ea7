//! Scan.

mod count;
mod methods;
mod parallel;
#[cfg(feature = "cursor")]
mod sealed;
mod segments;

pub use parallel::ParallelScan;
pub use segments::{ParallelItems, ScanProgress};

use super::read::{
    Count, Countable, Counts, OfCollection, PageMembers, PageOutput, Paged, Prepared, Queryable, Raw,
    ReadSettings, ReadShape, Sending, Whole, count_methods, set_members,
};
use crate::{
    call::{Explanation, Handle, metering::metered, send},
    collection::ItemCollection,
    cursor::Fingerprint,
    direct::{Exchange, Operation, Receiver, SCAN, SCAN_COUNT},
    entity::Entity,
    expr::{Condition, Placeholders},
    outcome::Result,
    schema::{Index, Primary, Source, TableSchema},
};
use aws_sdk_dynamodb::{Client, operation::scan::builders::ScanFluentBuilder};
use std::{fmt, marker::PhantomData, sync::Arc};

/// Reads all entities of a table or an index, in no order.
///
/// Each page is one [Scan](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html) request,
/// which reads up to 1 MB. It reads, and is charged for, every item of the table or index, also those of other
/// entities and those that the filter leaves out. It costs half a read capacity unit (RCU) for each 4 KB of the items
/// of a page together, rounded up, and one RCU as a strongly consistent read. A table of 1 GB takes about a thousand
/// requests and 131,072 RCU.
///
/// `E` is the entity, `I` the table or index, and `T` the part of each item that is read: [`Whole`] entities, or
/// [`Projected`](super::read::Projected) ones after [`project`](Self::project), or their keys after [`keys`](Self::keys). With
/// [`hydrate`](Self::hydrate) it reads keys, and then the whole entities at those keys.
///
/// `E` can be an [`ItemCollection`](crate::ItemCollection) as well, whose items or parts are read.
///
/// Items of other entities are passed over, and so are items whose time to live is over. Items that are written during
/// a scan may be returned or not.
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", sort_key = "sk")]
/// # pub struct Shop;
/// # #[derive(Debug, Clone, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "ORDER#{number}")]
/// # pub struct Order { pub customer: u32, pub number: u32, pub total: u64 }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// # for number in 1..=30 { shop.put(&Order { customer: 1, number, total: 10 }).send().await?; }
/// // Page after page, one item at a time.
/// let mut orders = shop.scan::<Order>().filter(Order::TOTAL.ge(10)).items();
/// let mut sum = 0;
/// while let Some(order) = orders.next().await {
///     sum += order?.total;
/// }
/// assert_eq!(sum, 300);
///
/// // In four segments at once, and the number only.
/// assert_eq!(shop.scan::<Order>().parallel(4).count().send().await?, 30);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct Scan<E, I = Primary, T = Whole> {
    handle: Handle,
    filter: Option<Condition<E>>,
    settings: ReadSettings,
    of: PhantomData<fn() -> (I, T)>,
}

impl<E, I, T> Scan<E, I, T> {
    pub(crate) fn new(handle: Handle) -> Self {
        Self { handle, filter: None, settings: ReadSettings::default(), of: PhantomData }
    }

    fn read_as<U>(self) -> Scan<E, I, U> {
        let Self { handle, filter, settings, .. } = self;
        Scan { handle, filter, settings, of: PhantomData }
    }
}

impl<S: TableSchema> Scan<S, Primary, Raw> {
    /// Reads every item of a table, of any entity.
    pub(crate) fn raw(handle: Handle, consistent: bool) -> Self {
        let mut scan = Self::new(handle);
        scan.settings.consistent_read = consistent;
        scan.settings.include_expired = true;
        scan
    }
}

impl<E: Entity> Scan<E> {
    /// Reads an index instead of the table: the items that have a key in it, as far as it holds them.
    ///
    /// An index that does not hold whole items is read as a projection: [`project`](Scan::project).
    #[doc(alias = "IndexName")]
    pub fn index<I: Index<Table = E::Table>>(self) -> Scan<E, I> {
        let Self { handle, filter, settings, .. } = self;
        Scan { handle, filter, settings, of: PhantomData }
    }
}

impl<C: ItemCollection, T: ReadShape<C> + OfCollection> Scan<C, Primary, T> {
    /// Reads an index instead of the table: the items that have a key in it.
    pub fn index<I: Index<Table = C::Table>>(self) -> Scan<C, I, T> {
        let Self { handle, filter, settings, .. } = self;
        Scan { handle, filter, settings, of: PhantomData }
    }
}

impl<E, I: Source, T: ReadShape<E>> Scan<E, I, T> {
    /// Checks everything that can be wrong before the first request.
    fn prepare(self) -> Result<Prepared<WholeSource, I, T::Read>> {
        self.prepare_part(WholeSource { segment: None })
    }

    /// The same, where `more` is asked for beside the filter.
    fn prepare_with(self, more: Option<Condition<E>>) -> Result<Prepared<WholeSource, I, T::Read>> {
        self.prepare_part_with(WholeSource { segment: None }, more)
    }

    fn prepare_part(self, operation: WholeSource) -> Result<Prepared<WholeSource, I, T::Read>> {
        self.prepare_part_with(operation, None)
    }

    fn prepare_part_with(
        self,
        operation: WholeSource,
        more: Option<Condition<E>>,
    ) -> Result<Prepared<WholeSource, I, T::Read>> {
        let Self { handle, filter, settings, .. } = self;
        let mut fingerprint = Fingerprint::of_scan(&handle.table, I::INDEX.map(|index| index.name));
        if let Some(segment) = operation.segment {
            fingerprint.add_segments(segment.total);
        }
        let expressions = (None, Placeholders::default());
        let filter = (filter.as_ref(), more);
        Prepared::new::<E, T>(handle, operation, expressions, filter, settings, fingerprint)
    }
}

metered!([E, I, T] Scan<E, I, T>, handle);
count_methods!(Scan, ScanFluentBuilder, "");

/// The members of a request that only a scan has.
struct WholeSource {
    /// The segment of a parallel scan.
    segment: Option<ScanSegment>,
}

/// A part of a table or index, of so many that are read apart.
#[derive(Debug, Clone, Copy)]
struct ScanSegment {
    number: u32,
    total: u32,
}

impl Paged for WholeSource {
    type Request = ScanFluentBuilder;

    fn operation(count: bool) -> &'static Operation {
        if count { &SCAN_COUNT } else { &SCAN }
    }

    fn request(&self, client: &Client, members: PageMembers) -> ScanFluentBuilder {
        // DynamoDB: there are a million segments at most, which 32 bits hold.
        let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        set_members!(client.scan(), members)
            .set_segment(self.segment.map(|segment| number(segment.number)))
            .set_total_segments(self.segment.map(|segment| number(segment.total)))
    }

    fn explain(&self, explanation: Explanation) -> Explanation {
        let number = |number: Option<u32>| number.and_then(|number| i32::try_from(number).ok());
        explanation
            .number("Segment", &number(self.segment.map(|segment| segment.number)))
            .number("TotalSegments", &number(self.segment.map(|segment| segment.total)))
    }

    async fn send<R: Receiver>(
        handle: &Handle,
        request: ScanFluentBuilder,
        exchange: &Arc<Exchange<R>>,
    ) -> Result<PageOutput> {
        let sent = send!(handle, request, exchange);
        let output = sent.map_err(|error| handle.error(exchange, error))?;
        Ok(PageOutput {
            items: output.items,
            count: output.count,
            scanned: output.scanned_count,
            last: output.last_evaluated_key,
            consumed: output.consumed_capacity,
        })
    }
}

impl<E, I, T> Clone for Scan<E, I, T> {
    fn clone(&self) -> Self {
        let (filter, settings) = (self.filter.clone(), self.settings.clone());
        Self { handle: self.handle.clone(), filter, settings, of: PhantomData }
    }
}

impl<E, I, T> fmt::Debug for Scan<E, I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scan").field("filter", &self.filter).field("settings", &self.settings).finish()
    }
}
