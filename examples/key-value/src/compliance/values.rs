use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    CaseFailure, Context,
    case::{Case, case, equal, refused},
};
use crate::{
    StoreError, append, assoc, assoc_attribute_value, bassoc, dissoc, exists, get, get_attribute_value,
    model::Kind, update,
};

pub(super) const CASES: &[Case] = &[
    case!(an_absent_key_is_nothing),
    case!(a_value_comes_back),
    case!(a_value_takes_the_place_of_another),
    case!(null_and_false_are_values),
    case!(any_serde_type_comes_back),
    case!(a_value_of_the_sdk_goes_on_as_it_is),
    case!(any_text_is_a_key),
    case!(a_removed_key_is_absent),
    case!(a_value_is_no_log_and_no_bytes),
    case!(a_value_of_another_form_is_an_error),
    case!(an_item_that_is_too_large_is_refused),
];

async fn an_absent_key_is_nothing(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    equal("get", get::<Value>(store, &key).await?, None)?;
    equal("exists", exists(store, &key).await?, false)?;
    equal("dissoc", dissoc(store, &*key).await?, false)
}

async fn a_value_comes_back(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("user"));
    assoc(store, &*key, &json!({ "name": "Alice", "tags": ["a", "b"] })).await?;
    equal("exists", exists(store, &key).await?, true)?;
    equal("get", get(store, &key).await?, Some(json!({ "name": "Alice", "tags": ["a", "b"] })))
}

async fn a_value_takes_the_place_of_another(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    for value in [json!({ "old": 1 }), json!("text"), json!({ "new": [1, 2] }), json!(0)] {
        assoc(store, &*key, &value).await?;
        equal("get", get(store, &key).await?, Some(value))?;
    }
    Ok(())
}

async fn null_and_false_are_values(context: Context) -> Result<(), CaseFailure> {
    let (store, null, no) = (&context.store, context.key("null"), context.key("false"));
    assoc(store, &*null, &Value::Null).await?;
    assoc(store, &*no, &false).await?;
    equal("exists", exists(store, &null).await?, true)?;
    equal("null", get::<Option<i32>>(store, &null).await?, Some(None))?;
    equal("false", get(store, &no).await?, Some(false))?;
    let changed = update(store, &*null, |old: Option<Option<i32>>| Ok(old == Some(None))).await?;
    equal("update", changed.after()?, true)
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Everything {
    text: String,
    largest: u64,
    smallest: i64,
    fraction: f64,
    flag: bool,
    absent: Option<u8>,
    pair: (char, u16),
    list: Vec<Shape>,
    by_name: std::collections::BTreeMap<String, Vec<u8>>,
    unit: (),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Shape {
    Point,
    Circle(u32),
    Box { width: u32, height: u32 },
}

async fn any_serde_type_comes_back(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    let value = Everything {
        text: "naïve 文".to_owned(),
        largest: u64::MAX,
        smallest: i64::MIN,
        fraction: -0.125,
        flag: true,
        absent: None,
        pair: ('ß', 7),
        list: vec![Shape::Point, Shape::Circle(3), Shape::Box { width: 1, height: 2 }],
        by_name: [("a".to_owned(), vec![0, 255]), ("b".to_owned(), vec![])].into(),
        unit: (),
    };
    assoc(store, &*key, &value).await?;
    equal("get", get(store, &key).await?, Some(value))
}

async fn a_value_of_the_sdk_goes_on_as_it_is(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("item"));
    // Serde has neither sets nor numbers of 38 digits.
    let exact = "0.12345678901234567890123456789012345678";
    let item = AttributeValue::M(
        [
            ("exact".to_owned(), AttributeValue::N(exact.to_owned())),
            ("tags".to_owned(), AttributeValue::Ss(vec!["a".to_owned(), "b".to_owned()])),
            ("name".to_owned(), AttributeValue::S("Alice".to_owned())),
        ]
        .into(),
    );
    #[derive(Debug, PartialEq, Deserialize)]
    struct Named {
        name: String,
        tags: Vec<String>,
    }
    assoc_attribute_value(store, &*key, item.clone()).await?;
    let tags = vec!["a".to_owned(), "b".to_owned()];
    equal("get", get(store, &key).await?, Some(Named { name: "Alice".to_owned(), tags }))?;
    equal("get_attribute_value", get_attribute_value(store, &key).await?, Some(item))
}

async fn any_text_is_a_key(context: Context) -> Result<(), CaseFailure> {
    let store = &context.store;
    let keys = ["", "#", "a#b", "a", "A", "user:1", " ", "文", "KEY#a", "$a", "a\u{0}b"];
    for (number, name) in keys.iter().enumerate() {
        assoc(store, context.key(name), &number).await?;
    }
    for (number, name) in keys.iter().enumerate() {
        equal(name, get(store, &context.key(name)).await?, Some(number))?;
    }
    Ok(())
}

async fn a_removed_key_is_absent(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    assoc(store, &*key, &1).await?;
    equal("first", dissoc(store, &*key).await?, true)?;
    equal("second", dissoc(store, &*key).await?, false)?;
    equal("exists", exists(store, &key).await?, false)?;
    equal("get", get::<i32>(store, &key).await?, None)?;
    assoc(store, &*key, &2).await?;
    equal("anew", get(store, &key).await?, Some(2))
}

async fn a_value_is_no_log_and_no_bytes(context: Context) -> Result<(), CaseFailure> {
    let (store, log, bytes) = (&context.store, context.key("log"), context.key("bytes"));
    append(store, &*log, &1).await?;
    bassoc(store, &*bytes, &[1_u8][..]).await?;
    for (key, kind) in [(&log, Kind::Log), (&bytes, Kind::Binary)] {
        let is_other =
            |error: &StoreError| matches!(error, StoreError::OtherKind { found, .. } if *found == kind);
        refused("get", get::<Value>(store, key).await, is_other)?;
        refused("update", update(store, &**key, |_: Option<i32>| Ok(1)).await, is_other)?;
        assoc(store, &**key, &"value").await?;
        equal("assoc", get(store, key).await?, Some("value".to_owned()))?;
    }
    Ok(())
}

async fn a_value_of_another_form_is_an_error(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    assoc(store, &*key, &"text").await?;
    let is_form = |error: &StoreError| matches!(error, StoreError::Decode { .. });
    refused("get", get::<u32>(store, &key).await, is_form)?;
    refused("update", update(store, &*key, |_: Option<u32>| Ok(1)).await, is_form)?;
    let refuse = |_: Option<String>| Err::<u32, _>("not today".into());
    refused("refusal", update(store, &*key, refuse).await, |error| matches!(error, StoreError::Refused(_)))?;
    equal("unchanged", get(store, &key).await?, Some("text".to_owned()))
}

async fn an_item_that_is_too_large_is_refused(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    let is_large = |error: &StoreError| matches!(error, StoreError::ItemTooLarge { .. });
    refused("assoc", assoc(store, &*key, &"x".repeat(400 << 10)).await, is_large)?;
    equal("absent", exists(store, &key).await?, false)?;
    assoc(store, &*key, &"x".repeat(399 << 10)).await?;
    equal("just fits", get::<String>(store, &key).await?.map(|text| text.len()), Some(399 << 10))
}
