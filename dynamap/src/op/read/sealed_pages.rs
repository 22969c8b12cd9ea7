//! The builder of pages for the clients of web APIs.

use crate::{
    cursor::{Binding, CursorSealer, IntoCursor, PageSide, SealedCursor, SealedPlace},
    entity::Item,
    error::CursorError,
    key::SortKeyOperator,
    outcome::Result,
    wire,
};
use std::{fmt, time::SystemTime};

/// Pages of the query or scan `Q` for a client of a web API, with sealed cursors, forward and backward.
///
/// [`Query::sealed`](crate::op::Query::sealed) and [`Scan::sealed`](crate::op::Scan::sealed) make it. A cursor is encrypted and
/// authenticated: a client can neither read the keys in it nor make one. It continues this request of this principal until it
/// expires; any other text is refused before a request is sent, with [`CursorError::Refused`].
///
/// - **[`after`](Self::after) and [`before`](Self::before)** are those of GraphQL's connections.
///   [`at`](Self::at) is for links to the next and the previous page: it takes either, and the cursor knows its side.
/// - **The limit** of the request is the number of items of a page. One item more is read, so that
///   [`has_next_page`](super::PageInfo::has_next_page) is exact: it costs the read capacity units of that item, and with a filter
///   those of the items that are read until one more is found. Without a limit, a page has the items of one request with up to
///   1 MB, and a second request looks for one more.
/// - **Backward pages** are in the order of the query, too. They are read by a query in the other direction, at the same cost.
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", sort_key = "sk")]
/// # pub struct Shop;
/// # #[derive(Debug, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "ORDER#{number}")]
/// # pub struct Order { pub customer: u32, pub number: u32 }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// # for number in 1..=5 { shop.put(&Order { customer: 1, number }).send().await?; }
/// use dynamap::cursor::{CursorKey, CursorSealer, SealedCursor};
///
/// let sealer = CursorSealer::new(CursorKey::random()?);
/// // `GET /orders?cursor=..` for the customer who has signed in.
/// let page = async |cursor: Option<&SealedCursor>| {
///     shop.query(Order::partition(1)).limit(2).sealed(&sealer).principal("customer 1").at(cursor).send().await
/// };
/// let first = page(None).await?;
/// let second = page(first.next_cursor()).await?;
/// assert_eq!((second.items[0].number, second.page_info.has_next_page), (3, true));
/// let back = page(second.previous_cursor()).await?;
/// assert_eq!((back.items, back.page_info.has_previous_page), (first.items, false));
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct SealedPages<Q> {
    pub(in crate::op) of: Q,
    pub(in crate::op) settings: SealSettings,
}

/// A request whose items have an order, so that there is a page before another: a query.
#[diagnostic::on_unimplemented(
    message = "a scan has no order that could be turned around, and no page before another",
    label = "only a query has pages before a cursor"
)]
pub trait Reversible {}

/// The settings of sealed pages.
#[derive(Clone)]
pub(in crate::op) struct SealSettings {
    sealer: CursorSealer,
    principal: Option<Box<[u8]>>,
    place: Result<PlaceAsked, CursorError>,
    pub(in crate::op) keeps_range: bool,
}

/// The place of the page that was asked for.
#[derive(Clone)]
enum PlaceAsked {
    Start,
    End,
    /// On this side of the cursor, or on its own.
    At(SealedCursor, Option<PageSide>),
}

/// The place of a page, after its cursor was opened.
pub(in crate::op) struct Opened {
    pub(in crate::op) side: PageSide,
    pub(in crate::op) start: Option<Item>,
    pub(in crate::op) range: Option<SortKeyOperator>,
}

/// The means to seal the cursors of a page.
pub(in crate::op) struct Seals {
    sealer: CursorSealer,
    binding: Binding,
    expires_at: u64,
    range: Option<SortKeyOperator>,
}

impl<Q> SealedPages<Q> {
    pub(in crate::op) fn new(of: Q, sealer: &CursorSealer) -> Self {
        let place = Ok(PlaceAsked::Start);
        Self {
            of,
            settings: SealSettings { sealer: sealer.clone(), principal: None, place, keeps_range: false },
        }
    }

    /// Binds the cursors to whom the pages are for, such as the id of a user or of a tenant: another principal's cursor is
    /// refused. The text does not contain it.
    pub fn principal(mut self, principal: impl AsRef<[u8]>) -> Self {
        self.settings.principal = Some(principal.as_ref().into());
        self
    }

