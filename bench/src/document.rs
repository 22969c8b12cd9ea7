//! The bytes that all contenders read, and the documents that they must write.

use crate::model::{Model, TABLE};
use fastrand::Rng;
use serde_json::{Map, Value, json};

/// The answer to a BatchWriteItem of which everything was written.
pub(crate) const WRITTEN: &[u8] = br#"{"UnprocessedItems":{}}"#;

/// The most bytes that DynamoDB reads for one Query request.
pub(crate) const PAGE_BYTES: usize = 1 << 20;

/// DynamoDB: the attributes of an item come in no particular order, another one for each item. The seed keeps
/// the bytes the same from run to run.
const SEED: u64 = 0x00D1_7A3A;

/// The number of samples of `T` in a page of `bytes`.
pub(crate) fn page_length<T: Model>(bytes: usize) -> usize {
    let mut total = 0;
    let fits = |index: &usize| {
        total += item_size(&T::sample(*index));
        total <= bytes
    };
    (0..).take_while(fits).count()
}

/// The response of GetItem.
pub(crate) fn get_item_response<T: Model>(entity: &T) -> Vec<u8> {
    let mut out = String::from("{\"Item\":");
    push_item(&mut out, entity, &mut Rng::with_seed(SEED));
    out.push('}');
    out.into_bytes()
}

/// The response of Query, with `last` as the key to go on after.
pub(crate) fn query_response<T: Model>(entities: &[T], last: bool) -> Vec<u8> {
    let count = entities.len();
    let mut out = format!("{{\"Count\":{count},\"Items\":");
    push_items(&mut out, entities);
    if let Some(entity) = entities.last().filter(|_| last) {
        let (pk, sk) = entity.key_values();
        out += &format!(",\"LastEvaluatedKey\":{}", json!({ "pk": { "S": pk }, "sk": { "S": sk } }));
    }
    out += &format!(",\"ScannedCount\":{count}}}");
    out.into_bytes()
}

/// The response of BatchGetItem.
pub(crate) fn batch_get_item_response<T: Model>(entities: &[T]) -> Vec<u8> {
    let mut out = format!("{{\"Responses\":{{\"{TABLE}\":");
    push_items(&mut out, entities);
    out += "},\"UnprocessedKeys\":{}}";
    out.into_bytes()
}

/// An event of Lambda with a record for each pair of entities, which are the item before and after its change.
pub(crate) fn lambda_event<T: Model>(old: &[T], new: &[T]) -> Vec<u8> {
    let mut rng = Rng::with_seed(SEED);
    let mut out = String::from("{\"Records\":[");
    for (index, (old, new)) in old.iter().zip(new).enumerate() {
        let (pk, sk) = new.key_values();
        let keys = json!({ "pk": { "S": pk }, "sk": { "S": sk } });
        let comma = if index == 0 { "" } else { "," };
        out += &format!(
            "{comma}{{\"eventID\":\"{index:032x}\",\"eventName\":\"MODIFY\",\"eventVersion\":\"1.1\",\
             \"eventSource\":\"aws:dynamodb\",\"awsRegion\":\"us-east-1\",\
             \"dynamodb\":{{\"ApproximateCreationDateTime\":1716000000,\"Keys\":{keys},\"NewImage\":"
        );
        push_item(&mut out, new, &mut rng);
        out += ",\"OldImage\":";
        push_item(&mut out, old, &mut rng);
        out += &format!(
            ",\"SequenceNumber\":\"{:028}\",\"SizeBytes\":{},\"StreamViewType\":\"NEW_AND_OLD_IMAGES\"}},\
             \"eventSourceARN\":\"arn:aws:dynamodb:us-east-1:123456789012:table/{TABLE}/stream/2026-01-01T00:00:00.000\"}}",
            4_421_584_500_000_000_017_450_439_091_u128 + index as u128,
            item_size(old) + item_size(new),
        );
    }
    out += "]}";
    out.into_bytes()
}

