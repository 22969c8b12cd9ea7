//! Retries of batches and segments of scans: exponential backoff with full jitter, until the retry timeout.

use super::Backoff;
use crate::timer::{Alarm, Timer};
use std::{task::Context, time::Duration};
use tokio::time::Instant;

/// The upper bound of the pause after the first response that says too much was sent. It doubles with each further one
/// (exponential backoff).
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(5));

/// The default retry timeout: the time for which nothing may be processed.
pub(crate) const DEFAULT_RETRY_TIMEOUT: Duration = Duration::from_secs(60);

/// The pauses of a batch or a segment. Its methods take the current time as an argument.
#[derive(Debug)]
pub(crate) struct RetryPacer {
    /// The pauses, which grow while nothing is processed, and the time at which they last grew.
    backoff: Backoff,
    noted: Option<Instant>,
    /// No request is sent before.
    until: Option<Instant>,
    /// The time since when nothing was processed of the writes or keys that were sent.
    failing: Option<Instant>,
    retry_timeout: Duration,
    /// The most requests in flight, in general and now, and the time of the last halving.
    most: usize,
    requests: usize,
    halved: Option<Instant>,
}

impl RetryPacer {
    pub(crate) fn new(retry_timeout: Duration) -> Self {
        let requests = usize::MAX;
        Self {
            backoff: BACKOFF,
            noted: None,
            until: None,
            failing: None,
            retry_timeout,
            most: requests,
            requests,
            halved: None,
        }
    }

    /// The same, with as many requests at once at most.
    pub(crate) fn of_requests(self, most: usize) -> Self {
        Self { most, requests: most, ..self }
    }

    /// Notes the response to a request that was sent at `sent`: `processed` if something was processed, and `left` if
    /// something is to be sent again.
    pub(crate) fn note(&mut self, processed: bool, left: bool, sent: Instant, now: Instant) {
        if processed {
            self.backoff.reset();
            self.failing = None;
        }
        if left {
            if !processed {
                self.failing.get_or_insert(sent);
            }
            let until = now + self.backoff.pause();
            self.until = Some(self.until.map_or(until, |before| before.max(until)));
            // Those that were on their way together count once.
            if !processed && self.noted.is_none_or(|noted| noted <= sent) {
                self.backoff.grow();
                self.noted = Some(now);
            }
            if self.halved.is_none_or(|halved| halved <= sent) {
                (self.requests, self.halved) = ((self.requests / 2).max(1), Some(now));
            }
        } else if processed {
            self.requests = self.requests.saturating_add(1).min(self.most);
        }
    }

    /// The most requests in flight now. Where there is throughput for one, seven beside it come back unprocessed.
    /// Items that are about to be given up have their last attempt all the same.
    pub(crate) fn requests(&self, now: Instant) -> usize {
        if self.is_over(now) { self.most } else { self.requests }
    }

    /// Requests waited for so long until one of them could be sent: nothing can be processed meanwhile, and no retry time
    /// runs out.
    pub(crate) fn waited(&mut self, time: Duration, now: Instant) {
        self.failing = self.failing.map(|since| (since + time).min(now));
    }

    /// The time at which the next request may be sent, if that is not now.
    pub(crate) fn pause(&self, now: Instant) -> Option<Instant> {
        self.until.filter(|until| *until > now)
    }

    /// True if the unprocessed items are given up: nothing was processed for the whole retry timeout.
    pub(crate) fn is_over(&self, now: Instant) -> bool {
        self.failing.is_some_and(|since| now.saturating_duration_since(since) >= self.retry_timeout)
    }

    /// Nothing is left to be sent: the retry timeout of later requests begins anew.
    pub(crate) fn rest(&mut self) {
        self.failing = None;
    }
}

/// Waits while the pace has a pause.
#[derive(Debug)]
pub(crate) struct Pause {
    timer: Timer,
    alarm: Option<Alarm>,
}

impl Pause {
    pub(crate) fn new(timer: Timer) -> Self {
        Self { timer, alarm: None }
    }

