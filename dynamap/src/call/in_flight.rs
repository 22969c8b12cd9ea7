use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

/// Requests in flight, which advance while their sender is polled: no task is spawned for them.
///
/// One is polled only after it was woken, so that a sender that is polled often, or for another of many requests, costs
/// little.
pub(crate) struct InFlightRequests<T> {
    requests: Vec<Option<Request<T>>>,
    /// The places without a request.
    free: Vec<usize>,
    woken: Arc<WokenRequests>,
    /// Those that are there and were not taken.
    answers: Vec<T>,
}

struct Request<T> {
    future: Pin<Box<dyn Future<Output = T> + Send>>,
    wakes: Arc<RequestWaker>,
}

/// The places of the requests that were woken, and the waker of their sender.
#[derive(Default)]
struct WokenRequests(Mutex<(Vec<usize>, Option<Waker>)>);

/// The waker of one request.
struct RequestWaker {
    place: usize,
    is_woken: AtomicBool,
    all: Arc<WokenRequests>,
}

impl WokenRequests {
    fn lock(&self) -> MutexGuard<'_, (Vec<usize>, Option<Waker>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the sender that the next request wakes, and takes the places of those that were woken before.
    fn take(&self, sender: &Waker) -> Vec<usize> {
        std::mem::take(&mut self.set_sender(sender).0)
    }

    fn set_sender(&self, sender: &Waker) -> MutexGuard<'_, (Vec<usize>, Option<Waker>)> {
        let mut woken = self.lock();
        match &mut woken.1 {
            Some(waker) => waker.clone_from(sender),
            waker => *waker = Some(sender.clone()),
        }
        woken
    }
}

impl Wake for RequestWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.is_woken.swap(true, Ordering::AcqRel) {
            return;
        }
        let sender = {
            let (places, waker) = &mut *self.all.lock();
            places.push(self.place);
            waker.clone()
        };
        sender.into_iter().for_each(Waker::wake);
    }
}

impl<T> Request<T> {
    fn poll(&mut self) -> Poll<T> {
        // What wakes it from here on makes it be polled again.
        self.wakes.is_woken.store(false, Ordering::Release);
        self.future.as_mut().poll(&mut Context::from_waker(&self.wakes.clone().into()))
    }
}

impl<T> InFlightRequests<T> {
    pub(crate) fn new() -> Self {
        Self { requests: Vec::new(), free: Vec::new(), woken: Arc::default(), answers: Vec::new() }
    }

    /// The number of requests whose responses were not taken.
    pub(crate) fn len(&self) -> usize {
        self.requests.len() - self.free.len() + self.answers.len()
    }

    /// Sends a request at once, while its data is in the cache.
    pub(crate) fn push(&mut self, request: impl Future<Output = T> + Send + 'static, cx: &mut Context<'_>) {
        let place = self.free.pop().unwrap_or_else(|| {
            self.requests.push(None);
            self.requests.len() - 1
        });
        let wakes = RequestWaker { place, is_woken: AtomicBool::new(true), all: self.woken.clone() };
        self.requests[place] = Some(Request { future: Box::pin(request), wakes: Arc::new(wakes) });
        drop(self.woken.set_sender(cx.waker()));
        self.poll_at(place);
    }

    /// Moves on those that were woken.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) {
        let mut places = self.woken.take(cx.waker());
        // Those that were sent first come first.
        places.sort_unstable();
        for place in places {
            self.poll_at(place);
        }
    }

    fn poll_at(&mut self, place: usize) {
        if let Some(request) = &mut self.requests[place]
            && let Poll::Ready(answer) = request.poll()
        {
            self.answers.push(answer);
            self.requests[place] = None;
            self.free.push(place);
        }
    }

    /// The answers that are there.
    pub(crate) fn take_answers(&mut self) -> Vec<T> {
        std::mem::take(&mut self.answers)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::{future::poll_fn, sync::atomic::AtomicUsize};

    /// Requests that count how often they are polled, and wait until they are told.
    #[derive(Default)]
    struct Told {
        polls: AtomicUsize,
        waker: Mutex<Option<Waker>>,
        is_over: AtomicBool,
    }

    impl Told {
        fn request(self: &Arc<Self>, answer: usize) -> impl Future<Output = usize> + Send + use<> {
            let told = self.clone();
            poll_fn(move |cx| {
                told.polls.fetch_add(1, Ordering::Relaxed);
                *told.waker.lock().unwrap() = Some(cx.waker().clone());
                if told.is_over.load(Ordering::Relaxed) { Poll::Ready(answer) } else { Poll::Pending }
            })
        }

        fn wake(&self) {
            self.waker.lock().unwrap().as_ref().unwrap().wake_by_ref();
        }

        fn polls(&self) -> usize {
            self.polls.load(Ordering::Relaxed)
        }
    }

    /// Counts how often the sender is woken.
    #[derive(Default)]
    struct Sender(AtomicUsize);

    impl Wake for Sender {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn only_those_that_were_woken_are_polled() {
        let sender = Arc::<Sender>::default();
        let waker = Waker::from(sender.clone());
        let cx = &mut Context::from_waker(&waker);
        let told: Vec<Arc<Told>> = (0..3).map(|_| Arc::default()).collect();
        let mut requests = InFlightRequests::new();
        for (answer, told) in told.iter().enumerate() {
            requests.push(told.request(answer), cx);
        }
        requests.poll(cx);
        assert_eq!((requests.len(), sender.0.load(Ordering::Relaxed)), (3, 0));
        assert!(told.iter().all(|told| told.polls() == 1));

        // Woken twice, it is polled once.
        told[1].wake();
        told[1].wake();
        assert_eq!(sender.0.load(Ordering::Relaxed), 1);
        requests.poll(cx);
        requests.poll(cx);
        assert_eq!([0, 1, 2].map(|at| told[at].polls()), [1, 2, 1]);

        told[1].is_over.store(true, Ordering::Relaxed);
        told[1].wake();
        requests.poll(cx);
        assert_eq!((requests.len(), requests.take_answers()), (3, vec![1]));
        assert_eq!(requests.len(), 2);

        // One that ended may wake another at its place, which is still its own.
        let other = Arc::<Told>::default();
        requests.push(other.request(7), cx);
        told[1].wake();
        requests.poll(cx);
        assert_eq!((other.polls(), requests.take_answers()), (2, vec![]));
        other.is_over.store(true, Ordering::Relaxed);
        other.wake();
        requests.poll(cx);
        assert_eq!(requests.take_answers(), [7]);
    }
}
