//! The placeholders `#name` and `:value`, and their definitions.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::findings::Findings;
use super::rule::Rule;
use super::value;

/// DynamoDB: the most bytes of a placeholder, without its sign.
const MAX_PLACEHOLDER: usize = 255;

/// The placeholders that the expressions of one action share.
pub(super) struct Placeholders<'a> {
    names: Option<&'a Map<String, Value>>,
    values: Option<&'a Map<String, Value>>,
    used: BTreeSet<String>,
}

impl<'a> Placeholders<'a> {
    pub(super) fn new(action: &'a Value, findings: &mut Findings) -> Self {
        let names = action["ExpressionAttributeNames"].as_object();
        let values = action["ExpressionAttributeValues"].as_object();
        for given in values.into_iter().flat_map(Map::values) {
            value::check(given, findings);
        }
        for placeholder in names.into_iter().chain(values).flat_map(Map::keys) {
            if placeholder.len() > 1 + MAX_PLACEHOLDER {
                findings.push((
                    Rule::PlaceholderSize,
                    "Member must have length less than or equal to 255".to_owned(),
                ));
            }
        }
        Self { names, values, used: BTreeSet::new() }
    }

    /// The name that `#name` stands for.
    pub(super) fn name(
        &mut self,
        placeholder: &str,
        expression: &str,
        findings: &mut Findings,
    ) -> Option<&'a str> {
        let name = self.names.and_then(|names| names.get(placeholder)).and_then(Value::as_str);
        self.used.insert(placeholder.to_owned());
        if name.is_none() {
            let message = "An expression attribute name used in the document path is not defined;";
            findings.push((
                Rule::UndefinedPlaceholder,
                format!("Invalid {expression}: {message} attribute name: {placeholder}"),
            ));
        }
        name
    }

    /// The value that `:value` stands for.
    pub(super) fn value(&self, placeholder: &str) -> Option<&'a Value> {
        self.values?.get(placeholder)
    }

    pub(super) fn use_value(&mut self, placeholder: &str, expression: &str, findings: &mut Findings) {
        if self.value(placeholder).is_none() {
            let message = "An expression attribute value used in expression is not defined;";
            findings.push((
                Rule::UndefinedPlaceholder,
                format!("Invalid {expression}: {message} attribute value: {placeholder}"),
            ));
        }
        self.used.insert(placeholder.to_owned());
    }

    /// Finds definitions that no expression uses. All expressions must have been read before.
    pub(super) fn check_unused(&self, findings: &mut Findings) {
        for (given, member) in
            [(self.names, "ExpressionAttributeNames"), (self.values, "ExpressionAttributeValues")]
        {
            let unused: Vec<&str> = given
                .into_iter()
                .flat_map(Map::keys)
                .map(String::as_str)
                .filter(|placeholder| !self.used.contains(*placeholder))
                .collect();
            if !unused.is_empty() {
                findings.push((
                    Rule::UnusedPlaceholder,
                    format!(
                        "Value provided in {member} unused in expressions: keys: {{{}}}",
                        unused.join(", ")
                    ),
                ));
            }
        }
    }
}
