//! Requests about a table, which have no items.

use super::Handle;
use crate::{direct::Operation, observe::Failed};
use std::pin::pin;

/// Makes a request about a table, as an operation that is observed.
pub(crate) async fn observe_about_table<T, E: Failed, F: Future<Output = Result<T, E>>>(
    handle: &Handle,
    operation: &'static Operation,
    request: impl FnOnce(Handle) -> F,
) -> Result<T, E> {
    let mut handle = handle.clone();
    let observing = handle.observe(operation, None);
    observing.watch(pin!(request(handle)), |_| 0).await
}

/// Sends a request about a table, as `send!` does one about items.
macro_rules! send_about_table {
    ($handle:expr, $request:expr, $exchange:expr) => {
        crate::direct::exchanged!($request, $exchange, Some(&$handle.client_mode.without_upgrade()))
    };
}
pub(crate) use send_about_table;
