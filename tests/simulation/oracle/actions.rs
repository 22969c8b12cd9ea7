//! What a request is about.

use serde_json::Value;

/// An item that a request reads or writes.
pub(super) struct Action {
    pub(super) key: String,
    pub(super) writes: bool,
}

/// The items of a request; none if it is about no items.
pub(super) fn actions(operation: &str, body: &Value) -> Vec<Action> {
    let of = |item: &Value, writes| {
        let key = item["pk"]["S"].as_str()?.to_owned();
        Some(Action { key, writes })
    };
    match operation {
        "GetItem" => of(&body["Key"], false).into_iter().collect(),
        "PutItem" => of(&body["Item"], true).into_iter().collect(),
        "UpdateItem" | "DeleteItem" => of(&body["Key"], true).into_iter().collect(),
        "TransactWriteItems" => members(&body["TransactItems"])
            .filter_map(|(kind, action)| match kind.as_str() {
                "Put" => of(&action["Item"], true),
                kind => of(&action["Key"], kind != "ConditionCheck"),
            })
            .collect(),
        "BatchWriteItem" => {
            let tables = body["RequestItems"].as_object().into_iter().flatten();
            tables
                .flat_map(|(_, requests)| members(requests))
                .filter_map(|(kind, write)| match kind.as_str() {
                    "PutRequest" => of(&write["Item"], true),
                    _ => of(&write["Key"], true),
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The members of objects that have one each.
fn members(list: &Value) -> impl Iterator<Item = (&String, &Value)> {
    list.as_array().into_iter().flatten().filter_map(|one| one.as_object()?.iter().next())
}
