use super::in_front::InFront;
use aws_sdk_dynamodb::{
    config::{FrozenLayer, RuntimePlugin},
    error::ProvideErrorMetadata,
    operation,
};
use aws_smithy_runtime_api::client::{
    interceptors::context::{Error, Input},
    ser_de::SharedResponseDeserializer,
};
use std::sync::{LazyLock, OnceLock};

/// The facts that direct mapping needs of one operation of DynamoDB.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The operation's name, such as `GetItem`.
    pub(crate) name: &'static str,
    /// The member of the response that holds items.
    pub(super) items: &'static str,
    /// The member of the request that dynamap writes in place of the SDK's.
    pub(super) replaced: Option<&'static str>,
    /// The members that every success has.
    pub(super) required: &'static [&'static str],
    /// True if the operation only reads: then it is repeated after a damaged response.
    pub(crate) reads: bool,
    /// DynamoDB's code of an error of the operation.
    pub(super) code: fn(&Error) -> Option<&str>,
    /// Tells if the SDK's input of a call is one of the operation.
    pub(super) is_input: fn(&Input) -> bool,
    pub(super) config: LazyLock<Option<FrozenLayer>>,
    /// Our deserializer in front of the SDK's, if that is there.
    pub(super) in_front: OnceLock<Option<InFront>>,
}

impl Operation {
    /// The SDK's own deserializer of the operation.
    pub(super) fn deserializer(&self) -> Option<&SharedResponseDeserializer> {
        self.config.as_ref()?.load::<SharedResponseDeserializer>()
    }
}

macro_rules! operations {
    ($($name:ident: $module:ident::{$operation:ident, $input:ident, $error:ident}, $items:literal, requires $required:expr,
        replaces $replaced:expr, reads $reads:literal;)*) => { $(
        pub(crate) static $name: Operation = Operation {
            name: stringify!($operation),
            items: $items,
            required: &$required,
            replaced: $replaced,
            reads: $reads,
            code: |error| error.downcast_ref::<operation::$module::$error>()?.code(),
            is_input: |input| input.downcast_ref::<operation::$module::$input>().is_some(),
            config: LazyLock::new(|| operation::$module::$operation::new().config()),
            in_front: OnceLock::new(),
        };
    )* };
}

// DynamoDB: these members are there also where they are empty. `Items` is missing only where a request wants the count.
operations! {
    GET_ITEM: get_item::{GetItem, GetItemInput, GetItemError}, "Item",
        requires [], replaces None, reads true;
    QUERY: query::{Query, QueryInput, QueryError}, "Items",
        requires ["Items", "Count"], replaces None, reads true;
    SCAN: scan::{Scan, ScanInput, ScanError}, "Items",
        requires ["Items", "Count"], replaces None, reads true;
    QUERY_COUNT: query::{Query, QueryInput, QueryError}, "Items",
        requires ["Count"], replaces None, reads true;
    SCAN_COUNT: scan::{Scan, ScanInput, ScanError}, "Items",
        requires ["Count"], replaces None, reads true;
    SEARCH_VECTORS: search_vectors::{SearchVectors, SearchVectorsInput, SearchVectorsError}, "SearchResults",
        requires ["SearchResults"], replaces None, reads true;
    BATCH_GET_ITEM: batch_get_item::{BatchGetItem, BatchGetItemInput, BatchGetItemError}, "Responses",
        requires ["Responses", "UnprocessedKeys"], replaces Some("RequestItems"), reads true;
    TRANSACT_GET_ITEMS: transact_get_items::{TransactGetItems, TransactGetItemsInput, TransactGetItemsError}, "Responses",
        requires ["Responses"], replaces None, reads true;
    PUT_ITEM: put_item::{PutItem, PutItemInput, PutItemError}, "Attributes",
        requires [], replaces None, reads false;
    UPDATE_ITEM: update_item::{UpdateItem, UpdateItemInput, UpdateItemError}, "Attributes",
        requires [], replaces None, reads false;
    DELETE_ITEM: delete_item::{DeleteItem, DeleteItemInput, DeleteItemError}, "Attributes",
        requires [], replaces None, reads false;
    BATCH_WRITE_ITEM: batch_write_item::{BatchWriteItem, BatchWriteItemInput, BatchWriteItemError}, "",
        requires ["UnprocessedItems"], replaces Some("RequestItems"), reads false;
    DESCRIBE_TABLE: describe_table::{DescribeTable, DescribeTableInput, DescribeTableError}, "",
        requires ["Table"], replaces None, reads true;
    CREATE_TABLE: create_table::{CreateTable, CreateTableInput, CreateTableError}, "",
        requires ["TableDescription"], replaces None, reads false;
    UPDATE_TABLE: update_table::{UpdateTable, UpdateTableInput, UpdateTableError}, "",
        requires ["TableDescription"], replaces None, reads false;
    DESCRIBE_TIME_TO_LIVE: describe_time_to_live::{DescribeTimeToLive, DescribeTimeToLiveInput, DescribeTimeToLiveError}, "",
        requires ["TimeToLiveDescription"], replaces None, reads true;
    UPDATE_TIME_TO_LIVE: update_time_to_live::{UpdateTimeToLive, UpdateTimeToLiveInput, UpdateTimeToLiveError}, "",
        requires ["TimeToLiveSpecification"], replaces None, reads false;
    DELETE_TABLE: delete_table::{DeleteTable, DeleteTableInput, DeleteTableError}, "",
        requires ["TableDescription"], replaces None, reads false;
    DESCRIBE_CONTINUOUS_BACKUPS: describe_continuous_backups::{DescribeContinuousBackups, DescribeContinuousBackupsInput, DescribeContinuousBackupsError}, "",
        requires ["ContinuousBackupsDescription"], replaces None, reads true;
    UPDATE_CONTINUOUS_BACKUPS: update_continuous_backups::{UpdateContinuousBackups, UpdateContinuousBackupsInput, UpdateContinuousBackupsError}, "",
        requires ["ContinuousBackupsDescription"], replaces None, reads false;
    LIST_TAGS_OF_RESOURCE: list_tags_of_resource::{ListTagsOfResource, ListTagsOfResourceInput, ListTagsOfResourceError}, "",
        requires [], replaces None, reads true;
    TAG_RESOURCE: tag_resource::{TagResource, TagResourceInput, TagResourceError}, "",
        requires [], replaces None, reads false;
    UNTAG_RESOURCE: untag_resource::{UntagResource, UntagResourceInput, UntagResourceError}, "",
        requires [], replaces None, reads false;
    TRANSACT_WRITE_ITEMS: transact_write_items::{TransactWriteItems, TransactWriteItemsInput, TransactWriteItemsError}, "",
        requires [], replaces Some("TransactItems"), reads false;
}
