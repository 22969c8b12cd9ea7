use aws_sdk_dynamodb::{
    config::{FrozenLayer, RuntimePlugin},
    operation,
};
use aws_smithy_runtime_api::client::ser_de::SharedResponseDeserializer;
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
    config: LazyLock<Option<FrozenLayer>>,
}

impl Operation {
    /// The SDK's own deserializer of the operation.
    pub(super) fn deserializer(&self) -> Option<&SharedResponseDeserializer> {
        self.config.as_ref()?.load::<SharedResponseDeserializer>()
    }
}

macro_rules! operations {
    ($($name:ident: $operation:path, $items:literal, replaces $replaced:expr, reads $reads:literal;)*) => { $(
        pub(crate) static $name: Operation = Operation {
            items: $items,
            replaced: $replaced,
            reads: $reads,
            config: LazyLock::new(|| <$operation>::new().config()),
        };
    )* };
}

operations! {
    GET_ITEM: operation::get_item::GetItem, "Item", replaces None, reads true;
    QUERY: operation::query::Query, "Items", replaces None, reads true;
    SCAN: operation::scan::Scan, "Items", replaces None, reads true;
    BATCH_GET_ITEM: operation::batch_get_item::BatchGetItem, "Responses", replaces None, reads true;
    TRANSACT_GET_ITEMS: operation::transact_get_items::TransactGetItems, "Responses", replaces None, reads true;
    PUT_ITEM: operation::put_item::PutItem, "Attributes", replaces None, reads false;
    UPDATE_ITEM: operation::update_item::UpdateItem, "Attributes", replaces None, reads false;
    DELETE_ITEM: operation::delete_item::DeleteItem, "Attributes", replaces None, reads false;
    BATCH_WRITE_ITEM: operation::batch_write_item::BatchWriteItem, "",
        replaces Some("RequestItems"), reads false;
    TRANSACT_WRITE_ITEMS: operation::transact_write_items::TransactWriteItems, "",
        replaces Some("TransactItems"), reads false;
}
