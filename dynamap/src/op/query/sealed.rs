//! Queries with sealed cursors.

use super::{Direction, Query};
use crate::{
    call::{Explanation, awaited},
    cursor::{CursorSealer, PageSide},
    error::CursorError,
    expr::Condition,
    op::read::{HeldBy, ReadShape, Reversible, SealedPage, SealedPages, SealedRead, Sending},
    outcome::Result,
    schema::Source,
};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;

impl<E, I, T> Reversible for Query<E, I, T> {}

impl<E, I: Source, T: ReadShape<E>> Query<E, I, T> {
    /// Reads pages for a client of a web API, whose cursors are sealed, forward and backward.
    ///
    /// All else is set before: the limit is the number of items of a page. A [`start_after`](Self::start_after) is an error.
    pub fn sealed(self, sealer: &CursorSealer) -> SealedPages<Self> {
        SealedPages::new(self, sealer)
    }
}

impl<E, I: Source, T: ReadShape<E>> SealedPages<Query<E, I, T>> {
    /// Continues in the range of the first page, whatever range the later requests have: for one that ends at the current time,
    /// such as `..=now`, which is another with each request.
    ///
    /// The cursor has the range in it, sealed. It stays bound to all else: the components of the sort key before the range, and
    /// the form of the range, that is, which of its bounds there are. The request's own range is used without a cursor only. So
    /// do not use it where a range limits what a client may see and can become narrower while a cursor lives.
    ///
    /// ```
    /// # use dynamap::{Entity, Table, TableSchema, cursor::{CursorKey, CursorSealer, SealedCursor}};
    /// # use dynamap_local::Local;
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk", sort_key = "sk")]
    /// # pub struct News;
    /// # #[derive(Debug, PartialEq, Entity)]
    /// # #[dynamap(table = News, pk = "TOPIC#{topic}", sk = "POST#{at}")]
    /// # pub struct Post { pub topic: u32, pub at: u64 }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let news = Table::<News>::new(Local::memory()?.client(), "news");
    /// # news.create_table_if_absent().send().await?;
    /// # for at in 1..=9 { news.put(&Post { topic: 1, at }).send().await?; }
    /// # let sealer = CursorSealer::new(CursorKey::random()?);
    /// let page = async |now: u64, cursor: Option<&SealedCursor>| {
    ///     let posts = news.query(Post::partition(1).at(..=now)).descending().limit(2);
    ///     posts.sealed(&sealer).keep_range().at(cursor).send().await
    /// };
    /// let first = page(5, None).await?;
    /// let second = page(8, first.next_cursor()).await?;
    /// assert_eq!(second.items[0].at, 3);
    /// // The posts since then are not in the pages before, either.
    /// assert_eq!(page(9, second.previous_cursor()).await?.items, first.items);
    /// # Ok(())
    /// # }
    /// ```
    pub fn keep_range(mut self) -> Self {
        self.settings.keeps_range = true;
        self
    }

    /// The SDK's builder with the first request for the page.
    ///
    /// # Errors
    /// The same as those of [`send`](Self::send), without those of a response.
    pub fn into_sdk(self) -> Result<QueryFluentBuilder> {
        Ok(self.prepare()?.prepared().first_request())
    }

    /// The first request for the page and its cost in capacity units; nothing is sent.
    ///
    /// # Errors
    /// The same as those of [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        let operators = self.of.filter.as_ref().map_or(0, Condition::operators);
        Ok(self.prepare()?.prepared().explain(operators))
    }

    /// Reads the page.
    ///
    /// # Errors
    /// [`CursorError::Refused`] if the cursor is not one of this request, and of this time. Otherwise the same as those of
    /// [`Query::send`].
    pub fn send(self) -> Sending<SealedPage<T::Output>>
    where
        T: HeldBy<E, I>,
    {
        let read = self.prepare();
        Box::pin(async move { read?.page().await })
    }

    fn prepare(self) -> Result<SealedRead<Direction, I, T::Read>> {
        let Self { of: mut query, settings } = self;
        // A cursor of another kind beside the sealed one, or in its place.
        if !matches!(query.settings.start_after, Ok(None)) {
            return Err(CursorError::TwoPlaces.into());
        }
        let parts = query.condition.clone().into_parts()?;
        let mut range = query.condition.range().filter(|_| settings.keeps_range);
        let form = range.as_ref().map(|(form, _)| *form);
        let binding = settings.binding(&query.handle.table, I::INDEX.map(|index| index.name));
        let binding = binding.with_query(&parts, query.descending, form);
        let binding = binding.with_filter(query.filter.as_ref().map(Condition::expression).transpose()?);
        let (mut opened, mut seals) = settings.open(binding, query.handle.time())?;
        if let Some((_, range)) = &mut range {
            if let Some(of_first_page) = opened.range.take() {
                **range = of_first_page;
            }
            seals.keep_range(range);
        }
        query.descending ^= opened.side == PageSide::Before;
        Ok(SealedRead::new(query.prepare()?, (opened, seals), true))
    }
}

awaited! {
    [E: 'static, I: Source, T: HeldBy<E, I>] SealedPages<Query<E, I, T>> => 'static, Result<SealedPage<T::Output>>;
}
