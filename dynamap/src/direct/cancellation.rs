use crate::entity::RawItem;
use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    operation::{transact_get_items::TransactGetItemsError, transact_write_items::TransactWriteItemsError},
    types::CancellationReason,
};

/// A transaction's error, which may be its cancellation.
pub(crate) trait Cancelable: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static {
    /// A reason for each action; `None` if it is another error.
    fn cancellation(&self) -> Option<&[CancellationReason]>;
}

macro_rules! with_cancellation_reasons {
    ($($error:ident)*) => { $(
        impl Cancelable for $error {
            fn cancellation(&self) -> Option<&[CancellationReason]> {
                match self {
                    Self::TransactionCanceledException(canceled) => Some(canceled.cancellation_reasons()),
                    _ => None,
                }
            }
        }
    )* };
}

with_cancellation_reasons! { TransactWriteItemsError TransactGetItemsError }

/// The refusal of an action by DynamoDB: its code, and the item that came with it.
pub(crate) type Refusal = (Option<String>, Option<RawItem>);

/// The refusals of a transaction that was cancelled, with the `items` that were taken out of the answer.
pub(crate) fn refusals<E: Cancelable>(
    error: &SdkError<E, HttpResponse>,
    items: Vec<Option<RawItem>>,
) -> Option<Vec<Refusal>> {
    let SdkError::ServiceError(context) = error else { return None };
    let mut items = items.into_iter();
    let refusals = context.err().cancellation()?.iter().map(|reason| {
        let item = items.next().flatten().or_else(|| reason.item.clone().map(RawItem::Values));
        (reason.code.clone(), item)
    });
    Some(refusals.collect())
}
