use super::{
    BatchGet, Fetched, FetchedOrUnread, MixedBatchGet, MixedKeys,
    mixed::results,
    parts::GetParts,
    reading::BatchGetSettings,
    requested_keys::{Erased, ErasedItem},
    run::Outcomes,
    unread::AllUnread,
};
use crate::{
    op::{ReadShapeOne, read::Queryable},
    outcome::Result,
    schema::TableSchema,
};

/// A batch get of one table: [`BatchGet`] or [`MixedBatchGet`]. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no batch get of a table",
    note = "give what `batch_get`, `batch_get_members` or `batch_get_mixed` of the other table returns"
)]
pub trait TableBatchGet: sealed::SealedBatchGet {
    /// The item that was found at each key.
    type Fetched: Send + 'static;
    /// The result at each key: found, absent, or not read.
    type Results: Send + 'static;
    #[doc(hidden)]
    type Keys: Send + 'static;

    #[doc(hidden)]
    fn settings(&mut self) -> &mut BatchGetSettings;

    /// Adds the keys to one of the parts, and tells its position.
    #[doc(hidden)]
    fn add_to(&self, parts: &mut GetParts<ErasedItem>) -> Result<usize>;

    #[doc(hidden)]
    fn into_keys(self) -> Self::Keys;

    /// The results of these keys, whose outcomes are the next ones.
    #[doc(hidden)]
    fn results(keys: Self::Keys, outcomes: &mut Outcomes<ErasedItem>) -> Self::Results;

    /// Takes the keys that were not read out of the results of a part, and gives the rest.
    #[doc(hidden)]
    fn separate(results: Self::Results, part: usize, unread: &mut AllUnread) -> Result<Self::Fetched>;
}

impl<E: Queryable, T: ReadShapeOne<E>> TableBatchGet for BatchGet<E, T> {
    type Fetched = Vec<Fetched<E, T::Output>>;
    type Results = Vec<FetchedOrUnread<E, T::Output>>;
    type Keys = Vec<E::Key>;

    fn settings(&mut self) -> &mut BatchGetSettings {
        &mut self.reading
    }

    fn add_to(&self, parts: &mut GetParts<ErasedItem>) -> Result<usize> {
        let part = parts.part::<T::Table>(&self.reading)?;
        parts.asked_mut(part).add::<E, T, Erased>(&self.keys)?;
        Ok(part)
    }

    fn into_keys(self) -> Self::Keys {
        self.keys
    }

    fn results(keys: Self::Keys, outcomes: &mut Outcomes<ErasedItem>) -> Self::Results {
        results(keys, outcomes)
    }

    fn separate(results: Self::Results, part: usize, unread: &mut AllUnread) -> Result<Self::Fetched> {
        unread.separate(part, results)
    }
}

impl<S: TableSchema, L: MixedKeys<S>> TableBatchGet for MixedBatchGet<S, L> {
    type Fetched = L::Fetched;
    type Results = L::Results;
    type Keys = L::Keys;

    fn settings(&mut self) -> &mut BatchGetSettings {
        &mut self.reading
    }

    fn add_to(&self, parts: &mut GetParts<ErasedItem>) -> Result<usize> {
        let part = parts.part::<S>(&self.reading)?;
        L::add_to(&self.keys, parts.asked_mut(part))?;
        Ok(part)
    }

    fn into_keys(self) -> Self::Keys {
        self.keys
    }

    fn results(keys: Self::Keys, outcomes: &mut Outcomes<ErasedItem>) -> Self::Results {
        L::results(keys, outcomes)
    }

    fn separate(results: Self::Results, part: usize, unread: &mut AllUnread) -> Result<Self::Fetched> {
        L::separate(results, part, unread)
    }
}

impl<E: Queryable, T> sealed::SealedBatchGet for BatchGet<E, T> {}
impl<S, L: MixedKeys<S>> sealed::SealedBatchGet for MixedBatchGet<S, L> {}

mod sealed {
    pub trait SealedBatchGet {}
}
