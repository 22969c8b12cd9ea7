use super::{BatchGet, Fetched, get::MAX_KEYS};
use crate::{
    call::{Boxed, Explanation, Handle},
    capacity::Meter,
    entity::Entity,
    op::{
        Query, Scan,
        read::{Page, ReadKeys, ReadShape, Sending},
    },
    outcome::Result,
    schema::Source,
};
use std::{fmt, future::poll_fn, mem::replace, task::Poll};

/// Reads the whole entities whose keys a query or scan finds.
///
/// The query or scan reads keys; then [`BatchGet`] reads the entities, 100 with a request (BatchGetItem). Both cost
/// read capacity units: the items in the index, and those in the table.
///
/// An index follows its table a moment later (eventual consistency). So an entity may be gone, be expired, or not
/// match the query any more when it is read. One that is gone is [`Fetched::Absent`], and one that has changed is
/// returned as it is.
///
/// It has no `into_sdk`: it runs two operations, and the keys of the second are in the response to the first. The
/// builder of the first is that of [`keys`](crate::op::Query::keys), and that of the second [`BatchGet::into_sdk`].
///
/// ```
/// use dynamap::{Entity, Index, Table, TableSchema, batch::Fetched};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", indexes(ByStatus))]
/// # pub struct Shop;
/// #[derive(Index)]
/// #[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", projection = keys_only)]
/// pub struct ByStatus;
///
/// #[derive(Debug, Clone, PartialEq, Entity)]
/// #[dynamap(table = Shop, pk = "ORDER#{number}")]
/// #[dynamap(index = ByStatus, pk = "STATUS#{status}")]
/// pub struct Order {
///     pub number: u32,
///     pub status: String,
///     pub total: u64,
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// # for number in 1..=3 { shop.put(&Order { number, status: "open".into(), total: 10 }).send().await?; }
/// // The index holds keys only; the entities come from the table.
/// let open = shop.query(Order::by_status("open")).hydrate().consistent_read().try_collect().await?;
/// let orders: Vec<Order> = open.into_iter().filter_map(Fetched::found).collect();
/// assert_eq!(orders.len(), 3);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct Hydrate<E: Entity> {
    handle: Handle,
    keys: Result<Box<dyn ReadKeys<E>>>,
    consistent_read: bool,
    include_expired: bool,
    /// The number of operators of the filter.
    operators: usize,
}

impl<E: Entity> Hydrate<E> {
    fn new(
        (handle, include_expired, operators, keys): (Handle, bool, usize, Result<Box<dyn ReadKeys<E>>>),
    ) -> Self {
        Self { handle, keys, consistent_read: E::CONSISTENT_READ, include_expired, operators }
    }

    /// Reads the entities by strongly consistent reads (`ConsistentRead: true`), at twice the read capacity units. The
    /// read of the index stays as it is.
    pub fn consistent_read(mut self) -> Self {
        self.consistent_read = true;
        self
    }

    /// Reads the entities by eventually consistent reads, at half the read capacity units: for entities whose default
    /// is strongly consistent (`#[dynamap(consistent_read)]`). Writes of the last second may be missing.
    pub fn eventually_consistent_read(mut self) -> Self {
        self.consistent_read = false;
        self
    }

    /// The request for the first page of keys and its cost in capacity units; nothing is sent. [`BatchGet::explain`]
    /// shows the request that follows.
    ///
    /// # Errors
    /// The same as those of the query or scan.
    pub fn explain(self) -> Result<Explanation> {
        Ok(self.keys?.explain(self.operators))
    }

    /// Reads one page of keys, or as many as the limit asks for, and the entity at each.
    ///
    /// # Errors
    /// The same as those of the query or scan and of [`BatchGet::send`].
    pub fn send(self) -> Sending<Page<Fetched<E>>> {
        let Self { handle, keys, consistent_read, include_expired, .. } = self;
        Box::pin(async move {
            let Page { items, cursor, skipped, expired, mut consumed } = keys?.page().await?;
            let (meter, mut handle) = (Meter::new(), handle);
            // A page has the consumed capacity of both operations, the read of the keys and that of the entities.
            if consumed.is_some() {
                handle.add_meter(&meter);
            }
            let items = <BatchGet<E>>::of(handle, items, consistent_read, include_expired).send().await?;
            if let Some(consumed) = &mut consumed {
                *consumed += &meter.consumed();
            }
            Ok(Page { items, cursor, skipped, expired, consumed })
        })
    }

    /// Reads all keys, up to the limit if there is one, and the entity at each: while a page of keys is read, the entities of
    /// the page before it are.
    ///
    /// # Errors
    /// The same as those of [`send`](Self::send).
    pub fn try_collect(self) -> Sending<Vec<Fetched<E>>> {
        let Self { handle, keys, consistent_read, include_expired, .. } = self;
        Box::pin(async move {
            let read =
                |keys| <BatchGet<E>>::of(handle.clone(), keys, consistent_read, include_expired).send();
            let (mut reader, mut keys, mut found) = (Some(keys?), Vec::new(), Vec::new());
            while let Some(of_keys) = reader.take() {
                // The keys of the next page are read beside the entities of those before it, in full requests.
                let rest = keys.split_off(keys.len() - keys.len() % MAX_KEYS);
                let (page, entities) = both(of_keys.keys(), Box::pin(read(replace(&mut keys, rest)))).await;
                found.extend(entities?);
                let (page, more) = page?;
                keys.extend(page);
                reader = more;
            }
            found.extend(read(keys).await?);
            Ok(found)
        })
    }
}

/// Runs both at once, to the end of the later one.
async fn both<A, B>(mut first: Boxed<'_, A>, mut second: Boxed<'_, B>) -> (A, B) {
    let mut ended = (None, None);
    poll_fn(|cx| {
        if ended.0.is_none()
            && let Poll::Ready(value) = first.as_mut().poll(cx)
        {
            ended.0 = Some(value);
        }
        if ended.1.is_none()
            && let Poll::Ready(value) = second.as_mut().poll(cx)
        {
            ended.1 = Some(value);
        }
        match std::mem::take(&mut ended) {
            (Some(first), Some(second)) => Poll::Ready((first, second)),
            open => {
                ended = open;
                Poll::Pending
            }
        }
    })
    .await
}

macro_rules! hydrate {
    ($Builder:ident, $name:literal) => {
        impl<E: Entity, I: Source, T: ReadShape<E>> $Builder<E, I, T> {
            #[doc = concat!("Reads the whole entities by the keys that this ", $name, " finds (BatchGetItem), also from an index that does not hold them.")]
            pub fn hydrate(self) -> Hydrate<E> {
                Hydrate::new(self.into_keys())
            }
        }
    };
}

hydrate!(Query, "query");
hydrate!(Scan, "scan");

impl<E: Entity> fmt::Debug for Hydrate<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hydrate")
            .field("entity", &E::NAME)
            .field("consistent_read", &self.consistent_read)
            .finish_non_exhaustive()
    }
}
