//! The layer between the engine and the SDK's client, which malforms answers.

use crate::malformation::{Belief, Malformation};
use dynamap_local::{Request, SharedTransport, Transport, TransportFuture};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

/// Whoever sends so many requests sends them for ever.
const TOO_MANY: usize = 2_000;

/// Which answers are malformed, and how.
#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) malformation: Malformation,
    /// The first one.
    pub(crate) first: usize,
    /// Whether all that follow are as well.
    pub(crate) always: bool,
    pub(crate) seen: Arc<Seen>,
}

/// How many answers there were.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) requests: AtomicUsize,
    /// That tell nothing and are never to be believed: of operations that read, and of others.
    reads: AtomicUsize,
    writes: AtomicUsize,
    /// That cannot be told from what DynamoDB might answer.
    open: AtomicUsize,
}

impl Seen {
    fn note(&self, belief: Belief, request: &Request) {
        let reads = ["Get", "Query", "Scan", "Search", "Describe", "TransactGet", "BatchGet"];
        let is_read = reads.iter().any(|read| request.operation.starts_with(read));
        let count = match belief {
            Belief::Same => return,
            Belief::Open => &self.open,
            Belief::Never if is_read => &self.reads,
            Belief::Never => &self.writes,
        };
        count.fetch_add(1, Relaxed);
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Relaxed)
    }

    pub(crate) fn reads(&self) -> usize {
        self.reads.load(Relaxed)
    }

    pub(crate) fn writes(&self) -> usize {
        self.writes.load(Relaxed)
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open.load(Relaxed) > 0
    }
}

impl Layer {
    pub(crate) fn new(malformation: Malformation, first: usize, always: bool) -> Self {
        Self { malformation, first, always, seen: Arc::default() }
    }

    pub(crate) fn around(self, inner: SharedTransport) -> Malforming {
        Malforming { inner, layer: self }
    }
}

#[derive(Debug)]
pub(crate) struct Malforming {
    inner: SharedTransport,
    layer: Layer,
}

impl Transport for Malforming {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(async move {
            let Layer { malformation, first, always, seen } = &self.layer;
            let number = seen.requests.fetch_add(1, Relaxed);
            if number > TOO_MANY {
                std::future::pending::<()>().await;
            }
            if number < *first || (number > *first && !always) {
                return self.inner.call(request).await;
            }
            let answer = match malformation.instead() {
                Some(answer) => answer,
                None => self.inner.call(request.clone()).await?,
            };
            let (answer, belief) = malformation.apply(&request.operation, answer);
            seen.note(belief, &request);
            Ok(answer)
        })
    }
}
