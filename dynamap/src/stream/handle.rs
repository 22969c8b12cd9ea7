//! The functions of the caller's that handle changes.

use super::{ChangeRecord, PoisonRecord};
use crate::{batch::BoxError, call::Boxed};

/// The outcome of such a function.
pub(super) type Handled = Boxed<'static, Result<(), BoxError>>;

/// Handles a change.
pub(super) type HandleChange<T, V> = dyn Fn(ChangeRecord<T, V>) -> Handled + Send + Sync;

/// Handles a record that cannot be handled otherwise.
pub(super) type HandlePoison<T, V> = dyn Fn(PoisonRecord<T, V>) -> Handled + Send + Sync;
