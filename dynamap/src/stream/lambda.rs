//! A handler of change records for AWS Lambda.
//!
//! See [`StreamHandler`], and the [guide](crate::guide::streams#lambda-handler).

mod batch_order;
mod batch_response;
mod batch_run;
mod functions;
mod handler_error;
mod invocation;
mod raw_event;
mod shards;
mod stream_handler;

pub use batch_response::{BatchItemFailure, BatchResponse};
pub use handler_error::StreamHandlerError;
pub use raw_event::RawEvent;
pub use stream_handler::StreamHandler;
