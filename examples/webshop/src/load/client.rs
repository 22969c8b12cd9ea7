use std::{net::SocketAddr, time::Duration};

use axum::body::Body;
use http_body_util::BodyExt;
use hyper::{
    HeaderMap, Method, Request, StatusCode,
    client::conn::http1::{SendRequest, handshake},
    header::{AUTHORIZATION, CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};

/// The longest time that a client waits for a response.
const PATIENCE: Duration = Duration::from_secs(120);

/// A client of the shop with one connection, which it opens anew if the server has closed it between two requests.
#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
    sender: SendRequest<Body>,
    /// The token that is sent, once there is one.
    pub token: Option<String>,
}

/// A response of the shop.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
}

/// A request without a response.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The server cannot be reached.
    #[error("no connection")]
    Connect(#[source] std::io::Error),
    /// The connection ended, or the response is none of HTTP.
    #[error("no response")]
    Http(#[from] hyper::Error),
    /// The request cannot be made.
    #[error("no request")]
    Request(#[from] axum::http::Error),
    /// The response is not text.
    #[error("the response is no UTF-8")]
    Text(#[from] std::string::FromUtf8Error),
    /// The response does not come.
    #[error("no response in time")]
    TimedOut,
}

impl Reply {
    /// The body as JSON; null if it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}

impl Client {
    /// Connects to a server.
    ///
    /// # Errors
    /// There is none.
    pub async fn connect(address: SocketAddr) -> Result<Self, ClientError> {
        Ok(Self { address, sender: connected(address).await?, token: None })
    }

    /// Returns true if the server has closed the connection.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Gets a path.
    ///
    /// # Errors
    /// There is no response.
    pub async fn get(&mut self, path: &str) -> Result<Reply, ClientError> {
        let request = Request::get(path);
        let request = match &self.token {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        };
        self.send(request.body(Body::empty())?).await
    }

    /// Posts JSON to a path.
    ///
    /// # Errors
    /// There is no response.
    pub async fn post(&mut self, path: &str, body: &Value) -> Result<Reply, ClientError> {
        let request = Request::builder().method(Method::POST).uri(path);
        let request = request.header(CONTENT_TYPE, "application/json").body(Body::from(body.to_string()))?;
        self.send(request).await
    }

    /// Sends any request.
    ///
    /// # Errors
    /// There is no response.
    pub async fn send(&mut self, mut request: Request<Body>) -> Result<Reply, ClientError> {
        if let Ok(host) = self.address.to_string().parse() {
            request.headers_mut().entry(HOST).or_insert(host);
        }
        let exchange = async {
            if self.sender.ready().await.is_err() {
                self.sender = connected(self.address).await?;
            }
            let response = self.sender.send_request(request).await?;
            let (parts, body) = response.into_parts();
            let text = String::from_utf8(body.collect().await?.to_bytes().into())?;
            Ok(Reply { status: parts.status, headers: parts.headers, text })
        };
        timeout(PATIENCE, exchange).await.map_err(|_| ClientError::TimedOut)?
    }
}

async fn connected(address: SocketAddr) -> Result<SendRequest<Body>, ClientError> {
    let stream = TcpStream::connect(address).await.map_err(ClientError::Connect)?;
    stream.set_nodelay(true).map_err(ClientError::Connect)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    // What ends the connection is told to the request as well.
    tokio::spawn(connection);
    Ok(sender)
}
