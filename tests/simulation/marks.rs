//! Marks by which the oracle knows whose a request is, and a client which state it was told of.

use super::wall::Wall;
use aws_sdk_dynamodb::config::{
    ConfigBag, Intercept, RuntimeComponents,
    interceptors::{BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut},
};
use std::{
    cell::RefCell,
    error::Error,
    future::Future,
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll},
};

/// The header with the mark of the call that a request belongs to.
pub(super) const MARK: &str = "x-simulation-mark";

/// The header with the time at which an attempt was sent, in milliseconds since the schedule began.
pub(super) const SENT: &str = "x-simulation-sent";

/// The header of an answer with the state of the item that it is about.
pub(super) const STATE: &str = "x-simulation-state";

/// A state of an item: the number of the write that made it; `None` if there is no item.
pub(super) type State = Option<usize>;

/// One call of a client, with all its attempts and what resolves it.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) mark: String,
    /// The states that its answers told of, in their order.
    seen: RefCell<Vec<State>>,
}

tokio::task_local! {
    static CURRENT: Rc<Call>;
}

impl Call {
    pub(super) fn new(mark: String) -> Rc<Self> {
        Rc::new(Self { mark, seen: RefCell::default() })
    }

    /// The states that its answers told of.
    pub(super) fn seen(&self) -> Vec<State> {
        self.seen.borrow().clone()
    }

    /// The state that its last answer told of.
    pub(super) fn last_seen(&self) -> Option<State> {
        self.seen.borrow().last().copied()
    }

    /// Sends what the future sends with this mark.
    pub(super) async fn run<F: Future>(self: &Rc<Self>, call: F) -> F::Output {
        CURRENT.scope(self.clone(), call).await
    }
}

/// Puts the mark of the current call into every attempt, and takes the state out of its answer.
///
/// It is a hook of the SDK: so each attempt has the time at which it was sent, and only what reaches the client is seen.
#[derive(Debug)]
pub(super) struct Marking(pub(super) Wall);

impl Intercept for Marking {
    fn name(&self) -> &'static str {
        "marking"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let headers = context.request_mut().headers_mut();
        if let Ok(mark) = CURRENT.try_with(|call| call.mark.clone()) {
            headers.insert(MARK, mark);
        }
        headers.insert(SENT, self.0.elapsed().as_millis().to_string());
        Ok(())
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        if let Some(state) = context.response().headers().get(STATE) {
            let _ = CURRENT.try_with(|call| call.seen.borrow_mut().push(state.parse().ok()));
        }
        Ok(())
    }
}

/// A future that its caller drops after so many polls; it is then `None`.
pub(super) async fn abandoned_after<F: Future>(polls: u32, future: F) -> Option<F::Output> {
    Abandoned { left: polls, future: pin!(future) }.await
}

struct Abandoned<'a, F> {
    left: u32,
    future: Pin<&'a mut F>,
}

impl<F: Future> Future for Abandoned<'_, F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        let outcome = self.future.as_mut().poll(cx).map(Some);
        match (&outcome, self.left) {
            (Poll::Pending, 0) => Poll::Ready(None),
            _ => outcome,
        }
    }
}
