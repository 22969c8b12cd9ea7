//! Permits of requests about the items of several tables, each with its own meters and its own budget.

use super::{Metering, OpenPermit, Permit, answered, is_told, refused, unanswered};
use crate::{
    budget::{Forecast, Processed, Reservation},
    capacity::{Billing, Consumed, Meter},
    direct::{AttemptSummary, Exchange},
    error::{ServiceError, ServiceErrorKind, ThrottlingReason},
    schema::{is_same_table, named_table},
    timer::Timer,
};
use aws_sdk_dynamodb::types::ConsumedCapacity;
use std::{
    future::poll_fn,
    mem::take,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::time::Instant;

/// The permits of a request, of one table or of several.
#[derive(Debug)]
pub(crate) enum Permits {
    One(Permit),
    Several(TablePermits),
}

/// The permits of a request by its tables. Dropped before its end, the request counts as unanswered.
#[derive(Debug)]
#[must_use = "dropped, it keeps its charges"]
pub(crate) struct TablePermits(Vec<TablePermit>);

#[derive(Debug)]
struct TablePermit {
    table: Arc<str>,
    /// `None` of a table without meters and without a budget.
    open: Option<Box<OpenPermit>>,
}

/// The part of a table in a request that is to be permitted.
pub(crate) struct PermitRequest {
    pub(in crate::call) table: Arc<str>,
    pub(in crate::call) metering: Option<Arc<Metering>>,
    pub(in crate::call) billing: Billing,
    /// The likely cost, if there is a budget.
    pub(in crate::call) forecast: Option<Forecast>,
    pub(in crate::call) timer: Timer,
}

impl PermitRequest {
    async fn reserve(self) -> Reserved {
        let Self { table, metering, billing, forecast, timer } = self;
        let charge = match &metering {
            Some(metering) => metering.reserve(forecast, timer).await,
            None => None,
        };
        Reserved { table, metering, billing, charge }
    }
}

/// A part of a request that has its units. Dropped, it gives them back.
struct Reserved {
    table: Arc<str>,
    metering: Option<Arc<Metering>>,
    billing: Billing,
    charge: Option<(Forecast, Reservation)>,
}

impl Reserved {
    fn into_sent(self) -> TablePermit {
        let Self { table, metering, billing, charge } = self;
        let charge = charge.map(|(forecast, reservation)| (forecast, reservation.into_sent()));
        let open = metering.map(|metering| Box::new(OpenPermit { metering, billing, charge }));
        TablePermit { table, open }
    }
}

type Reserving = Pin<Box<dyn Future<Output = Reserved> + Send>>;

impl Permits {
    /// Waits until the request may be sent, which is to follow at once.
    ///
    /// All tables wait at the same time, and units count as used only when all have theirs.
    pub(crate) async fn of(tables: Vec<PermitRequest>) -> Self {
        let mut waiting: Vec<Reserving> =
            tables.into_iter().map(|table| Box::pin(table.reserve()) as Reserving).collect();
        let mut reserved: Vec<Option<Reserved>> = waiting.iter().map(|_| None).collect();
        poll_fn(|cx| poll_all(&mut waiting, &mut reserved, cx)).await;
        Self::Several(TablePermits(reserved.into_iter().flatten().map(Reserved::into_sent).collect()))
    }

    /// Ends a request whose response says that these items were processed of each of its tables.
    pub(crate) fn answered<R: ?Sized>(
        self,
        exchange: &Exchange<R>,
        capacities: &[ConsumedCapacity],
        processed: impl Fn(usize) -> Processed,
    ) {
        match self {
            Self::One(permit) if permit.0.is_none() => {}
            Self::One(permit) => drop(permit.answered(exchange, capacities, processed(0))),
            Self::Several(permits) => permits.answered(exchange, capacities, processed),
        }
    }

    /// The request was refused, or got no response.
    pub(crate) fn refused<R: ?Sized>(self, exchange: &Exchange<R>, error: &ServiceError) {
        match self {
            Self::One(permit) => permit.refused(exchange, error),
            Self::Several(permits) => permits.refused(exchange, error),
        }
    }
}

fn poll_all(waiting: &mut [Reserving], reserved: &mut [Option<Reserved>], cx: &mut Context<'_>) -> Poll<()> {
    for (waiting, reserved) in waiting.iter_mut().zip(reserved.iter_mut()) {
        if reserved.is_none()
            && let Poll::Ready(units) = waiting.as_mut().poll(cx)
        {
            *reserved = Some(units);
        }
    }
    if reserved.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
}

impl TablePermits {
    fn answered<R: ?Sized>(
        mut self,
        exchange: &Exchange<R>,
        capacities: &[ConsumedCapacity],
        processed: impl Fn(usize) -> Processed,
    ) {
        let (summary, writes) = (exchange.attempt_summary(), !exchange.operation().reads);
        let tables = take(&mut self.0);
        let names = tables.iter().map(|table| &*table.table);
        let of = capacities.iter().map(|capacity| named_table(names.clone(), capacity.table_name()?));
        let of: Vec<Option<usize>> = of.collect();
        let mut parts = MeteredParts::default();
        for (at, TablePermit { table, open }) in tables.into_iter().enumerate() {
            let Some(open) = open else { continue };
            let own = || capacities.iter().zip(&of).filter(|(_, of)| **of == Some(at));
            let processed = processed(at);
            throttled(&open, &table, &summary);
            if writes {
                open.left_unprocessed(processed.items);
            }
            let told = is_told(own().next().is_none(), processed, &summary);
            let consumed = answered(own().map(|(capacity, _)| capacity), writes, &summary);
            parts.end(open, consumed, told.then_some(processed));
        }
    }

    fn refused<R: ?Sized>(mut self, exchange: &Exchange<R>, error: &ServiceError) {
        let (summary, mut parts) = (exchange.attempt_summary(), MeteredParts::default());
        let is_throttled = error.kind() == ServiceErrorKind::Throttled && summary.throttled.is_empty();
        for TablePermit { table, open } in take(&mut self.0) {
            let Some(mut open) = open else { continue };
            throttled(&open, &table, &summary);
            if error.kind().is_ambiguous() {
                parts.end(open, unanswered(), None);
                continue;
            }
            if is_throttled {
                throttled_for(&open, &table, error.throttling_reasons(), Instant::now());
            }
            if !summary.ambiguous {
                open.refund();
            }
            parts.end(open, refused(), None);
        }
    }
}

impl Drop for TablePermits {
    fn drop(&mut self) {
        let mut parts = MeteredParts::default();
        for open in take(&mut self.0).into_iter().filter_map(|table| table.open) {
            parts.end(open, unanswered(), None);
        }
    }
}

fn throttled(open: &OpenPermit, table: &str, summary: &AttemptSummary) {
    summary.throttled.iter().for_each(|attempt| throttled_for(open, table, &attempt.reasons, attempt.at));
}

/// Slows the budget of a table down, unless all the reasons are about other tables.
fn throttled_for(open: &OpenPermit, table: &str, reasons: &[ThrottlingReason], at: Instant) {
    let is_own = |reason: &&ThrottlingReason| reason.table().is_none_or(|named| is_same_table(table, named));
    let own: Vec<ThrottlingReason> = reasons.iter().filter(is_own).cloned().collect();
    if reasons.is_empty() || !own.is_empty() {
        open.throttled_for(&own, at);
    }
}

/// The consumed capacity of one request by its tables. A meter of several of them counts one request. Dropped, it tells the
/// meters.
#[derive(Default)]
struct MeteredParts(Vec<(Meter, Consumed)>);

impl MeteredParts {
    fn end(&mut self, mut open: Box<OpenPermit>, consumed: Consumed, processed: Option<Processed>) {
        open.settle(&consumed, processed);
        for meter in &open.metering.meters {
            match self.0.iter_mut().find(|(other, _)| other.is(meter)) {
                Some((_, sum)) => sum.add_of_request(&consumed),
                None => self.0.push((meter.clone(), consumed.clone())),
            }
        }
    }
}

impl Drop for MeteredParts {
    fn drop(&mut self) {
        self.0.iter().for_each(|(meter, consumed)| meter.add(consumed));
    }
}
