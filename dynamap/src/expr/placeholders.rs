use aws_sdk_dynamodb::types::AttributeValue;
use std::{collections::HashMap, fmt::Write as _, mem::take};

/// The names and values of a request's expressions.
///
/// DynamoDB: reserved words, dots and most special characters are no names in an expression, so every name and
/// value stands behind a placeholder. Equal ones share theirs.
#[derive(Debug, Default)]
pub(crate) struct Placeholders {
    names: Distinct<String>,
    values: Distinct<AttributeValue>,
}

/// Values of which no two are equal, each with its digest: most comparisons are of digests alone.
#[derive(Debug)]
struct Distinct<T> {
    digests: Vec<u64>,
    values: Vec<T>,
}

impl<T> Default for Distinct<T> {
    fn default() -> Self {
        Self { digests: Vec::new(), values: Vec::new() }
    }
}

impl<T> Distinct<T> {
    /// The position of a value that is already there.
    fn position(&self, digest: u64, is_equal: impl Fn(&T) -> bool) -> Option<usize> {
        let mut known = self.digests.iter().zip(&self.values);
        known.position(|(known, value)| *known == digest && is_equal(value))
    }

    fn add(&mut self, digest: u64, value: T) -> usize {
        self.digests.push(digest);
        self.values.push(value);
        self.values.len() - 1
    }

    /// The values by their placeholders, if there are any.
    fn take(&mut self, prefix: &str) -> Option<HashMap<String, T>> {
        let values = take(&mut self.values).into_iter().enumerate();
        let values: HashMap<String, T> =
            values.map(|(index, value)| (format!("{prefix}{index}"), value)).collect();
        (!values.is_empty()).then_some(values)
    }
}

impl Placeholders {
    const NAME: &str = "#n";
    const VALUE: &str = ":v";

    /// The placeholder of an attribute name, such as `#n0`.
    pub(crate) fn name(&mut self, name: &str) -> String {
        let mut text = String::new();
        self.write_name(name, &mut text);
        text
    }

    /// The placeholder of a value, such as `:v0`.
    pub(crate) fn value(&mut self, value: AttributeValue) -> String {
        let mut text = String::new();
        self.write_value(&value, &mut text);
        text
    }

    /// Writes the placeholder of an attribute name.
    pub(super) fn write_name(&mut self, name: &str, text: &mut String) {
        let digest = digest(name.as_bytes());
        let known = self.names.position(digest, |known| known == name);
        let index = known.unwrap_or_else(|| self.names.add(digest, name.to_owned()));
        let _ = write!(text, "{}{index}", Self::NAME);
    }

    /// Writes the placeholder of a value.
    pub(super) fn write_value(&mut self, value: &AttributeValue, text: &mut String) {
        let digest = digest_of_value(value);
        let known = self.values.position(digest, |known| known == value);
        let index = known.unwrap_or_else(|| self.values.add(digest, value.clone()));
        let _ = write!(text, "{}{index}", Self::VALUE);
    }

    /// The placeholders of names as a projection expression.
    pub(crate) fn projection<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) -> String {
        let placeholders: Vec<String> = names.into_iter().map(|name| self.name(name)).collect();
        placeholders.join(", ")
    }

    /// `ExpressionAttributeNames`, if there are any.
    pub(crate) fn take_names(&mut self) -> Option<HashMap<String, String>> {
        self.names.take(Self::NAME)
    }

    /// `ExpressionAttributeValues`, if there are any.
    pub(crate) fn take_values(&mut self) -> Option<HashMap<String, AttributeValue>> {
        self.values.take(Self::VALUE)
    }
}

/// A number that is the same for equal bytes, and seldom for others: of their length and both ends.
fn digest(bytes: &[u8]) -> u64 {
    let word = |bytes: &[u8]| bytes.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
    let (first, last) = (&bytes[..bytes.len().min(8)], &bytes[bytes.len().saturating_sub(8)..]);
    // Any odd number that spreads bits will do.
    (word(first).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ word(last)).wrapping_add(bytes.len() as u64)
}

/// The same of a value. It does not look into documents and sets.
fn digest_of_value(value: &AttributeValue) -> u64 {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => digest(text.as_bytes()),
        AttributeValue::B(bytes) => digest(bytes.as_ref()),
        AttributeValue::Bool(flag) => u64::from(*flag),
        AttributeValue::L(values) => values.len() as u64,
        AttributeValue::M(values) => values.len() as u64,
        AttributeValue::Ss(values) | AttributeValue::Ns(values) => {
            values.first().map_or(0, |first| digest(first.as_bytes()))
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn equal_values_share_their_placeholder_and_no_others_do() {
        let text = |text: &str| AttributeValue::S(text.into());
        let list = |member: &str| AttributeValue::L(vec![text(member)]);
        // Those of one line have one digest.
        let values = [
            vec![text("first 8 bytes, then a, then the last"), text("first 8 bytes, then b, then the last")],
            vec![text("1"), AttributeValue::N("1".into()), AttributeValue::B(b"1".to_vec().into())],
            vec![list("a"), list("b")],
            vec![text(""), AttributeValue::Null(true), AttributeValue::Bool(false)],
        ];
        for line in &values {
            assert!(line.iter().all(|value| digest_of_value(value) == digest_of_value(&line[0])), "{line:?}");
        }
        let mut placeholders = Placeholders::default();
        for _ in 0..2 {
            for (index, value) in values.iter().flatten().enumerate() {
                assert_eq!(placeholders.value(value.clone()), format!(":v{index}"));
            }
        }
        assert_eq!(placeholders.take_values().unwrap().len(), 10);
        assert_eq!(placeholders.name("a") + &placeholders.name("b") + &placeholders.name("a"), "#n0#n1#n0");
    }
}
