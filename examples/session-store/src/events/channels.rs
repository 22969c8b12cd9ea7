use std::{
    collections::HashMap,
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::broadcast;

use super::Event;

/// The most events that wait for a slow subscriber. One that is later has to subscribe again.
const CAPACITY: usize = 256;

/// A channel for each session that is changed or has subscribers in this process. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Channels {
    open: Arc<Mutex<HashMap<String, OpenChannel>>>,
}

/// A channel, and the number of its guards.
#[derive(Debug)]
struct OpenChannel {
    channel: Arc<Channel>,
    guards: usize,
}

/// The events of one session.
#[derive(Debug)]
pub struct Channel {
    changes: tokio::sync::Mutex<()>,
    events: broadcast::Sender<Event>,
}

/// A channel that stays open until its last guard is dropped.
#[derive(Debug)]
pub struct ChannelGuard {
    channels: Channels,
    id: String,
    channel: Arc<Channel>,
}

impl Channels {
    /// Opens the channel of a session.
    #[must_use]
    pub fn open(&self, id: &str) -> ChannelGuard {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = open.entry(id.to_owned()).or_insert_with(OpenChannel::new);
        entry.guards += 1;
        ChannelGuard { channels: self.clone(), id: id.to_owned(), channel: entry.channel.clone() }
    }

    /// The number of open channels.
    #[must_use]
    pub fn count(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn close(&self, id: &str) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(entry) = open.get_mut(id) else { return };
        entry.guards -= 1;
        if entry.guards == 0 {
            open.remove(id);
        }
    }
}

impl OpenChannel {
    fn new() -> Self {
        let channel =
            Channel { changes: tokio::sync::Mutex::new(()), events: broadcast::Sender::new(CAPACITY) };
        Self { channel: Arc::new(channel), guards: 0 }
    }
}

impl Channel {
    /// Waits until no other change of this session is under way in this process; first come, first served.
    ///
    /// The version of the session keeps a change from being lost. This lock keeps events in the order of the changes, and
    /// changes in one process from having conflicts.
    pub async fn lock(&self) -> impl Drop {
        self.changes.lock().await
    }

    /// Sends an event to all subscribers.
    pub fn publish(&self, event: Event) {
        // It fails where there is no subscriber.
        let _ = self.events.send(event);
    }

    /// The events from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }
}

impl Deref for ChannelGuard {
    type Target = Channel;

    fn deref(&self) -> &Channel {
        &self.channel
    }
}

impl Drop for ChannelGuard {
    fn drop(&mut self) {
        self.channels.close(&self.id);
    }
}
