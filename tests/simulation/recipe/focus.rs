//! What a mix makes frequent.

use super::{Kind, Late, Recipe, Verb, WITH_LINEAGE, millis, one_of};
use dynamap::Mapping;
use std::time::Duration;

/// The part of what clients do that a mix makes frequent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulation) enum Focus {
    /// Nothing: all verbs and kinds.
    Everything,
    /// Creates that are no transactions and arrive late, and deletes.
    LateCreates,
    /// Numbers without lineage, written by transactions.
    BareNumbers,
    /// Batches that put notes with a version, beside saves.
    Overwrites,
    /// Transactions, and a clock that jumps while nobody waits.
    Asleep,
    /// Batches of which a part is not processed, and answers that are emptied.
    Batches,
    /// Notes that expire and are logged out, and creates that are no transactions.
    Sessions,
    /// Writes that expect no version.
    Blind,
    /// Futures that are dropped and tasks that are aborted.
    Dropped,
    /// Notes without a version.
    Unversioned,
    /// Notes with unique names, which many clients want.
    Unique,
}

impl Recipe {
    pub(super) fn focused(self, focus: Focus) -> Self {
        use Verb::{
            Batch, Count, Create, Delete, Jump, LogOut, Modify, Nap, Put, Read, Remove, Replace, Save, Set,
            Sweep, Transaction, Update, Upsert,
        };
        let (few, many) = (fastrand::u32(6..9), fastrand::u32(9..14));
        match focus {
            Focus::Everything => self,
            Focus::LateCreates => Self {
                mapping: Mapping::Direct,
                kind: one_of(&WITH_LINEAGE),
                clients: 4,
                actions: fastrand::u32(14..20),
                keys: 1,
                verbs: vec![(Create, 4), (Save, 4), (Replace, 1), (Update, 1), (Delete, 3), (Remove, 5)],
                late: Some(Late::Creates),
                ..self.undisturbed()
            },
            Focus::BareNumbers => Self {
                mapping: Mapping::Direct,
                kind: one_of(&[Kind::BareNumbered, Kind::BareFromZeroed]),
                clients: 4,
                actions: fastrand::u32(18..26),
                keys: 1,
                verbs: vec![(Create, 6), (Save, 7), (Update, 2), (Remove, 5)],
                late: Some(Late::TransactedUpdates),
                ..Self { transactional: 1.0, ..self.undisturbed() }
            },
            Focus::Overwrites => Self {
                mapping: Mapping::Direct,
                keys: 1,
                actions: few,
                verbs: vec![
                    (Read, 3),
                    (Create, 1),
                    (Save, 4),
                    (Replace, 1),
                    (Update, 1),
                    (Batch, 4),
                    (Modify, 1),
                ],
                ..self
            },
            Focus::Asleep => Self {
                mapping: Mapping::Direct,
                clients: 4,
                keys: 1,
                actions: many,
                verbs: vec![
                    (Read, 1),
                    (Create, 2),
                    (Save, 1),
                    (Count, 6),
                    (Upsert, 2),
                    (Transaction, 2),
                    (Jump, 6),
                ],
                zombies: 0.5,
                transactional: 1.0,
                at_least_once: 0.0,
                gives_up: Some(millis(200..3000)),
                think: Duration::from_millis(500),
                resolves: true,
                ..self
            },
            Focus::Batches => Self {
                mapping: Mapping::Direct,
                keys: 6,
                actions: few,
                verbs: vec![(Read, 1), (Save, 1), (Batch, 6)],
                emptied: self.faults / 2.0,
                ..self
            },
            Focus::Sessions => Self {
                transactional: 0.0,
                keys: fastrand::u32(1..3),
                actions: many,
                verbs: vec![
                    (Read, 4),
                    (Create, 5),
                    (Save, 3),
                    (Update, 1),
                    (Modify, 1),
                    (LogOut, 4),
                    (Sweep, 2),
                    (Jump, 1),
                    (Nap, 1),
                ],
                ..self
            },
            Focus::Blind => Self {
                verbs: vec![
                    (Read, 4),
                    (Create, 2),
                    (Save, 4),
                    (Update, 1),
                    (Set, 3),
                    (Count, 2),
                    (LogOut, 1),
                    (Upsert, 3),
                    (Remove, 2),
                    (Delete, 1),
                ],
                ..self
            },
            Focus::Dropped => Self { drops: 0.4, restarts: 0.6, ..self },
            Focus::Unique => Self {
                kind: one_of(&[Kind::Holder, Kind::Holder, Kind::RandomHolder, Kind::BareHolder]),
                clients: fastrand::u32(3..5),
                actions: many,
                keys: fastrand::u32(2..5),
                verbs: vec![
                    (Read, 2),
                    (Create, 5),
                    (Save, 5),
                    (Replace, 2),
                    (Update, 2),
                    (Delete, 2),
                    (Modify, 2),
                    (Set, 2),
                    (Count, 1),
                    (LogOut, 1),
                    (Upsert, 2),
                    (Remove, 2),
                    (Transaction, 3),
                    (Sweep, 1),
                    (Jump, 1),
                ],
                ..self
            },
            Focus::Unversioned => Self {
                kind: Kind::Unversioned,
                verbs: self.verbs.into_iter().chain([(Put, 2), (Count, 2), (Remove, 2)]).collect(),
                ..self
            },
        }
    }

    /// Without what keeps clients from doing much.
    fn undisturbed(self) -> Self {
        let think = Duration::from_millis(60);
        Self { careful: true, transactional: 0.0, drops: 0.0, restarts: 0.0, think, ..self }
    }
}
