//! Values that an update returns (`ReturnValues`).

use super::{BY_TRANSACTION, New, Nothing, Old, UpdateItem, UpdatedNew, UpdatedOld};
use crate::entity::Entity;

impl<'a, E: Entity, C> UpdateItem<'a, E, Nothing, C> {
    /// Returns the entity as it was before the update (`ReturnValues: ALL_OLD`); `None` if `upsert` created it, or found an item
    /// whose time to live was over.
    ///
    /// Such an update is not repeated after an attempt that may have been applied, unless it [expects a
    /// version](Self::expect_version): that is [`Error::Unknown`](crate::Error::Unknown), as a repeated one would return what
    /// the first has left.
    #[doc(alias("ReturnValues", "ALL_OLD"))]
    pub fn return_old(self) -> UpdateItem<'a, E, Old, C> {
        self.more()
    }

    /// Returns the entity as it is after the update.
    #[doc(alias("ReturnValues", "ALL_NEW"))]
    pub fn return_new(self) -> UpdateItem<'a, E, New, C> {
        self.more()
    }

    /// Returns the attributes that are changed, as they were before. It is repeated as [`return_old`](Self::return_old) is.
    #[doc(alias("ReturnValues", "UPDATED_OLD"))]
    pub fn return_updated_old(self) -> UpdateItem<'a, E, UpdatedOld, C> {
        self.more()
    }

    /// Returns the attributes that are changed, as they are after it.
    #[doc(alias("ReturnValues", "UPDATED_NEW"))]
    pub fn return_updated_new(self) -> UpdateItem<'a, E, UpdatedNew, C> {
        self.more()
    }

    fn more<V>(self) -> UpdateItem<'a, E, V, C> {
        const { assert!(!E::TRANSACTIONAL, "{}", BY_TRANSACTION) };
        self.returning()
    }
}
