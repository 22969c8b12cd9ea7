//! Pauses and deadlines: by the client's `sleep_impl`, without one by tokio, and outside of tokio by a thread.

use aws_sdk_dynamodb::{
    Client,
    config::{AsyncSleep, SharedAsyncSleep, Sleep},
};
use std::{
    fmt,
    future::poll_fn,
    pin::{Pin, pin},
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
    thread,
    time::Duration,
};
use tokio::time::{self, Instant};

/// The clock and sleep of a client.
#[derive(Clone, Default)]
pub(crate) struct Timer(Option<SharedAsyncSleep>);

impl Timer {
    pub(crate) fn of(client: &Client) -> Self {
        Self(client.config().sleep_impl())
    }

    /// An alarm that rings `at` a time.
    pub(crate) fn alarm(&self, at: Instant) -> Alarm {
        let left = || at.saturating_duration_since(Instant::now());
        let bell = match &self.0 {
            Some(sleep) => Bell::Client(sleep.sleep(left())),
            None if tokio::runtime::Handle::try_current().is_ok() => {
                Bell::Tokio(Box::pin(time::sleep_until(at)))
            }
            None => Bell::Thread(Watch::begin(left())),
        };
        Alarm { at, bell }
    }

    pub(crate) async fn sleep(&self, time: Duration) {
        let mut alarm = self.alarm(Instant::now() + time);
        poll_fn(|cx| alarm.poll(cx)).await;
    }

    /// The output of `future`, if it is ready before `end`.
    pub(crate) async fn before<F: Future>(&self, end: Instant, future: F) -> Option<F::Output> {
        let (mut future, mut alarm) = (pin!(future), None);
        poll_fn(|cx| {
            if let Poll::Ready(output) = future.as_mut().poll(cx) {
                return Poll::Ready(Some(output));
            }
            alarm.get_or_insert_with(|| self.alarm(end)).poll(cx).map(|()| None)
        })
        .await
    }
}

impl fmt::Debug for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timer").finish_non_exhaustive()
    }
}

/// A moment that is waited for.
pub(crate) struct Alarm {
    at: Instant,
    bell: Bell,
}

enum Bell {
    Client(Sleep),
    Tokio(Pin<Box<time::Sleep>>),
    Thread(Arc<Watch>),
}

impl Alarm {
    pub(crate) fn at(&self) -> Instant {
        self.at
    }

    /// Ready when it is time. It is not to be polled afterwards.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.bell {
            Bell::Client(sleep) => Pin::new(sleep).poll(cx),
            Bell::Tokio(sleep) => sleep.as_mut().poll(cx),
            Bell::Thread(watch) => watch.poll(cx),
        }
    }
}

impl fmt::Debug for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alarm").field("at", &self.at).finish_non_exhaustive()
    }
}

/// A flag that a sleeping thread sets.
struct Watch(Mutex<Watched>);

enum Watched {
    Waiting(Option<Waker>),
    Over,
}

impl Watch {
    fn begin(time: Duration) -> Arc<Self> {
        let watch = Arc::new(Self(Mutex::new(Watched::Waiting(None))));
        let asleep = watch.clone();
        let begun = thread::Builder::new().name("dynamap-timer".into()).spawn(move || {
            thread::sleep(time);
            asleep.end();
        });
        // Without a thread there is no pause.
        if begun.is_err() {
            watch.end();
        }
        watch
    }

    fn end(&self) {
        let before = {
            let mut watched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *watched, Watched::Over)
        };
        if let Watched::Waiting(Some(waker)) = before {
            waker.wake();
        }
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<()> {
        match &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Watched::Over => Poll::Ready(()),
            Watched::Waiting(waker) => {
                *waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Wake;

    struct Unpark(thread::Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    fn block_on<F: Future>(future: F) -> F::Output {
        let mut future = pin!(future);
        let waker = Arc::new(Unpark(thread::current())).into();
        loop {
            match future.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(output) => return output,
                Poll::Pending => thread::park(),
            }
        }
    }

    #[test]
    fn it_sleeps_and_ends_without_a_runtime() {
        let (timer, begun) = (Timer::default(), Instant::now());
        let short = Duration::from_millis(20);
        block_on(timer.sleep(short));
        assert!(begun.elapsed() >= short);
        assert_eq!(block_on(timer.before(Instant::now() + short, std::future::pending::<()>())), None);
        assert!(begun.elapsed() >= 2 * short);
        assert_eq!(block_on(timer.before(Instant::now() + 1000 * short, async { 7 })), Some(7));
    }

    #[tokio::test]
    async fn it_goes_by_the_clock_of_the_runtime() {
        let (timer, begun) = (Timer::default(), Instant::now());
        let short = Duration::from_millis(5);
        assert!(matches!(timer.alarm(begun).bell, Bell::Tokio(_)));
        timer.sleep(short).await;
        assert_eq!(timer.before(begun + 2 * short, std::future::pending::<()>()).await, None);
        assert!(begun.elapsed() >= 2 * short);
    }
}
