use crate::call::metering::Permits;
use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::Instant;

/// The request that waits for its units.
///
/// It is one at a time, also where more requests may be on their way: what is left of those is in the one that waits
/// next, and others who draw on the budget have their turn in between.
pub(super) struct PermitSlot<T>(Option<Waits<T>>);

struct Waits<T> {
    since: Instant,
    request: T,
    permits: WaitForPermits,
}

/// Waits for the permits of a request.
pub(super) type WaitForPermits = Pin<Box<dyn Future<Output = Permits> + Send>>;

/// A request that may be sent, which is to follow at once.
pub(super) struct Permitted<T> {
    pub(super) request: T,
    pub(super) permits: Permits,
    /// The time for which it has waited.
    pub(super) waited: Duration,
}

impl<T> PermitSlot<T> {
    pub(super) fn nobody() -> Self {
        Self(None)
    }

    pub(super) fn is_nobody(&self) -> bool {
        self.0.is_none()
    }

    /// Lets a request wait, in place of one before it.
    pub(super) fn set(&mut self, request: T, permits: WaitForPermits) {
        self.0 = Some(Waits { since: Instant::now(), request, permits });
    }

    /// The request, if it has waited long enough.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Option<Permitted<T>> {
        let waits = self.0.as_mut()?;
        let Poll::Ready(permits) = waits.permits.as_mut().poll(cx) else { return None };
        let Waits { since, request, .. } = self.0.take()?;
        Some(Permitted { request, permits, waited: since.elapsed() })
    }
}
