//! Points in time as DynamoDB's time to live wants them.

use super::{AttributeType, FromAttribute, Reader, ToAttribute, Writer, marker};
use crate::error::{DecodeError, EncodeError};
use std::ops::{Add, Sub};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Seconds since 1970-01-01T00:00:00Z, stored as a number (N), which is what DynamoDB's time to live takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[doc(alias("TTL", "time_to_live", "UnixTime"))]
pub struct EpochSeconds(pub i64);

/// The types of a field with `#[dynamap(ttl)]`: a number (N) of seconds since 1970-01-01T00:00:00Z, or none.
///
/// A type of your own is one if it is stored as such a number. DynamoDB takes milliseconds for a time that is thousands of
/// years away, and never deletes the item.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no time in whole seconds, which a time to live is",
    label = "a field with `#[dynamap(ttl)]`",
    note = "use `dynamap::value::EpochSeconds`, or an `Option` of it"
)]
pub trait TimeToLive: ToAttribute {}

impl TimeToLive for EpochSeconds {}

impl<T: TimeToLive> TimeToLive for Option<T> where Option<T>: ToAttribute {}

impl EpochSeconds {
    /// The number of seconds.
    pub const fn as_seconds(self) -> i64 {
        self.0
    }

    /// The point in time, if this system's clock can express it.
    pub fn to_system_time(self) -> Option<SystemTime> {
        let distance = Duration::from_secs(self.0.unsigned_abs());
        if self.0 < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
    }
}

/// Fractions of a second are dropped.
impl From<SystemTime> for EpochSeconds {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self(0) + after,
            Err(before) => Self(0) - before.duration() - rounding(before.duration()),
        }
    }
}

/// A second for the fraction of one: times before 1970 are rounded down as well.
fn rounding(duration: Duration) -> Duration {
    Duration::from_secs(u64::from(duration.subsec_nanos() > 0))
}

/// Fractions of a second are dropped; the sum stays at the greatest value.
impl Add<Duration> for EpochSeconds {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add_unsigned(duration.as_secs()))
    }
}

/// Fractions of a second are dropped; the difference stays at the least value.
impl Sub<Duration> for EpochSeconds {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub_unsigned(duration.as_secs()))
    }
}

impl AttributeType for EpochSeconds {
    type DataType = marker::N;
}

impl ToAttribute for EpochSeconds {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        self.0.write(w)
    }
}

impl FromAttribute for EpochSeconds {
    const EXACT: bool = true;

    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        i64::read(r).map(Self)
    }
}
