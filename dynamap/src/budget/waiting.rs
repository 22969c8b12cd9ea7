use super::{Budget, buckets::Charge, charge::TakenUnits};
use crate::timer::{Alarm, Timer};
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
    time::Duration,
};
use tokio::time::Instant;

/// Waits for units. Dropped, it gives up its place and the units that it was granted.
#[derive(Debug)]
pub(super) struct Waiting {
    budget: Budget,
    /// Until it is claimed.
    ticket: Option<u64>,
    timer: Timer,
    alarm: Option<Alarm>,
}

impl Waiting {
    pub(super) fn new(budget: Budget, charges: Vec<Charge>, timer: Timer) -> Self {
        let ticket = budget.lock().ledger.ask(charges);
        Self { budget, ticket: Some(ticket), timer, alarm: None }
    }
}

/// The clock of tokio stops at milliseconds.
const TICK: Duration = Duration::from_millis(1);

impl Future for Waiting {
    type Output = TakenUnits;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<TakenUnits> {
        let this = &mut *self;
        let Some(ticket) = this.ticket else { unreachable!("nobody polls it after it was ready") };
        loop {
            let (budget, now) = (&this.budget, Instant::now());
            let (claimed, woken) = {
                let (at, ledger) = (budget.now(), &mut budget.lock().ledger);
                let woken = ledger.serve(at);
                let claimed = ledger.claim(ticket);
                (claimed.ok_or_else(|| ledger.due(ticket, at, cx.waker()).saturating_sub(at)), woken)
            };
            woken.into_iter().for_each(Waker::wake);
            let wait = match claimed {
                Ok(charges) => {
                    this.ticket = None;
                    return Poll::Ready(TakenUnits::new(budget.clone(), charges));
                }
                // Longer than a day: no call waits for such a debt, so the bucket is read again.
                Err(wait) => wait.clamp(TICK, Duration::from_secs(86_400)),
            };
            let until = now + wait;
            if this.alarm.insert(this.timer.alarm(until)).poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.budget.wake(|ledger, now| ledger.cancel(ticket, now));
        }
    }
}
