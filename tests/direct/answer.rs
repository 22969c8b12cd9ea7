//! Clients to which DynamoDB answers what a test says.

use aws_sdk_dynamodb::Client;
use dynamap::error::ServiceErrorKind;
use dynamap::{Entity, Error, TableSchema};
use dynamap_local::{Local, Request, Response, SharedTransport, Transport, TransportFuture};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
pub(crate) struct Shop;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}", sk = "ORDER")]
pub(crate) struct Order {
    pub(crate) id: u32,
    pub(crate) title: String,
    pub(crate) note: Option<String>,
}

pub(crate) fn order(id: u32) -> Order {
    Order { id, title: format!("\"ü\" \\ \u{1f600} {id}"), note: None }
}

/// Answers one after another; the last one stands for all that follow.
#[derive(Debug)]
struct Answers {
    responses: Vec<Response>,
    calls: Arc<AtomicUsize>,
}

impl Transport for Answers {
    fn call(&self, _: Request) -> TransportFuture<'_> {
        let call = self.calls.fetch_add(1, Relaxed).min(self.responses.len() - 1);
        let response = self.responses[call].clone();
        Box::pin(async { Ok(response) })
    }
}

/// A client to which DynamoDB gives these answers, and how many it gave.
pub(crate) fn answering(responses: Vec<Response>) -> (Client, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let local = Local::memory().unwrap().wrap(|_: SharedTransport| Answers { responses, calls: counted });
    let retries = aws_sdk_dynamodb::config::retry::RetryConfig::standard()
        .with_initial_backoff(std::time::Duration::from_millis(1));
    (Client::from_conf(local.config().retry_config(retries).build()), calls)
}

/// A client to which DynamoDB answers every request with `document`.
pub(crate) fn client(document: &str) -> Client {
    answering(vec![Response::new(200, document)]).0
}

pub(crate) fn kind(error: &Error) -> ServiceErrorKind {
    match error {
        Error::Service(error) => error.kind(),
        other => panic!("{other}"),
    }
}
