//! The shop over HTTP.

mod document;
mod limits;
mod load;
mod log;
mod logins;
mod openapi;
mod routes;
mod service;
mod shutdown;
mod tokens;
