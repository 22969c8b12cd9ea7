//! The parts of a query or scan that a hash of it is made of.

use crate::{
    expr::ConditionExpression,
    key::{KeyConditionParts, RangeForm, SortKeyOperator},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::BTreeMap;

/// A hash that takes in a query or scan, part after part.
pub(super) trait Absorb {
    /// Adds bytes and their end, so that `ab` and `c` are not `a` and `bc`.
    fn add(&mut self, bytes: &[u8]);

    fn add_source(&mut self, table: &str, index: Option<&str>) {
        self.add(table.as_bytes());
        self.add(index.unwrap_or_default().as_bytes());
    }

    /// Adds a query. Of a range whose bounds may differ, the last condition, only the form is added.
    fn add_query(&mut self, condition: &KeyConditionParts, descending: bool, open_range: Option<&RangeForm>) {
        self.add(&[u8::from(descending)]);
        for (attribute, value) in &condition.partition {
            self.add(attribute.as_bytes());
            self.add_value(value);
        }
        let last = condition.sort.len().checked_sub(1);
        for (index, (attribute, operator)) in condition.sort.iter().enumerate() {
            self.add(attribute.as_bytes());
            self.add(operator.name().as_bytes());
            match open_range {
                Some(RangeForm { prefix, bounds }) if Some(index) == last => {
                    self.add(prefix.as_bytes());
                    self.add(bounds.as_bytes());
                }
                _ => self.add_operands(operator),
            }
        }
    }

    fn add_scan(&mut self) {
        // No query has more than one byte here.
        self.add(b"scan");
    }

    fn add_expression(&mut self, expression: ConditionExpression) {
        self.add(expression.text.as_bytes());
        for (placeholder, name) in expression.names.into_iter().flatten().collect::<BTreeMap<_, _>>() {
            self.add(placeholder.as_bytes());
            self.add(name.as_bytes());
        }
        for (placeholder, value) in expression.values.into_iter().flatten().collect::<BTreeMap<_, _>>() {
            self.add(placeholder.as_bytes());
            self.add_typed(&value);
        }
    }

    fn add_value(&mut self, value: &AttributeValue) {
        match value {
            AttributeValue::S(text) => self.add(text.as_bytes()),
            AttributeValue::N(text) => self.add(text.as_bytes()),
            AttributeValue::B(bytes) => self.add(bytes.as_ref()),
            // No other type is a key, but a value of a filter.
            AttributeValue::Bool(value) => self.add_members("BOOL", vec![[u8::from(*value)].as_slice()]),
            AttributeValue::Ss(members) => {
                self.add_members("SS", members.iter().map(String::as_bytes).collect())
            }
            AttributeValue::Ns(members) => {
                self.add_members("NS", members.iter().map(String::as_bytes).collect())
            }
            AttributeValue::Bs(members) => {
                self.add_members("BS", members.iter().map(AsRef::as_ref).collect())
            }
            AttributeValue::L(elements) => {
                self.add_members("L", Vec::new());
                elements.iter().for_each(|element| self.add_typed(element));
                self.add_members("", Vec::new());
            }
            AttributeValue::M(members) => {
                self.add_members("M", Vec::new());
                for (name, value) in members.iter().collect::<BTreeMap<_, _>>() {
                    self.add(name.as_bytes());
                    self.add_typed(value);
                }
                self.add_members("", Vec::new());
            }
            _ => self.add(&[]),
        }
    }

    /// Adds a value and its data type; that of a key is known from the key's name.
    fn add_typed(&mut self, value: &AttributeValue) {
        match value {
            AttributeValue::S(_) => self.add(b"S"),
            AttributeValue::N(_) => self.add(b"N"),
            AttributeValue::B(_) => self.add(b"B"),
            AttributeValue::Null(_) => self.add(b"NULL"),
            _ => {}
        }
        self.add_value(value);
    }

    /// Adds a data type and what a value of it holds, in an order of its own: sets have none. Their number tells where they end.
    fn add_members(&mut self, descriptor: &str, mut members: Vec<&[u8]>) {
        self.add(descriptor.as_bytes());
        self.add(&members.len().to_be_bytes());
        members.sort_unstable();
        members.into_iter().for_each(|member| self.add(member));
    }

    fn add_operands(&mut self, operator: &SortKeyOperator) {
        operator.operands().into_iter().for_each(|value| self.add_value(value));
    }
}
