use super::model::{ComponentKind, ModelComponent, range};
use super::{Cases, TEMPLATES};
use crate::{
    error::KeyErrorKind,
    key::{KeyBuilder, KeyRole, KeyTemplate, PartialKey, SortKeyOperator},
};
use aws_sdk_dynamodb::types::AttributeValue;
use fastrand::Rng;
use std::ops::{Bound, RangeBounds};

/// A sort key in the table, and what it is.
struct StoredKey {
    text: String,
    /// Its first components; none for a key of something else.
    components: Vec<ModelComponent>,
    /// Something follows after all its components: the key is below theirs.
    goes_on: bool,
}

/// One template with random kinds and a table of keys that could be confused.
struct Case {
    template: &'static KeyTemplate,
    kinds: [ComponentKind; 3],
    fixed: Vec<ModelComponent>,
    values: Vec<ModelComponent>,
    table: Vec<StoredKey>,
}

/// Every range over every component finds exactly the keys of its values, with all below them.
#[test]
fn conditions_find_exactly_their_keys() {
    let cases = Cases::new(1_000_000);
    let mut random = cases.random();
    let (mut checked, mut found, mut refused, mut conditions) = (0_u64, 0_u64, 0_u64, 0_u64);
    while checked < cases.count {
        let case = Case::random(&mut random);
        for _ in 0..12 {
            let (from, to) = (bound(&mut random, &case.values), bound(&mut random, &case.values));
            let below = random.u8(..4) == 0;
            conditions += 1;
            match case.operator(&from, &to, below) {
                Ok(operator) => {
                    for stored in &case.table {
                        let expected = case.contains(&from, &to, below, stored);
                        let is = includes(operator.as_ref(), &stored.text);
                        assert_eq!(is, expected, "{:?} {from:?} {to:?} {}", stored.text, case.describe());
                        found += u64::from(is);
                        checked += 1;
                    }
                }
                Err(KeyErrorKind::EmptyRange) => {
                    let none = |stored| !case.contains(&from, &to, below, stored);
                    assert!(case.table.iter().all(none), "{from:?} {to:?} {}", case.describe());
                    refused += 1;
                }
                Err(kind) => panic!("{kind:?}"),
            }
        }
        checked += case.check_value_and_prefix(&mut random);
    }
    assert!(found > checked / 20 && refused > 0 && refused < conditions / 2, "{found} {refused}");
}

impl Case {
    fn random(random: &mut Rng) -> Self {
        let template = TEMPLATES[random.usize(..TEMPLATES.len())];
        let kinds = [(); 3].map(|()| ComponentKind::random(random));
        let position = random.usize(..3);
        let fixed: Vec<_> =
            kinds[..position].iter().map(|kind| ModelComponent::random(random, *kind)).collect();
        let mut values = vec![ModelComponent::random(random, kinds[position])];
        for _ in 0..5 {
            let value = values[random.usize(..values.len())].neighbor(random);
            values.push(value);
        }
        let mut case = Self { template, kinds, fixed, values, table: Vec::new() };
        case.table = (0..14).filter_map(|_| case.stored(random)).collect();
        case
    }

    /// A key of the template, one above or below it, or another one.
    fn stored(&self, random: &mut Rng) -> Option<StoredKey> {
        let position = self.fixed.len();
        let mut components = self.fixed.clone();
        if position > 0 && random.u8(..6) == 0 {
            let changed = random.usize(..position);
            components[changed] = components[changed].neighbor(random);
        }
        components.push(self.values[random.usize(..self.values.len())].clone());
        components
            .extend(self.kinds[position + 1..].iter().map(|kind| ModelComponent::random(random, *kind)));
        let deeper = ["", "", "#", "#LINE#1", "#\u{10ffff}", "#\0"][random.usize(..6)];
        let (text, length) = match random.u8(..8) {
            0 => return self.other(random),
            1 | 2 => (open(self.template, &components[..position + 1]), position + 1),
            _ => (open(self.template, &components), 3),
        };
        components.truncate(length);
        let text = text + deeper;
        (!text.is_empty()).then_some(StoredKey { text, components, goes_on: !deeper.is_empty() })
    }

    /// A key that is not of this template, up to the component.
    fn other(&self, random: &mut Rng) -> Option<StoredKey> {
        let prefix = beginning(self.template, &self.fixed);
        let mut text = prefix.clone();
        text.pop()?;
        if random.bool() {
            text.push(['"', '%', '0', '9', ';', 'Z', '|', '~', '\u{10ffff}'][random.usize(..9)]);
            text.push_str(["", "#", "1#1"][random.usize(..3)]);
        }
        let other = !text.is_empty() && !text.starts_with(&prefix);
        other.then_some(StoredKey { text, components: Vec::new(), goes_on: false })
    }

    fn partial(&self, below: bool) -> PartialKey<(), ()> {
        let key = PartialKey::new().sort_template("sk", self.template);
        let key = if below { key.and_below() } else { key };
        self.fixed.iter().fold(key, |key, component| component.fix(key))
    }

