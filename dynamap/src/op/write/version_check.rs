//! The version that a write expects, and the outcome of a write without a response, as the item tells it.

use crate::{
    direct::{AttemptMark, AttemptMarks, OnAttempt},
    entity::{Item, Versioned},
    expr::{Attribute, Condition},
    known_fault::KnownFault,
    outcome::{ConditionFailed, Error, NoStoredVersion, Result, VersionConflict},
    value::{Lineage, Number, Version},
    wire,
};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime_api::box_error::BoxError;

/// The versions of a write.
#[derive(Debug)]
pub(crate) struct VersionCheck {
    pub(crate) attribute: &'static str,
    /// The version that the stored item must have, if one is expected; none inside if it must have none.
    pub(crate) expected: Option<Option<AttributeValue>>,
    /// True if versions are numbers, which come again where an item is deleted and created anew.
    pub(crate) counts: bool,
    pub(crate) lineage: Option<StoredLineage>,
    /// The marks that its attempts leave, by which it recognizes them; a delete leaves none.
    pub(crate) marks: Option<AttemptMarks>,
}

/// The lineage of the item that is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StoredLineage {
    pub(crate) attribute: &'static str,
    /// The lineage that the item had when it was read; `None` if that is not known.
    pub(crate) base: Option<Lineage>,
}

/// The outcome of a write without a response, as the item tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Applied {
    Yes,
    /// The write was not applied, and no late attempt can be: the state of its condition never comes again.
    No,
    Unknown,
}

impl VersionCheck {
    /// True if a condition that asks for the version, and failed of the item, can never be true again.
    ///
    /// An item does not change without its version. So what is not true of it at this version never will be, and after it
    /// neither is the version.
    pub(crate) fn is_closed_by(&self, item: Option<&Item>) -> bool {
        self.is_fenced() || KnownFault::ComparedNumbers.is_back() && self.has_passed(item)
    }

    /// True if the stored number is not less than the expected one. That proves nothing: the item may be deleted, and count
    /// from the start again.
    fn has_passed(&self, item: Option<&Item>) -> bool {
        let Some(Some(expected)) = &self.expected else { return false };
        let number = |value: &AttributeValue| value.as_n().ok()?.parse::<Number>().ok();
        let stored = item.and_then(|item| number(item.get(self.attribute)?));
        self.counts && stored.zip(number(expected)).is_some_and(|(stored, expected)| stored >= expected)
    }

    /// True if the write asks for a version that does not come again once it was applied: each attempt of each write leaves
    /// another lineage, or where there is none, another version. A number alone does come again, where the item is deleted
    /// and created anew.
    pub(super) fn is_fenced(&self) -> bool {
        let is_unique = match self.lineage {
            // An item that another system wrote has no lineage, and a version that does not count.
            Some(StoredLineage { base: Some(base), .. }) => !self.counts || base.last().is_some(),
            Some(StoredLineage { base: None, .. }) => false,
            None => !self.counts,
        };
        is_unique && matches!(self.expected, Some(Some(_)))
    }

    /// The outcome of the write, as far as its result and the item that came with it tell.
    pub(crate) fn finish<T>(&self, outcome: Result<T>, applied: impl FnOnce() -> Option<T>) -> Result<T> {
        let unknown = match outcome {
            Err(Error::Unknown(unknown)) => unknown,
            Err(Error::ConditionFailed(failed)) => return Err(self.told(failed)),
            outcome => return outcome,
        };
        let item = unknown.raw_item().and_then(Result::ok);
        match item.map_or(Applied::Unknown, |item| self.verdict(&item)) {
            Applied::Yes => applied().ok_or(Error::Unknown(unknown)),
            Applied::No => match unknown.into_condition_failed() {
                Ok(failed) => Err(self.told(failed)),
                Err(unknown) => Err(Error::Unknown(unknown)),
            },
            Applied::Unknown => Err(Error::Unknown(unknown)),
        }
    }

    /// True if the write, sent again, tells its outcome: a create must recognize itself in the item that it finds.
    pub(super) fn can_be_replayed(&self) -> bool {
        self.is_fenced() || self.expected.is_none() && self.marks.is_some()
    }

    /// True if the item tells that the write was applied.
    pub(crate) fn is_recognized(&self, item: &Item) -> bool {
        let lineage = self.stored_lineage(item);
        let has = |mark: &AttemptMark| match mark {
            AttemptMark::Id(id) => lineage.holds(*id),
            AttemptMark::Version(version) => item.get(self.attribute) == Some(version),
        };
        self.marks.as_ref().is_some_and(|marks| marks.find(has))
    }

    fn stored_lineage(&self, item: &Item) -> Lineage {
        self.lineage.map_or(Lineage::NONE, |lineage| lineage_of(item, lineage.attribute))
    }

    fn verdict(&self, item: &Item) -> Applied {
        if self.is_recognized(item) {
            return Applied::Yes;
        }
        let lineage = self.stored_lineage(item);
        // Ours would stand right behind the write that it followed.
        let followed = self.lineage.and_then(|lineage| lineage.base?.last());
        if followed.is_some_and(|followed| lineage.holds(followed)) {
            return Applied::No;
        }
        // No writer has changed the item since the entity was read, so the condition failed for another reason.
        match self.is_fenced() && !self.is_conflict(Some(item)) {
            true => Applied::No,
            false => Applied::Unknown,
        }
    }

