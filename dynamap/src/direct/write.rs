use super::{
    client_mode::{ClientMode, customized, exchanged},
    exchange::{Exchange, Receiver},
    manner::CallOptions,
    operation::{BATCH_WRITE_ITEM, DELETE_ITEM, PUT_ITEM, UPDATE_ITEM},
    read::{ReadDocument, from_values, table, tables},
    receivers::{ItemReceiver, NullReceiver},
    write_requests::WriteRequests,
};
use crate::{
    entity::{self, Entity, Item, RawItem},
    error::ServiceError,
    outcome::{ConditionFailed, Error, ErrorDetails, LastAttempt, Result, UnknownOutcome},
    wire::{self, JsonWriter},
};
use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    operation::{
        batch_write_item::{
            BatchWriteItemError, BatchWriteItemOutput, builders::BatchWriteItemFluentBuilder,
        },
        delete_item::{DeleteItemError, DeleteItemOutput, builders::DeleteItemFluentBuilder},
        put_item::{PutItemError, PutItemOutput, builders::PutItemFluentBuilder},
        update_item::{UpdateItemError, UpdateItemOutput, builders::UpdateItemFluentBuilder},
    },
    types::WriteRequest,
};
use std::{collections::HashMap, sync::Arc};

/// Runs PutItem with `entity` as its item, and reads what it replaced, if the request returns that
/// (`ReturnValues`).
///
/// # Errors
/// [`Error::ConditionFailed`] if the request has a condition that is not met. Otherwise a value cannot be
/// stored, a key cannot be made, the request fails, or what was replaced is not of the form of `E`.
pub async fn put_item<E: Entity>(
    request: PutItemFluentBuilder,
    entity: &E,
) -> Result<(Option<E>, PutItemOutput)> {
    let table = table(request.get_table_name());
    let exchange = Exchange::new(&PUT_ITEM, item_member(entity)?, ItemReceiver::<E>(None));
    let sent = put(|| request.clone(), &exchange, &ClientMode::default()).await;
    let mut output = sent.map_err(|failure| failure.into_error("PutItem", E::NAME, &table))?;
    let old = exchange.finish(|one| one.0.take())?.or_read(|| from_values::<E>(output.attributes.take()))?;
    Ok((old, output))
}

/// Runs UpdateItem and reads the attributes that it returns (`ReturnValues`), if it returns any.
///
/// # Errors
/// [`Error::ConditionFailed`] if the request has a condition that is not met. Otherwise the request fails, or the
/// attributes are not of the form of `T`.
pub async fn update_item<E: Entity, T: ReadDocument>(
    request: UpdateItemFluentBuilder,
) -> Result<(Option<T::Output>, UpdateItemOutput)> {
    let table = table(request.get_table_name());
    let exchange = Exchange::new(&UPDATE_ITEM, Vec::new(), ItemReceiver::<T>(None));
    let sent = customized!(request, exchange);
    let sent = sent.map_err(|error| WriteFailure::of(error, Some(&exchange)));
    let mut output = sent.map_err(|failure| failure.into_error("UpdateItem", E::NAME, &table))?;
    let attributes =
        exchange.finish(|one| one.0.take())?.or_read(|| from_values::<T>(output.attributes.take()))?;
    Ok((attributes, output))
}

/// Runs DeleteItem and reads what it deleted, if the request returns that (`ReturnValues`).
///
/// # Errors
/// [`Error::ConditionFailed`] if the request has a condition that is not met. Otherwise the request fails, or what
/// was deleted is not of the form of `E`.
pub async fn delete_item<E: Entity>(
    request: DeleteItemFluentBuilder,
) -> Result<(Option<E>, DeleteItemOutput)> {
    let table = table(request.get_table_name());
    let exchange = Exchange::new(&DELETE_ITEM, Vec::new(), ItemReceiver::<E>(None));
    let sent = customized!(request, exchange);
    let sent = sent.map_err(|error| WriteFailure::of(error, Some(&exchange)));
    let mut output = sent.map_err(|failure| failure.into_error("DeleteItem", E::NAME, &table))?;
    let old = exchange.finish(|one| one.0.take())?.or_read(|| from_values::<E>(output.attributes.take()))?;
    Ok((old, output))
}

