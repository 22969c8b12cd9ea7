//! A server and its subscribers on connections in memory, so that pings take no time.

use std::{future::pending, io, time::Duration};

use axum::{Router, serve::Listener};
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use session_store::{
    http::{self, Stopped},
    service::Poker,
};
use tokio::{
    io::{DuplexStream, duplex},
    sync::mpsc,
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, http::StatusCode},
};

/// The bytes that a connection holds.
const BUFFER: usize = 1024;

/// The longest time until an event that is expected.
const LATEST: Duration = Duration::from_secs(300);

/// A server on the table of a service.
pub(crate) struct Server {
    pub(crate) poker: Poker,
    /// The same routes, without a connection.
    pub(crate) routes: Router,
    connections: mpsc::UnboundedSender<DuplexStream>,
}

/// Connections in memory.
struct Connections(mpsc::UnboundedReceiver<DuplexStream>);

impl Listener for Connections {
    type Io = DuplexStream;
    type Addr = ();

    async fn accept(&mut self) -> (DuplexStream, ()) {
        match self.0.recv().await {
            Some(connection) => (connection, ()),
            None => pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<()> {
        Ok(())
    }
}

impl Server {
    pub(crate) fn new(poker: Poker) -> Self {
        Self::until(pending(), poker).0
    }

    /// A server that is stopped, and its end.
    pub(crate) fn until(
        stop: impl Future<Output = ()> + Send + 'static,
        poker: Poker,
    ) -> (Self, JoinHandle<io::Result<Stopped>>) {
        let (connections, accepted) = mpsc::unbounded_channel();
        let serving = tokio::spawn(http::serve(Connections(accepted), poker.clone(), stop));
        (Self { routes: http::routes(poker.clone()), poker, connections }, serving)
    }

    /// Connects, and sends nothing yet.
    pub(crate) fn connect(&self) -> DuplexStream {
        let (ours, theirs) = duplex(BUFFER);
        self.connections.send(theirs).unwrap();
        ours
    }

    /// Subscribes at a path such as `/abcde/ws`.
    pub(crate) async fn subscribe(&self, path: &str) -> Result<Subscriber, StatusCode> {
        match client_async(format!("ws://poker{path}"), self.connect()).await {
            Ok((socket, _)) => Ok(Subscriber(socket)),
            Err(Error::Http(response)) => Err(response.status()),
            Err(error) => panic!("{error}"),
        }
    }
}

/// A subscriber, which answers pings while it waits for an event.
pub(crate) struct Subscriber(WebSocketStream<DuplexStream>);

impl Subscriber {
    /// The next event, or none after the end of the connection.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        timeout(LATEST, self.receive()).await.expect("no event")
    }

    async fn receive(&mut self) -> Option<Value> {
        loop {
            match self.0.next().await? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Message::Ping(_)) => self.0.flush().await.ok()?,
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    /// The events up to one of this kind.
    pub(crate) async fn until(&mut self, kind: &str) -> Vec<Value> {
        let mut events = Vec::new();
        loop {
            events.push(self.next().await.unwrap());
            if events.last().unwrap()["Kind"] == kind {
                return events;
            }
        }
    }

    /// The number of events within this time, and whether the connection ended.
    pub(crate) async fn listen(&mut self, time: Duration) -> (usize, bool) {
        let (mut count, mut has_ended) = (0, false);
        let all = async {
            while self.receive().await.is_some() {
                count += 1;
            }
            has_ended = true;
        };
        let _ = timeout(time, all).await;
        (count, has_ended)
    }

    /// Sends a text.
    pub(crate) async fn say(&mut self, text: String) {
        self.0.send(Message::text(text)).await.unwrap();
    }
}
