//! Dispatch of an operation's name to the engine's method.

use dynoxide::{Database, DynoxideError};
use serde::Serialize;

use super::decode::decode;

macro_rules! operations {
    ($($name:literal => $method:ident,)*) => {
        pub(super) fn is_known(operation: &str) -> bool {
            matches!(operation, $($name)|*)
        }

        /// The response's JSON. `is_known` has let the operation through.
        pub(super) fn dispatch(
            database: &Database,
            operation: &str,
            body: &str,
        ) -> Result<String, DynoxideError> {
            match operation {
                $($name => encode(&database.$method(decode(operation, body)?)?),)*
                unknown => unreachable!("`is_known` has refused {unknown}"),
            }
        }
    };
}

operations! {
    "BatchExecuteStatement" => batch_execute_statement,
    "BatchGetItem" => batch_get_item,
    "BatchWriteItem" => batch_write_item,
    "CreateTable" => create_table,
    "DeleteItem" => delete_item,
    "DeleteTable" => delete_table,
    "DescribeTable" => describe_table,
    "DescribeTimeToLive" => describe_time_to_live,
    "ExecuteStatement" => execute_statement,
    "ExecuteTransaction" => execute_transaction,
    "GetItem" => get_item,
    "ListTables" => list_tables,
    "ListTagsOfResource" => list_tags_of_resource,
    "PutItem" => put_item,
    "Query" => query,
    "Scan" => scan,
    "SearchVectors" => search_vectors,
    "TagResource" => tag_resource,
    "TransactGetItems" => transact_get_items,
    "TransactWriteItems" => transact_write_items,
    "UntagResource" => untag_resource,
    "UpdateItem" => update_item,
    "UpdateTable" => update_table,
    "UpdateTimeToLive" => update_time_to_live,
}

fn encode(response: &impl Serialize) -> Result<String, DynoxideError> {
    serde_json::to_string(response).map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}
