//! The table of sessions and its entity, with the names and forms of the Go program that made the table.

mod version;
mod vote;

pub use version::SessionVersion;
pub use vote::Vote;

use std::collections::BTreeMap;

use dynamap::{
    Attribute, Entity, TableSchema,
    value::{Nullable, Value, Version},
};
use serde::Serialize;

/// The table: one item for each session, and no attribute for the name of an entity.
#[derive(Debug, Clone, Copy, TableSchema)]
#[dynamap(partition_key = "SessionID", entity_type = none, entities(StoredSession))]
pub struct Sessions;

/// A session as an item.
///
/// The table has no place for a lineage. So every write is a transaction of its own: where its answer is lost, DynamoDB
/// knows it by its token. `save` leaves attributes that this program does not know.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Sessions, pk = session_id, rename_all = "PascalCase", transactional)]
pub struct StoredSession {
    /// The id.
    #[dynamap(rename = "SessionID")]
    pub session_id: String,
    /// The session, in a map (M).
    pub data: Session,
    /// Another one after every write.
    #[dynamap(version, lineage = none)]
    pub version: Version<SessionVersion>,
}

/// A round of planning poker.
#[derive(Debug, Clone, PartialEq, Attribute, Serialize)]
#[dynamap(rename_all = "PascalCase")]
#[serde(rename_all = "PascalCase")]
pub struct Session {
    /// The choices of a vote, in the order in which they are shown.
    pub choices: Nullable<Vec<String>>,
    /// The names of the voters, in the order in which they joined.
    pub participants: Nullable<Vec<String>>,
    /// The choice of each participant that has voted.
    pub votes: Nullable<BTreeMap<String, String>>,
    /// True while votes are taken.
    pub open: bool,
    /// Members that later programs added.
    #[dynamap(flatten, ignore_serde)]
    #[serde(skip)]
    pub others: BTreeMap<String, Value>,
}

impl Session {
    /// A closed session without participants.
    #[must_use]
    pub fn new(choices: impl Into<Nullable<Vec<String>>>) -> Self {
        Self {
            choices: choices.into(),
            participants: Vec::new().into(),
            votes: BTreeMap::new().into(),
            open: false,
            others: BTreeMap::new(),
        }
    }
}
