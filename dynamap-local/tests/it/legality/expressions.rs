//! Expressions and their placeholders.

use super::*;

/// A scan with this filter and these values.
fn scan(filter: &str, values: Value) -> Value {
    json!({"TableName": "Tab", "FilterExpression": filter, "ExpressionAttributeValues": values})
}

fn query(more: Value) -> Value {
    let values = more.get("ExpressionAttributeValues").cloned().unwrap_or_else(|| json!({}));
    let values = with(json!({":p": {"S": "p"}}), values);
    let query = json!({"TableName": "Tab", "KeyConditionExpression": "pk = :p"});
    with(with(query, more), json!({"ExpressionAttributeValues": values}))
}

fn update(expression: &str, values: Value) -> Value {
    let update = json!({"TableName": "Tab", "Key": key(1), "UpdateExpression": expression});
    if values == json!({}) { update } else { with(update, json!({"ExpressionAttributeValues": values})) }
}

fn number() -> Value {
    json!({":n": {"N": "1"}})
}

async fn scans(rule: Rule, illegal: Value, legal: Value) {
    table().await.twins(rule, "Scan", illegal, legal).await;
}

async fn updates(rule: Rule, illegal: Value, legal: Value) {
    table().await.twins(rule, "UpdateItem", illegal, legal).await;
}

#[tokio::test]
async fn an_expression_has_4_kilobytes() {
    let sized = |bytes: usize| scan(&format!("n = :n{}", " ".repeat(bytes - 6)), number());
    scans(Rule::ExpressionSize, sized(4097), sized(4096)).await;
    let sized = |bytes: usize| update(&format!("SET n = :n{}", " ".repeat(bytes - 10)), number());
    updates(Rule::ExpressionSize, sized(4097), sized(4096)).await;
}

#[tokio::test]
async fn an_expression_has_300_operators() {
    // n=:n with a NOT or an AND before it.
    let chain = |first: &str| scan(&format!("{first}n=:n{}", " and n=:n".repeat(149)), number());
    scans(Rule::Operators, chain("NOT NOT "), chain("NOT ")).await;
    let sum = |terms: usize| update(&format!("SET n = :n{}", "+:n".repeat(terms)), number());
    table().await.illegal("UpdateItem", &sum(301), Rule::Operators).await;
    // Neither commas, assignments nor the AND of BETWEEN are operators.
    let sets: Vec<String> = (0..320).map(|n| format!("a{n}=:n")).collect();
    table().await.legal("UpdateItem", &update(&format!("SET {}", sets.join(",")), number())).await;
    let between = vec!["n BETWEEN :n AND :n"; 150].join(" OR ");
    table().await.legal("Scan", &scan(&between, number())).await;
}

#[tokio::test]
async fn in_has_100_operands() {
    let within = |operands: usize| scan(&format!("n IN ({})", vec![":n"; operands].join(", ")), number());
    scans(Rule::InOperands, within(101), within(100)).await;
    let twice = format!("{0} OR {0}", within(100)["FilterExpression"].as_str().unwrap());
    table().await.legal("Scan", &scan(&twice, number())).await;
}

#[tokio::test]
async fn bounds_of_between_are_in_order() {
    for (low, high) in [
        (json!({"N": "9"}), json!({"N": "10"})),
        (json!({"N": "-2"}), json!({"N": "-1.5"})),
        (json!({"S": "10"}), json!({"S": "9"})),
        (json!({"S": "Z"}), json!({"S": "a"})),
        (json!({"B": "AA=="}), json!({"B": "AAA="})),
        // "+" is the 62nd digit of base64.
        (json!({"B": "9AAA"}), json!({"B": "+AAA"})),
    ] {
        let between = |low: &Value, high: &Value| scan("n between :l AND :h", json!({":l": low, ":h": high}));
        scans(Rule::BetweenBounds, between(&high, &low), between(&low, &high)).await;
        scans(Rule::BetweenBounds, between(&low, &json!({"BOOL": true})), between(&low, &low)).await;
    }
    let keys = |low, high| {
        let values = json!({":p": {"S": "p"}, ":l": {"N": low}, ":h": {"N": high}});
        json!({"TableName": "Tab", "KeyConditionExpression": "pk = :p AND sk BETWEEN :l AND :h",
               "ExpressionAttributeValues": values})
    };
    table().await.twins(Rule::BetweenBounds, "Query", keys("2", "1"), keys("1", "1.0")).await;
}

