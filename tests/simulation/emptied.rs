//! Answers that are emptied on their way, beside the faults.

use dynamap_local::{Request, SharedTransport, Transport, TransportFuture};
use fastrand::Rng;
use std::sync::Mutex;

/// Empties the bodies of a share of the answers, and leaves the header with the checksum as it was.
#[derive(Debug)]
pub(super) struct Emptied {
    inner: SharedTransport,
    share: f64,
    random: Mutex<Rng>,
}

impl Emptied {
    pub(super) fn new(inner: SharedTransport, seed: u64, share: f64) -> Self {
        Self { inner, share, random: Mutex::new(Rng::with_seed(seed)) }
    }
}

impl Transport for Emptied {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(async move {
            let is_emptied = self.random.lock().unwrap().f64() < self.share;
            let mut response = self.inner.call(request).await?;
            if is_emptied && response.status == 200 {
                response.body.clear();
            }
            Ok(response)
        })
    }
}