/// Runs BatchWriteItem once with `writes` as its `RequestItems`. The output has those that were not processed,
/// which must be sent again.
///
/// # Errors
/// The request fails.
pub async fn batch_write_item(
    request: BatchWriteItemFluentBuilder,
    mut writes: WriteRequests,
) -> Result<BatchWriteItemOutput> {
    let tables_written: Vec<String> = writes.tables().map(str::to_owned).collect();
    let names = tables(tables_written.iter());
    let (manner, on_attempt) = (CallOptions::default(), writes.on_attempt());
    let exchange =
        Exchange::on_attempts(&BATCH_WRITE_ITEM, manner, on_attempt, writes.into_member(), NullReceiver);
    let request = || request.clone().set_request_items(Some(empty_lists(&tables_written)));
    let sent = write_batch(request, &exchange, None).await;
    Ok(sent.map_err(|error| exchange.error("BatchWriteItem", &names, error))?)
}

/// The SDK finds the endpoint by the names of the tables; we fill in what is written into them.
pub(crate) fn empty_lists(tables: &[String]) -> HashMap<String, Vec<WriteRequest>> {
    tables.iter().map(|table| (table.clone(), Vec::new())).collect()
}

/// Runs BatchWriteItem, made by `request`, with an exchange that writes its `RequestItems`. As [`put`].
pub(crate) async fn write_batch<R: Receiver>(
    request: impl Fn() -> BatchWriteItemFluentBuilder,
    exchange: &Arc<Exchange<R>>,
    mode: Option<&ClientMode>,
) -> Result<BatchWriteItemOutput, SdkError<BatchWriteItemError, HttpResponse>> {
    let items = {
        let direct = exchanged!(request(), exchange, mode);
        match exchange.unsent_members(&direct).map(|member| WriteRequests::values(&member)) {
            Some(Ok(items)) => items,
            Some(Err(_)) | None => return direct,
        }
    };
    Box::pin(request().set_request_items(Some(items)).send()).await
}

/// The member `{"Item":{..}` of a request.
pub(crate) fn item_member<E: Entity>(entity: &E) -> Result<Vec<u8>> {
    // Enough for many items, and few enough that allocating them is quick.
    let mut member = Vec::with_capacity(1024);
    member.extend_from_slice(ITEM_MEMBER);
    entity::write_item(entity, &mut JsonWriter::new(&mut member))?;
    Ok(member)
}

/// The item of a member `{"Item":{..}`, in the SDK's types.
pub(crate) fn item_of_member(member: &[u8]) -> Result<Item> {
    Ok(wire::item_from_json::<Item>(member.get(ITEM_MEMBER.len()..).unwrap_or_default())?)
}

const ITEM_MEMBER: &[u8] = b"{\"Item\":";

/// Runs PutItem, made by `request`, with an exchange that writes its item.
///
/// Should a version of the SDK call no hook of ours, DynamoDB refuses the request, which has no item; then the
/// item goes by the SDK's types.
pub(crate) async fn put<R: Receiver>(
    request: impl Fn() -> PutItemFluentBuilder,
    exchange: &Arc<Exchange<R>>,
    mode: &ClientMode,
) -> Result<PutItemOutput, WriteFailure<PutItemError>> {
    let item = {
        let direct = exchanged!(request(), exchange, Some(mode));
        match exchange.unsent_members(&direct).map(|member| item_of_member(&member)) {
            Some(Ok(item)) => item,
            Some(Err(_)) | None => return direct.map_err(|error| WriteFailure::of(error, Some(exchange))),
        }
    };
    let sent = Box::pin(request().set_item(Some(item)).send()).await;
    sent.map_err(|error| WriteFailure::of(error, Some(exchange)))
}

/// An error of the SDK, and the item that DynamoDB sent with it.
#[derive(Debug)]
pub(crate) struct WriteFailure<E> {
    error: SdkError<E, HttpResponse>,
    item: Option<RawItem>,
    /// True if an attempt may have been applied without a response; `None` if the attempts were not watched.
    ambiguous: Option<bool>,
    is_unsent: bool,
}

