//! Paths into a value: through the members of maps and the elements of lists.

use aws_sdk_dynamodb::types::AttributeValue;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A member of a map, by its name.
    Member(String),
    /// An element of a list, from 0.
    Element(usize),
}

impl From<&str> for Step {
    fn from(name: &str) -> Self {
        Self::Member(name.to_owned())
    }
}

impl From<String> for Step {
    fn from(name: String) -> Self {
        Self::Member(name)
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Element(index)
    }
}

/// The step of a path that cannot be taken, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoPlace(pub(crate) usize);

/// Takes what is at the end of the path out of the value.
pub(crate) fn get_in(value: AttributeValue, path: &[Step]) -> Option<AttributeValue> {
    path.iter().try_fold(value, |value, step| match (value, step) {
        (AttributeValue::M(mut members), Step::Member(name)) => members.remove(name),
        (AttributeValue::L(elements), Step::Element(index)) => elements.into_iter().nth(*index),
        _ => None,
    })
}

/// Puts `new` at the end of the path. Maps that are missing on the way are created, what is beside it stays.
pub(crate) fn assoc_in(
    value: Option<AttributeValue>,
    path: &[Step],
    new: AttributeValue,
) -> Result<AttributeValue, NoPlace> {
    let mut root = value.unwrap_or(AttributeValue::Null(true));
    let mut place = &mut root;
    for (at, step) in path.iter().enumerate() {
        place = member(place, step).ok_or(NoPlace(at + 1))?;
    }
    *place = new;
    Ok(root)
}

/// The place of a step. Where there is nothing, or NULL, a map is made for a member.
fn member<'v>(value: &'v mut AttributeValue, step: &Step) -> Option<&'v mut AttributeValue> {
    if matches!((&*value, step), (AttributeValue::Null(_), Step::Member(_))) {
        *value = AttributeValue::M([].into());
    }
    match (value, step) {
        (AttributeValue::M(members), Step::Member(name)) => {
            Some(members.entry(name.clone()).or_insert(AttributeValue::Null(true)))
        }
        (AttributeValue::L(elements), Step::Element(index)) => {
            // Behind the last one is the place of another one.
            if *index == elements.len() {
                elements.push(AttributeValue::Null(true));
            }
            elements.get_mut(*index)
        }
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn encoded(value: &Value) -> AttributeValue {
        serde_dynamo::to_attribute_value(value).unwrap()
    }

    fn decoded(value: AttributeValue) -> Value {
        serde_dynamo::from_attribute_value(value).unwrap()
    }

    fn path(steps: Value) -> Vec<Step> {
        let step = |step: &Value| match step {
            Value::String(name) => Step::from(name.as_str()),
            index => Step::from(index.as_u64().unwrap() as usize),
        };
        steps.as_array().unwrap().iter().map(step).collect()
    }

    #[test]
    fn a_path_leads_through_maps_and_lists() {
        let value = json!({ "a": { "b": [1, { "c": null }], "d": false } });
        for (steps, found) in [
            (json!([]), Some(value.clone())),
            (json!(["a", "b", 0]), Some(json!(1))),
            (json!(["a", "b", 1, "c"]), Some(Value::Null)),
            (json!(["a", "d"]), Some(json!(false))),
            (json!(["a", "b", 2]), None),
            (json!(["a", "d", "e"]), None),
            (json!(["b"]), None),
            (json!([0]), None),
            (json!(["a", "b", "0"]), None),
        ] {
            let got = get_in(encoded(&value), &path(steps.clone())).map(decoded);
            assert_eq!(got, found, "{steps}");
        }
    }

    #[test]
    fn siblings_stay_and_missing_maps_are_created() {
        let value = json!({ "a": { "b": [1] }, "n": null });
        for (steps, expected) in [
            (json!([]), Ok(json!(7))),
            (json!(["a", "c"]), Ok(json!({ "a": { "b": [1], "c": 7 }, "n": null }))),
            (json!(["a", "b", 0]), Ok(json!({ "a": { "b": [7] }, "n": null }))),
            (json!(["a", "b", 1]), Ok(json!({ "a": { "b": [1, 7] }, "n": null }))),
            (json!(["x", "y", "z"]), Ok(json!({ "a": { "b": [1] }, "n": null, "x": { "y": { "z": 7 } } }))),
            (json!(["n", "m"]), Ok(json!({ "a": { "b": [1] }, "n": { "m": 7 } }))),
            (json!(["a", "b", 2]), Err(NoPlace(3))),
            (json!(["a", "b", 0, "c"]), Err(NoPlace(4))),
            (json!([0]), Err(NoPlace(1))),
        ] {
            let got = assoc_in(Some(encoded(&value)), &path(steps.clone()), encoded(&json!(7)));
            assert_eq!(got.map(decoded), expected, "{steps}");
        }
        assert_eq!(
            assoc_in(None, &path(json!(["a"])), encoded(&json!(7))).map(decoded),
            Ok(json!({ "a": 7 }))
        );
    }

    #[test]
    fn what_serde_does_not_know_stays() {
        let exact = AttributeValue::N("12345678901234567890123456789012345678".to_owned());
        let set = AttributeValue::Ss(vec!["a".to_owned(), "b".to_owned()]);
        let value = AttributeValue::M([("exact".to_owned(), exact), ("set".to_owned(), set)].into());
        let changed = assoc_in(Some(value.clone()), &["new".into()], AttributeValue::Bool(true)).unwrap();
        let (AttributeValue::M(before), AttributeValue::M(mut after)) = (value, changed) else { panic!() };
        assert_eq!(after.remove("new"), Some(AttributeValue::Bool(true)));
        assert_eq!(after, before);
    }
}
