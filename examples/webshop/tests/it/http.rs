//! The shop over HTTP.

mod cdp;
mod document;
mod limits;
mod load;
mod log;
mod logins;
mod openapi;
mod page;
mod routes;
mod service;
mod shutdown;
mod tokens;
