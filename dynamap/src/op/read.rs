//! The parts that [`Query`](super::Query) and [`Scan`](super::Scan) share: they read a table or an index page by page.

mod attributes;
mod builder;
mod collection_reader;
mod count;
mod counted;
mod each;
mod item_reader;
mod items;
mod keys;
mod observed;
mod page;
mod paged;
mod prepared;
mod raw;
mod read_keys;
mod reader;
mod reads;
#[cfg(feature = "cursor")]
mod sealed_page;
#[cfg(feature = "cursor")]
mod sealed_pages;
mod shapes;

pub(super) use attributes::{source_keys, table_key};
pub(super) use builder::set_members;
pub use count::{Count, Countable};
pub(super) use count::{Counting, Counts, count_methods};
pub(super) use counted::Numbers;
pub use each::Results;
pub(crate) use item_reader::{ItemReader, unknown_entity};
pub use items::Items;
pub use page::Page;
pub use paged::Sending;
pub(super) use paged::{PageMembers, PageOutput, Paged, ReadSettings};
pub(super) use prepared::Prepared;
pub(crate) use raw::Raw;
pub(crate) use read_keys::ReadKeys;
pub(super) use reader::noted_item;
pub use reads::{
    CollectionOf, HeldBy, KeysOnly, Members, OfCollection, Parts, Projected, Queryable, ReadShape, Whole,
};
#[cfg(feature = "cursor")]
pub(super) use sealed_page::SealedRead;
#[cfg(feature = "cursor")]
pub use sealed_page::{Edge, PageInfo, SealedPage};
#[cfg(feature = "cursor")]
pub use sealed_pages::{Reversible, SealedPages};
