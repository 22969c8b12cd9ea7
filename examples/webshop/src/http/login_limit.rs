use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::limits::{Limits, Rate};
use crate::model::Email;

/// The most subjects that are remembered. Beyond them new ones are refused.
const SUBJECTS: usize = 100_000;

/// A limit on failed logins, for each email address and each network address (token buckets).
///
/// A login takes a token of both buckets before its password is checked, so that many at once are no way around it,
/// and gives both back unless the password is wrong.
#[derive(Debug)]
pub(super) struct LoginLimit {
    of_email: Rate,
    from_address: Rate,
    buckets: Mutex<HashMap<Subject, Bucket>>,
}

/// The owner of a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Subject {
    Email(Email),
    Address(IpAddr),
}

/// The time at which a bucket is full again. A bucket that is full needs not be remembered.
#[derive(Debug, Clone, Copy)]
struct Bucket(Instant);

/// A login that was let through, for now.
#[derive(Debug)]
pub(super) struct Attempt<'l> {
    limit: &'l LoginLimit,
    subjects: [Subject; 2],
}

impl LoginLimit {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            of_email: limits.logins_of_email,
            from_address: limits.logins_from_address,
            buckets: Mutex::default(),
        }
    }

    /// Lets a login through, or returns the time to wait.
    pub(super) fn attempt(&self, email: &Email, address: IpAddr) -> Result<Attempt<'_>, Duration> {
        let subjects = [Subject::Address(network(address)), Subject::Email(email.clone())];
        let now = Instant::now();
        self.with(|buckets| {
            let wait = subjects.iter().map(|subject| self.wait(buckets, subject, now)).max();
            match wait {
                Some(wait) if !wait.is_zero() => Err(wait),
                _ => {
                    for subject in &subjects {
                        let bucket = buckets.entry(subject.clone()).or_insert(Bucket(now));
                        bucket.0 = bucket.0.max(now) + self.rate(subject).interval;
                    }
                    Ok(())
                }
            }
        })?;
        Ok(Attempt { limit: self, subjects })
    }

    fn rate(&self, subject: &Subject) -> Rate {
        match subject {
            Subject::Email(_) => self.of_email,
            Subject::Address(_) => self.from_address,
        }
    }

    /// The time until the bucket has a token; zero if it has one.
    fn wait(&self, buckets: &mut HashMap<Subject, Bucket>, subject: &Subject, now: Instant) -> Duration {
        let Rate { burst, interval } = self.rate(subject);
        match buckets.get(subject) {
            Some(Bucket(full)) => {
                let missing = full.saturating_duration_since(now) + interval;
                missing.saturating_sub(interval * burst)
            }
            None => {
                if buckets.len() >= SUBJECTS {
                    buckets.retain(|_, bucket| bucket.0 > now);
                }
                if buckets.len() >= SUBJECTS { interval } else { Duration::ZERO }
            }
        }
    }

    /// A panic of another thread leaves nothing behind that would be wrong here.
    fn with<T>(&self, act: impl FnOnce(&mut HashMap<Subject, Bucket>) -> T) -> T {
        act(&mut self.buckets.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Attempt<'_> {
    /// Gives back what the login took: its password was not wrong.
    pub(super) fn give_back(self) {
        self.limit.with(|buckets| {
            for subject in &self.subjects {
                if let Some(bucket) = buckets.get_mut(subject)
                    && let Some(full) = bucket.0.checked_sub(self.limit.rate(subject).interval)
                {
                    bucket.0 = full;
                }
            }
        });
    }
}

/// The network that one client has: an IPv6 client usually has 64 bits of addresses.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address => address,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn limit(of_email: u32, from_address: u32) -> LoginLimit {
        let rate = |burst| Rate { burst, interval: MINUTE };
        let limits = Limits {
            logins_of_email: rate(of_email),
            logins_from_address: rate(from_address),
            ..Limits::default()
        };
        LoginLimit::new(&limits)
    }

    fn email(name: &str) -> Email {
        format!("{name}@example.com").parse().unwrap()
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_and_then_one_each_interval() {
        let limit = limit(3, 100);
        let (ada, home) = (email("ada"), address("192.0.2.1"));
        for _ in 0..3 {
            limit.attempt(&ada, home).unwrap();
        }
        assert_eq!(limit.attempt(&ada, home).unwrap_err(), MINUTE);
        tokio::time::advance(MINUTE - Duration::from_millis(1)).await;
        assert_eq!(limit.attempt(&ada, home).unwrap_err(), Duration::from_millis(1));
        tokio::time::advance(Duration::from_millis(1)).await;
        limit.attempt(&ada, home).unwrap();
        assert_eq!(limit.attempt(&ada, home).unwrap_err(), MINUTE);
        // Another user is not concerned, and the bucket fills to the burst and no further.
        limit.attempt(&email("ben"), home).unwrap();
        tokio::time::advance(MINUTE * 1000).await;
        for _ in 0..3 {
            limit.attempt(&ada, home).unwrap();
        }
        limit.attempt(&ada, home).unwrap_err();
    }

    #[tokio::test(start_paused = true)]
    async fn one_client_is_limited_whatever_the_email_addresses() {
        let limit = limit(100, 2);
        let ipv6 = |end: u32| address(&format!("2001:db8::{end:x}"));
        limit.attempt(&email("a"), ipv6(1)).unwrap();
        limit.attempt(&email("b"), ipv6(2)).unwrap();
        limit.attempt(&email("c"), ipv6(3)).unwrap_err();
        limit.attempt(&email("c"), address("2001:db8:0:1::1")).unwrap();
        // A refused login takes nothing, of the email address neither.
        for _ in 0..200 {
            limit.attempt(&email("d"), ipv6(4)).unwrap_err();
        }
        limit.attempt(&email("d"), address("192.0.2.1")).unwrap();
        // An IPv4 address is the same, however the socket shows it.
        limit.attempt(&email("e"), address("::ffff:192.0.2.1")).unwrap();
        limit.attempt(&email("f"), address("192.0.2.1")).unwrap_err();
    }

    #[tokio::test(start_paused = true)]
    async fn a_login_that_succeeds_counts_nothing() {
        let limit = limit(2, 2);
        let (ada, home) = (email("ada"), address("192.0.2.1"));
        for _ in 0..10 {
            limit.attempt(&ada, home).unwrap().give_back();
        }
        let both = [limit.attempt(&ada, home).unwrap(), limit.attempt(&ada, home).unwrap()];
        limit.attempt(&ada, home).unwrap_err();
        let [one, _failed] = both;
        one.give_back();
        limit.attempt(&ada, home).unwrap();
        limit.attempt(&ada, home).unwrap_err();
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_remembered_is_bounded() {
        let limit = limit(1, u32::MAX);
        let home = address("192.0.2.1");
        // One subject is the network address.
        for name in 1..SUBJECTS {
            limit.attempt(&email(&name.to_string()), home).unwrap();
        }
        assert_eq!(limit.attempt(&email("new"), home).unwrap_err(), MINUTE);
        tokio::time::advance(MINUTE).await;
        limit.attempt(&email("new"), home).unwrap();
        assert_eq!(limit.with(|buckets| buckets.len()), 2);
    }
}
