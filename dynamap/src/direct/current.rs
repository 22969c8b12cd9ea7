//! The exchange of the call that a thread is polling.

use super::exchange::{Exchange, Receiver};
use std::{cell::RefCell, future::poll_fn, pin::Pin, sync::Arc};
use tracing::Instrument;

type AnyExchange = Arc<Exchange<dyn Receiver>>;

thread_local! {
    /// The exchange of the call whose future this thread is polling.
    static CURRENT: RefCell<Option<AnyExchange>> = const { RefCell::new(None) };
}

/// The exchange of the call whose future this thread is polling.
pub(super) fn current() -> Option<AnyExchange> {
    CURRENT.with_borrow(Option::clone)
}

/// Polls a call that has the interceptor, which finds its exchange by the thread.
///
/// The SDK does all its work on a call while the call's future is polled. Should a version of it do otherwise, the
/// exchange is not found: then the items are in the SDK's output, as without direct mapping.
pub(crate) fn with_exchange<F: Future>(
    exchange: AnyExchange,
    mut call: Pin<&mut F>,
) -> impl Future<Output = F::Output> {
    let span = exchange.span();
    let mut waiting = Some(exchange);
    let polled = poll_fn(move |cx| {
        let _exchanged = Exchanged::new(&mut waiting);
        call.as_mut().poll(cx)
    });
    polled.instrument(span)
}

/// Does `act` with the exchange of the call whose future this thread is polling, if it has one.
pub(super) fn with_current<T>(act: impl FnOnce(&Exchange<dyn Receiver>) -> T) -> Option<T> {
    CURRENT.with_borrow(|current| current.as_deref().map(act))
}

/// While it lives, the thread has our exchange, and the one of the call around ours waits. They change places again
/// also where a poll panics.
struct Exchanged<'a>(&'a mut Option<AnyExchange>);

impl<'a> Exchanged<'a> {
    fn new(waiting: &'a mut Option<AnyExchange>) -> Self {
        let mut new = Self(waiting);
        new.swap();
        new
    }

    fn swap(&mut self) {
        CURRENT.with_borrow_mut(|current| std::mem::swap(current, self.0));
    }
}

impl Drop for Exchanged<'_> {
    fn drop(&mut self) {
        self.swap();
    }
}
