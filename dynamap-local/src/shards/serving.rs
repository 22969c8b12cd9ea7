//! The service at one moment: a request, the event that is drawn for it, and the answer.

use std::time::Duration;

use aws_sdk_dynamodb::error::ConnectorError;

use super::answer::{self, Answered, PageLength};
use super::log::{ShardAnswer, ShardEvent};
use super::random_event::{self, Disturbance};
use super::request::ReadRequest;
use super::state::ModelState;
use crate::streams::{StreamError, StreamRequest};
use crate::transport::Response;

/// An answer on its way to the client. None if there will be no answer.
pub(super) type Reply = Option<Result<Response, ConnectorError>>;

/// Answers a request. `is_busy` says that the shard has as many readers as it may have.
pub(super) fn serve(state: &mut ModelState, request: &ReadRequest, is_busy: bool, now: Duration) -> Reply {
    state.advance(now);
    let disturbance = random_event::happen(state, &request.operation, request.stream(), now);
    let answered = match disturbance {
        Disturbance::Broken => {
            note(state, request, ShardAnswer::None, now);
            return Some(Err(ConnectorError::io("connection reset by peer".into())));
        }
        Disturbance::Hangs => {
            note(state, request, ShardAnswer::None, now);
            return None;
        }
        _ if is_busy => Err(StreamError::limit()),
        Disturbance::Error(error) => Err(error),
        Disturbance::Page(length) => answer(state, request, length, now),
        Disturbance::None => answer(state, request, PageLength::Full, now),
    };
    let (response, answer) =
        answered.unwrap_or_else(|error| (error.response(), ShardAnswer::Error(error.code.to_owned())));
    note(state, request, answer, now);
    Some(Ok(response))
}

fn note(state: &mut ModelState, request: &ReadRequest, answer: ShardAnswer, now: Duration) {
    let (operation, shard) = (request.operation.clone(), request.shard().map(str::to_owned));
    state.parts(now).1.log(ShardEvent::Answered { operation, shard, answer });
}

fn answer(state: &ModelState, request: &ReadRequest, length: PageLength, now: Duration) -> Answered {
    let stream = |arn: &str| state.stream(arn).ok_or_else(|| StreamError::no_stream(arn));
    match &request.content {
        Ok(StreamRequest::List(request)) => answer::list_streams(state.streams(), request),
        Ok(StreamRequest::Describe(request)) => {
            answer::describe_stream(stream(&request.stream_arn)?, request, state.plan.page_size, now)
        }
        Ok(StreamRequest::Iterator(request)) => {
            answer::shard_iterator(stream(&request.stream_arn)?, request, state.time(now))
        }
        Ok(StreamRequest::Records(records)) => {
            let position = request.position.as_ref();
            let position = position.ok_or_else(|| StreamError::validation("Invalid ShardIterator"))?;
            answer::records(stream(&position.stream)?, position, records, length, state.time(now))
        }
        Err(error) => Err(error.clone()),
    }
}
