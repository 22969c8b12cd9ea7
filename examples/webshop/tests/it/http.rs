//! The shop over HTTP.

mod document;
mod limits;
mod load;
mod log;
mod logins;
mod openapi;
mod page;
mod readme;
mod routes;
pub(crate) mod service;
mod shutdown;
mod tokens;
