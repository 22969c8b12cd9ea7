//! Writes that are sent again, to resolve an unknown outcome.

use super::{
    ConditionalWrite,
    demand::{Demand, explained},
    version_check::VersionCheck,
};
use crate::{
    budget::{Cost, Forecast},
    call::{Handle, call, send},
    direct::{CallOptions, Exchange, Mapping, NullReceiver, OnAttempt, Receiver},
    outcome::{Error, LastAttempt, Resolve, Result, UnknownOutcome},
};
use aws_smithy_runtime_api::box_error::BoxError;
use std::{
    fmt,
    pin::{Pin, pin},
    sync::Arc,
};

/// A write as it was sent.
#[derive(Clone)]
pub(crate) struct SentRequest {
    pub(crate) handle: Handle,
    pub(crate) operation: ConditionalWrite,
    pub(crate) entity: &'static str,
    /// The document of the first attempt.
    pub(crate) document: Vec<u8>,
    pub(crate) demand: Option<Demand>,
}

/// A write that can be sent again as it was: what it asks for is not true any more once it was applied, and the item
/// then tells that it was.
///
/// To look at the item would not do: an attempt may still be on its way. After this one, none can be applied.
pub(crate) struct Replay {
    sent: SentRequest,
    versions: Arc<VersionCheck>,
}

impl Replay {
    /// Sends it as a part of the operation, or later as one of its own.
    async fn send(self: Arc<Self>) -> Result<()> {
        let mut handle = self.sent.handle.clone();
        let observing = handle.observe(self.sent.operation.sent_as(), None);
        observing.watch(pin!(self.send_on(&handle)), |()| 1).await
    }

    async fn send_on(&self, handle: &Handle) -> Result<()> {
        let SentRequest { operation, entity, document, demand, .. } = &self.sent;
        let options =
            CallOptions { direct: handle.mapping == Mapping::Direct, whole: true, ..CallOptions::default() };
        let on_attempt = Some(Arc::new(Again(self.versions.clone())) as _);
        let exchange =
            Exchange::on_attempts(operation.sent_as(), options, on_attempt, document.clone(), NullReceiver);
        let exchange = handle.observed(exchange);
        let operation_name = exchange.operation().name;
        macro_rules! again {
            ($builder:ident) => {{
                let request = handle.client.$builder().table_name(&*handle.table);
                let forecast = || Forecast::of_write(operation_name, entity, Cost::Average(1.0));
                let failed = |error| handle.write_error(&exchange, entity, error);
                call!(handle.permit(forecast), send!(handle, request, exchange), exchange, failed).map(|_| ())
            }};
        }
        let outcome = match operation {
            ConditionalWrite::Put => again!(put_item),
            ConditionalWrite::Update => again!(update_item),
            ConditionalWrite::Delete => again!(delete_item),
        };
        // An earlier attempt may be why the condition fails now, and no refusal takes it back.
        let unknown = |last| Error::Unknown(UnknownOutcome::new(operation_name, entity, &handle.table, last));
        let outcome = outcome.map_err(|error| match error {
            Error::ConditionFailed(failed) => unknown(LastAttempt::ConditionFailed(failed.into_item())),
            Error::Service(error) => unknown(LastAttempt::Error(error)),
            error => error,
        });
        let outcome = self.versions.finish(outcome, || Some(()));
        let outcome = resolvable(outcome, &self.versions, || Some(self.sent.clone()));
        outcome.map_err(|error| explained(demand.as_ref(), error))
    }
}

/// Lets an unknown outcome be resolved by the write that was `sent`, if that can tell it.
pub(super) fn resolvable<T>(
    outcome: Result<T>,
    versions: &Arc<VersionCheck>,
    sent: impl FnOnce() -> Option<SentRequest>,
) -> Result<T> {
    outcome.map_err(|error| match error {
        Error::Unknown(unknown) => {
            let sent = if versions.can_be_replayed() { sent() } else { None };
            let replay = sent.map(|sent| Arc::new(Replay { sent, versions: versions.clone() }) as _);
            Error::Unknown(unknown.resolved_by(replay))
        }
        error => error,
    })
}

/// Every attempt is a further one.
struct Again(Arc<VersionCheck>);

impl OnAttempt for Again {
    fn document(&self, _: bool, first: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        self.0.document(false, first)
    }

    fn unchanged(&self, _: bool, _: bool) -> Result<(), BoxError> {
        self.0.unchanged(false, true)
    }
}

impl Resolve for Replay {
    fn resolve(self: Arc<Self>) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send>> {
        Box::pin(self.send())
    }
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay")
            .field("operation", &self.sent.operation.sent_as().name)
            .finish_non_exhaustive()
    }
}

impl Handle {
    /// A write as it was sent.
    pub(crate) fn sent<R: Receiver>(
        &self,
        operation: ConditionalWrite,
        entity: &'static str,
        exchange: &Exchange<R>,
    ) -> Option<SentRequest> {
        Some(SentRequest {
            handle: self.clone(),
            operation,
            entity,
            document: exchange.sent()?,
            demand: None,
        })
    }
}
