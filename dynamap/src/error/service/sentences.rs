//! Sentences of DynamoDB's that quote no keys and no values.

/// Those that are always the same.
const WHOLE: &[&str] = &[
    "Requested resource not found",
    "Cannot do operations on a non-existent table",
    "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.",
    "The level of configured provisioned throughput for one or more global secondary indexes of the table was exceeded. Consider increasing your provisioning level for the under-provisioned global secondary indexes with the UpdateTable API",
    "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly. If exceptions persist, check if you have a hot key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html",
    "Throughput exceeds the current throughput limit for your account. Please contact AWS Support at https://aws.amazon.com/support request a limit increase",
    "Rate of requests exceeds the allowed throughput.",
    "Item size has exceeded the maximum allowed size",
    "Item size to update has exceeded the maximum allowed size",
    "Collection size exceeded.",
    "The conditional request failed",
    "Transaction is ongoing for the item",
    "Transaction request cannot include multiple operations on one item",
    "Provided list of item keys contains duplicates",
    "The provided key element does not match the schema",
    "The provided expression refers to an attribute that does not exist in the item",
    "The document path provided in the update expression is invalid for update",
    "An operand in the update expression has an incorrect data type",
    "Consistent reads are not supported on global secondary indexes",
    "The provided starting key is invalid",
    "The security token included in the request is invalid.",
    "The security token included in the request is expired",
    "Request processing failed because of an unknown error, exception or failure.",
    "Internal server error",
];

/// Those that go on with the names of tables, indexes and key attributes, with data types and sizes.
const BEGUN: &[&str] = &[
    "Requested resource not found: Table: ",
    "The table does not have the specified index",
    "One or more parameter values were invalid: Type mismatch for key ",
    "One or more parameter values were invalid: Type mismatch for Index Key ",
    "One or more parameter values were invalid: Missing the key ",
    "One or more parameter values were invalid: Size of hashkey has exceeded ",
    "One or more parameter values were invalid: Aggregated size of all range keys has exceeded ",
    "User: arn:",
];

/// The most bytes of a sentence that goes on.
const LONGEST: usize = 512;

/// True if a message of DynamoDB's is known to hold no keys and no values.
pub(super) fn is_plain(message: &str) -> bool {
    let is_named = |rest: &str| {
        // A value would be quoted, or stand in brackets or braces.
        rest.len() <= LONGEST && !rest.contains(['"', '\'', '[', ']', '{', '}', '<', '>', '\n'])
    };
    WHOLE.contains(&message) || BEGUN.iter().any(|begun| message.strip_prefix(begun).is_some_and(is_named))
}