    /// Reads the page after the item of this cursor: a [`SealedCursor`], its text, or an `Option` of these, of which `None`
    /// is the first page.
    pub fn after(self, cursor: impl IntoCursor<SealedCursor>) -> Self {
        self.place(cursor, Some(PageSide::After))
    }

    /// Reads the page that this cursor is the link to: [`next_cursor`](super::SealedPage::next_cursor) and
    /// [`previous_cursor`](super::SealedPage::previous_cursor) know their side. `None` is the first page.
    pub fn at(self, cursor: impl IntoCursor<SealedCursor>) -> Self {
        self.place(cursor, None)
    }

    /// Reads the page before the item of this cursor, in the order of the query. `None` changes nothing.
    ///
    /// If there is a cursor of [`after`](Self::after) as well, `send` is an error.
    pub fn before(self, cursor: impl IntoCursor<SealedCursor>) -> Self
    where
        Q: Reversible,
    {
        self.place(cursor, Some(PageSide::Before))
    }

    /// Reads the last page: as [`before`](Self::before), from the end of the query. It is GraphQL's `last` without `before`.
    pub fn from_end(mut self) -> Self
    where
        Q: Reversible,
    {
        self.settings.set_place(Ok(Some(PlaceAsked::End)));
        self
    }

    fn place(mut self, cursor: impl IntoCursor<SealedCursor>, side: Option<PageSide>) -> Self {
        let cursor = cursor.into_cursor();
        self.settings.set_place(cursor.map(|cursor| cursor.map(|cursor| PlaceAsked::At(cursor, side))));
        self
    }
}

impl SealSettings {
    fn set_place(&mut self, place: Result<Option<PlaceAsked>, CursorError>) {
        self.place = match (place, &self.place) {
            (Ok(None), _) | (_, Err(_)) => return,
            (Ok(Some(place)), Ok(PlaceAsked::Start)) => Ok(place),
            (Ok(Some(_)), Ok(_)) => Err(CursorError::TwoPlaces),
            (Err(error), Ok(_)) => Err(error),
        };
    }

    /// The binding of cursors to the principal and to this table or index, without the request itself.
    pub(in crate::op) fn binding(&self, table: &str, index: Option<&str>) -> Binding {
        Binding::new(self.principal.as_deref(), table, index)
    }

    /// Opens the cursor that was given.
    pub(in crate::op) fn open(self, binding: Binding, now: SystemTime) -> Result<(Opened, Seals)> {
        let opened = match self.place? {
            PlaceAsked::Start => Opened { side: PageSide::After, start: None, range: None },
            PlaceAsked::End => Opened { side: PageSide::Before, start: None, range: None },
            PlaceAsked::At(cursor, side) => {
                let opened = self.sealer.open(cursor.as_str(), &binding, now, Opened::of);
                let opened = opened.map_err(CursorError::Refused)?;
                Opened { side: side.unwrap_or(opened.side), ..opened }
            }
        };
        let range = opened.range.clone();
        let expires_at = self.sealer.expiry(now);
        Ok((opened, Seals { sealer: self.sealer, binding, expires_at, range }))
    }
}

impl Opened {
    fn of(place: SealedPlace<'_>) -> Option<Self> {
        let start = place.key.map(wire::item_from_json::<Item>).transpose().ok()?;
        Some(Self { side: place.side, start, range: place.range })
    }
}

impl Seals {
    /// Keeps this range in the cursors, unless it was in the cursor of the page.
    pub(in crate::op) fn keep_range(&mut self, range: &SortKeyOperator) {
        self.range.get_or_insert_with(|| range.clone());
    }

    pub(super) fn seal(&self, side: PageSide, key: Option<&[u8]>) -> Result<SealedCursor> {
        let place = SealedPlace { side, key, range: self.range.clone() };
        Ok(SealedCursor::new(self.sealer.seal(&self.binding, self.expires_at, &place)?))
    }
}

impl<Q: Clone> Clone for SealedPages<Q> {
    fn clone(&self) -> Self {
        Self { of: self.of.clone(), settings: self.settings.clone() }
    }
}

/// Shows the request, not the cursor and the principal.
impl<Q: fmt::Debug> fmt::Debug for SealedPages<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedPages")
            .field("of", &self.of)
            .field("sealer", &self.settings.sealer)
            .finish_non_exhaustive()
    }
}
