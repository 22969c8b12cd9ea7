//! SearchVectors.

mod found_as;
mod hits_reader;
mod nearest;
mod prepared;
mod score;
mod vector_search;

pub use found_as::FoundAs;
pub use nearest::{Hit, Nearest};
pub use score::Score;
pub use vector_search::{IntoVectorSearch, VectorSearch};

use super::read::{KeysOnly, Projected, ReadShape, Results, Sending, Whole};
use crate::{
    budget::Processed,
    call::{
        Explanation, Handle,
        item_status::{FoundBy, ReadFilter},
        metering::{Permit, metered},
        send,
    },
    direct::{Exchange, SEARCH_VECTORS},
    entity::{Entity, ReadableFrom},
    outcome::{Error, Result},
    schema::VectorIndex,
};
use aws_sdk_dynamodb::{
    operation::search_vectors::{SearchVectorsOutput, builders::SearchVectorsFluentBuilder},
    types::ConsumedCapacity,
};
use hits_reader::HitsReader;
use prepared::PreparedSearch;
use std::{fmt, marker::PhantomData, pin::pin};

/// Finds the entities whose vectors are nearest to a given one.
///
/// One [SearchVectors](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html) request, which has
/// no pages. It takes no capacity units: DynamoDB counts the bytes that a search reads of the index.
///
/// `E` is the entity, `I` the vector index, and `T` the part of each item that is read: [`Whole`] entities, or [`Projected`] ones
/// after [`project`](Self::project), or their keys after [`keys`](Self::keys).
///
/// The index is approximate and eventually consistent: a search may miss an item that is near, and a write of the last second. In
/// an index of several entities, items of other entities are passed over, and so are items whose time to live is over. An inline
/// filter of the attribute with the entity type makes DynamoDB find items of `E` only.
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema, VectorIndex, value::Vector};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", vector_indexes(ByEmbedding))]
/// # pub struct Library;
/// # #[derive(VectorIndex)]
/// # #[dynamap(table = Library, name = "vec1", vector = "embedding", dimensions = 2, distance = cosine)]
/// # #[dynamap(partition_key = "vec1pk", inline_filters("lang"))]
/// # pub struct ByEmbedding;
/// # #[derive(Debug, Clone, PartialEq, Entity)]
/// # #[dynamap(table = Library, pk = "DOC#{tenant}#{id}")]
/// # #[dynamap(vector_index = ByEmbedding, vector = embedding, pk = "TENANT#{tenant}", inline_filters(lang))]
/// # pub struct Doc { pub tenant: String, pub id: u32, pub lang: String, pub embedding: Vector<2> }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let library = Table::<Library>::new(Local::memory()?.client(), "library");
/// # library.create_table_if_absent().send().await?;
/// # for (id, x) in [(1, 1.0), (2, 0.5), (3, -1.0)] {
/// #     let embedding = Vector::new([x, 0.5])?;
/// #     library.put(&Doc { tenant: "acme".into(), id, lang: "fi".into(), embedding }).send().await?;
/// # }
/// let vector = Vector::new([1.0, 0.5])?;
/// let nearest = library.search(Doc::by_embedding("acme", &vector).lang("fi")).top_k(2).send().await?;
/// assert_eq!(nearest.hits[0].item.id, 1);
/// assert!(nearest.hits[0].score.is_nearer_than(nearest.hits[1].score));
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct SearchVectors<E, I, T = Whole> {
    handle: Handle,
    search: VectorSearch<E, I>,
    top_k: usize,
    include_expired: bool,
    of: PhantomData<fn() -> T>,
}

impl<E, I> SearchVectors<E, I> {
    pub(crate) fn new(handle: Handle, search: VectorSearch<E, I>) -> Self {
        Self { handle, search, top_k: 10, include_expired: false, of: PhantomData }
    }
}

impl<E, I, T> SearchVectors<E, I, T> {
    fn read_as<U>(self) -> SearchVectors<E, I, U> {
        let Self { handle, search, top_k, include_expired, .. } = self;
        SearchVectors { handle, search, top_k, include_expired, of: PhantomData }
    }

    /// Finds this many items, 1 to 100. Default: 10.
    ///
    /// Items that are passed over count. Another number is an error when the request is sent.
    pub fn top_k(mut self, items: usize) -> Self {
        self.top_k = items;
        self
    }

    /// Returns items also if their time to live is over and DynamoDB has not deleted them yet.
    pub fn include_expired(mut self) -> Self {
        self.include_expired = true;
        self
    }
}

impl<E: Entity, I: VectorIndex> SearchVectors<E, I> {
    /// Reads a projection instead of the whole entity: it requests those attributes only (`ProjectionExpression`).
    pub fn project<P: ReadableFrom<I, Entity = E>>(self) -> SearchVectors<E, I, Projected<P>> {
        self.read_as()
    }

