use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::error::LocalError;
use crate::local::Local;

impl Local {
    /// Serves the database over plain HTTP until the returned handle is shut down or dropped.
    ///
    /// Port 0 takes a free one. Any credentials and region will do, so anyone who reaches the address can
    /// read and change everything. Requests go straight to the engine, past [`wrap`](Self::wrap) and
    /// [`recording`](Self::recording), and without the guard against expressions nested so deeply that
    /// they overflow the stack: serve on the loopback address.
    ///
    /// # Errors
    /// [`LocalError::Listen`] if the address cannot be bound.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub async fn serve(&self, address: impl ToSocketAddrs) -> Result<Server, LocalError> {
        let listener = TcpListener::bind(address).await.map_err(LocalError::Listen)?;
        let address = listener.local_addr().map_err(LocalError::Listen)?;
        let (stop, stopped) = oneshot::channel();
        let serving = dynoxide::server::serve_with_shutdown(listener, self.engine.database(), until(stopped));
        Ok(Server { address, stop, serving: tokio::spawn(serving) })
    }
}

/// A dropped sender ends the wait as well.
async fn until(stopped: oneshot::Receiver<()>) {
    let _ = stopped.await;
}

/// A running HTTP server; dropping it stops the server without waiting.
#[derive(Debug)]
#[must_use = "dropping the server stops it"]
pub struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), String>>,
}

impl Server {
    /// The address listened on, with the real port.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// The endpoint URL for a client on this machine.
    #[must_use]
    pub fn url(&self) -> String {
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        format!("http://{}", SocketAddr::new(ip, self.address.port()))
    }

    /// Stops accepting, answers the requests under way, and returns when that is done.
    ///
    /// A client that has sent half a request holds it up.
    ///
    /// # Errors
    /// [`LocalError::Serve`] if the server had failed.
    pub async fn shutdown(self) -> Result<(), LocalError> {
        let _ = self.stop.send(());
        let served = self.serving.await.map_err(|error| LocalError::Serve(error.into()))?;
        served.map_err(|error| LocalError::Serve(error.into()))
    }
}
