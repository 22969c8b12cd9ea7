use super::Consumed;
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// Adds up the read and write capacity units that calls consume.
///
/// A clone is the same meter: give it to a table with [`Table::with_meter`](crate::Table::with_meter), for all calls of it
/// and of its repositories, or to one call with `meter`. Calls that have a meter ask DynamoDB for the consumed
/// capacity (`ReturnConsumedCapacity`), which costs no units.
///
/// DynamoDB's error does not tell what a failed condition has consumed. The meter estimates it by the item for which
/// it failed, and a cancelled transaction by the sizes of its items; indexes count nothing there. A request whose
/// future is dropped before its response counts as [unanswered](Consumed::unanswered).
///
/// ```
/// use dynamap::{Entity, Table, TableSchema, capacity::Meter};
/// # use dynamap_local::Local;
///
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk")]
/// pub struct Shop;
///
/// #[derive(Entity)]
/// #[dynamap(table = Shop, pk = "ORDER#{number}")]
/// pub struct Order {
///     pub number: u32,
///     pub note: String,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = Local::memory()?.client();
/// let meter = Meter::new();
/// let shop = Table::<Shop>::new(client, "shop").with_meter(&meter);
/// # shop.create_table_if_absent().send().await?;
/// shop.create(&Order { number: 7, note: "x".repeat(2000) }).send().await?;
/// shop.get(Order::key(7)).consistent_read().send().await?;
///
/// let consumed = meter.consumed();
/// assert_eq!((consumed.table.read, consumed.table.write), (1.0, 2.0));
/// assert_eq!(consumed.to_string(), "table: 1 read, 2 write units\nrequests: 2");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
#[doc(alias("ConsumedCapacity", "RCU", "WCU"))]
pub struct Meter(Arc<Mutex<Consumed>>);

impl Meter {
    /// A meter at zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// The capacity that was consumed until now. [`Consumed::since`] gives that of a part of the work.
    pub fn consumed(&self) -> Consumed {
        self.with(|consumed| consumed.clone())
    }

    /// Sets the meter to zero, and returns the capacity that was consumed until now.
    pub fn reset(&self) -> Consumed {
        self.with(std::mem::take)
    }

    /// True if it is the same meter.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn add(&self, more: &Consumed) {
        self.with(|consumed| *consumed += more);
    }

    /// A panic of another thread leaves nothing behind that would be wrong here.
    fn with<T>(&self, act: impl FnOnce(&mut Consumed) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Meter").field(&self.consumed()).finish()
    }
}