    /// Reads the primary key of each entity, which every index holds.
    pub fn keys(self) -> SearchVectors<E, I, KeysOnly> {
        self.read_as()
    }
}

impl<E: Entity, I: VectorIndex, T: ReadShape<E>> SearchVectors<E, I, T> {
    /// Reads each item as a `Result`: an item that does not have the form of its entity is an `Err` in its place, with its
    /// [key](crate::error::DecodeError::item_key), and the items around it are read.
    pub fn results(self) -> SearchVectors<E, I, Results<T>> {
        self.read_as()
    }
}

impl<E: Entity, I: VectorIndex, T: FoundAs<E, I, Table = E::Table>> SearchVectors<E, I, T> {
    fn prepare(self) -> Result<PreparedSearch> {
        PreparedSearch::new::<E, I, T>(self.handle, self.search, self.top_k)
    }

    /// The SDK's builder with the request.
    ///
    /// # Errors
    /// The key of the partition cannot be made, an inline filter is given twice or cannot be stored, or `top_k` is not 1 to 100.
    pub fn into_sdk(self) -> Result<SearchVectorsFluentBuilder> {
        Ok(self.prepare()?.request())
    }

    /// The request; nothing is sent.
    ///
    /// # Errors
    /// The same as those of [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        Ok(self.prepare()?.explain())
    }

    /// Finds the items, the nearest first.
    ///
    /// # Errors
    /// The key of the partition cannot be made, an inline filter is given twice or cannot be stored, `top_k` is not 1 to 100, an
    /// item is not of the form that is read, or the request fails. [`results`](Self::results) reads past such an item.
    pub fn send(mut self) -> Sending<Nearest<T::Output, I::Distance>> {
        let observing = self.handle.observe(&SEARCH_VECTORS, Some(I::SCHEMA.name));
        let handle = self.handle.for_call();
        let how = ReadFilter {
            found_by: FoundBy::Page,
            include_expired: self.include_expired,
            now: handle.now::<E::Table>(),
        };
        let prepared = Self { handle, ..self }.prepare();
        Box::pin(async move {
            let search = pin!(async move { search::<E, I, T>(prepared?, how).await });
            observing.watch(search, |nearest| nearest.hits.len()).await
        })
    }
}

metered!([E, I, T] SearchVectors<E, I, T>, handle);

async fn search<E: Entity, I: VectorIndex, T: ReadShape<E>>(
    prepared: PreparedSearch,
    how: ReadFilter,
) -> Result<Nearest<T::Output, I::Distance>> {
    let (handle, index) = (prepared.handle().clone(), prepared.index());
    let exchange = handle.exchange(&SEARCH_VECTORS, HitsReader::<T::Read>::new(how));
    let permit = handle.permit(|| PreparedSearch::forecast::<E>(index)).await;
    let sent = send!(handle, prepared.request(), exchange);
    let sent = sent.map_err(|error| Error::from(handle.error(&exchange, error)));
    let consumed = end(permit, &sent, &exchange, index);
    let results = sent?.search_results;
    let read = exchange.finish(HitsReader::take)?;
    let found = read.or_read(|| HitsReader::<T::Read>::new(how).read_values(results.unwrap_or_default()))?;
    if let Some(error) = found.unread {
        return Err(error.into());
    }
    let hits = found.items.into_iter().map(|(item, score)| Hit { item, score: Score::new(score) });
    Ok(Nearest { hits: hits.collect(), skipped: found.skipped, expired: found.expired, consumed })
}

/// Ends the permit of a search, and returns its consumed capacity, if a meter or a budget needs it.
fn end<R: ?Sized>(
    permit: Permit,
    sent: &Result<SearchVectorsOutput>,
    exchange: &Exchange<R>,
    index: &'static str,
) -> Option<crate::capacity::Consumed> {
    match sent {
        Ok(output) => {
            // DynamoDB: a search tells the bytes of its index alone, without its name.
            let capacity = output.consumed_capacity.clone();
            let capacity =
                capacity.map(|capacity| ConsumedCapacity::builder().vector_indexes(index, capacity).build());
            let processed = Processed { items: 1, ..Processed::default() };
            permit.answered(exchange, capacity.as_slice(), processed)
        }
        Err(error) => {
            permit.failed(exchange, error);
            None
        }
    }
}

impl<E, I, T> Clone for SearchVectors<E, I, T> {
    fn clone(&self) -> Self {
        Self {
            handle: self.handle.clone(),
            search: self.search.clone(),
            top_k: self.top_k,
            include_expired: self.include_expired,
            of: PhantomData,
        }
    }
}

impl<E, I, T> fmt::Debug for SearchVectors<E, I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SearchVectors")
            .field("search", &self.search)
            .field("top_k", &self.top_k)
            .field("include_expired", &self.include_expired)
            .finish()
    }
}
