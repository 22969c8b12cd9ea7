//! The network between a worker and the world.
//!
//! Each has a runtime of its own, with a clock of its own: that of a worker stands still while the worker sleeps. What a worker
//! has sent arrives all the same.

use aws_sdk_dynamodb::error::ConnectorError;
use dynamap_local::{Request, Response, SharedTransport, Transport, TransportFuture};
use tokio::sync::{mpsc, oneshot};

/// The header with the worker that sent a request.
pub(super) const WORKER: &str = "x-worker";

/// The worker's end of the network.
#[derive(Debug)]
pub(super) struct Wire {
    worker: String,
    calls: mpsc::UnboundedSender<WireCall>,
}

#[derive(Debug)]
pub(super) struct WireCall {
    request: Request,
    reply: oneshot::Sender<Result<Response, ConnectorError>>,
}

impl Wire {
    /// A wire to `far`, which carries requests once it is served.
    pub(super) fn new(worker: &str) -> (Self, mpsc::UnboundedReceiver<WireCall>) {
        let (calls, received) = mpsc::unbounded_channel();
        (Self { worker: worker.to_owned(), calls }, received)
    }
}

impl Transport for Wire {
    fn call(&self, mut request: Request) -> TransportFuture<'_> {
        request.headers.insert(WORKER, self.worker.clone());
        let (reply, replied) = oneshot::channel();
        let is_sent = self.calls.send(WireCall { request, reply }).is_ok();
        Box::pin(async move {
            let broken = || ConnectorError::io("connection reset by peer".into());
            if is_sent { replied.await.map_err(|_| broken())? } else { Err(broken()) }
        })
    }
}

/// Carries reads to `far`, in the runtime of the world. A read ends when its worker has died or does not wait for it.
pub(super) async fn serve_reads(mut calls: mpsc::UnboundedReceiver<WireCall>, far: SharedTransport) {
    while let Some(WireCall { request, mut reply }) = calls.recv().await {
        let far = far.clone();
        tokio::spawn(async move {
            let answer = tokio::select! {
                biased;
                answer = far.call(request) => answer,
                () = reply.closed() => return,
            };
            let _ = reply.send(answer);
        });
    }
}

/// Carries writes to `far`, in the runtime of the world. A write goes on when its worker has died.
pub(super) async fn serve_writes(mut calls: mpsc::UnboundedReceiver<WireCall>, far: SharedTransport) {
    while let Some(WireCall { request, reply }) = calls.recv().await {
        let far = far.clone();
        tokio::spawn(async move {
            // A dead worker does not wait for it.
            let _ = reply.send(far.call(request).await);
        });
    }
}
