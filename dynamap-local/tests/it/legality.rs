//! Requests that AWS refuses, each beside a twin that it takes.

mod expressions;
mod items;
mod layers;
mod searches;
mod several;

use dynamap_local::{IllegalRequests, Local, Request, Rule};
use serde_json::{Value, json};

pub(crate) struct Checked {
    pub(crate) local: Local,
    /// Without checks.
    pub(crate) plain: Local,
    illegal: IllegalRequests,
}

/// Keys `pk` (a string) and `sk` (a number); global indexes `status` (with `title`), `all` and `wide` (several keys);
/// local index `by_title`; vector index `near` of `vector`, with the partition key `a` and the inline filter `title`.
pub(crate) async fn table() -> Checked {
    let plain = Local::memory().unwrap();
    let (local, illegal) = plain.checked();
    let key = |partition: &[&str], sort: &[&str]| -> Value {
        let partition = partition.iter().map(|name| json!({"AttributeName": name, "KeyType": "HASH"}));
        let sort = sort.iter().map(|name| json!({"AttributeName": name, "KeyType": "RANGE"}));
        partition.chain(sort).collect()
    };
    let types =
        [("pk", "S"), ("sk", "N"), ("status", "S"), ("data", "B"), ("a", "S"), ("b", "S"), ("title", "S")];
    let definitions: Vec<Value> =
        types.iter().map(|(name, kind)| json!({"AttributeName": name, "AttributeType": kind})).collect();
    let all = json!({"ProjectionType": "ALL"});
    let body = json!({
        "TableName": "Tab", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": definitions,
        "KeySchema": key(&["pk"], &["sk"]),
        "GlobalSecondaryIndexes": [
            {"IndexName": "status", "KeySchema": key(&["status"], &["data"]),
             "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["title"]}},
            {"IndexName": "all", "KeySchema": key(&["status"], &[]), "Projection": all},
            {"IndexName": "wide", "KeySchema": key(&["status"], &["a", "b"]), "Projection": all},
        ],
        "VectorIndexes": [
            {"IndexName": "near", "VectorAttribute": {"AttributeName": "vector"}, "Dimensions": 2, "DistanceFunction": "COSINE",
             "SearchSchema": [{"AttributeName": "a", "SearchSchemaElementType": "HASH"},
                              {"AttributeName": "title", "SearchSchemaElementType": "INLINE_FILTER"}],
             "Projection": all},
        ],
        "LocalSecondaryIndexes": [
            {"IndexName": "by_title", "KeySchema": key(&["pk"], &["title"]), "Projection": {"ProjectionType": "KEYS_ONLY"}},
        ],
    });
    let response = local.transport().call(Request::new("CreateTable", body.to_string())).await.unwrap();
    assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
    let checked = Checked { local, plain, illegal };
    checked.legal("PutItem", &json!({"TableName": "Tab", "Item": item(1)})).await;
    checked
}

pub(crate) fn key(sort: i64) -> Value {
    json!({"pk": {"S": "p"}, "sk": {"N": sort.to_string()}})
}

pub(crate) fn item(sort: i64) -> Value {
    with(key(sort), json!({"n": {"N": "1"}, "text": {"S": "t"}, "list": {"L": [{"S": "x"}, {"S": "y"}]}}))
}

/// The members of both.
pub(crate) fn with(mut one: Value, more: Value) -> Value {
    one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    one
}

impl Checked {
    async fn send(&self, operation: &str, body: &Value) -> (u16, String) {
        send(&self.local, operation, body).await
    }

    #[track_caller]
    fn taken(&self) -> Vec<Rule> {
        self.illegal.take().into_iter().map(|illegal| illegal.rule).collect()
    }

    pub(crate) async fn legal(&self, operation: &str, body: &Value) {
        let (status, answer) = self.send(operation, body).await;
        assert_eq!((status, self.taken()), (200, vec![]), "{operation} {}: {answer}", shown(body));
    }

    pub(crate) async fn illegal(&self, operation: &str, body: &Value, rule: Rule) {
        let (status, answer) = self.send(operation, body).await;
        assert_eq!((status, self.taken()), (400, vec![rule]), "{operation} {}: {answer}", shown(body));
        assert!(answer.contains("#ValidationException"), "{answer}");
    }

    /// The first body is illegal, the second one legal.
    pub(crate) async fn twins(&self, rule: Rule, operation: &str, illegal: Value, legal: Value) {
        self.illegal(operation, &illegal, rule).await;
        self.legal(operation, &legal).await;
    }
}

pub(crate) async fn send(local: &Local, operation: &str, body: &Value) -> (u16, String) {
    let response = local.transport().call(Request::new(operation, body.to_string())).await.unwrap();
    (response.status, String::from_utf8(response.body).unwrap())
}

fn shown(body: &Value) -> String {
    body.to_string().chars().take(500).collect()
}
