use super::lines::MAX_LINE;
use crate::{
    batch::write::EncodedWrite,
    call::MAX_ITEM,
    entity::{Item, KeyValues},
    error::DecodeError,
    outcome::LineError,
    schema::{KeyAttribute, TableSchema, primary_key},
    value::DataType,
    wire::{self, JsonReader},
};
use aws_sdk_dynamodb::types::AttributeValue;

/// The put that a line asks for.
pub(super) fn put<S: TableSchema>(line: Option<&[u8]>) -> Result<EncodedWrite, LineError> {
    let line = line.ok_or(LineError::TooLong(MAX_LINE))?;
    let (json, item) = item_of(line).map_err(LineError::NotAnItem)?;
    for attribute in primary_key::<S>() {
        let value = item.get(attribute.name).ok_or(LineError::MissingKey(attribute.name))?;
        if !is_of(value, attribute.data_type) {
            return Err(wrong(attribute));
        }
    }
    let key = KeyValues::of_item::<S>(&item).ok_or(wrong(S::PARTITION_KEY))?;
    match wire::item_size(&item) {
        size if size > MAX_ITEM => Err(LineError::TooLarge(size)),
        _ => Ok(EncodedWrite::put_json::<S>(key, json)),
    }
}

fn is_of(value: &AttributeValue, data_type: DataType) -> bool {
    match value {
        AttributeValue::S(_) => data_type == DataType::S,
        AttributeValue::N(number) => {
            data_type == DataType::N && number.parse::<crate::value::Number>().is_ok()
        }
        AttributeValue::B(_) => data_type == DataType::B,
        _ => false,
    }
}

fn wrong(attribute: KeyAttribute) -> LineError {
    LineError::WrongKey { attribute: attribute.name, expected: attribute.data_type.phrase() }
}

/// The item of `{"Item":{..}}`, as the exports of DynamoDB have it, or of `{..}`, and its JSON as it stands there.
fn item_of(line: &[u8]) -> Result<(&[u8], Item), DecodeError> {
    match exported(line) {
        Ok(Some(item)) => Ok(item),
        Ok(None) => bare(line),
        // An item that has an attribute `Item`. Nothing has both forms.
        Err(error) => bare(line).map_err(|_| error),
    }
}

/// `None` if the first member is not `Item`.
fn exported(line: &[u8]) -> Result<Option<(&[u8], Item)>, DecodeError> {
    let mut r = JsonReader::new(line)?;
    r.scanner.expect(b'{', "the `{` of an item")?;
    if !r.scanner.next_member(&mut true, b'}')? {
        return Ok(None);
    }
    r.scanner.pass_whitespace();
    if r.scanner.key()? != "Item" {
        return Ok(None);
    }
    r.scanner.pass_whitespace();
    let start = r.scanner.offset();
    let item = wire::read_item::<Item, _>(&mut r)?;
    let json = line.get(start..r.scanner.offset()).unwrap_or_default();
    if r.scanner.next_member(&mut false, b'}')? {
        return Err(DecodeError::new("an item", "more beside it"));
    }
    r.finish()?;
    Ok(Some((json, item)))
}

fn bare(line: &[u8]) -> Result<(&[u8], Item), DecodeError> {
    Ok((line, wire::item_from_json::<Item>(line)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::item_of;

    fn names(line: &str) -> Result<(String, Vec<String>), String> {
        let (json, item) = item_of(line.as_bytes()).map_err(|error| error.to_string())?;
        let mut names: Vec<String> = item.into_keys().collect();
        names.sort();
        Ok((String::from_utf8(json.to_vec()).unwrap(), names))
    }

    #[test]
    fn exports_and_bare_items() {
        for (line, item, attributes) in [
            (r#"{"Item":{"pk":{"S":"a"}}}"#, r#"{"pk":{"S":"a"}}"#, &["pk"][..]),
            (r#" { "Item" : { "pk" : { "S" : "a" } } } "#, r#"{ "pk" : { "S" : "a" } }"#, &["pk"]),
            (r#"{"pk":{"S":"a"}}"#, r#"{"pk":{"S":"a"}}"#, &["pk"]),
            (r#"{"Item":{"S":"a"}}"#, r#"{"Item":{"S":"a"}}"#, &["Item"]),
            (r#"{"Item":{"S":{"S":"a"}}}"#, r#"{"S":{"S":"a"}}"#, &["S"]),
            (
                r#"{"Item":{"M":{"a":{"S":"x"}}},"pk":{"S":"k"}}"#,
                r#"{"Item":{"M":{"a":{"S":"x"}}},"pk":{"S":"k"}}"#,
                &["Item", "pk"],
            ),
            (r#"{"Item":{"Item":{"S":"a"}}}"#, r#"{"Item":{"S":"a"}}"#, &["Item"]),
            (r#"{"Item":{}}"#, "{}", &[]),
            ("{}", "{}", &[]),
        ] {
            let found = names(line).unwrap();
            assert_eq!(
                (found.0.trim(), &found.1[..]),
                (item, &attributes.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()[..]),
                "{line}"
            );
        }
        for line in [
            "",
            "x",
            "[]",
            "{",
            r#"{"Item":{"pk":{"S":"a"}}"#,
            r#"{"Item":{"pk":{"S":"a"}},"x":1}"#,
            r#"{"pk":"a"}"#,
            r#"{"pk":{"S":"a"}} x"#,
            r#"{"Item":{"pk":{"X":"a"}}}"#,
            "{\"pk\":{\"S\":\"\u{1}\"}}",
        ] {
            assert!(names(line).is_err(), "{line}");
        }
    }
}
