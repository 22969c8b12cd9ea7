//! The shop over HTTP: the routes, bodies and messages of the shop that this one stands in for.
//!
//! [`Server`] listens, [`router`] has the routes, and [`App`] what they share. The same is described for clients in
//! `/openapi.json`.

mod app;
mod authorization;
mod code;
mod cors;
mod fields;
mod limits;
mod login_limit;
mod openapi;
mod page;
mod products;
mod refusal;
mod reply;
mod request_limits;
mod request_log;
mod router;
mod server;
mod users;

pub use app::App;
pub use code::Code;
pub use limits::{Limits, Rate};
pub use openapi::OPENAPI;
pub use router::{ROUTES, router};
pub use server::{Server, Stopped};
