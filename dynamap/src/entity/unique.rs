//! Unique constraints: what no two items of an entity may share, and the keys that hold it.

use crate::{
    error::{EncodeError, ItemError, KeyError, KeyErrorKind},
    key::{KeyRole, PartWriter},
    value::Number,
};
use aws_sdk_dynamodb::types::AttributeValue;
use base64_simd::STANDARD;
use std::collections::HashMap;

/// A unique constraint of an entity: no two of its items have the same values in these attributes.
#[derive(Debug, Clone, Copy)]
pub struct UniqueConstraint {
    /// Its name, which is part of the key of its sentinel items.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [UniqueField],
}

/// A field of a unique constraint.
#[derive(Debug, Clone, Copy)]
pub struct UniqueField {
    /// The name of the field in the struct.
    pub field: &'static str,
    /// The name of the attribute.
    pub attribute: &'static str,
    /// The functions that give its text the form in which it is compared, in their order.
    pub normal_forms: &'static [NormalForm],
}

/// A function that gives text its normal form.
pub type NormalForm = fn(&str) -> String;

/// The entity type of sentinel items, which is the name of no struct.
pub(crate) const SENTINEL_TYPE: &str = "UNIQUE#";

/// The text that the partition key of each sentinel item begins with.
const PREFIX: &str = "UNIQUE#";

/// The sort key of each sentinel item.
pub(crate) const SENTINEL_SORT_KEY: &str = "UNIQUE";

/// The attributes of a sentinel item that hold the primary key of its owner.
pub(crate) const OWNER: [&str; 2] = ["owner_partition_key", "owner_sort_key"];

impl UniqueConstraint {
    /// The partition key of the sentinel item that holds the values of `item` for the entity of this name; `None` where an
    /// attribute is absent, so that there is nothing to be unique.
    ///
    /// # Errors
    /// A value is no string, number or binary value, or the key is too long.
    pub(crate) fn key_text(
        &self,
        entity: &'static str,
        partition_key: &'static str,
        item: &HashMap<String, AttributeValue>,
    ) -> Result<Option<String>, ItemError> {
        let mut text = sentinel_prefix(entity);
        PartWriter::new(&mut text).text(self.name);
        for field in self.fields {
            let Some(value) = item.get(field.attribute) else { return Ok(None) };
            text.push('#');
            match field.write(value, &mut text) {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(error) => return Err(error.in_field(field.attribute).in_entity(entity).into()),
            }
        }
        match (text.len(), KeyRole::Partition.limit()) {
            (size, limit) if size > limit => {
                Err(KeyError::in_attribute(partition_key, KeyErrorKind::TooLong { size, limit }).into())
            }
            _ => Ok(Some(text)),
        }
    }
}

impl UniqueConstraint {
    /// True if two items have the same values in all its attributes.
    pub(crate) fn is_same(
        &self,
        left: Option<&HashMap<String, AttributeValue>>,
        right: Option<&HashMap<String, AttributeValue>>,
    ) -> bool {
        self.fields.iter().map(|field| field.attribute).all(|name| {
            is_same_value(left.and_then(|item| item.get(name)), right.and_then(|item| item.get(name)))
        })
    }
}

impl UniqueField {
    /// Writes the normal form of a value; false of NULL, which is as no value.
    fn write(&self, value: &AttributeValue, text: &mut String) -> Result<bool, EncodeError> {
        let no_text = || EncodeError::new("a unique value is a string, a number or a binary value");
        match value {
            AttributeValue::S(value) => {
                let mut forms = self.normal_forms.iter();
                let normal = forms.next().map(|first| forms.fold(first(value), |value, form| form(&value)));
                PartWriter::new(text).text(normal.as_deref().unwrap_or(value));
            }
            AttributeValue::N(value) => {
                let number: Number = value.parse().map_err(|_| no_text())?;
                text.push_str(&number.to_string());
            }
            AttributeValue::B(bytes) => text.push_str(&STANDARD.encode_to_string(bytes.as_ref())),
            AttributeValue::Null(_) => return Ok(false),
            _ => return Err(no_text()),
        }
        Ok(true)
    }
}

/// The text that the partition keys of all sentinel items of an entity begin with.
pub(crate) fn sentinel_prefix(entity: &str) -> String {
    let mut text = PREFIX.to_owned();
    PartWriter::new(&mut text).text(entity);
    text.push('#');
    text
}

/// True if two values of attributes are the same, numbers by value.
pub(crate) fn is_same_value(left: Option<&AttributeValue>, right: Option<&AttributeValue>) -> bool {
    match (left, right) {
        (Some(AttributeValue::N(left)), Some(AttributeValue::N(right))) if left != right => {
            left.parse::<Number>().ok().is_some_and(|left| right.parse::<Number>().ok() == Some(left))
        }
        (left, right) => left == right,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const PLAIN: UniqueField = UniqueField { field: "a", attribute: "a", normal_forms: &[] };

    fn text(fields: &'static [UniqueField], item: &[(&str, AttributeValue)]) -> Option<String> {
        let item = item.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        UniqueConstraint { name: "c", fields }.key_text("E", "pk", &item).unwrap()
    }

    fn s(text: &str) -> AttributeValue {
        AttributeValue::S(text.into())
    }

    #[test]
    fn values_of_several_fields_are_kept_apart() {
        const BOTH: &[UniqueField] = &[PLAIN, UniqueField { field: "b", attribute: "b", normal_forms: &[] }];
        let both = |a, b| text(BOTH, &[("a", s(a)), ("b", s(b))]).unwrap();
        assert_eq!(both("x", "y"), "UNIQUE#E#c#x#y");
        assert_ne!(both("x#y", ""), both("x", "y#"));
        assert_ne!(both("$", "#"), both("$#", ""));
        assert_eq!(text(BOTH, &[("a", s("x"))]), None);
        assert_eq!(text(BOTH, &[("a", s("x")), ("b", AttributeValue::Null(true))]), None);
    }

    #[test]
    fn equal_numbers_and_normal_forms_have_one_key() {
        const LOWER: &[UniqueField] = &[UniqueField {
            normal_forms: &[|text| text.trim().to_owned(), |text| text.to_lowercase()],
            ..PLAIN
        }];
        assert_eq!(text(LOWER, &[("a", s(" Ada@X "))]), text(LOWER, &[("a", s("ada@x"))]));
        let number = |text: &str| AttributeValue::N(text.into());
        assert_eq!(text(&[PLAIN], &[("a", number("1.0"))]), text(&[PLAIN], &[("a", number("1"))]));
        assert!(is_same_value(Some(&number("1E2")), Some(&number("100"))));
        assert!(
            !is_same_value(Some(&number("1")), None) && !is_same_value(Some(&number("1")), Some(&s("1")))
        );
    }

    #[test]
    fn what_has_no_text_and_what_is_too_long_is_refused() {
        let of = |value| {
            UniqueConstraint { name: "c", fields: &[PLAIN] }.key_text(
                "E",
                "pk",
                &[("a".to_owned(), value)].into(),
            )
        };
        assert!(matches!(of(AttributeValue::Bool(true)), Err(ItemError::Encode(_))));
        assert!(matches!(of(s(&"x".repeat(2048))), Err(ItemError::Key(_))));
    }
}
