use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// The names and values of a request's expressions.
///
/// DynamoDB: reserved words, dots and most special characters are no names in an expression, so every name and
/// value stands behind a placeholder. Equal ones share theirs.
#[derive(Debug, Default)]
pub(crate) struct Placeholders {
    names: Vec<String>,
    values: Vec<AttributeValue>,
}

impl Placeholders {
    /// The placeholder of an attribute name, such as `#n0`.
    pub(crate) fn name(&mut self, name: &str) -> String {
        let index = self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        format!("#n{index}")
    }

    /// The placeholder of a value, such as `:v0`.
    pub(crate) fn value(&mut self, value: AttributeValue) -> String {
        let index = self.values.iter().position(|known| *known == value).unwrap_or_else(|| {
            self.values.push(value);
            self.values.len() - 1
        });
        format!(":v{index}")
    }

    /// The placeholders of names as a projection expression.
    pub(crate) fn projection<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) -> String {
        let placeholders: Vec<String> = names.into_iter().map(|name| self.name(name)).collect();
        placeholders.join(", ")
    }

    /// `ExpressionAttributeNames`, if there are any.
    pub(crate) fn take_names(&mut self) -> Option<HashMap<String, String>> {
        let names = std::mem::take(&mut self.names).into_iter().enumerate();
        let names: HashMap<String, String> =
            names.map(|(index, name)| (format!("#n{index}"), name)).collect();
        (!names.is_empty()).then_some(names)
    }

    /// `ExpressionAttributeValues`, if there are any.
    pub(crate) fn take_values(&mut self) -> Option<HashMap<String, AttributeValue>> {
        let values = std::mem::take(&mut self.values).into_iter().enumerate();
        let values: HashMap<String, AttributeValue> =
            values.map(|(index, value)| (format!(":v{index}"), value)).collect();
        (!values.is_empty()).then_some(values)
    }
}
