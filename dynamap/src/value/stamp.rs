//! Values that dynamap writes into fields by itself: the time of a write, and the number of writes.

use super::{EpochSeconds, ToAttribute};
use std::time::SystemTime;

/// A point in time that a field marked `created_at` or `updated_at` can hold.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no point in time that dynamap can stamp",
    label = "expected a timestamp such as `EpochSeconds`",
    note = "the features `jiff` and `chrono` add `jiff::Timestamp` and `chrono::DateTime<Utc>`"
)]
pub trait Timestamp: ToAttribute + Sized {
    /// The point in time of the system's clock; `None` where the type cannot express it.
    fn from_system_time(time: SystemTime) -> Option<Self>;
}

impl Timestamp for EpochSeconds {
    fn from_system_time(time: SystemTime) -> Option<Self> {
        Some(time.into())
    }
}

impl<T: Timestamp> Timestamp for Option<T> {
    fn from_system_time(time: SystemTime) -> Option<Self> {
        T::from_system_time(time).map(Some)
    }
}

#[cfg(feature = "jiff")]
impl Timestamp for jiff::Timestamp {
    fn from_system_time(time: SystemTime) -> Option<Self> {
        time.try_into().ok()
    }
}

#[cfg(feature = "chrono")]
impl Timestamp for chrono::DateTime<chrono::Utc> {
    fn from_system_time(time: SystemTime) -> Option<Self> {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        Self::from_timestamp(i64::try_from(since.as_secs()).ok()?, since.subsec_nanos())
    }
}

/// A number that a field marked `counter` can hold: every integer.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no counter",
    label = "expected an integer such as `u64`"
)]
pub trait Counter: ToAttribute + Sized {
    /// The count of the first write.
    #[doc(hidden)]
    const FIRST: Self;

    /// One more, and no more than the type can hold.
    #[doc(hidden)]
    fn next(&self) -> Self;
}

macro_rules! counters {
    ($($integer:ty)*) => { $(
        impl Counter for $integer {
            const FIRST: Self = 1;

            fn next(&self) -> Self {
                self.saturating_add(1)
            }
        }
    )* };
}

counters! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize }
