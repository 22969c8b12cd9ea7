//! Items, keys and values.

use super::*;

fn put(more: Value) -> Value {
    json!({"TableName": "Tab", "Item": with(item(1), more)})
}

async fn puts(rule: Rule, illegal: Value, legal: Value) {
    table().await.twins(rule, "PutItem", put(illegal), put(legal)).await;
}

#[tokio::test]
async fn an_item_has_400_kilobytes() {
    let table = table().await;
    // pk, p, sk, 1, text
    let rest = 2 + 1 + 2 + 2 + 4;
    let sized = |bytes: usize| json!({"TableName": "Tab", "Item": with(key(1), json!({"text": {"S": "x".repeat(bytes - rest)}}))});
    table.twins(Rule::ItemSize, "PutItem", sized(409_601), sized(409_600)).await;
}

/// Around the limit, the check and the engine draw the line at the same byte for every type.
#[tokio::test]
async fn sizes_are_those_of_the_engine() {
    let table = table().await;
    for value in [
        json!({"N": "-123.4500"}),
        json!({"B": "AAECAw=="}),
        json!({"BOOL": true}),
        json!({"NULL": true}),
        json!({"SS": ["a", "bcd"]}),
        json!({"NS": ["1", "100", "0.25"]}),
        json!({"BS": ["AAE=", "AAEC"]}),
        json!({"L": [{"N": "1E125"}, {"L": []}]}),
        json!({"M": {"é": {"S": "ü"}, "m": {"M": {}}}}),
    ] {
        let fill = |bytes: usize| put(json!({"v": value, "text": {"S": "x".repeat(bytes)}}));
        let (mut low, mut high) = (409_000, 409_601);
        while low + 1 < high {
            let middle = (low + high) / 2;
            if table.send("PutItem", &fill(middle)).await.0 == 200 {
                low = middle
            } else {
                high = middle
            }
            // One that only the engine refuses would be `Rule::Engine`.
            assert!(table.taken().iter().all(|rule| *rule == Rule::ItemSize), "{value}");
        }
        table.twins(Rule::ItemSize, "PutItem", fill(high), fill(low)).await;
        assert_eq!(send(&table.plain, "PutItem", &fill(high)).await.0, 400, "{value}");
    }
}

#[tokio::test]
async fn a_number_has_38_digits_and_a_range() {
    let number = |text: &str| json!({"v": {"N": text}});
    let digits = "1".repeat(38);
    puts(Rule::Number, number(&format!("{digits}1")), number(&digits)).await;
    puts(Rule::Number, number("1E126"), number("9.9E125")).await;
    puts(Rule::Number, number("-1E-131"), number("-1E-130")).await;
    puts(Rule::Number, json!({"v": {"NS": ["1E126"]}}), json!({"v": {"NS": ["1E125"]}})).await;
    puts(Rule::Number, json!({"v": {"L": [{"M": {"x": {"N": "1E126"}}}]}}), number("000.100")).await;
}

#[tokio::test]
async fn values_nest_32_levels() {
    let nested = |levels: usize| {
        let mut value = json!({"S": "x"});
        for level in 1..levels {
            value = if level % 2 == 0 { json!({"L": [value]}) } else { json!({"M": {"m": value}}) };
        }
        json!({"v": value})
    };
    puts(Rule::Nesting, nested(33), nested(32)).await;
    let update = |levels| {
        json!({"TableName": "Tab", "Key": key(1), "UpdateExpression": "SET v = :v",
               "ExpressionAttributeValues": {":v": nested(levels)["v"]}})
    };
    table().await.twins(Rule::Nesting, "UpdateItem", update(33), update(32)).await;
}

#[tokio::test]
async fn a_set_has_members_and_each_once() {
    puts(Rule::Set, json!({"v": {"SS": []}}), json!({"v": {"SS": [""]}})).await;
    puts(Rule::Set, json!({"v": {"SS": ["a", "a"]}}), json!({"v": {"SS": ["a", "A"]}})).await;
    puts(Rule::Set, json!({"v": {"NS": ["1", "1.0"]}}), json!({"v": {"NS": ["1", "10"]}})).await;
    puts(Rule::Set, json!({"v": {"BS": ["AA==", "AA=="]}}), json!({"v": {"BS": ["AA==", "AAA="]}})).await;
}

#[tokio::test]
async fn a_key_is_whole() {
    let table = table().await;
    let get = |key: Value| json!({"TableName": "Tab", "Key": key});
    table.twins(Rule::KeySchema, "GetItem", get(json!({"pk": {"S": "p"}})), get(key(1))).await;
    let more = with(key(1), json!({"title": {"S": "x"}}));
    table.twins(Rule::KeySchema, "DeleteItem", get(more), get(key(1))).await;
    let put = |item: Value| json!({"TableName": "Tab", "Item": item});
    table
        .twins(Rule::KeySchema, "PutItem", put(json!({"pk": {"S": "p"}, "n": {"N": "1"}})), put(item(1)))
        .await;
}

#[tokio::test]
async fn a_key_has_its_type() {
    let table = table().await;
    let get = |sort: Value| json!({"TableName": "Tab", "Key": {"pk": {"S": "p"}, "sk": sort}});
    table.twins(Rule::KeyType, "GetItem", get(json!({"S": "1"})), get(json!({"N": "1"}))).await;
    puts(Rule::KeyType, json!({"status": {"N": "1"}}), json!({"status": {"S": "1"}})).await;
    puts(Rule::KeyType, json!({"title": {"NULL": true}}), json!({"title": {"S": "a"}})).await;
    let set = |value: Value| {
        json!({"TableName": "Tab", "Key": key(1), "UpdateExpression": "SET n = :n, #status = :s REMOVE note",
               "ExpressionAttributeNames": {"#status": "status"},
               "ExpressionAttributeValues": {":n": {"N": "1"}, ":s": value}})
    };
    table.twins(Rule::KeyType, "UpdateItem", set(json!({"N": "1"})), set(json!({"S": "1"}))).await;
}

#[tokio::test]
async fn a_key_is_not_empty() {
    let table = table().await;
    let get =
        |partition: &str| json!({"TableName": "Tab", "Key": {"pk": {"S": partition}, "sk": {"N": "1"}}});
    table.twins(Rule::EmptyKey, "GetItem", get(""), get("p")).await;
    puts(Rule::EmptyKey, json!({"status": {"S": ""}}), json!({"text": {"S": ""}})).await;
    puts(Rule::EmptyKey, json!({"data": {"B": ""}}), json!({"data": {"B": "AA=="}})).await;
}

#[tokio::test]
async fn a_key_has_2048_and_1024_bytes() {
    let table = table().await;
    let get = |bytes| json!({"TableName": "Tab", "Key": {"pk": {"S": "x".repeat(bytes)}, "sk": {"N": "1"}}});
    table.twins(Rule::KeySize, "GetItem", get(2049), get(2048)).await;
    // The engine takes such an index key.
    let status = |bytes| json!({"status": {"S": "x".repeat(bytes)}});
    puts(Rule::KeySize, status(2049), status(2048)).await;
    // 1368 digits of base64 are 1026 bytes, 1364 are 1023.
    let data = |digits: usize| with(status(1), json!({"data": {"B": "A".repeat(digits)}}));
    puts(Rule::KeySize, data(1368), data(1364)).await;
    let title = |bytes: usize| json!({"title": {"S": "é".repeat(bytes / 2)}});
    puts(Rule::KeySize, title(1026), title(1024)).await;
    // A sort key of several attributes counts as a whole.
    let wide = |bytes| with(status(1), json!({"a": {"S": "x".repeat(1000)}, "b": {"S": "x".repeat(bytes)}}));
    puts(Rule::KeySize, wide(25), wide(24)).await;
}
