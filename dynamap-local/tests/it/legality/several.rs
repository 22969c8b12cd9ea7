//! Batches and transactions.

use super::*;

fn puts(count: i64) -> Value {
    writes((0..count).map(|sort| json!({"PutRequest": {"Item": item(sort)}})).collect())
}

fn writes(requests: Vec<Value>) -> Value {
    json!({"RequestItems": {"Tab": requests}})
}

fn gets(keys: Vec<Value>) -> Value {
    json!({"RequestItems": {"Tab": {"Keys": keys}}})
}

fn transaction(actions: Vec<Value>) -> Value {
    json!({"TransactItems": actions})
}

fn put(sort: i64) -> Value {
    json!({"Put": {"TableName": "Tab", "Item": item(sort)}})
}

fn keys(range: std::ops::Range<i64>) -> Vec<Value> {
    range.map(key).collect()
}

#[tokio::test]
async fn batches_and_transactions_have_so_many() {
    let table = table().await;
    table.twins(Rule::Count, "BatchWriteItem", puts(26), puts(25)).await;
    table.twins(Rule::Count, "BatchWriteItem", json!({"RequestItems": {}}), puts(1)).await;
    table.twins(Rule::Count, "BatchGetItem", gets(keys(0..101)), gets(keys(0..100))).await;
    let actions = |count: i64| transaction((0..count).map(put).collect());
    table.twins(Rule::Count, "TransactWriteItems", actions(101), actions(100)).await;
    table.illegal("TransactWriteItems", &actions(0), Rule::Count).await;
    let reads = |count: i64| {
        transaction((0..count).map(|n| json!({"Get": {"TableName": "Tab", "Key": key(n)}})).collect())
    };
    table.twins(Rule::Count, "TransactGetItems", reads(101), reads(100)).await;
}

#[tokio::test]
async fn batches_have_16_megabytes_and_transactions_4() {
    let big = |sort: i64, bytes: usize| with(key(sort), json!({"text": {"S": "x".repeat(bytes)}}));
    let table = table().await;
    // Each is legal by itself; 25 items of 400 KB are less than 16 MB, so only illegal ones can exceed it.
    let batch = |bytes| writes((0..25).map(|n| json!({"PutRequest": {"Item": big(n, bytes)}})).collect());
    table.legal("BatchWriteItem", &batch(400_000)).await;
    let (status, _) = send(&table.local, "BatchWriteItem", &batch(700_000)).await;
    let rules = table.taken();
    assert_eq!(status, 400);
    assert!(rules.contains(&Rule::TotalSize) && rules.contains(&Rule::ItemSize), "{rules:?}");

    let actions = |bytes| {
        let put = |n| json!({"Put": {"TableName": "Tab", "Item": big(n, bytes)}});
        transaction((0..11).map(put).collect())
    };
    table.twins(Rule::TotalSize, "TransactWriteItems", actions(390_000), actions(380_000)).await;
}

#[tokio::test]
async fn an_item_comes_once() {
    let table = table().await;
    let same = json!({"pk": {"S": "p"}, "sk": {"N": "1.0"}});
    let delete = |key: Value| json!({"DeleteRequest": {"Key": key}});
    let put = |sort: i64| json!({"PutRequest": {"Item": item(sort)}});
    table
        .twins(
            Rule::DuplicateKey,
            "BatchWriteItem",
            writes(vec![put(1), delete(same.clone())]),
            writes(vec![put(1), delete(key(10))]),
        )
        .await;
    table
        .twins(
            Rule::DuplicateKey,
            "BatchGetItem",
            gets(vec![key(1), same.clone()]),
            gets(vec![key(1), key(10)]),
        )
        .await;
    let check = |key: Value| json!({"ConditionCheck": {"TableName": "Tab", "Key": key, "ConditionExpression": "attribute_not_exists(never)"}});
    let actions = |key| transaction(vec![self::put(1), check(key)]);
    table.twins(Rule::DuplicateKey, "TransactWriteItems", actions(same), actions(key(2))).await;
}

#[tokio::test]
async fn a_token_has_36_characters() {
    let with_token = |token: &str| with(transaction(vec![put(1)]), json!({"ClientRequestToken": token}));
    let table = table().await;
    table
        .twins(
            Rule::ClientRequestToken,
            "TransactWriteItems",
            with_token(&"t".repeat(37)),
            with_token(&"t".repeat(36)),
        )
        .await;
    table.illegal("TransactWriteItems", &with_token(""), Rule::ClientRequestToken).await;
}

/// What is in a batch or a transaction is checked as if it were alone.
#[tokio::test]
async fn each_part_is_checked() {
    let table = table().await;
    let empty = json!({"pk": {"S": ""}, "sk": {"N": "1"}});
    let put = |key: Value| writes(vec![json!({"PutRequest": {"Item": key}})]);
    table.twins(Rule::EmptyKey, "BatchWriteItem", put(empty.clone()), put(key(1))).await;
    let delete = |key: Value| writes(vec![json!({"DeleteRequest": {"Key": key}})]);
    table.twins(Rule::EmptyKey, "BatchWriteItem", delete(empty.clone()), delete(key(1))).await;
    table.twins(Rule::EmptyKey, "BatchGetItem", gets(vec![empty.clone()]), gets(vec![key(1)])).await;
    let get = |key: Value| transaction(vec![json!({"Get": {"TableName": "Tab", "Key": key}})]);
    table.twins(Rule::EmptyKey, "TransactGetItems", get(empty.clone()), get(key(1))).await;
    let check = |operands: usize| {
        let condition = format!("NOT n IN ({})", vec![":n"; operands].join(","));
        transaction(vec![
            json!({"ConditionCheck": {"TableName": "Tab", "Key": key(9), "ConditionExpression": condition,
                                "ExpressionAttributeValues": {":n": {"N": "1"}}}}),
        ])
    };
    table.twins(Rule::InOperands, "TransactWriteItems", check(101), check(100)).await;
    let projected = |projection: &str| json!({"RequestItems": {"Tab": {"Keys": [key(1)], "ProjectionExpression": projection}}});
    table.twins(Rule::OverlappingPaths, "BatchGetItem", projected("n, n"), projected("n, m")).await;
}
