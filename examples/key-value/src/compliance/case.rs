use std::{error::Error, fmt::Debug};

use aws_sdk_dynamodb::Client;
use futures_util::future::BoxFuture;

use super::{capability::Capability, report::Outcome};
use crate::{Store, StoreError};

/// One case.
pub struct Case {
    /// The name of the case, a sentence with underscores.
    pub name: &'static str,
    /// The capabilities without which the case is left out.
    pub needs: &'static [Capability],
    pub(super) run: fn(Context) -> BoxFuture<'static, Result<(), CaseFailure>>,
}

/// The reason for which a case fails.
pub(super) type CaseFailure = Box<dyn Error + Send + Sync>;

/// The place of one case in the store.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) client: Client,
    pub(super) store: Store,
    case: &'static str,
}

impl Case {
    /// Runs the case with keys of its own.
    pub(super) async fn run_in(&self, client: &Client, store: &Store) -> Outcome {
        let context = Context { client: client.clone(), store: store.clone(), case: self.name };
        match (self.run)(context).await {
            Ok(()) => Outcome::Passed,
            Err(failure) => Outcome::Failed(examples_shared::with_sources(&*failure)),
        }
    }
}

impl Context {
    /// A key of this case, which no other case has.
    pub(super) fn key(&self, name: &str) -> String {
        format!("{}/{name}", self.case)
    }
}

/// A case of a function, with the function's name.
macro_rules! case {
    ($function:ident) => {
        case!($function needs [])
    };
    ($function:ident needs $needs:expr) => {
        Case { name: stringify!($function), needs: &$needs, run: |context| Box::pin($function(context)) }
    };
}

pub(super) use case;

/// Compares what a step of a case gave with what it should give.
pub(super) fn equal<T: PartialEq + Debug>(step: &str, found: T, expected: T) -> Result<(), CaseFailure> {
    match found == expected {
        true => Ok(()),
        false => Err(format!("{step}: found {found:?}, expected {expected:?}").into()),
    }
}

/// Checks that a step of a case was refused for this reason.
pub(super) fn refused<T: Debug>(
    step: &str,
    outcome: Result<T, StoreError>,
    is_reason: impl FnOnce(&StoreError) -> bool,
) -> Result<(), CaseFailure> {
    match outcome {
        Err(error) if is_reason(&error) => Ok(()),
        outcome => Err(format!("{step}: not refused as it should be, but {outcome:?}").into()),
    }
}
