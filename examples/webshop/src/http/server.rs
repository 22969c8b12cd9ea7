use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    net::{TcpListener, TcpStream, ToSocketAddrs},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::{sleep, timeout},
};
use tower::Service;
use tracing::{debug, warn};

use super::{
    app::{App, Peer},
    limits::Limits,
    router::router,
};

/// The pause after a connection that could not be accepted, as when there are no more file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// A server that listens, and does not answer yet.
///
/// It is built on hyper itself, since `axum::serve` has no limits for headers and connections.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    router: Router,
    limits: Limits,
}

/// The end of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// All requests were answered.
    Drained,
    /// Some requests took too long, and their connections were closed.
    Cut,
}

impl Server {
    /// Listens on an address; port 0 takes a free one.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub async fn bind(address: impl ToSocketAddrs, app: App) -> io::Result<Self> {
        let limits = *app.limits();
        Ok(Self { listener: TcpListener::bind(address).await?, router: router(app), limits })
    }

    /// The address listened on, with the real port.
    ///
    /// # Errors
    /// The socket does not tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers requests until `stop` ends, and then those that are under way.
    pub async fn run(self, stop: impl Future<Output = ()>) -> Stopped {
        let Self { listener, router, limits } = self;
        let graceful = GracefulShutdown::new();
        let permits = Arc::new(Semaphore::new(limits.connections));
        let mut connections = JoinSet::new();
        tokio::pin!(stop);
        loop {
            let (stream, peer, permit) = tokio::select! {
                biased;
                () = &mut stop => break,
                accepted = accept(&listener, &permits) => accepted,
            };
            let connection = connection(stream, Peer(peer.ip()), router.clone(), limits, graceful.watcher());
            connections.spawn(async move {
                let _permit = permit;
                if let Err(error) = connection.await {
                    debug!(%peer, %error, "connection ended");
                }
            });
            while connections.try_join_next().is_some() {}
        }
        drop(listener);
        let drained = timeout(limits.stop_time, graceful.shutdown()).await.is_ok();
        connections.shutdown().await;
        if drained { Stopped::Drained } else { Stopped::Cut }
    }
}

/// Waits for the next connection, when there may be one more.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    loop {
        let Ok(permit) = Arc::clone(permits).acquire_owned().await else {
            unreachable!("the semaphore is never closed")
        };
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, permit),
            Err(error) => {
                warn!(%error, "no connection accepted");
                sleep(PAUSE).await;
            }
        }
    }
}

/// A connection, with limits that hold before there is a request for the router.
fn connection(
    stream: TcpStream,
    peer: Peer,
    router: Router,
    limits: Limits,
    watcher: Watcher,
) -> impl Future<Output = hyper::Result<()>> {
    // A small response should not wait for the acknowledgement of another.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        // A router is always ready.
        router.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        // Somewhat more than the router lets through, so that most refusals are JSON.
        .max_headers(limits.headers * 2)
        .max_buf_size((limits.header_bytes * 2).max(MIN_BUFFER))
        .serve_connection(TokioIo::new(stream), service);
    watcher.watch(connection)
}

/// The least buffer that hyper takes.
const MIN_BUFFER: usize = 8192;
