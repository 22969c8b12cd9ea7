use std::{
    pin::Pin,
    task::{Context, Poll},
};

/// Requests in flight, which advance while their sender is polled: no task is spawned for them.
pub(super) struct InFlightRequests<T> {
    requests: Vec<Pin<Box<dyn Future<Output = T> + Send>>>,
    /// Those that are there and were not taken.
    answers: Vec<T>,
}

impl<T> InFlightRequests<T> {
    pub(super) fn new() -> Self {
        Self { requests: Vec::new(), answers: Vec::new() }
    }

    /// The number of requests whose responses were not taken.
    pub(super) fn len(&self) -> usize {
        self.requests.len() + self.answers.len()
    }

    /// Sends a request at once, while its data is in the cache.
    pub(super) fn push(&mut self, request: impl Future<Output = T> + Send + 'static, cx: &mut Context<'_>) {
        let mut request: Pin<Box<dyn Future<Output = T> + Send>> = Box::pin(request);
        match request.as_mut().poll(cx) {
            Poll::Ready(answer) => self.answers.push(answer),
            Poll::Pending => self.requests.push(request),
        }
    }

    /// Moves all on.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) {
        self.requests.retain_mut(|request| match request.as_mut().poll(cx) {
            Poll::Ready(answer) => {
                self.answers.push(answer);
                false
            }
            Poll::Pending => true,
        });
    }

    /// The answers that are there.
    pub(super) fn take_answers(&mut self) -> Vec<T> {
        std::mem::take(&mut self.answers)
    }
}