    /// A condition failed: because of the version, or for another reason.
    pub(crate) fn told(&self, failed: ConditionFailed) -> Error {
        let item = failed.raw_item().and_then(Result::ok);
        match self.is_conflict(item.as_ref()) {
            true => Error::VersionConflict(VersionConflict::new(failed)),
            false => Error::ConditionFailed(failed),
        }
    }

    /// True if the stored item does not have the version that the write asks for.
    pub(crate) fn is_conflict(&self, item: Option<&Item>) -> bool {
        let Some(expected) = &self.expected else { return false };
        let version = item.and_then(|item| item.get(self.attribute));
        let base = self.lineage.and_then(|lineage| Some((lineage.attribute, lineage.base?)));
        !same(expected.as_ref(), version)
            || base.is_some_and(|(name, base)| item.is_some_and(|item| lineage_of(item, name) != base))
    }
}

/// Each attempt after the first one gets a mark of its own.
impl OnAttempt for VersionCheck {
    fn document(&self, is_first: bool, first: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        self.marks.as_ref().map_or(Ok(None), |marks| marks.document(is_first, first))
    }

    fn unchanged(&self, is_first: bool, is_open: bool) -> Result<(), BoxError> {
        self.marks.as_ref().map_or(Ok(()), |marks| marks.unchanged(is_first, is_open))
    }
}

fn lineage_of(item: &Item, attribute: &str) -> Lineage {
    let stored = item.get(attribute).cloned();
    stored.and_then(|stored| wire::from_attribute_value(stored).ok()).unwrap_or(Lineage::NONE)
}

/// True if two versions are the same: numbers by value.
fn same(left: Option<&AttributeValue>, right: Option<&AttributeValue>) -> bool {
    match (left, right) {
        (Some(AttributeValue::N(left)), Some(AttributeValue::N(right))) => {
            left.parse::<Number>().ok() == right.parse::<Number>().ok()
        }
        _ => left == right,
    }
}

/// The condition that the stored version is this one, and its value.
pub(crate) fn expectation<E: Versioned>(
    version: &Version<E::Value>,
) -> Result<(Condition<E>, Option<AttributeValue>)> {
    let attribute = Attribute::<E, AttributeValue>::new;
    if version.is_new() {
        return Err(Error::NoStoredVersion(NoStoredVersion::new(E::NAME)));
    }
    let (condition, expected) = match version.stored() {
        Some(stored) => {
            let value = wire::to_attribute_value(stored)?;
            (attribute(E::VERSION).eq(&value), Some(value))
        }
        None => (attribute(E::VERSION).not_exists(), None),
    };
    // A version comes again where an item is deleted and a late attempt creates it anew; a lineage does not.
    let lineage = E::LINEAGE.and_then(|name| Some((name, version.lineage()?)));
    let condition = match lineage {
        Some((name, lineage)) if lineage.last().is_some() => {
            condition & attribute(name).eq(&wire::to_attribute_value(&lineage)?)
        }
        Some((name, _)) => condition & attribute(name).not_exists(),
        None => condition,
    };
    Ok((condition, expected))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{VersionCheck, same};
    use crate::direct::{AttemptMarks, OnAttempt};
    use aws_sdk_dynamodb::types::AttributeValue;

    fn versions(expected: Option<&str>, counts: bool, marks: Option<AttemptMarks>) -> VersionCheck {
        let expected = Some(expected.map(|number| AttributeValue::N(number.into())));
        VersionCheck { attribute: "version", expected, counts, lineage: None, marks }
    }

    #[test]
    fn the_first_attempt_is_sent_as_it_is_and_the_others_with_their_own_marks() {
        let first = br#"{"version":{"N":"1"}}"#;
        assert_eq!(versions(None, true, None).document(false, first).unwrap(), None);
        let [one, two] = ["1", "2"].map(|number| AttributeValue::N(number.into()));
        let marks = AttemptMarks::of_versions(one, move || Ok(two.clone()));
        let versions = versions(None, false, Some(marks));
        assert_eq!(versions.document(true, first).unwrap(), None);
        let document = versions.document(false, first).unwrap().unwrap();
        assert_eq!(String::from_utf8(document).unwrap(), r#"{"version":{"N":"2"}}"#);
    }

    /// A comparison that was once taken for a proof.
    #[test]
    fn a_number_has_passed_where_it_is_not_less() {
        let passed = |expected, counts, stored: Option<&str>| {
            let stored = stored.map(|number| [("version".into(), AttributeValue::N(number.into()))].into());
            versions(expected, counts, None).has_passed(stored.as_ref())
        };
        assert!(passed(Some("7"), true, Some("7")) && passed(Some("7"), true, Some("10")));
        assert!(!passed(Some("7"), true, Some("6")) && !passed(Some("7"), false, Some("8")));
        assert!(!passed(None, true, Some("8")) && !passed(Some("7"), true, None));
    }

    #[test]
    fn versions_that_are_numbers_are_compared_by_value() {
        let [one, precise, two] = ["1", "1.0", "2"].map(|text| AttributeValue::N(text.into()));
        let text = |text: &str| AttributeValue::S(text.into());
        assert!(same(Some(&one), Some(&precise)) && !same(Some(&one), Some(&two)));
        assert!(same(Some(&text("a")), Some(&text("a"))) && !same(Some(&text("a")), Some(&text("b"))));
        assert!(same(None, None) && !same(None, Some(&one)) && !same(Some(&text("1")), Some(&one)));
    }
}
