//! Stream specifications of tables.

use super::built::built;
use crate::call::explain::{json_object, json_string};
use aws_sdk_dynamodb::types::{StreamSpecification, StreamViewType};

/// A stream that is enabled with this view type.
pub(super) fn stream_specification(view: StreamViewType) -> StreamSpecification {
    built(StreamSpecification::builder().stream_enabled(true).stream_view_type(view).build())
}

/// A stream specification as JSON.
pub(super) fn json_of(stream: &StreamSpecification) -> String {
    let view = stream.stream_view_type().map(|view| json_string(view.as_str()));
    json_object([("StreamEnabled", Some(stream.stream_enabled().to_string())), ("StreamViewType", view)])
}
