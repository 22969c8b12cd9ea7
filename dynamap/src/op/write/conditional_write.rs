use crate::direct::{DELETE_ITEM, Operation, PUT_ITEM, UPDATE_ITEM};

/// The operations that write one item, which may have a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConditionalWrite {
    Put,
    Update,
    Delete,
}

impl ConditionalWrite {
    pub(crate) fn sent_as(self) -> &'static Operation {
        match self {
            Self::Put => &PUT_ITEM,
            Self::Update => &UPDATE_ITEM,
            Self::Delete => &DELETE_ITEM,
        }
    }
}
