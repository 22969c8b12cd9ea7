//! Marks of attempts: a value that one attempt of a write leaves in the item, and no other attempt of any write.
//!
//! The SDK sends a request again after an attempt without a response, and the first one may still arrive late. If both
//! were the same, the item could return to an earlier state: created by the second attempt, changed by other writers,
//! deleted, and created once more by the first. A write that expects that state could not tell the difference. So the
//! document of each attempt has a mark of its own.

use super::{
    exchange::OnAttempt,
    random::{Random, random_bytes},
};
use crate::{
    entity::{Entity, StampKind, StampedAttribute, VersionStamp},
    error::{EncodeError, NoRandomBytes},
    known_fault::KnownFault,
    outcome::Result,
    value::{FromAttribute, Lineage, WriteId},
    wire::{self, JsonReader},
};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime_api::box_error::BoxError;
use memchr::memmem;
use std::{
    fmt,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The mark that an attempt leaves in the item.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AttemptMark {
    /// The last id of the lineage.
    Id(WriteId),
    /// A version that does not count, of an entity without a lineage.
    Version(AttributeValue),
}

/// The marks of the attempts of one write.
pub(crate) struct AttemptMarks {
    place: MarkTarget,
    /// The mark of the first attempt, which is in the document that the caller made.
    first: AttemptMark,
    /// True if the first mark is derived from the message of a transaction. It is new in the transaction only: any
    /// other request with it is given a mark of its own at once.
    is_derived: bool,
    state: Mutex<MarkState>,
}

/// An attribute and the value that it gets.
pub(crate) type Written = (&'static str, AttributeValue);

/// True if a stamp is a version by which two states of an item cannot be told apart.
const fn counts_without_lineage(stamps: &[StampedAttribute]) -> bool {
    let mut at = 0;
    while at < stamps.len() {
        let is_version = matches!(stamps[at].version, Some(VersionStamp { lineage: None, .. }));
        if is_version && matches!(stamps[at].kind, StampKind::VersionCount) {
            return true;
        }
        at += 1;
    }
    false
}

/// The place of a mark in the item.
enum MarkTarget {
    /// At the end of the lineage, behind these ids.
    Lineage { base: Lineage, random: Option<Random> },
    /// In the version attribute; with what draws another version.
    Version(Box<dyn Fn() -> Result<AttributeValue> + Send + Sync>),
}

#[derive(Default)]
struct MarkState {
    /// Those of further attempts, in their order.
    further: Vec<AttemptMark>,
    /// The mark that the item was found to have.
    found: Option<AttemptMark>,
}

impl AttemptMarks {
    /// Marks at the end of a lineage, behind the ids that it had.
    pub(crate) fn of_lineage(random: Option<&Random>, base: Option<Lineage>) -> Result<Self, NoRandomBytes> {
        let first = AttemptMark::Id(WriteId::new(random_bytes(random)?));
        let place = MarkTarget::Lineage { base: base.unwrap_or(Lineage::NONE), random: random.cloned() };
        Ok(Self { place, first, is_derived: false, state: Mutex::default() })
    }

    /// Marks of a transaction that may be sent again, as [`of_lineage`](Self::of_lineage) makes them, with this first
    /// mark.
    pub(crate) fn of_redelivery(first: [u8; WriteId::BYTES], base: Option<Lineage>) -> Self {
        let place = MarkTarget::Lineage { base: base.unwrap_or(Lineage::NONE), random: None };
        let first = AttemptMark::Id(WriteId::new(first));
        Self { place, first, is_derived: true, state: Mutex::default() }
    }

    /// The marks of a write of `E` that checks no version, and the version that it leaves, which no entity in memory
    /// has; `None` if `E` has none.
    ///
    /// `version` is what the caller has.
    pub(crate) fn of_unchecked<E: Entity>(
        random: Option<&Random>,
        version: impl FnOnce(&'static str) -> Option<AttributeValue>,
    ) -> Result<Option<(Vec<Written>, Self)>> {
        const {
            assert!(
                !counts_without_lineage(E::STAMPS),
                "an entity whose version is a number and has no lineage cannot be put ignoring its version: another \
                 writer may hold the same number, and would not see that the item was replaced"
            )
        };
        let Some((stamp, of)) = E::STAMPS.iter().find_map(|stamp| Some((stamp, stamp.version?))) else {
            return Ok(None);
        };
        let following = (of.following)(version(stamp.attribute))?;
        let mut written = vec![(stamp.attribute, following.clone())];
        let marks = match of.lineage {
            Some(lineage) => {
                let marks = Self::of_lineage(random, None)?;
                let first = marks.first_lineage().unwrap_or(Lineage::NONE);
                written.push((lineage, wire::to_attribute_value(&first)?));
                marks
            }
            None => {
                Self::of_versions(following.clone(), move || Ok((of.following)(Some(following.clone()))?))
            }
        };
        Ok(Some((written, marks)))
    }

    /// Versions as marks, of which this is the first.
    pub(crate) fn of_versions(
        first: AttributeValue,
        draw: impl Fn() -> Result<AttributeValue> + Send + Sync + 'static,
    ) -> Self {
        Self {
            place: MarkTarget::Version(Box::new(draw)),
            first: AttemptMark::Version(first),
            is_derived: false,
            state: Mutex::default(),
        }
    }

    /// The same, whose first mark comes from the message of a transaction if that is so.
    pub(crate) fn derived(self, is_derived: bool) -> Self {
        Self { is_derived, ..self }
    }

    /// The lineage that the first attempt leaves, if the marks are in one.
    pub(crate) fn first_lineage(&self) -> Option<Lineage> {
        match (&self.place, &self.first) {
            (MarkTarget::Lineage { base, .. }, AttemptMark::Id(id)) => Some(base.and(*id)),
            _ => None,
        }
    }

    /// The mark of an attempt of which this is true: the item was found to have it.
    pub(crate) fn find(&self, is_there: impl Fn(&AttemptMark) -> bool) -> bool {
        let state = &mut *self.state();
        let found = std::iter::once(&self.first).chain(&state.further).find(|mark| is_there(mark)).cloned();
        let is_found = found.is_some();
        state.found = found.or(state.found.take());
        is_found
    }

    /// The mark that the item has after a write that succeeded: the one that was found, or else that of the last attempt,
    /// which was answered.
    pub(crate) fn applied(&self) -> AttemptMark {
        let state = self.state();
        state.found.as_ref().or(state.further.last()).unwrap_or(&self.first).clone()
    }

    /// The document of a further attempt, made of that of the first.
    pub(crate) fn another(&self, first: &[u8]) -> Result<Vec<u8>> {
        let mark = match &self.place {
            MarkTarget::Lineage { random, .. } => {
                AttemptMark::Id(WriteId::new(random_bytes(random.as_ref())?))
            }
            MarkTarget::Version(draw) => AttemptMark::Version(draw()?),
        };
        let place = self.place_in(first).ok_or_else(|| {
            EncodeError::new("the version is not written in a form by which an attempt can be given another")
        })?;
        let (before, behind, new) = (&first[..place.start], &first[place.end..], self.text(&mark)?);
        // Noted first: from here on it may arrive.
        self.state().further.push(mark);
        Ok([before, &new, behind].concat())
    }

    /// The range of the first mark in a document.
    fn place_in(&self, document: &[u8]) -> Option<Range<usize>> {
        let text = self.text(&self.first).ok()?;
        if let Some(at) = memmem::find(document, &text) {
            return Some(at..at + text.len());
        }
        // The SDK writes some texts with other escapes, and the members of maps in another order.
        let AttemptMark::Version(version) = &self.first else { return None };
        let beginning = text.get(..text.iter().position(|byte| *byte == b':')?)?;
        memmem::find_iter(document, beginning).find_map(|at| {
            let mut r = JsonReader::new(document.get(at..)?).ok()?;
            let found = AttributeValue::read(&mut r).ok()?;
            (found == *version).then(|| at..at + r.scanner.offset())
        })
    }

    /// The text of a mark in a document. It finds the mark: nothing else in the document has the same random bits.
    fn text(&self, mark: &AttemptMark) -> Result<Vec<u8>> {
        Ok(match (&self.place, mark) {
            (MarkTarget::Lineage { base, .. }, AttemptMark::Id(id)) => wire::to_json(&base.and(*id))?,
            (_, AttemptMark::Version(version)) => wire::to_json(version)?,
            (MarkTarget::Version(_), AttemptMark::Id(_)) => {
                unreachable!("`of_versions` and `another` make versions")
            }
        })
    }

    /// A panic of another thread leaves nothing behind that would be wrong here.
    fn state(&self) -> MutexGuard<'_, MarkState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Each attempt after the first one gets a mark of its own.
impl OnAttempt for AttemptMarks {
    fn document(&self, is_first: bool, first: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        match is_first && !self.is_derived || KnownFault::SharedOperationId.is_back() {
            true => Ok(None),
            false => Ok(Some(self.another(first)?)),
        }
    }

    fn unchanged(&self, is_first: bool, is_open: bool) -> Result<(), BoxError> {
        match is_open || is_first && self.is_derived {
            true => Err("it needs a mark of its own, which this protocol has no place for".into()),
            false => Ok(()),
        }
    }
}

/// The marks of several writes in one request, whose document was sent before, or may be sent again.
#[derive(Debug)]
pub(crate) struct EachMarked(pub(crate) Vec<Arc<AttemptMarks>>);

impl OnAttempt for EachMarked {
    fn document(&self, _: bool, first: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        let mut document: Option<Vec<u8>> = None;
        for marks in &self.0 {
            document = Some(marks.another(document.as_deref().unwrap_or(first))?);
        }
        Ok(document)
    }

    fn unchanged(&self, is_first: bool, is_open: bool) -> Result<(), BoxError> {
        self.0.iter().try_for_each(|marks| marks.unchanged(is_first, is_open))
    }
}

impl fmt::Debug for AttemptMarks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttemptMarks").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    fn version(number: u32) -> AttributeValue {
        AttributeValue::S(format!("v{number}"))
    }

    /// Marks from this version on.
    fn versions(first: u32) -> AttemptMarks {
        let last = AtomicU32::new(first);
        AttemptMarks::of_versions(version(first), move || {
            Ok(version(last.fetch_add(1, Ordering::Relaxed) + 1))
        })
    }

    #[test]
    fn the_first_attempt_is_sent_as_it_is() {
        let marks = versions(0);
        assert_eq!(marks.document(true, b"anything").unwrap(), None);
        let first = br#"{"version":{"S":"v0"},"x":1}"#;
        let second = marks.document(false, first).unwrap().unwrap();
        assert_eq!(second, br#"{"version":{"S":"v1"},"x":1}"#);
        assert!(marks.document(false, b"{}").is_err(), "no mark stands in it");
    }

    #[test]
    fn what_was_found_last_is_what_was_applied() {
        let marks = versions(0);
        let first = br#"{"S":"v0"}"#;
        let is = |number: u32| move |mark: &AttemptMark| *mark == AttemptMark::Version(version(number));
        assert_eq!(marks.applied(), AttemptMark::Version(version(0)));
        marks.another(first).unwrap();
        marks.another(first).unwrap();
        // The last attempt was answered.
        assert_eq!(marks.applied(), AttemptMark::Version(version(2)));
        assert!(marks.find(is(0)));
        assert_eq!(marks.applied(), AttemptMark::Version(version(0)));
        assert!(!marks.find(is(7)), "it is forgotten by nothing else");
        assert_eq!(marks.applied(), AttemptMark::Version(version(0)));
        assert!(marks.find(is(1)));
        assert_eq!(marks.applied(), AttemptMark::Version(version(1)));
    }

    #[test]
    fn each_write_of_a_request_gets_a_mark_of_its_own() {
        let each = EachMarked(vec![Arc::new(versions(0)), Arc::new(versions(10))]);
        let document = each.document(false, br#"[{"S":"v0"},{"S":"v10"}]"#).unwrap().unwrap();
        assert_eq!(document, br#"[{"S":"v1"},{"S":"v11"}]"#);
    }
}
