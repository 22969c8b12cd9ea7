use crate::call::item_status::ItemStatus;

/// The reason why there is no entity at a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Absence {
    /// There is no item with the key.
    NotFound,
    /// The item's time to live is over, and DynamoDB has not deleted it yet.
    Expired,
    /// The item is of another entity.
    OtherEntity,
}

impl Absence {
    pub(super) fn of(standing: ItemStatus) -> Self {
        match standing {
            ItemStatus::Expired => Self::Expired,
            _ => Self::OtherEntity,
        }
    }
}
