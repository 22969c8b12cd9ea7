use std::time::Duration;

use aws_sdk_dynamodb::config::SharedAsyncSleep;
use aws_sdk_dynamodb::error::ConnectorError;
use aws_smithy_async::future::timeout::Timeout;
use aws_smithy_async::rt::sleep::AsyncSleep;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;

use crate::transport::{Request, Response, SharedTransport};

/// The SDK's HTTP client for a [`Transport`](crate::Transport): no socket, no connection pool.
///
/// It honours the client's read timeout and has no use for a connect timeout. It takes the only time it
/// needs, that timeout, from the client's sleep implementation, so it follows tokio's paused clock.
#[derive(Clone, Debug)]
pub struct InProcessHttpClient {
    transport: SharedTransport,
}

impl InProcessHttpClient {
    /// Sends every request to `transport`.
    pub fn new(transport: SharedTransport) -> Self {
        Self { transport }
    }
}

impl HttpClient for InProcessHttpClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector {
            transport: self.transport.clone(),
            read_timeout: settings.read_timeout().zip(components.sleep_impl()),
        })
    }
}

#[derive(Debug)]
struct Connector {
    transport: SharedTransport,
    read_timeout: Option<(Duration, SharedAsyncSleep)>,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let exchange = exchange(self.transport.clone(), request);
        let Some((limit, sleep)) = &self.read_timeout else {
            return HttpConnectorFuture::new(exchange);
        };
        let exchange = Timeout::new(exchange, sleep.sleep(*limit));
        HttpConnectorFuture::new(async move {
            exchange.await.unwrap_or_else(|elapsed| Err(ConnectorError::timeout(elapsed.into())))
        })
    }
}

async fn exchange(transport: SharedTransport, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let mut request = request;
    let body = read(request.take_body()).await?;
    let request = Request::from_http(std::mem::take(request.headers_mut()), body);
    into_http(transport.call(request).await?)
}

/// Reads the body to its end, as a socket would: stalled-stream protection watches that.
async fn read(body: SdkBody) -> Result<Vec<u8>, ConnectorError> {
    let body = ByteStream::new(body).collect().await.map_err(|error| ConnectorError::user(error.into()))?;
    Ok(body.to_vec())
}

fn into_http(response: Response) -> Result<HttpResponse, ConnectorError> {
    let status = StatusCode::try_from(response.status).map_err(|error| ConnectorError::user(error.into()))?;
    let mut http = HttpResponse::new(status, SdkBody::from(response.body));
    *http.headers_mut() = response.headers;
    Ok(http)
}
