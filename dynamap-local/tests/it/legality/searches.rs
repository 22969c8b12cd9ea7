//! Searches of vector indexes.

use super::*;

fn search(condition: &str, more: Value) -> Value {
    let search = json!({
        "TableName": "Tab", "IndexName": "near", "TopK": 100, "SearchVector": [{"N": "1"}, {"N": "-0.5"}],
        "SearchConditionExpression": condition, "ExpressionAttributeValues": {":s": {"S": "x"}},
    });
    with(search, more)
}

async fn searches(rule: Rule, illegal: Value, legal: Value) {
    table().await.twins(rule, "SearchVectors", illegal, legal).await;
}

#[tokio::test]
async fn the_expressions_of_a_search_have_the_limits_of_others() {
    let sized = |bytes: usize| search(&format!("a = :s{}", " ".repeat(bytes - 6)), json!({}));
    searches(Rule::ExpressionSize, sized(4097), sized(4096)).await;
    let projected = |text: &str| search("a = :s", json!({"ProjectionExpression": text}));
    searches(Rule::OverlappingPaths, projected("vector, vector[0]"), projected("vector, title")).await;
}

#[tokio::test]
async fn the_placeholders_of_a_search_are_defined_and_used() {
    let names = |condition: &str| search(condition, json!({"ExpressionAttributeNames": {"#s": "a"}}));
    searches(Rule::UndefinedPlaceholder, search("#s = :s", json!({})), names("#s = :s")).await;
    searches(Rule::UnusedPlaceholder, names("a = :s"), names("#s = :s")).await;
}

#[tokio::test]
async fn the_engine_checks_the_form_of_a_search() {
    let legal = || search("a = :s AND title = :s", json!({}));
    for illegal in [
        search("title = :s", json!({})),
        search("a > :s", json!({})),
        search("a = :s OR title = :s", json!({})),
        search("a = :s AND a = :s", json!({})),
        search("a = :s AND data = :s", json!({})),
        search("a = :s", json!({"TopK": 101})),
        search("a = :s", json!({"TopK": 0})),
        search("a = :s", json!({"SearchVector": [{"N": "1"}]})),
        search("a = :s", json!({"SearchVector": [{"N": "1"}, {"N": "1E39"}]})),
        search("a = :s", json!({"IndexName": "status"})),
    ] {
        searches(Rule::Engine, illegal, legal()).await;
    }
}
