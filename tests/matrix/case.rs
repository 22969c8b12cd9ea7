use super::{capability::Capability, context::Context};
use std::{error::Error, fmt::Debug, future::Future, pin::Pin, time::Duration};

/// One case.
pub struct Case {
    /// The group of the case, such as `updates`.
    pub topic: &'static str,
    /// The name of the case, a sentence with underscores.
    pub name: &'static str,
    /// The capabilities without which the case is left out.
    pub needs: &'static [Capability],
    pub(super) run: fn(Context) -> Running,
}

/// A case at work.
pub(super) type Running = Pin<Box<dyn Future<Output = Result<(), CaseFailure>> + Send>>;

/// The reason for which a case fails.
pub(super) type CaseFailure = Box<dyn Error + Send + Sync>;

/// A list of cases by their functions, each with the capabilities that it needs.
macro_rules! cases {
    ($topic:literal: $($function:ident $([$($capability:ident),+])?),+ $(,)?) => {
        pub(super) const CASES: &[$crate::matrix::Case] = &[$($crate::matrix::Case {
            topic: $topic,
            name: stringify!($function),
            needs: &[$($($crate::matrix::Capability::$capability),+)?],
            run: |context| Box::pin($function(context)),
        }),+];
    };
}

pub(super) use cases;

/// Compares what a step of a case gave with what it should give.
pub(super) fn equal<T: PartialEq<U> + Debug, U: Debug>(
    step: &str,
    found: T,
    expected: U,
) -> Result<(), CaseFailure> {
    match found == expected {
        true => Ok(()),
        false => Err(format!("{step}: found {found:?}, expected {expected:?}").into()),
    }
}

/// Checks that a step of a case was refused, and returns the error.
pub(super) fn refused<T: Debug>(
    step: &str,
    outcome: dynamap::Result<T>,
    is_reason: impl FnOnce(&dynamap::Error) -> bool,
) -> Result<dynamap::Error, CaseFailure> {
    match outcome {
        Err(error) if is_reason(&error) => Ok(error),
        outcome => Err(format!("{step}: not refused as it should be, but {outcome:?}").into()),
    }
}

/// The value of an `Option` that a step must give.
pub(super) fn given<T>(step: &str, value: Option<T>) -> Result<T, CaseFailure> {
    value.ok_or_else(|| format!("{step}: nothing").into())
}

/// Repeats a read of a global secondary index, which is behind its table, until it gives what it should.
pub(super) async fn eventually<T, F>(step: &str, expected: T, read: impl Fn() -> F) -> Result<(), CaseFailure>
where
    T: PartialEq + Debug,
    F: IntoFuture<Output = dynamap::Result<T>>,
{
    let mut pause = Duration::from_millis(25);
    while pause < MOST_PAUSE {
        if read().await? == expected {
            return Ok(());
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
    equal(step, read().await?, expected)
}

/// The pauses add up to about three seconds.
const MOST_PAUSE: Duration = Duration::from_secs(2);
