/// True of the identity of DynamoDB itself, as which it deletes items whose time to live is over.
pub(super) fn is_time_to_live(kind: Option<&str>, principal: Option<&str>) -> bool {
    kind == Some("Service") && principal == Some("dynamodb.amazonaws.com")
}
