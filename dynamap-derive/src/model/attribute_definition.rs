//! The key attributes of tables and indexes.

use crate::{
    errors::{Errors, did_you_mean},
    parse::options::{Opt, Options, Value},
};
use syn::{Ident, LitStr};

/// A key attribute of a table or index: its name and DynamoDB type.
pub(crate) struct AttributeDefinition {
    pub(crate) name: String,
    /// `S`, `N` or `B`.
    pub(crate) data_type: &'static str,
}

/// The attributes of `partition_key = "pk"`, `= number("year")` or `= ["region", number("year")]`.
pub(super) fn key_attributes(options: &Options<'_>, option: &str) -> Vec<AttributeDefinition> {
    let errors = options.errors();
    let Some(Opt { name, value, .. }) = options.get(option) else { return Vec::new() };
    match value {
        Value::List(span, values) => {
            if values.is_empty() || values.len() > 4 {
                errors.span(*span, "an index key has one to four attributes");
            }
            values.iter().filter_map(|value| typed_key(value, name, errors)).collect()
        }
        value => typed_key(value, name, errors).into_iter().collect(),
    }
}

/// `"pk"`, `string("pk")`, `number("year")` or `binary("hash")`.
pub(super) fn typed_key(value: &Value, option: &Ident, errors: &Errors) -> Option<AttributeDefinition> {
    const TYPES: [(&str, &str); 3] = [("string", "S"), ("number", "N"), ("binary", "B")];
    match value {
        Value::Text(text) => Some(AttributeDefinition { name: key_name(text, errors)?, data_type: "S" }),
        Value::Call(path, arguments) => {
            let typed = path.get_ident().map(Ident::to_string).unwrap_or_default();
            let Some((_, data_type)) = TYPES.iter().find(|(name, _)| *name == typed) else {
                let hint = did_you_mean(&typed, &TYPES.map(|(name, _)| name));
                errors.at(path, format_args!("a key is `string(..)`, `number(..)` or `binary(..)`{hint}"));
                return None;
            };
            match arguments.as_slice() {
                [Value::Text(text)] => Some(AttributeDefinition { name: key_name(text, errors)?, data_type }),
                _ => {
                    errors.at(
                        path,
                        format_args!("`{typed}` takes the name of one attribute: `{typed}(\"..\")`"),
                    );
                    None
                }
            }
        }
        _ => {
            errors.at(
                option,
                format_args!("`{option}` takes the name of an attribute: `{option} = \"..\"`, or its type too: `{option} = number(\"..\")`"),
            );
            None
        }
    }
}

fn key_name(text: &LitStr, errors: &Errors) -> Option<String> {
    let name = text.value();
    match name.len() {
        1..=255 => return Some(name),
        0 => errors.at(text, "an attribute name cannot be empty"),
        length => errors.at(
            text,
            format_args!("the name of a key attribute has at most 255 bytes, this one has {length}"),
        ),
    }
    None
}