    /// True if nothing may be sent yet; then the task is woken when it may.
    pub(crate) fn is_on(&mut self, pace: &RetryPacer, cx: &mut Context<'_>) -> bool {
        while let Some(until) = pace.pause(Instant::now()) {
            let alarm = match self.alarm.take() {
                Some(alarm) if alarm.at() == until => alarm,
                _ => self.timer.alarm(until),
            };
            if self.alarm.insert(alarm).poll(cx).is_pending() {
                return true;
            }
            self.alarm = None;
        }
        self.alarm = None;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_limit_and_start_anew() {
        let now = Instant::now();
        let longest = |pace: &RetryPacer, processed| {
            let pauses = (0..200).map(|_| {
                let mut pace = RetryPacer { until: None, ..*pace };
                pace.note(processed, true, now, now);
                pace.pause(now).map_or(Duration::ZERO, |until| until - now)
            });
            pauses.max().unwrap_or_default().as_millis()
        };
        let mut pace = RetryPacer::new(DEFAULT_RETRY_TIMEOUT);
        for most in [100, 200, 400, 800, 1600, 3200, 5000, 5000] {
            let longest = longest(&pace, false);
            assert!(longest <= most && longest > most / 2, "{longest} of {most}");
            pace.note(false, true, now, now);
        }
        assert!(longest(&pace, true) <= 100);
        pace.note(true, true, now, now);
        assert!(longest(&pace, false) <= 100);
    }

    #[test]
    fn requests_that_were_on_their_way_together_count_once() {
        let (sent, later) = (Instant::now(), Instant::now() + Duration::from_secs(1));
        let mut pace = RetryPacer::new(DEFAULT_RETRY_TIMEOUT);
        for _ in 0..8 {
            pace.note(false, true, sent, later);
        }
        assert_eq!(pace.backoff.limit(), 2 * BACKOFF.limit());
    }

    #[test]
    fn what_is_left_halves_the_requests() {
        let (start, second) = (Instant::now(), Duration::from_secs(1));
        let mut pace = RetryPacer::new(DEFAULT_RETRY_TIMEOUT).of_requests(8);
        for _ in 0..8 {
            pace.note(true, true, start, start + second);
        }
        assert_eq!(pace.requests(start), 4);
        for at in 1..5 {
            pace.note(false, true, start + at * second, start + (at + 1) * second);
        }
        assert_eq!((pace.requests(start), pace.requests(start + 2 * DEFAULT_RETRY_TIMEOUT)), (1, 8));
        for at in 6..20 {
            pace.note(true, false, start + at * second, start + (at + 1) * second);
        }
        assert_eq!(pace.requests(start), 8);
    }

    #[test]
    fn patience_begins_anew_with_whatever_is_processed() {
        let (start, second) = (Instant::now(), Duration::from_secs(1));
        let mut pace = RetryPacer::new(10 * second);
        assert!(!pace.is_over(start + 100 * second), "nothing was sent");
        pace.note(false, true, start, start + second);
        assert!(!pace.is_over(start + 9 * second));
        assert!(pace.is_over(start + 10 * second));
        pace.note(true, true, start + 4 * second, start + 5 * second);
        assert!(!pace.is_over(start + 100 * second));
        pace.note(false, true, start + 6 * second, start + 7 * second);
        pace.note(false, true, start + 8 * second, start + 9 * second);
        assert!(!pace.is_over(start + 15 * second));
        assert!(pace.is_over(start + 16 * second));
        pace.waited(5 * second, start + 16 * second);
        assert!(!pace.is_over(start + 16 * second));
        assert!(pace.is_over(start + 21 * second));
        pace.rest();
        assert!(!pace.is_over(start + 21 * second));
    }

    #[test]
    fn pauses_differ_and_none_ends_before_one_that_was_noted() {
        let now = Instant::now();
        fastrand::seed(7);
        let mut pace = RetryPacer::new(DEFAULT_RETRY_TIMEOUT);
        pace.note(false, true, now, now);
        let first = pace.pause(now).unwrap_or(now);
        assert_eq!(pace.pause(first), None, "it is over at that time");
        let (mut short, mut last) = (0, first);
        for _ in 0..100 {
            let mut other = RetryPacer::new(DEFAULT_RETRY_TIMEOUT);
            other.note(false, true, now, now);
            short += u32::from(other.pause(now).is_none_or(|until| until < now + Duration::from_millis(50)));
            pace.note(false, true, now, now);
            let until = pace.pause(now).unwrap_or(now);
            assert!(until >= last);
            last = until;
        }
        assert!((20..80).contains(&short), "{short} of 100");
        assert!(last > first);
    }

    #[test]
    fn requests_come_back_one_by_one() {
        let (start, second) = (Instant::now(), Duration::from_secs(1));
        let mut pace = RetryPacer::new(DEFAULT_RETRY_TIMEOUT).of_requests(8);
        pace.note(false, true, start, start + second);
        // It was sent after the answer, even if at the same time by the clock.
        pace.note(false, true, start + second, start + 2 * second);
        assert_eq!(pace.requests(start), 2);
        pace.note(false, false, start + 2 * second, start + 3 * second);
        assert_eq!(pace.requests(start), 2, "a refusal is no success");
        pace.note(true, false, start + 2 * second, start + 3 * second);
        assert_eq!(pace.requests(start), 3);
    }

    #[test]
    fn no_wait_takes_patience_beyond_its_end() {
        let start = Instant::now();
        let mut pace = RetryPacer::new(DEFAULT_RETRY_TIMEOUT);
        pace.note(false, true, start, start);
        pace.waited(10 * DEFAULT_RETRY_TIMEOUT, start + DEFAULT_RETRY_TIMEOUT);
        assert!(
            !pace.is_over(start + DEFAULT_RETRY_TIMEOUT) && pace.is_over(start + 2 * DEFAULT_RETRY_TIMEOUT)
        );
    }

    #[tokio::test]
    async fn a_pause_that_grows_is_waited_for_to_its_new_end() {
        let (start, short) = (Instant::now(), Duration::from_millis(20));
        let mut pause = Pause::new(Timer::default());
        let mut pace =
            RetryPacer { until: Some(start + 1000 * short), ..RetryPacer::new(DEFAULT_RETRY_TIMEOUT) };
        let mut cx = Context::from_waker(std::task::Waker::noop());
        assert!(pause.is_on(&pace, &mut cx));
        // It may end sooner as well, where the caller has another pace.
        for until in [start + 2000 * short, start + short] {
            pace.until = Some(until);
            assert!(pause.is_on(&pace, &mut cx));
            assert_eq!(pause.alarm.as_ref().map(Alarm::at), pace.until);
        }
        tokio::time::sleep_until(start + 2 * short).await;
        assert!(!pause.is_on(&pace, &mut cx));
    }
}
