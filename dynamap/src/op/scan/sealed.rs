//! Scans with sealed cursors.

use super::{Scan, WholeSource};
use crate::{
    call::{Explanation, awaited},
    cursor::{CursorSealer, PageSide},
    error::{CursorError, CursorRefusal},
    expr::Condition,
    op::read::{HeldBy, ReadShape, SealedPage, SealedPages, SealedRead, Sending},
    outcome::Result,
    schema::Source,
};
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;

impl<E, I: Source, T: ReadShape<E>> Scan<E, I, T> {
    /// Reads pages for a client of a web API, whose cursors are sealed. A scan has no order, and so no pages backward.
    ///
    /// All else is set before: the limit is the number of items of a page. A [`start_after`](Self::start_after) is an error.
    pub fn sealed(self, sealer: &CursorSealer) -> SealedPages<Self> {
        SealedPages::new(self, sealer)
    }
}

impl<E, I: Source, T: ReadShape<E>> SealedPages<Scan<E, I, T>> {
    /// The SDK's builder with the first request for the page.
    ///
    /// # Errors
    /// The same as those of [`send`](Self::send), without those of a response.
    pub fn into_sdk(self) -> Result<ScanFluentBuilder> {
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
    /// [`Scan::send`].
    pub fn send(self) -> Sending<SealedPage<T::Output>>
    where
        T: HeldBy<E, I>,
    {
        let read = self.prepare();
        Box::pin(async move { read?.page().await })
    }

    fn prepare(self) -> Result<SealedRead<WholeSource, I, T::Read>> {
        let Self { of: scan, settings } = self;
        // A cursor of another kind beside the sealed one, or in its place.
        if !matches!(scan.settings.start_after, Ok(None)) {
            return Err(CursorError::TwoPlaces.into());
        }
        let binding = settings.binding(&scan.handle.table, I::INDEX.map(|index| index.name)).with_scan();
        let binding = binding.with_filter(scan.filter.as_ref().map(Condition::expression).transpose()?);
        let (opened, seals) = settings.open(binding, scan.handle.time())?;
        // `start_cursor` names the side before the first item.
        if opened.side == PageSide::Before {
            return Err(CursorError::Refused(CursorRefusal::OtherQuery).into());
        }
        Ok(SealedRead::new(scan.prepare()?, (opened, seals), false))
    }
}

awaited! {
    [E: 'static, I: Source, T: HeldBy<E, I>] SealedPages<Scan<E, I, T>> => 'static, Result<SealedPage<T::Output>>;
}
