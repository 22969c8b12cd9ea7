//! The rules of planning poker: what changes a session, and what it refuses.

use crate::model::{Session, Vote};

/// A change of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// A participant joins.
    Join(String),
    /// A participant votes; the last one closes the session.
    Vote(Vote),
    /// The votes of before are gone, and new ones are taken.
    Start,
    /// No more votes are taken, and those of before are kept.
    Stop,
    /// No more votes are taken, and those of before are gone.
    Reset,
    /// A participant is removed, whose vote stays.
    Kick(String),
}

/// The reason why a session does not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No votes are taken.
    #[error("session is closed")]
    Closed,
    /// The voter is no participant.
    #[error("not a valid participant")]
    InvalidParticipant,
    /// The vote is none of the choices.
    #[error("not a valid choice")]
    InvalidChoice,
    /// There is a participant of this name.
    #[error("already joined")]
    AlreadyJoined,
    /// The one who is to be removed is no participant.
    #[error("not a participant")]
    NotAParticipant,
}

impl Action {
    /// Changes the session.
    ///
    /// # Errors
    /// The session refuses, and is as it was.
    pub fn apply(&self, session: &mut Session) -> Result<(), Refusal> {
        match self {
            Self::Join(name) => return session.join(name),
            Self::Vote(vote) => return session.vote(vote),
            Self::Kick(name) => return session.kick(name),
            Self::Start => session.begin_round(true),
            Self::Reset => session.begin_round(false),
            Self::Stop => session.open = false,
        }
        Ok(())
    }
}

impl Session {
    fn join(&mut self, name: &str) -> Result<(), Refusal> {
        if contains(self.participants.0.as_deref(), name) {
            return Err(Refusal::AlreadyJoined);
        }
        self.participants.0.get_or_insert_default().push(name.to_owned());
        Ok(())
    }

    fn vote(&mut self, vote: &Vote) -> Result<(), Refusal> {
        if !self.open {
            return Err(Refusal::Closed);
        }
        if !contains(self.participants.0.as_deref(), &vote.participant) {
            return Err(Refusal::InvalidParticipant);
        }
        if !contains(self.choices.0.as_deref(), &vote.choice) {
            return Err(Refusal::InvalidChoice);
        }
        let votes = self.votes.0.get_or_insert_default();
        votes.insert(vote.participant.clone(), vote.choice.clone());
        self.open = votes.len() < self.participants.0.as_ref().map_or(0, Vec::len);
        Ok(())
    }

    fn begin_round(&mut self, open: bool) {
        self.open = open;
        self.votes.0.get_or_insert_default().clear();
    }

    fn kick(&mut self, name: &str) -> Result<(), Refusal> {
        let participants = self.participants.0.get_or_insert_default();
        let position = participants.iter().position(|participant| participant == name);
        participants.remove(position.ok_or(Refusal::NotAParticipant)?);
        Ok(())
    }
}

fn contains(texts: Option<&[String]>, text: &str) -> bool {
    texts.is_some_and(|texts| texts.iter().any(|each| each == text))
}
