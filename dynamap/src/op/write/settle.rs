//! Settles a write: advances the entity in memory, and decides applied, not applied or unknown after a lost response.

use super::{
    demand::{Demand, explained},
    replay::{SentRequest, resolvable},
    version_check::{StoredLineage, VersionCheck},
};
use crate::{
    call::Backoff,
    direct::{AttemptMark, AttemptMarks, OnAttempt},
    entity::{Item, Versioned},
    expr::LineageLink,
    outcome::{Error, Result, UnknownOutcome},
    timer::Timer,
    value::{Version, VersionValue},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{fmt, sync::Arc, time::Duration};

/// The effect of a write on the entity in memory when it has succeeded, and the means to learn the outcome after a
/// lost response.
#[derive(Default)]
pub(crate) struct Settlement<'a> {
    pub(crate) advance: Option<Advance<'a>>,
    pub(crate) versions: Option<Arc<VersionCheck>>,
    /// The demand of the operation's name on the stored item.
    pub(crate) demand: Option<Demand>,
}

/// Gives the entity in memory its new version, by the mark that the item has, and its new stamps: by the item that
/// DynamoDB returned, if it was requested.
pub(crate) type Advance<'a> = Box<dyn FnOnce(Option<AttemptMark>, Option<&Item>) + Send + 'a>;

impl Settlement<'_> {
    /// A write that expects this version; with the marks of its attempts, if they leave an item.
    pub(crate) fn expecting<E: Versioned>(
        version: &Version<E::Value>,
        expected: Option<AttributeValue>,
        marks: Option<AttemptMarks>,
    ) -> Self {
        let versions = VersionCheck {
            attribute: E::VERSION,
            expected: Some(expected),
            counts: E::Value::COUNTS,
            lineage: E::LINEAGE.map(|attribute| StoredLineage { attribute, base: version.lineage() }),
            marks,
        };
        Self { advance: None, versions: Some(Arc::new(versions)), demand: None }
    }

    /// The attribute and the lineage that the first attempt leaves, if that is known.
    pub(crate) fn lineage(&self) -> Option<LineageLink> {
        let versions = self.versions.as_ref()?;
        let (attribute, marks) = (versions.lineage?.attribute, versions.marks.as_ref()?);
        Some(LineageLink { attribute, lineage: marks.first_lineage()?, once: false })
    }

    /// True if the write can be repeated, however late, and is not done twice.
    pub(crate) fn is_fenced(&self) -> bool {
        self.versions.as_ref().is_some_and(|versions| versions.is_fenced())
    }

    /// The hook that gives each attempt its own mark.
    pub(crate) fn on_attempt(&self) -> Option<Arc<dyn OnAttempt>> {
        Some(self.versions.clone()?)
    }

    /// Gives the entity in memory its new version: the table has it.
    pub(crate) fn advance(self) {
        self.advance_to(None);
    }

    /// Advances the entity as [`advance`](Self::advance) does, by the item that DynamoDB returned.
    pub(crate) fn advance_to(self, item: Option<&Item>) {
        if let Some(advance) = self.advance {
            let marks = self.versions.as_ref().and_then(|versions| versions.marks.as_ref());
            advance(marks.map(AttemptMarks::applied), item);
        }
    }

    /// Settles the write: the entity in memory has its new version only if the table has it.
    ///
    /// `applied` gives what the write returns if it was applied, where it returns anything without a response. `sent` is
    /// the request, which is sent again after a lost response if that tells the outcome.
    pub(crate) async fn finish<T>(
        self,
        outcome: Result<T>,
        applied: impl Fn() -> Option<T>,
        sent: impl FnOnce() -> Option<SentRequest>,
    ) -> Result<T> {
        let (outcome, settlement) = self.settle(outcome, applied, sent).await;
        if outcome.is_ok() {
            settlement.advance();
        }
        outcome
    }

    /// Settles the write, and leaves it to the caller to change the entity in memory.
    pub(crate) async fn settle<T>(
        self,
        outcome: Result<T>,
        applied: impl Fn() -> Option<T>,
        sent: impl FnOnce() -> Option<SentRequest>,
    ) -> (Result<T>, Self) {
        let demand = self.demand.clone();
        let mut timer = None;
        let sent = || {
            let sent = sent()?;
            timer = Some(sent.handle.timer());
            Some(SentRequest { demand: demand.clone(), ..sent })
        };
        let outcome = match &self.versions {
            Some(versions) => resolvable(versions.finish(outcome, &applied), versions, sent),
            None => outcome,
        };
        let outcome = match outcome {
            Err(Error::Unknown(unknown)) => match applied() {
                // In a box: it is rare, and would make every call's future larger.
                Some(output) => Box::pin(find_out(unknown, timer.unwrap_or_default())).await.map(|()| output),
                None => Err(Error::Unknown(unknown)),
            },
            outcome => outcome,
        };
        (outcome.map_err(|error| explained(demand.as_ref(), error)), self)
    }
}

/// The number of times that a write is sent again after the SDK has given up.
const ROUNDS: u32 = 2;

/// The pauses before these attempts.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(500), Duration::from_millis(500));

/// Sends a write again that got no response, if that tells the outcome.
async fn find_out(mut unknown: UnknownOutcome, timer: Timer) -> Result<()> {
    let mut backoff = BACKOFF;
    for _ in 0..ROUNDS {
        if !unknown.can_be_resolved() || unknown.service_error().is_none() {
            break;
        }
        timer.sleep(backoff.next_pause()).await;
        match unknown.resolve().await {
            Err(Error::Unknown(again)) => unknown = again,
            outcome => return outcome,
        }
    }
    Err(Error::Unknown(unknown))
}

impl fmt::Debug for Settlement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settlement").field("versioned", &self.versions.is_some()).finish_non_exhaustive()
    }
}