/// The request document of PutItem, with its sets in order.
pub(crate) fn put_item_request<T: Model>(entity: &T) -> Value {
    in_order(json!({ "TableName": TABLE, "Item": item(entity) }))
}

/// The request document of BatchWriteItem, with its sets in order.
pub(crate) fn batch_write_item_request<T: Model>(entities: &[T]) -> Value {
    let put = |entity: &T| json!({ "PutRequest": { "Item": item(entity) } });
    in_order(json!({ "RequestItems": { TABLE: entities.iter().map(put).collect::<Vec<_>>() } }))
}

/// Puts the members of sets in order; DynamoDB gives them none.
pub(crate) fn in_order(mut document: Value) -> Value {
    match &mut document {
        Value::Object(members) => {
            for (name, value) in members {
                *value = in_order(value.take());
                if let (Value::Array(members), "SS" | "NS" | "BS") = (value, name.as_str()) {
                    members.sort_by_key(|member| member.as_str().map(str::to_owned));
                }
            }
        }
        Value::Array(elements) => {
            elements.iter_mut().for_each(|element| *element = in_order(element.take()));
        }
        _ => {}
    }
    document
}

fn item<T: Model>(entity: &T) -> Value {
    entity
        .attributes()
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect::<Map<_, _>>()
        .into()
}

fn push_items<T: Model>(out: &mut String, entities: &[T]) {
    let mut rng = Rng::with_seed(SEED);
    for (index, entity) in entities.iter().enumerate() {
        out.push(if index == 0 { '[' } else { ',' });
        push_item(out, entity, &mut rng);
    }
    out.push(']');
}

fn push_item<T: Model>(out: &mut String, entity: &T, rng: &mut Rng) {
    let attributes = entity.attributes();
    push_members(out, attributes.iter().map(|(name, value)| (*name, value)).collect(), rng);
}

fn push_members(out: &mut String, mut members: Vec<(&str, &Value)>, rng: &mut Rng) {
    rng.shuffle(&mut members);
    out.push('{');
    for (index, (name, value)) in members.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        *out += &format!("\"{name}\":");
        push_value(out, value, rng);
    }
    out.push('}');
}

fn push_value(out: &mut String, value: &Value, rng: &mut Rng) {
    match value {
        Value::Object(members) => {
            push_members(out, members.iter().map(|(name, value)| (name.as_str(), value)).collect(), rng);
        }
        Value::Array(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                push_value(out, element, rng);
            }
            out.push(']');
        }
        scalar => *out += &scalar.to_string(),
    }
}

/// The size of an item as DynamoDB counts it.
pub(crate) fn item_size<T: Model>(entity: &T) -> usize {
    entity.attributes().iter().map(|(name, value)| attribute_size(name, value)).sum()
}

/// The bytes that an attribute adds to the size of its item.
pub(crate) fn attribute_size(name: &str, value: &Value) -> usize {
    name.len() + value_size(value)
}

/// DynamoDB: a number takes a byte for two digits and one more, a map or list three bytes and one for each member.
fn value_size(value: &Value) -> usize {
    let (data_type, value) = value.as_object().and_then(|object| object.iter().next()).unwrap();
    let text = |value: &Value| value.as_str().unwrap().len();
    let number = |value: &Value| text(value).div_ceil(2) + 1;
    let elements = |of: &dyn Fn(&Value) -> usize| value.as_array().unwrap().iter().map(of).sum::<usize>();
    match data_type.as_str() {
        "S" => text(value),
        "N" => number(value),
        "B" => text(value) / 4 * 3,
        "SS" => elements(&text),
        "NS" => elements(&number),
        "L" => 3 + elements(&|element| 1 + value_size(element)),
        "M" => {
            let members = value.as_object().unwrap().iter();
            3 + members.map(|(name, value)| 1 + name.len() + value_size(value)).sum::<usize>()
        }
        _ => 1,
    }
}
