use super::deserializer::Deserializer;
use aws_sdk_dynamodb::{
    config::{FrozenLayer, RuntimePlugin},
    operation,
};
use aws_smithy_runtime_api::client::{interceptors::context::Input, ser_de::SharedResponseDeserializer};
use aws_smithy_types::config_bag::Layer;
use std::sync::LazyLock;

/// What the direct way knows of one operation of DynamoDB.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The member of the response that holds items.
    pub(super) items: &'static str,
    /// The member of the request that dynamap writes in place of the SDK's.
    pub(super) replaced: Option<&'static str>,
    /// Whether it only reads: then it is repeated after a damaged response.
    pub(super) reads: bool,
    /// Whether the SDK's input of a call is one of the operation.
    pub(super) is_input: fn(&Input) -> bool,
    config: LazyLock<Option<FrozenLayer>>,
    /// What a call on the direct way has before the SDK's configuration of the operation, if the SDK's deserializer is there.
    layer: LazyLock<Option<FrozenLayer>>,
}

impl Operation {
    /// The SDK's own deserializer of the operation.
    pub(super) fn deserializer(&self) -> Option<&SharedResponseDeserializer> {
        self.config.as_ref()?.load::<SharedResponseDeserializer>()
    }

    /// The layer that puts our deserializer in front of the SDK's, if the SDK's is there.
    pub(super) fn layer(&self) -> Option<FrozenLayer> {
        self.layer.clone()
    }
}

fn layer(operation: &'static Operation) -> Option<FrozenLayer> {
    operation.deserializer()?;
    let mut layer = Layer::new("dynamap::direct");
    layer.store_put(SharedResponseDeserializer::new(Deserializer(operation)));
    Some(layer.freeze())
}

macro_rules! operations {
    ($($name:ident: $module:ident::{$operation:ident, $input:ident}, $items:literal, replaces $replaced:expr,
        reads $reads:literal;)*) => { $(
        pub(crate) static $name: Operation = Operation {
            items: $items,
            replaced: $replaced,
            reads: $reads,
            is_input: |input| input.downcast_ref::<operation::$module::$input>().is_some(),
            config: LazyLock::new(|| operation::$module::$operation::new().config()),
            layer: LazyLock::new(|| layer(&$name)),
        };
    )* };
}

operations! {
    GET_ITEM: get_item::{GetItem, GetItemInput}, "Item", replaces None, reads true;
    QUERY: query::{Query, QueryInput}, "Items", replaces None, reads true;
    SCAN: scan::{Scan, ScanInput}, "Items", replaces None, reads true;
    BATCH_GET_ITEM: batch_get_item::{BatchGetItem, BatchGetItemInput}, "Responses", replaces Some("RequestItems"), reads true;
    TRANSACT_GET_ITEMS: transact_get_items::{TransactGetItems, TransactGetItemsInput}, "Responses", replaces None, reads true;
    PUT_ITEM: put_item::{PutItem, PutItemInput}, "Attributes", replaces None, reads false;
    UPDATE_ITEM: update_item::{UpdateItem, UpdateItemInput}, "Attributes", replaces None, reads false;
    DELETE_ITEM: delete_item::{DeleteItem, DeleteItemInput}, "Attributes", replaces None, reads false;
    BATCH_WRITE_ITEM: batch_write_item::{BatchWriteItem, BatchWriteItemInput}, "", replaces Some("RequestItems"), reads false;
    TRANSACT_WRITE_ITEMS: transact_write_items::{TransactWriteItems, TransactWriteItemsInput}, "", replaces Some("TransactItems"), reads false;
}
