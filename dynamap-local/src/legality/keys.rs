//! Keys of tables and of indexes.

use serde_json::{Map, Value};

use super::findings::Findings;
use super::rule::Rule;
use super::schema::{KeyAttribute, Schema};
use super::value::{identity, size, typed};

/// DynamoDB: the most bytes of a partition key, and of a sort key.
const MAX_PARTITION_KEY: usize = 2048;
const MAX_SORT_KEY: usize = 1024;

/// Checks the key of a request.
pub(super) fn check_key(key: &Map<String, Value>, schema: &Schema, findings: &mut Findings) {
    let whole = schema.key.iter().all(|attribute| key.contains_key(&attribute.name));
    if !whole || key.len() != schema.key.len() {
        findings.push((Rule::KeySchema, "The provided key element does not match the schema".to_owned()));
    }
    check_attributes(&schema.key, key, "key", findings);
}

/// Checks the keys of an item, those of indexes included.
pub(super) fn check_item(item: &Map<String, Value>, schema: &Schema, findings: &mut Findings) {
    if let Some(missing) = schema.key.iter().find(|attribute| !item.contains_key(&attribute.name)) {
        let message = "One or more parameter values were invalid: Missing the key";
        findings.push((Rule::KeySchema, format!("{message} {} in the item", missing.name)));
    }
    check_attributes(&schema.key, item, "key", findings);
    check_index_keys(item, schema, findings);
}

/// Checks the index keys among attributes that an item has or gets.
pub(super) fn check_index_keys(attributes: &Map<String, Value>, schema: &Schema, findings: &mut Findings) {
    for index in &schema.indexes {
        let own: Vec<KeyAttribute> = index
            .key
            .iter()
            .filter(|attribute| !schema.key.iter().any(|primary| primary.name == attribute.name))
            .cloned()
            .collect();
        check_attributes(&own, attributes, "index key", findings);
    }
}

fn check_attributes(
    key: &[KeyAttribute],
    attributes: &Map<String, Value>,
    what: &str,
    findings: &mut Findings,
) {
    let mut sort_key = 0;
    for KeyAttribute { name, data_type, is_sort } in key {
        let Some((given, content)) = attributes.get(name).and_then(typed) else { continue };
        if given != data_type {
            let message = "One or more parameter values were invalid: Type mismatch for";
            findings.push((
                Rule::KeyType,
                format!("{message} {what} {name} expected: {data_type} actual: {given}"),
            ));
            continue;
        }
        if content.as_str() == Some("") {
            let message = "One or more parameter values are not valid. The AttributeValue for a key attribute \
                           cannot contain an empty value.";
            findings.push((Rule::EmptyKey, format!("{message} Key: {name}")));
        }
        let bytes = attributes.get(name).map_or(0, size);
        if *is_sort {
            sort_key += bytes;
        } else if bytes > MAX_PARTITION_KEY {
            findings.push((Rule::KeySize, too_large("hashkey", MAX_PARTITION_KEY)));
        }
    }
    // DynamoDB: the sort key of a multi-attribute key counts as a whole.
    if sort_key > MAX_SORT_KEY {
        findings.push((Rule::KeySize, too_large("rangekey", MAX_SORT_KEY)));
    }
}

fn too_large(what: &str, limit: usize) -> String {
    format!(
        "One or more parameter values were invalid: Size of {what} has exceeded the maximum size limit of {limit} bytes"
    )
}

/// An identity that all requests of one item share.
pub(super) fn item_identity(table: &str, attributes: &Map<String, Value>, schema: &Schema) -> Vec<String> {
    let key = schema.key.iter().map(|attribute| attributes.get(&attribute.name).map(identity));
    std::iter::once(table.to_owned()).chain(key.map(Option::unwrap_or_default)).collect()
}
