use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use axum::{extract::FromRequestParts, http::request::Parts};
use dynamap::{Table, capacity::Meter, cursor::CursorSealer};

use super::{limits::Limits, login_limit::LoginLimit};
use crate::{model::Shop, passwords::Passwords};

/// The state that all requests share. A clone is the same.
#[derive(Debug, Clone)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    table: Table<Shop>,
    passwords: Passwords,
    limits: Limits,
    logins: LoginLimit,
    cursors: CursorSealer,
}

impl App {
    /// A shop on this table, whose cursors are sealed by `cursors`.
    #[must_use]
    pub fn new(table: Table<Shop>, passwords: Passwords, limits: Limits, cursors: CursorSealer) -> Self {
        Self(Arc::new(Inner { table, passwords, limits, logins: LoginLimit::new(&limits), cursors }))
    }

    /// The limits.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(super) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    pub(super) fn cursors(&self) -> &CursorSealer {
        &self.0.cursors
    }

    pub(super) fn logins(&self) -> &LoginLimit {
        &self.0.logins
    }
}

/// The table, with the meter of the request.
#[derive(Debug, Clone)]
pub(super) struct MeteredTable(pub(super) Table<Shop>);

impl FromRequestParts<App> for MeteredTable {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let table = app.0.table.clone();
        Ok(Self(match parts.extensions.get::<Meter>() {
            Some(meter) => table.with_meter(meter),
            None => table,
        }))
    }
}

/// The network address of the client, which [`Server`](super::Server) tells.
///
/// Behind any other server all clients have the same address, and one limit together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let unknown = Self(Ipv4Addr::UNSPECIFIED.into());
        Ok(parts.extensions.get().copied().unwrap_or(unknown))
    }
}
