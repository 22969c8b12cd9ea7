//! The events of a session, and the channels of their subscribers.

mod channels;

pub use channels::{Channel, ChannelGuard, Channels};

use std::collections::BTreeMap;

use dynamap::value::Nullable;
use serde::Serialize;

use crate::model::Session;

/// An event, in JSON such as `{"Kind":"enabled","Data":{"Open":true}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "Kind", content = "Data")]
pub enum Event {
    /// Votes are taken.
    Enabled(OpenData),
    /// No more votes are taken.
    Disabled(OpenData),
    /// The votes of before are gone.
    Reset(OpenData),
    /// The votes changed.
    Vote(VotesData),
    /// The participants changed.
    ParticipantsChange(ParticipantsData),
}

/// The data of `enabled`, `disabled` and `reset`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct OpenData {
    /// True while votes are taken.
    pub open: bool,
}

/// The data of `vote`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct VotesData {
    /// The choice of each participant that has voted.
    pub votes: Nullable<BTreeMap<String, String>>,
}

/// The data of `participants-change`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ParticipantsData {
    /// The names, in the order in which they joined.
    pub participants: Nullable<Vec<String>>,
}

/// The role of a subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Receives whether votes are taken.
    Voter,
    /// Receives everything.
    Controller,
}

impl Event {
    /// Votes are taken.
    pub const ENABLED: Self = Self::Enabled(OpenData { open: true });
    /// No more votes are taken.
    pub const DISABLED: Self = Self::Disabled(OpenData { open: false });
    /// The votes of before are gone.
    pub const RESET: Self = Self::Reset(OpenData { open: false });

    /// The votes of a session.
    #[must_use]
    pub fn votes(session: &Session) -> Self {
        Self::Vote(VotesData { votes: session.votes.clone() })
    }

    /// The participants of a session.
    #[must_use]
    pub fn participants(session: &Session) -> Self {
        Self::ParticipantsChange(ParticipantsData { participants: session.participants.clone() })
    }

    /// Returns true if subscribers in this role receive it.
    #[must_use]
    pub fn is_for(&self, role: Role) -> bool {
        match self {
            Self::Enabled(_) | Self::Disabled(_) | Self::Reset(_) => true,
            Self::Vote(_) | Self::ParticipantsChange(_) => role == Role::Controller,
        }
    }
}
