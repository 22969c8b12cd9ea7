//! A machine: a runtime whose clock goes on only while the machine is awake.

use std::time::Duration;
use tokio::{
    runtime::{Builder, EnterGuard, Runtime},
    time::{Instant, sleep_until},
};

pub(super) struct Host {
    runtime: Runtime,
    /// The time of the machine's own clock up to which it has run.
    until: Instant,
    /// The time of the world at which the machine wakes, if it sleeps.
    asleep_until: Option<Duration>,
}

impl Host {
    pub(super) fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let until = runtime.block_on(async { Instant::now() });
        Self { runtime, until, asleep_until: None }
    }

    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(task);
    }

    /// Runs an action as a task of the machine would.
    pub(super) fn enter<T>(&self, act: impl FnOnce() -> T) -> T {
        let _guard = self.runtime.enter();
        act()
    }

    /// Lets what follows read the machine's clock.
    pub(super) fn guard(&self) -> EnterGuard<'_> {
        self.runtime.enter()
    }

    pub(super) fn block_on<T>(&self, act: impl Future<Output = T>) -> T {
        self.runtime.block_on(act)
    }

    /// Runs the machine for a time, from `now` of the world on, unless it sleeps.
    pub(super) fn run(&mut self, now: Duration, time: Duration) {
        if self.asleep_until.is_some_and(|until| now < until) {
            return;
        }
        self.asleep_until = None;
        self.until += time;
        let until = self.until;
        self.runtime.block_on(async { sleep_until(until).await });
    }

    /// Puts the machine to sleep: its clock stands still, and it does not know.
    pub(super) fn sleep_until(&mut self, until: Duration) {
        self.asleep_until = Some(until);
    }

    pub(super) fn is_asleep(&self) -> bool {
        self.asleep_until.is_some()
    }
}
