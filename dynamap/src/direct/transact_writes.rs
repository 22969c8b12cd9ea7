use super::{
    cancellation::refusals, client_mode::customized, exchange::Exchange, operation::TRANSACT_WRITE_ITEMS,
    read::tables, receivers::NullReceiver,
};
use crate::{
    entity::{self, Entity, Item, Key, name_of},
    error::DecodeError,
    outcome::{CancellationReason, Error, ErrorDetails, Result, TransactionAction, TransactionCanceled},
    schema::TableSchema,
    wire::{self, JsonWriter},
};
use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{BuildError, SdkError},
    operation::transact_write_items::{
        TransactWriteItemsError, TransactWriteItemsOutput, builders::TransactWriteItemsFluentBuilder,
    },
    types::{Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem},
};
use std::fmt;

/// The writes of a TransactWriteItems request, encoded.
///
/// DynamoDB takes at most 100, of 4 MB together and for each key only one; nothing here checks that.
#[derive(Debug, Clone, Default)]
pub struct TransactWrites(Vec<TransactWrite>);

#[derive(Clone)]
struct TransactWrite {
    table: String,
    entity: &'static str,
    action: WriteKind,
    /// The JSON of the item, or of the key.
    item: Vec<u8>,
}

/// Shows the kinds and tables of the writes, and no item or key.
impl fmt::Debug for TransactWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransactWrite")
            .field("table", &self.table)
            .field("entity", &self.entity)
            .field("action", &self.action)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WriteKind {
    Put,
    /// A put of an item that must not be there, by the attribute of its partition key.
    Create(&'static str),
    Delete,
}

impl TransactWrites {
    /// No writes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a put of `entity` into `table`.
    ///
    /// # Errors
    /// A value cannot be stored, or a key cannot be made.
    pub fn put<E: Entity>(&mut self, table: &str, entity: &E) -> Result<()> {
        self.add(table, E::NAME, WriteKind::Put, |w| Ok(entity::write_item(entity, w)?))
    }

    /// Adds a put of `entity` into `table`, which must not have an item with its key.
    ///
    /// # Errors
    /// A value cannot be stored, or a key cannot be made.
    pub fn create<E: Entity>(&mut self, table: &str, entity: &E) -> Result<()> {
        let action = WriteKind::Create(E::Table::PARTITION_KEY.name);
        self.add(table, E::NAME, action, |w| Ok(entity::write_item(entity, w)?))
    }

    /// Adds a delete of the item with `key` from `table`.
    ///
    /// # Errors
    /// The key cannot be made.
    pub fn delete<K: Key>(&mut self, table: &str, key: &K) -> Result<()> {
        let key = entity::key_item(key)?;
        self.add(table, name_of::<K>(), WriteKind::Delete, |w| Ok(wire::write_item(&key, w)?))
    }

    fn add(
        &mut self,
        table: &str,
        entity: &'static str,
        action: WriteKind,
        write: impl FnOnce(&mut JsonWriter<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut item = Vec::new();
        write(&mut JsonWriter::new(&mut item))?;
        self.0.push(TransactWrite { table: table.to_owned(), entity, action, item });
        Ok(())
    }

    /// The member `{"TransactItems":[..]` of a request.
    fn member(&self) -> Vec<u8> {
        let size: usize = self.0.iter().map(|write| write.item.len() + write.table.len() + 200).sum();
        let mut member = Vec::with_capacity(size);
        member.extend_from_slice(b"{\"TransactItems\":[");
        for (count, write) in self.0.iter().enumerate() {
            if count > 0 {
                member.push(b',');
            }
            write.write(&mut member);
        }
        member.push(b']');
        member
    }

    /// The same in the SDK's types; `with_items` or without the items, which are then empty.
    fn values(&self, with_items: bool) -> Result<Vec<TransactWriteItem>> {
        let values = self.0.iter().map(|write| write.values(with_items));
        values.collect::<Result<_, _>>().map_err(Error::from)
    }
}

const NOT_EXISTS: &str = "attribute_not_exists(#n0)";

impl TransactWrite {
    fn kind(&self) -> &'static str {
        match self.action {
            WriteKind::Put | WriteKind::Create(_) => "Put",
            WriteKind::Delete => "Delete",
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        let action = self.kind();
        let member = if self.action == WriteKind::Delete { "Key" } else { "Item" };
        out.extend_from_slice(format!("{{\"{action}\":{{\"{member}\":").as_bytes());
        out.extend_from_slice(&self.item);
        out.extend_from_slice(b",\"TableName\":");
        wire::push_string(out, &self.table);
        if let WriteKind::Create(partition_key) = self.action {
            out.extend_from_slice(b",\"ConditionExpression\":");
            wire::push_string(out, NOT_EXISTS);
            out.extend_from_slice(b",\"ExpressionAttributeNames\":{\"#n0\":");
            wire::push_string(out, partition_key);
            out.extend_from_slice(b"},\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\"");
        }
        out.extend_from_slice(b"}}");
    }

    fn values(&self, with_items: bool) -> Result<TransactWriteItem, DecodeError> {
        let item = match with_items {
            true => wire::item_from_json::<Item>(&self.item)?,
            false => Item::new(),
        };
        let built = match self.action {
            WriteKind::Put => Put::builder().table_name(&self.table).set_item(Some(item)).build().map(put),
            WriteKind::Create(partition_key) => Put::builder()
                .table_name(&self.table)
                .set_item(Some(item))
                .condition_expression(NOT_EXISTS)
                .expression_attribute_names("#n0", partition_key)
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
                .build()
                .map(put),
            WriteKind::Delete => Delete::builder()
                .table_name(&self.table)
                .set_key(Some(item))
                .build()
                .map(|delete| TransactWriteItem::builder().delete(delete).build()),
        };
        built.map_err(|_: BuildError| DecodeError::new("a put or delete", "a part of it"))
    }
}

fn put(put: Put) -> TransactWriteItem {
    TransactWriteItem::builder().put(put).build()
}

/// Runs TransactWriteItems with `writes` as its `TransactItems`.
///
/// # Errors
/// [`Error::TransactionCanceled`], with a reason for each write. Otherwise the request fails.
pub async fn transact_write_items(
    request: TransactWriteItemsFluentBuilder,
    writes: TransactWrites,
) -> Result<TransactWriteItemsOutput> {
    let names = tables(writes.0.iter().map(|write| &write.table));
    // The SDK finds the endpoint by the names of the tables; we write the rest.
    let named = request.clone().set_transact_items(Some(writes.values(false)?));
    let exchange = Exchange::new(&TRANSACT_WRITE_ITEMS, writes.member(), NullReceiver);
    let direct = customized!(named, exchange);
    let sent = match exchange.unsent_members(&direct) {
        Some(_) => {
            let whole = request.set_transact_items(Some(writes.values(true)?));
            exchange.begin_anew();
            Box::pin(async { customized!(whole, exchange) }).await
        }
        None => direct,
    };
    sent.map_err(|error| failure(names, error, &exchange, &writes))
}

fn failure(
    tables: String,
    error: SdkError<TransactWriteItemsError, HttpResponse>,
    exchange: &Exchange<NullReceiver>,
    writes: &TransactWrites,
) -> Error {
    let items = exchange.failed_items().map(|items| items.reasons).unwrap_or_default();
    let Some(refusals) = refusals(&error, items) else {
        return exchange.error(&tables, error).into();
    };
    let writes = writes.0.iter().enumerate();
    let actions = writes.map(|(position, write)| {
        let (kind, entity) = (write.kind(), write.entity);
        TransactionAction { position, kind, entity }
    });
    let reasons = actions.zip(refusals);
    let reasons = reasons.map(|(action, (code, item))| CancellationReason::new(action, code, item));
    let canceled = TransactionCanceled::new(tables, reasons.collect());
    Error::TransactionCanceled(canceled.answered(ErrorDetails::of(&error)))
}