    fn operator(
        &self,
        from: &Bound<ModelComponent>,
        to: &Bound<ModelComponent>,
        below: bool,
    ) -> Result<Option<SortKeyOperator>, KeyErrorKind> {
        let condition = range(self.partial(below), self.kinds[self.fixed.len()], from, to);
        let mut parts = condition.into_parts().map_err(|error| error.kind().clone())?;
        Ok(parts.sort.pop().map(|(_, operator)| operator))
    }

    fn contains(
        &self,
        from: &Bound<ModelComponent>,
        to: &Bound<ModelComponent>,
        below: bool,
        stored: &StoredKey,
    ) -> bool {
        let position = self.fixed.len();
        let Some(value) = stored.components.get(position) else { return false };
        let in_range = (from.as_ref(), to.as_ref()).contains(value);
        let excluded = match to {
            // The greatest value's own key is the end, where the template ends with it.
            Bound::Included(to) if self.component_is_last() && !below => value == to && stored.goes_on,
            _ => false,
        };
        stored.components[..position] == self.fixed && in_range && !excluded
    }

    fn component_is_last(&self) -> bool {
        let mut key = KeyBuilder::new(self.template);
        self.fixed.iter().for_each(|component| component.write(&mut key).unwrap());
        key.next_is_last()
    }

    fn check_value_and_prefix(&self, random: &mut Rng) -> u64 {
        let below = random.bool();
        let value = &self.values[random.usize(..self.values.len())];
        let condition = value.fix(self.partial(below)).into_condition();
        let complete = self.fixed.len() == 2;
        let operator = match condition.into_parts() {
            Ok(mut parts) => parts.sort.pop().map(|(_, operator)| operator),
            Err(error) => {
                assert_eq!(*error.kind(), KeyErrorKind::Empty);
                return 0;
            }
        };
        let own = beginning_with(self, value);
        for stored in &self.table {
            let same = stored.components.get(..self.fixed.len() + 1).is_some_and(|components| {
                components[..self.fixed.len()] == self.fixed && components[self.fixed.len()] == *value
            });
            let expected = match (complete, below) {
                (true, false) => stored.text == own,
                // A parent of the next component's keys has not the text before that.
                _ => same && stored.text.starts_with(&own),
            };
            let is = includes(operator.as_ref(), &stored.text);
            assert_eq!(is, expected, "{:?} {value:?} {}", stored.text, self.describe());
        }
        self.table.len() as u64
    }

    fn describe(&self) -> String {
        format!("{} after {:?}", self.template.text(), self.fixed)
    }
}

fn beginning_with(case: &Case, value: &ModelComponent) -> String {
    let mut components = case.fixed.clone();
    components.push(value.clone());
    beginning(case.template, &components)
}

fn beginning(template: &'static KeyTemplate, components: &[ModelComponent]) -> String {
    let mut key = KeyBuilder::new(template);
    components.iter().for_each(|component| component.write(&mut key).unwrap());
    key.text().to_owned()
}

/// The text of a key that ends with these components, as a shorter template writes it.
fn open(template: &'static KeyTemplate, components: &[ModelComponent]) -> String {
    if components.len() == 3 {
        return beginning(template, components);
    }
    let closed = beginning(template, components);
    let start = beginning(template, &components[..components.len() - 1]).len();
    let end = closed[start..].find('#').map_or(closed.len(), |end| start + end);
    closed[..end].to_owned()
}

fn bound(random: &mut Rng, values: &[ModelComponent]) -> Bound<ModelComponent> {
    let value = values[random.usize(..values.len())].clone();
    match random.u8(..5) {
        0 => Bound::Unbounded,
        1 | 2 => Bound::Included(value),
        _ => Bound::Excluded(value),
    }
}

/// True if the condition selects the key in DynamoDB, which compares bytes.
fn includes(operator: Option<&SortKeyOperator>, key: &str) -> bool {
    let key = key.as_bytes();
    match operator {
        None => true,
        Some(SortKeyOperator::Equal(a)) => key == bytes(a),
        Some(SortKeyOperator::Less(a)) => key < bytes(a),
        Some(SortKeyOperator::LessOrEqual(a)) => key <= bytes(a),
        Some(SortKeyOperator::Greater(a)) => key > bytes(a),
        Some(SortKeyOperator::GreaterOrEqual(a)) => key >= bytes(a),
        Some(SortKeyOperator::Between(a, b)) => {
            assert!(bytes(a) <= bytes(b), "DynamoDB refuses swapped bounds");
            bytes(a) <= key && key <= bytes(b)
        }
        Some(SortKeyOperator::BeginsWith(a)) => key.starts_with(bytes(a)),
    }
}

fn bytes(value: &AttributeValue) -> &[u8] {
    let text = value.as_s().unwrap();
    assert!((1..=KeyRole::Sort.limit()).contains(&text.len()));
    text.as_bytes()
}