#[tokio::test]
async fn only_what_has_an_order_is_compared() {
    for value in [
        json!({"BOOL": true}),
        json!({"NULL": true}),
        json!({"SS": ["a"]}),
        json!({"L": []}),
        json!({"M": {}}),
    ] {
        scans(Rule::Operand, scan("n < :v", json!({":v": value})), scan("n <> :v", json!({":v": value})))
            .await;
        scans(Rule::Operand, scan(":v >= n", json!({":v": value})), scan(":v = n", json!({":v": value})))
            .await;
    }
    let of_type = |name: &str| scan("attribute_type(note, :t)", json!({":t": {"S": name}}));
    scans(Rule::Operand, of_type("DOG"), of_type("SS")).await;
}

#[tokio::test]
async fn functions_are_in_lower_case() {
    let exists = |name: &str| json!({"TableName": "Tab", "FilterExpression": format!("{name}(n)")});
    scans(Rule::Function, exists("ATTRIBUTE_EXISTS"), exists("attribute_exists")).await;
    let append = |name: &str| {
        let set = update(&format!("SET #l = {name}(#l, :l)"), json!({":l": {"L": []}}));
        with(set, json!({"ExpressionAttributeNames": {"#l": "list"}}))
    };
    updates(Rule::Function, append("LIST_APPEND"), append("list_append")).await;
}

#[tokio::test]
async fn a_bare_name_begins_with_a_letter() {
    scans(Rule::BareName, scan("_n = :n", number()), scan("n_1 = :n", number())).await;
    let placeholder = json!({"ExpressionAttributeNames": {"#_n": "_n"}});
    table().await.legal("Scan", &with(scan("#_n = :n", number()), placeholder)).await;
}

#[tokio::test]
async fn placeholders_stand_for_something() {
    let absent = json!({"TableName": "Tab", "Key": key(9), "ConditionExpression": "attribute_not_exists(n) OR n = :m"});
    let delete = |values: Value| with(absent.clone(), json!({"ExpressionAttributeValues": values}));
    // No item is evaluated, so the engine takes it.
    let table = table().await;
    table
        .twins(Rule::UndefinedPlaceholder, "DeleteItem", absent.clone(), delete(json!({":m": {"N": "1"}})))
        .await;
    let get = |projection: &str| {
        json!({"TableName": "Tab", "Key": key(1), "ProjectionExpression": projection,
               "ExpressionAttributeNames": {"#n": "n"}})
    };
    table.twins(Rule::UndefinedPlaceholder, "GetItem", get("#n, #m"), get("#n, m")).await;
}

#[tokio::test]
async fn placeholders_are_used() {
    let two = with(number(), json!({":m": {"N": "1"}}));
    scans(Rule::UnusedPlaceholder, scan("n = :n", two.clone()), scan("n IN (:n, :m)", two)).await;
    let get = |projection: &str| {
        json!({"TableName": "Tab", "Key": key(1), "ProjectionExpression": projection,
               "ExpressionAttributeNames": {"#n": "n", "#a.b": "a.b"}})
    };
    let names = json!({"#n": "n", "#m": "m"});
    let legal = json!({"TableName": "Tab", "Key": key(1), "ProjectionExpression": "#n, m.#m[0].x", "ExpressionAttributeNames": names});
    table().await.twins(Rule::UnusedPlaceholder, "GetItem", get("#n"), legal).await;
    // A value that only the update uses serves the condition's placeholder set, too.
    let both = with(update("SET n = :n", number()), json!({"ConditionExpression": "n = :n"}));
    table().await.legal("UpdateItem", &both).await;
}

