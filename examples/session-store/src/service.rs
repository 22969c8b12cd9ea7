//! The service: the access patterns, and the events that they cause.

use std::panic;

use dynamap::{Table, value::Nullable};

use crate::{
    create,
    error::Result,
    events::{ChannelGuard, Channels, Event},
    load,
    model::{Session, Sessions},
    read_modify_write,
    rules::Action,
};

/// Planning poker on a table of sessions. Clones share the subscribers.
#[derive(Debug, Clone)]
pub struct Poker {
    sessions: Table<Sessions>,
    channels: Channels,
}

impl Poker {
    /// A service on this table, without subscribers.
    #[must_use]
    pub fn new(sessions: Table<Sessions>) -> Self {
        Self { sessions, channels: Channels::default() }
    }

    /// The channels of the sessions.
    #[must_use]
    pub fn channels(&self) -> &Channels {
        &self.channels
    }

    /// Creates a session, and returns its id.
    ///
    /// # Errors
    /// The session cannot be saved.
    pub async fn create(&self, choices: Nullable<Vec<String>>) -> Result<String> {
        create(&self.sessions, &Session::new(choices)).await
    }

    /// The session with this id.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub async fn session(&self, id: &str) -> Result<Session> {
        load(&self.sessions, id).await.map(|(session, _)| session)
    }

    /// Opens the channel of a session, to subscribe to its events.
    ///
    /// # Errors
    /// There is no session with this id, or it cannot be read.
    pub async fn channel(&self, id: &str) -> Result<ChannelGuard> {
        self.session(id).await.map(|_| self.channels.open(id))
    }

    /// Changes a session, and publishes the events.
    ///
    /// A change that has begun goes on where this future is dropped, as when a client hangs up: no change is saved without
    /// its events.
    ///
    /// # Errors
    /// The session refuses, there is none, or it cannot be saved. There are no events then.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub async fn change(&self, id: &str, action: Action) -> Result<()> {
        let (service, id) = (self.clone(), id.to_owned());
        let change = tokio::spawn(async move { service.change_to_end(&id, &action).await });
        change.await.unwrap_or_else(|error| panic::resume_unwind(error.into_panic()))
    }

    async fn change_to_end(&self, id: &str, action: &Action) -> Result<()> {
        let channel = self.channels.open(id);
        let _lock = channel.lock().await;
        let session = read_modify_write(&self.sessions, id, |session| action.apply(session)).await?;
        events(action, &session).into_iter().for_each(|event| channel.publish(event));
        Ok(())
    }
}

/// The events of an action that left the session like this.
fn events(action: &Action, session: &Session) -> Vec<Event> {
    match action {
        Action::Join(_) | Action::Kick(_) => vec![Event::participants(session)],
        Action::Vote(_) if session.open => vec![Event::votes(session)],
        Action::Vote(_) => vec![Event::votes(session), Event::DISABLED],
        Action::Start => vec![Event::ENABLED],
        Action::Stop => vec![Event::DISABLED],
        Action::Reset => vec![Event::RESET, Event::votes(session)],
    }
}
