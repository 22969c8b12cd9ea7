/// The operations whose requests have no items, keys or values.
const ABOUT_TABLES: [&str; 11] = [
    "CreateTable",
    "DeleteTable",
    "DescribeContinuousBackups",
    "DescribeTable",
    "DescribeTimeToLive",
    "ListTagsOfResource",
    "TagResource",
    "UntagResource",
    "UpdateContinuousBackups",
    "UpdateTable",
    "UpdateTimeToLive",
];

/// True if the requests of the operation have no items, keys or values.
pub(super) fn is_about_tables(operation: &str) -> bool {
    ABOUT_TABLES.contains(&operation)
}
