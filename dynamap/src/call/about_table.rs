//! Requests about a table, which have no items.

/// Sends a request about a table, as `send!` does one about items.
macro_rules! send_about_table {
    ($handle:expr, $request:expr, $exchange:expr) => {
        crate::direct::exchanged!($request, $exchange, Some(&$handle.client_mode.without_upgrade()))
    };
}
pub(crate) use send_about_table;