/// An operation with a condition.
pub(crate) trait Conditional:
    ProvideErrorMetadata + std::error::Error + Send + Sync + 'static
{
    /// The item of a failed condition; `None` if it is another error.
    fn failed_condition(&self) -> Option<Option<&Item>>;
}

macro_rules! conditional {
    ($($error:ident)*) => { $(
        impl Conditional for $error {
            fn failed_condition(&self) -> Option<Option<&Item>> {
                match self {
                    Self::ConditionalCheckFailedException(failed) => Some(failed.item.as_ref()),
                    _ => None,
                }
            }
        }
    )* };
}

conditional! { PutItemError UpdateItemError DeleteItemError }

impl<E: Conditional> WriteFailure<E> {
    pub(crate) fn of<R: Receiver>(error: SdkError<E, HttpResponse>, exchange: Option<&Exchange<R>>) -> Self {
        Self {
            item: exchange.and_then(Exchange::failed_items).and_then(|items| items.item),
            ambiguous: exchange.and_then(|exchange| exchange.is_ambiguous_after(&error)),
            is_unsent: exchange.is_some_and(|exchange| exchange.is_unsent(&error)),
            error,
        }
    }

    pub(crate) fn into_error(self, operation: &'static str, entity: &'static str, table: &str) -> Error {
        let unknown = |last| Error::Unknown(UnknownOutcome::new(operation, entity, table, last));
        if let SdkError::ServiceError(context) = &self.error
            && let Some(item) = context.err().failed_condition()
        {
            let item = self.item.or_else(|| item.cloned().map(RawItem::Values));
            let answer = ErrorDetails::of(&self.error);
            return match self.ambiguous {
                // Perhaps it is our own first attempt that made the condition fail.
                Some(true) => unknown(LastAttempt::ConditionFailed(item)),
                _ => {
                    let failed = ConditionFailed::new(operation, entity, table, item);
                    Error::ConditionFailed(failed.answered(answer))
                }
            };
        }
        let error = ServiceError::new(operation, table, self.error, self.is_unsent);
        let ambiguous = self.ambiguous.unwrap_or_else(|| error.kind().is_ambiguous());
        if ambiguous { unknown(LastAttempt::Error(error)) } else { error.into() }
    }
}

impl<E> From<SdkError<E, HttpResponse>> for WriteFailure<E> {
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        Self { error, item: None, ambiguous: None, is_unsent: false }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{ClientMode, Exchange, NullReceiver, PUT_ITEM, put};
    use dynamap_local::Local;
    use serde_json::json;
    use std::sync::Arc;

    /// An SDK that calls no hook of ours sends a put without an item, which DynamoDB refuses.
    #[tokio::test]
    async fn a_put_without_hooks_goes_by_the_types_of_the_sdk() {
        use aws_sdk_dynamodb::types::{AttributeDefinition, KeySchemaElement, KeyType, ScalarAttributeType};
        let (local, requests) = Local::memory().unwrap().recording();
        let client = local.client();
        let key = KeySchemaElement::builder().attribute_name("pk").key_type(KeyType::Hash).build().unwrap();
        let definition = AttributeDefinition::builder();
        let definition =
            definition.attribute_name("pk").attribute_type(ScalarAttributeType::S).build().unwrap();
        let table =
            client.create_table().table_name("shop").key_schema(key).attribute_definitions(definition);
        table.billing_mode("PAY_PER_REQUEST".into()).send().await.unwrap();
        requests.clear();

        let mut exchange = Exchange::new(&PUT_ITEM, br#"{"Item":{"pk":{"S":"x"}}"#.to_vec(), NullReceiver);
        Arc::get_mut(&mut exchange).unwrap().unhooked = true;
        put(|| client.put_item().table_name("shop"), &exchange, &ClientMode::default()).await.unwrap();
        let sent: Vec<_> = requests.take().into_iter().map(|request| request.body).collect();
        let whole = json!({ "TableName": "shop", "Item": { "pk": { "S": "x" } } });
        assert_eq!(sent, [json!({ "TableName": "shop" }), whole]);
    }
}
