use std::{
    pin::Pin,
    task::{Context, Poll},
};

/// Requests on their way, which move on while whoever has sent them is polled: no task is spawned for them.
pub(super) struct InFlight<T>(Vec<Pin<Box<dyn Future<Output = T> + Send>>>);

impl<T> InFlight<T> {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn push(&mut self, request: impl Future<Output = T> + Send + 'static) {
        self.0.push(Box::pin(request));
    }

    /// The answers that are there.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Vec<T> {
        let mut answers = Vec::new();
        self.0.retain_mut(|request| match request.as_mut().poll(cx) {
            Poll::Ready(answer) => {
                answers.push(answer);
                false
            }
            Poll::Pending => true,
        });
        answers
    }
}
