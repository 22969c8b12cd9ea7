//! The check among the other layers, and what it leaves to the engine.

use super::*;

#[tokio::test]
async fn an_illegal_request_goes_no_further() {
    let (inside, arrived) = Local::memory().unwrap().recording();
    let (checked, illegal) = inside.checked();
    let body = json!({"TableName": "Tab", "FilterExpression": "n < :v", "ExpressionAttributeValues": {":v": {"NULL": true}}});
    let (status, answer) = send(&checked, "Scan", &body).await;
    assert_eq!(status, 400);
    let found = illegal.take();
    assert_eq!((found.len(), found[0].operation.as_str(), found[0].rule), (1, "Scan", Rule::Operand));
    assert!(answer.contains(&found[0].message), "{answer}");
    assert!(arrived.take().is_empty() && illegal.is_empty());
}

#[tokio::test]
async fn what_the_engine_refuses_is_kept_too() {
    let table = table().await;
    for body in [
        json!({"TableName": "Tab", "Item": with(item(1), json!({"v": {"N": "x"}}))}),
        json!({"TableName": "Tab", "Item": item(1), "ConditionExpression": "name = :n",
               "ExpressionAttributeValues": {":n": {"S": "x"}}}),
        json!({"TableName": "Tab", "Item": 7}),
    ] {
        table.illegal_by_engine("PutItem", &body).await;
    }
    // What depends on the data and breaks no rule is no illegal request.
    for (operation, body) in [
        (
            "PutItem",
            json!({"TableName": "Tab", "Item": item(1), "ConditionExpression": "attribute_not_exists(pk)"}),
        ),
        ("GetItem", json!({"TableName": "Absent", "Key": key(1)})),
    ] {
        let (status, _) = send(&table.local, operation, &body).await;
        assert_eq!((status, table.taken()), (400, vec![]));
    }
}

impl Checked {
    async fn illegal_by_engine(&self, operation: &str, body: &Value) {
        let (status, answer) = send(&self.local, operation, body).await;
        assert_eq!((status, self.taken()), (400, vec![Rule::Engine]), "{answer}");
    }
}

/// Damaged expressions and values never break the check. `DYNAMAP_SEED` repeats a run.
#[tokio::test]
async fn nonsense_is_survived() {
    let seed = std::env::var("DYNAMAP_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    eprintln!("DYNAMAP_SEED={seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let table = table().await;
    let words = [
        "n",
        "_x",
        "#n",
        ":n",
        ":missing",
        "(",
        ")",
        "[",
        "]",
        "0",
        "9",
        ".",
        ",",
        "=",
        "<",
        ">=",
        "<>",
        "+",
        "-",
        "AND",
        "or",
        "NOT",
        "BETWEEN",
        "IN",
        "SET",
        "REMOVE",
        "ADD",
        "DELETE",
        "size",
        "attribute_type",
        "é",
        "#",
        ":",
        "\"",
    ];
    for _ in 0..2000 {
        let mut text = || -> String {
            (0..random.usize(..12)).map(|_| words[random.usize(..words.len())]).collect::<Vec<_>>().join(" ")
        };
        let body = json!({
            "TableName": "Tab", "Key": key(1), "UpdateExpression": text(), "ConditionExpression": text(),
            "FilterExpression": text(), "KeyConditionExpression": text(), "ProjectionExpression": text(),
            "ExpressionAttributeNames": {"#n": "n"}, "ExpressionAttributeValues": {":n": {"N": "1"}},
        });
        for operation in ["UpdateItem", "Query", "Scan", "GetItem"] {
            let (status, answer) = send(&table.local, operation, &body).await;
            assert!(matches!(status, 200 | 400), "DYNAMAP_SEED={seed} {operation} {body}: {answer}");
        }
    }
}

/// Shapes that no SDK sends.
#[tokio::test]
async fn strange_bodies_are_survived() {
    let table = table().await;
    for body in [
        json!({}),
        json!([]),
        json!(7),
        json!({"TableName": 7, "Item": [], "Key": "x", "ExpressionAttributeValues": [1]}),
        json!({"TableName": "Tab", "Item": {"pk": 7, "sk": {}, "v": {"SS": "x"}, "w": {"NS": [7, null]}, "x": {"L": {}}}}),
        json!({"RequestItems": [], "TransactItems": {"Put": 1}}),
        json!({"RequestItems": {"Tab": 7, "U": [7, {"PutRequest": 1}]}, "TransactItems": [7, {"Put": []}, {}]}),
        json!({"TableName": "Tab", "Key": key(1), "UpdateExpression": 7, "ExpressionAttributeNames": {"#n": 7}}),
    ] {
        for operation in [
            "PutItem",
            "UpdateItem",
            "GetItem",
            "Query",
            "Scan",
            "BatchWriteItem",
            "BatchGetItem",
            "TransactWriteItems",
            "TransactGetItems",
            "Nothing",
        ] {
            let (status, answer) = send(&table.local, operation, &body).await;
            assert!(matches!(status, 200 | 400), "{operation} {body}: {answer}");
        }
    }
}

/// An index that is added later has its rules from then on.
#[tokio::test]
async fn the_table_is_as_it_is_now() {
    let table = table().await;
    let put = json!({"TableName": "Tab", "Item": with(item(1), json!({"late": {"N": "1"}}))});
    table.legal("PutItem", &put).await;
    let keys = json!([{"AttributeName": "late", "KeyType": "HASH"}]);
    let index = json!({"IndexName": "late", "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}});
    let definitions = json!([{"AttributeName": "late", "AttributeType": "S"}]);
    let update = json!({"TableName": "Tab", "AttributeDefinitions": definitions,
                        "GlobalSecondaryIndexUpdates": [{"Create": index}]});
    let (status, answer) = send(&table.plain, "UpdateTable", &update).await;
    assert_eq!(status, 200, "{answer}");
    table.illegal("PutItem", &put, Rule::KeyType).await;
}

/// A request of a big table is not checked for longer than one of a small table.
#[tokio::test]
async fn checking_does_not_count_the_items() {
    let table = table().await;
    let request = |sort: i64| json!({"PutRequest": {"Item": item(sort)}});
    for batch in 0..200 {
        let requests: Vec<Value> = (0..25).map(|n| request(10 + batch * 25 + n)).collect();
        send(&table.plain, "BatchWriteItem", &json!({"RequestItems": {"Tab": requests}})).await;
    }
    let get = json!({"TableName": "Tab", "Key": key(1)});
    let fastest = async |local: &Local| {
        let mut fastest = std::time::Duration::MAX;
        for _ in 0..100 {
            let begin = std::time::Instant::now();
            send(local, "GetItem", &get).await;
            fastest = fastest.min(begin.elapsed());
        }
        fastest
    };
    let (plain, checked) = (fastest(&table.plain).await, fastest(&table.local).await);
    assert!(checked < plain * 20, "{plain:?} {checked:?}");
}