#[tokio::test]
async fn a_placeholder_has_255_bytes() {
    let sized = |bytes: usize| {
        let name = format!(":{}", "v".repeat(bytes));
        scan(&format!("n = {name}"), json!({name: {"N": "1"}}))
    };
    scans(Rule::PlaceholderSize, sized(256), sized(255)).await;
}

#[tokio::test]
async fn paths_do_not_overlap() {
    let get =
        |projection: &str| json!({"TableName": "Tab", "Key": key(1), "ProjectionExpression": projection});
    let table = table().await;
    for (illegal, legal) in [
        ("n, n", "n, n1"),
        ("m.x, m", "m.x, m.y"),
        ("m.x[0], m.x[0].y", "m.x[0], m.x[1]"),
        ("m[1], m[01]", "m[1], m[10]"),
        ("m.x, m[0]", "m.x.y, m.y[0]"),
    ] {
        table.twins(Rule::OverlappingPaths, "GetItem", get(illegal), get(legal)).await;
    }
    for (illegal, legal) in [
        ("SET n = :n REMOVE n", "SET n = n + :n REMOVE note"),
        ("SET m = :n, m.x = :n", "SET n = :n, n1 = :n"),
        ("SET n = :n ADD n :n", "set n = if_not_exists(n1, :n) add n1 :n"),
        ("SET x1 = if_not_exists(a1, :n), x1 = :n", "SET x1 = if_not_exists(n, :n), n = :n"),
    ] {
        updates(Rule::OverlappingPaths, update(illegal, number()), update(legal, number())).await;
    }
}

#[tokio::test]
async fn an_update_changes_no_key() {
    for (illegal, legal) in [
        ("SET n = :n, pk = :n", "SET n = :n"),
        ("SET n = :n REMOVE sk", "SET n = if_not_exists(sk, :n)"),
        ("ADD sk :n", "ADD n :n"),
    ] {
        updates(Rule::KeyUpdate, update(illegal, number()), update(legal, number())).await;
    }
}

#[tokio::test]
async fn a_query_filters_no_key_attribute() {
    let filtered =
        |filter: &str| query(json!({"FilterExpression": filter, "ExpressionAttributeValues": number()}));
    let table = table().await;
    table.twins(Rule::KeyInFilter, "Query", filtered("sk = :n"), filtered("n = :n AND sku <> :n")).await;
    // A scan may, and a query of an index may filter the table's key.
    table.legal("Scan", &scan("sk = :n", number())).await;
    let index = |filter: &str| {
        json!({"TableName": "Tab", "IndexName": "all", "KeyConditionExpression": "#status = :p", "FilterExpression": filter,
               "ExpressionAttributeNames": {"#status": "status"},
               "ExpressionAttributeValues": {":p": {"S": "open"}, ":n": {"N": "1"}}})
    };
    table.twins(Rule::KeyInFilter, "Query", index("n = :n OR #status = :n"), index("sk = :n")).await;
}

#[tokio::test]
async fn a_global_index_gives_only_what_is_in_it() {
    let read = |index: &str, more: Value| with(json!({"TableName": "Tab", "IndexName": index}), more);
    let projected = |name: &str| json!({"ProjectionExpression": format!("pk, {name}")});
    let table = table().await;
    table
        .twins(Rule::Unprojected, "Scan", read("status", projected("n")), read("status", projected("title")))
        .await;
    table.legal("Scan", &read("all", projected("n"))).await;
    let filtered = |name: &str| json!({"FilterExpression": format!("attribute_exists({name})")});
    let key_condition = json!({"KeyConditionExpression": "#status = :s", "ExpressionAttributeNames": {"#status": "status"},
                               "ExpressionAttributeValues": {":s": {"S": "open"}}});
    let query = |name: &str| read("status", with(key_condition.clone(), filtered(name)));
    table.twins(Rule::Unprojected, "Query", query("n"), query("title")).await;
    // A local index fetches it from the table.
    let local = json!({"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "p"}}});
    table.legal("Query", &read("by_title", with(local, projected("n")))).await;
}
