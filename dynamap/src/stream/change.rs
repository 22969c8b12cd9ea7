use super::{EventName, HasNewImage, HasOldImage, NewAndOldImages, StreamView};
use crate::op::read::{Queryable, ReadShape};
use std::fmt;

/// The type that the items of `T` are read as: the entity, or the enum of an item collection.
pub type ItemOf<T> = <<T as Queryable>::ReadShape as ReadShape<T>>::Output;

/// The reader of the items of `T`.
pub(super) type ReaderOf<T> = <<T as Queryable>::ReadShape as ReadShape<T>>::Read;

/// A change of an item of `T`, an entity or an item collection, in a stream of the view type `V`.
///
/// An image that the view type does not have is [`NotInView`](super::NotInView), so that code which needs it does not
/// compile.
pub enum Change<T: Queryable, V: StreamView = NewAndOldImages> {
    /// There was no item of `T`, and there is one.
    Insert {
        /// The item after the change.
        new: V::New<ItemOf<T>>,
    },
    /// The item was changed, and is of the same entity as before.
    Modify {
        /// The item before the change.
        old: V::Old<ItemOf<T>>,
        /// The item after the change.
        new: V::New<ItemOf<T>>,
    },
    /// There was an item of `T`, and there is none.
    Remove {
        /// The item before the change.
        old: V::Old<ItemOf<T>>,
    },
}

impl<T: Queryable, V: StreamView> Change<T, V> {
    /// The kind of the change.
    pub fn event_name(&self) -> EventName {
        match self {
            Self::Insert { .. } => EventName::Insert,
            Self::Modify { .. } => EventName::Modify,
            Self::Remove { .. } => EventName::Remove,
        }
    }

    /// The item after the change; `None` if it was removed.
    pub fn new_item(&self) -> Option<&ItemOf<T>>
    where
        V: HasNewImage,
    {
        match self {
            Self::Insert { new } | Self::Modify { new, .. } => V::as_new(new),
            Self::Remove { .. } => None,
        }
    }

    /// The item before the change; `None` if there was none.
    pub fn old_item(&self) -> Option<&ItemOf<T>>
    where
        V: HasOldImage,
    {
        match self {
            Self::Modify { old, .. } | Self::Remove { old } => V::as_old(old),
            Self::Insert { .. } => None,
        }
    }
}

/// Shows the kind of the change and the subject, and no value.
impl<T: Queryable, V: StreamView> fmt::Debug for Change<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Insert { .. } => "Insert",
            Self::Modify { .. } => "Modify",
            Self::Remove { .. } => "Remove",
        };
        f.debug_struct(name).field("of", &T::SUBJECT).finish_non_exhaustive()
    }
}

impl<T: Queryable, V: StreamView> Clone for Change<T, V>
where
    V::New<ItemOf<T>>: Clone,
    V::Old<ItemOf<T>>: Clone,
{
    fn clone(&self) -> Self {
        match self {
            Self::Insert { new } => Self::Insert { new: new.clone() },
            Self::Modify { old, new } => Self::Modify { old: old.clone(), new: new.clone() },
            Self::Remove { old } => Self::Remove { old: old.clone() },
        }
    }
}

impl<T: Queryable, V: StreamView> PartialEq for Change<T, V>
where
    V::New<ItemOf<T>>: PartialEq,
    V::Old<ItemOf<T>>: PartialEq,
{
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Insert { new }, Self::Insert { new: other }) => new == other,
            (Self::Modify { old, new }, Self::Modify { old: other_old, new: other_new }) => {
                old == other_old && new == other_new
            }
            (Self::Remove { old }, Self::Remove { old: other }) => old == other,
            _ => false,
        }
    }
}
