//! An import that fails in the middle tells exactly what was written.

use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sdk_dynamodb::{Client, config::retry::RetryConfig};
use dynamap::{
    Table,
    error::{Error, ServiceErrorKind},
};
use dynamap_local::{ConnectorError, Local, Request, Response, SharedTransport, Transport, TransportFuture};
use webshop::{catalogue, import, model::Shop};

const TOTAL: usize = 17;

#[derive(Debug, Clone, Copy)]
enum Fault {
    /// DynamoDB refuses the write.
    Refused,
    /// The write is applied and the response lost.
    Lost,
}

/// Lets `healthy` writes pass; all others have the fault.
#[derive(Debug)]
struct Faulty {
    inner: SharedTransport,
    fault: Fault,
    healthy: usize,
    puts: AtomicUsize,
}

impl Transport for Faulty {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        let fails =
            request.operation == "PutItem" && self.puts.fetch_add(1, Ordering::Relaxed) >= self.healthy;
        Box::pin(async move {
            match self.fault {
                Fault::Refused if fails => Ok(Response::error(400, "AccessDeniedException", "no")),
                Fault::Lost if fails => {
                    self.inner.call(request).await?;
                    Err(ConnectorError::timeout("response lost".into()))
                }
                _ => self.inner.call(request).await,
            }
        })
    }
}

async fn import_with(fault: Fault, healthy: usize) -> (import::Interrupted, usize) {
    let local = Local::memory().unwrap();
    let faulty = local.wrap(|inner| Faulty { inner, fault, healthy, puts: AtomicUsize::new(0) });
    let config = faulty.config().retry_config(RetryConfig::disabled()).build();
    let shop = Table::<Shop>::new(Client::from_conf(config), "webshop");
    shop.create_table_if_absent().send().await.unwrap();
    let mut progress = 0;
    let catalogue = catalogue::built_in().unwrap();
    let interrupted = import::write(&shop, &catalogue, |done| progress = done).await.unwrap_err();
    assert_eq!(progress, interrupted.written.total());
    let stored = local.client().scan().table_name("webshop").send().await.unwrap().count;
    (interrupted, usize::try_from(stored).unwrap())
}

#[tokio::test]
async fn refused_writes_are_not_counted() {
    for healthy in [0, 1, 3, 10, 16] {
        let (interrupted, stored) = import_with(Fault::Refused, healthy).await;
        assert_eq!(interrupted.written.total(), stored, "{healthy}: {interrupted}");
        assert_eq!((stored, interrupted.unknown), (healthy, 0));
        assert_eq!(interrupted.unwritten, TOTAL - stored);
        let Error::Service(error) = interrupted.source else { panic!("{:?}", interrupted.source) };
        assert_eq!(error.kind(), ServiceErrorKind::AccessDenied);
    }
}

#[tokio::test]
async fn a_write_of_unknown_outcome_is_counted_as_that() {
    for healthy in [0, 5, 16] {
        let (interrupted, stored) = import_with(Fault::Lost, healthy).await;
        let import::Interrupted { written, unwritten, unknown, .. } = interrupted;
        assert_eq!(written.total(), healthy);
        assert!(unknown >= 1);
        assert_eq!(written.total() + unknown, stored);
        assert_eq!(stored + unwritten, TOTAL);
    }
}
