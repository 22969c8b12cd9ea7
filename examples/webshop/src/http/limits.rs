use std::time::Duration;

/// The limits that keep one client from taking all of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most connections at once. Further ones wait until another ends.
    pub connections: usize,
    /// The most headers of a request.
    pub headers: usize,
    /// The most bytes of the target and the headers of a request.
    pub header_bytes: usize,
    /// The most bytes of a body.
    pub body_bytes: usize,
    /// The longest time in which the headers of a request arrive, counted from the response before: a connection that
    /// is not used is closed then.
    pub header_time: Duration,
    /// The longest time in which a body arrives.
    pub body_time: Duration,
    /// The longest time in which a request is answered.
    pub request_time: Duration,
    /// The longest time that requests under way have when the server is stopped.
    pub stop_time: Duration,
    /// The failed logins of one email address.
    pub logins_of_email: Rate,
    /// The failed logins from one network address.
    pub logins_from_address: Rate,
}

/// A number of events at once, and one more after each interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The events at once.
    pub burst: u32,
    /// The time after which one more is allowed.
    pub interval: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            headers: 64,
            header_bytes: 16 * 1024,
            body_bytes: 16 * 1024,
            header_time: Duration::from_secs(10),
            body_time: Duration::from_secs(10),
            request_time: Duration::from_secs(30),
            stop_time: Duration::from_secs(10),
            logins_of_email: Rate { burst: 5, interval: Duration::from_secs(30) },
            logins_from_address: Rate { burst: 30, interval: Duration::from_secs(2) },
        }
    }
}
