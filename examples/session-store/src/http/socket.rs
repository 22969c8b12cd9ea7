//! Events by WebSocket.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::{
        WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    response::Response,
};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, interval_at, timeout_at},
};

use super::response::ErrorResponse;
use crate::{
    events::{ChannelGuard, Event, Role},
    service::Poker,
};

/// The longest silence of a subscriber.
const SILENCE: Duration = Duration::from_secs(30);

/// The time between two pings, which browsers answer by themselves.
const PING: Duration = Duration::from_secs(24);

/// The longest message of a subscriber, in bytes. None has a meaning.
const MESSAGE_LIMIT: usize = 512;

/// Upgrades the connection, and sends the events of a session from now on.
pub(super) async fn subscribe(
    poker: &Poker,
    id: &str,
    role: Role,
    upgrade: WebSocketUpgrade,
) -> Result<Response, ErrorResponse> {
    let channel = poker.channel(id).await?;
    // Before the response: a client that has it misses no event.
    let events = channel.subscribe();
    let upgrade = upgrade.max_message_size(MESSAGE_LIMIT).max_frame_size(MESSAGE_LIMIT);
    Ok(upgrade.on_upgrade(move |socket| send_all(socket, channel, events, role)))
}

/// Sends events until the subscriber goes, is silent for too long, or is too slow.
async fn send_all(mut socket: WebSocket, channel: ChannelGuard, mut events: Receiver<Event>, role: Role) {
    let mut pings = interval_at(Instant::now() + PING, PING);
    let mut deadline = Instant::now() + SILENCE;
    loop {
        let message = tokio::select! {
            event = events.recv() => match event {
                Ok(event) if event.is_for(role) => text(&event),
                Ok(_) => continue,
                // Events were lost to a slow subscriber. It connects again, and reads the session.
                Err(RecvError::Lagged(_) | RecvError::Closed) => break,
            },
            _ = pings.tick() => Some(Message::Ping(Bytes::new())),
            heard = timeout_at(deadline, socket.recv()) => match heard {
                Ok(Some(Ok(_))) => {
                    deadline = Instant::now() + SILENCE;
                    continue;
                }
                _ => break,
            },
        };
        let Some(message) = message else { break };
        if !matches!(timeout_at(deadline, socket.send(message)).await, Ok(Ok(()))) {
            break;
        }
    }
    drop(channel);
}

fn text(event: &Event) -> Option<Message> {
    serde_json::to_string(event).ok().map(Message::text)
}
