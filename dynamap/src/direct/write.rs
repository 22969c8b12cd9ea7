use super::{
    call_options::CallOptions,
    client_mode::{ClientMode, customized, exchanged, sent_or_whole},
    exchange::{Exchange, Receiver},
    operation::{BATCH_WRITE_ITEM, DELETE_ITEM, PUT_ITEM, UPDATE_ITEM},
    read::{ReadDocument, from_values, table, tables},
    receivers::{ItemReceiver, NullReceiver},
    write_requests::WriteRequests,
};
use crate::{
    entity::{self, Entity, Item, RawItem},
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

/// Runs PutItem with `entity` as its item, and reads the item that it replaced, if the request returns that
/// (`ReturnValues`).
///
/// # Errors
/// [`Error::ConditionFailed`] if the request has a condition that is not met. Otherwise a value cannot be
/// stored, a key cannot be made, the request fails, or the replaced item is not of the form of `E`.
pub async fn put_item<E: Entity>(
    request: PutItemFluentBuilder,
    entity: &E,
) -> Result<(Option<E>, PutItemOutput)> {
    let table = table(request.get_table_name());
    let exchange = Exchange::new(&PUT_ITEM, item_member(entity)?, ItemReceiver::<E>(None));
    let sent = put(|| request.clone(), &exchange, &ClientMode::default()).await;
    let mut output = sent.map_err(|error| write_error(&exchange, E::NAME, &table, error))?;
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
    let mut output = sent.map_err(|error| write_error(&exchange, E::NAME, &table, error))?;
    let attributes =
        exchange.finish(|one| one.0.take())?.or_read(|| from_values::<T>(output.attributes.take()))?;
    Ok((attributes, output))
}

/// Runs DeleteItem and reads the item that it deleted, if the request returns that (`ReturnValues`).
///
/// # Errors
/// [`Error::ConditionFailed`] if the request has a condition that is not met. Otherwise the request fails, or the
/// deleted item is not of the form of `E`.
pub async fn delete_item<E: Entity>(
    request: DeleteItemFluentBuilder,
) -> Result<(Option<E>, DeleteItemOutput)> {
    let table = table(request.get_table_name());
    let exchange = Exchange::new(&DELETE_ITEM, Vec::new(), ItemReceiver::<E>(None));
    let sent = customized!(request, exchange);
    let mut output = sent.map_err(|error| write_error(&exchange, E::NAME, &table, error))?;
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
    let (options, on_attempt) = (CallOptions::default(), writes.on_attempt());
    let exchange =
        Exchange::on_attempts(&BATCH_WRITE_ITEM, options, on_attempt, writes.into_member(), NullReceiver);
    let request = || request.clone().set_request_items(Some(empty_lists(&tables_written)));
    let sent = write_batch(request, &exchange, None).await;
    Ok(sent.map_err(|error| exchange.error(&names, error))?)
}

/// The SDK finds the endpoint by the names of the tables; we fill in what is written into them.
pub(crate) fn empty_lists(tables: &[String]) -> HashMap<String, Vec<WriteRequest>> {
    tables.iter().map(|table| (table.clone(), Vec::new())).collect()
}

/// Runs BatchWriteItem, made by `request`, with an exchange that writes its `RequestItems`.
pub(crate) async fn write_batch<R: Receiver>(
    request: impl Fn() -> BatchWriteItemFluentBuilder,
    exchange: &Arc<Exchange<R>>,
    mode: Option<&ClientMode>,
) -> Result<BatchWriteItemOutput, SdkError<BatchWriteItemError, HttpResponse>> {
    sent_or_whole!(request(), exchange, mode, |member| {
        let items = WriteRequests::values(&member).ok()?;
        Some(request().set_request_items(Some(items)))
    })
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
pub(crate) async fn put<R: Receiver>(
    request: impl Fn() -> PutItemFluentBuilder,
    exchange: &Arc<Exchange<R>>,
    mode: &ClientMode,
) -> Result<PutItemOutput, SdkError<PutItemError, HttpResponse>> {
    sent_or_whole!(request(), exchange, Some(mode), |member| {
        Some(request().set_item(Some(item_of_member(&member).ok()?)))
    })
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

/// The error of a write that may have a condition, which was sent with `exchange`.
pub(crate) fn write_error<E: Conditional, R: ?Sized>(
    exchange: &Exchange<R>,
    entity: &'static str,
    table: &str,
    error: SdkError<E, HttpResponse>,
) -> Error {
    let operation = exchange.operation().name;
    let unknown = |last| Error::Unknown(UnknownOutcome::new(operation, entity, table, last));
    let returned = exchange.failed_items().and_then(|items| items.item);
    if let SdkError::ServiceError(context) = &error
        && let Some(item) = context.err().failed_condition()
    {
        let item = returned.or_else(|| item.cloned().map(RawItem::Values));
        return match exchange.is_ambiguous_after(&error) {
            // Perhaps it is our own first attempt that made the condition fail.
            Some(true) => unknown(LastAttempt::ConditionFailed(item)),
            _ => {
                let failed = ConditionFailed::new(operation, entity, table, item);
                Error::ConditionFailed(failed.answered(ErrorDetails::of(&error)))
            }
        };
    }
    let (error, ambiguous) = exchange.failed(table, error);
    if ambiguous { unknown(LastAttempt::Error(error)) } else { error.into() }
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
