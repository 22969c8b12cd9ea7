use super::{BatchGet, Fetched};
use crate::{
    call::{Explanation, Handle},
    capacity::Meter,
    entity::Entity,
    op::{
        Query, Scan,
        read::{Page, ReadKeys, ReadShape, Sending},
    },
    outcome::Result,
    schema::Source,
};
use std::fmt;

/// Reads the whole entities whose keys a query or scan finds.
///
/// The query or scan asks for keys; then [`BatchGet`] reads the entities, 100 with a request. Both are paid for: the
/// items in the index, and those in the table.
///
/// An index follows its table a moment later. So an entity may be gone, be expired, or not be what the query asked
/// for any more when it is read: what is gone is [`Fetched::Absent`], and what has changed is returned as it is.
///
/// It has no `into_sdk`: it is a request of two operations, and the keys of the second are in the answer to the first. The
/// builder of the first is that of [`keys`](crate::op::Query::keys), and that of the second [`BatchGet::into_sdk`].
#[must_use = "a request does nothing until it is sent"]
pub struct Hydrate<E: Entity> {
    handle: Handle,
    keys: Result<Box<dyn ReadKeys<E>>>,
    consistent_read: bool,
    include_expired: bool,
    /// Of the filter.
    operators: usize,
}

impl<E: Entity> Hydrate<E> {
    fn new(
        (handle, include_expired, operators, keys): (Handle, bool, usize, Result<Box<dyn ReadKeys<E>>>),
    ) -> Self {
        Self { handle, keys, consistent_read: E::CONSISTENT_READ, include_expired, operators }
    }

    /// Reads the entities as they were written last, at twice the cost. The index is read as before.
    pub fn consistent_read(mut self) -> Self {
        self.consistent_read = true;
        self
    }

    /// Reads the entities at half the cost, though writes of the last second may be missing: for entities that are read consistently
    /// if nothing is said (`#[dynamap(consistent_read)]`).
    pub fn eventually_consistent_read(mut self) -> Self {
        self.consistent_read = false;
        self
    }

    /// What would be sent for the first page of keys, and what it costs; [`BatchGet::explain`] tells what comes after it.
    /// Nothing is sent.
    ///
    /// # Errors
    /// As those of the query or scan.
    pub fn explain(self) -> Result<Explanation> {
        Ok(self.keys?.explain(self.operators))
    }

    /// Reads one page of keys, or as many as the limit asks for, and what is at each.
    ///
    /// # Errors
    /// As those of the query or scan and of [`BatchGet::send`].
    pub fn send(self) -> Sending<Page<Fetched<E>>> {
        let Self { handle, keys, consistent_read, include_expired, .. } = self;
        Box::pin(async move {
            let Page { items, cursor, passed_over, expired, mut consumed } = keys?.page().await?;
            let (meter, mut handle) = (Meter::new(), handle);
            if consumed.is_some() {
                handle.add_meter(&meter);
            }
            let items = <BatchGet<E>>::of(handle, items, consistent_read, include_expired).send().await?;
            if let Some(consumed) = &mut consumed {
                *consumed += &meter.consumed();
            }
            Ok(Page { items, cursor, passed_over, expired, consumed })
        })
    }

    /// Reads all keys, up to the limit if there is one, and what is at each.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn try_collect(self) -> Sending<Vec<Fetched<E>>> {
        let Self { handle, keys, consistent_read, include_expired, .. } = self;
        Box::pin(async move {
            let keys = keys?.all().await?;
            <BatchGet<E>>::of(handle, keys, consistent_read, include_expired).send().await
        })
    }
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
