//! Random events: drawn for a request, and carried out.

use std::time::Duration;

use fastrand::Rng;

use super::answer::PageLength;
use super::rates::ShardEventKind;
use super::state::ModelState;
use crate::streams::StreamError;

/// The part of an event that concerns the answer to its request.
pub(super) enum Disturbance {
    None,
    Page(PageLength),
    Error(StreamError),
    /// The connection breaks.
    Broken,
    /// No answer ever.
    Hangs,
}

/// Draws the event of a request, and changes the shards as it says.
pub(super) fn happen(
    state: &mut ModelState,
    operation: &str,
    stream: Option<&str>,
    now: Duration,
) -> Disturbance {
    let event = if state.stopped { None } else { state.plan.event(operation) };
    let Some((kind, mut rng)) = event else { return Disturbance::None };
    match kind {
        ShardEventKind::EmptyPage => Disturbance::Page(PageLength::AtMost(0)),
        ShardEventKind::ShortPage => Disturbance::Page(PageLength::AtMost(rng.usize(1..4))),
        ShardEventKind::Throttle => Disturbance::Error(throttled(&mut rng)),
        ShardEventKind::InternalError => Disturbance::Error(internal_error()),
        ShardEventKind::Drop => Disturbance::Broken,
        ShardEventKind::Hang => Disturbance::Hangs,
        kind => {
            change_shards(state, kind, stream, &mut rng, now);
            Disturbance::None
        }
    }
}

fn change_shards(
    state: &mut ModelState,
    kind: ShardEventKind,
    arn: Option<&str>,
    rng: &mut Rng,
    now: Duration,
) {
    if kind == ShardEventKind::ExpireIterators {
        return state.expire_iterators(now);
    }
    let (streams, mut moment) = state.parts(now);
    let Some(stream) = streams.iter_mut().find(|stream| Some(stream.about.arn.as_str()) == arn) else {
        return;
    };
    let open: Vec<String> = stream.open_shards().map(|shard| shard.id.clone()).collect();
    let Some(shard) = rng.choice(&open) else { return };
    // Refused where it makes no sense: then nothing happens.
    let _ = match kind {
        ShardEventKind::Split if open.len() < moment.plan.most_open => {
            stream.split(shard, &mut moment).map(drop)
        }
        ShardEventKind::RollOver => stream.roll_over(shard, &mut moment).map(drop),
        ShardEventKind::Merge => match rng.choice(stream.mergeable()) {
            Some([shard, other]) => stream.merge([&shard, &other], &mut moment).map(drop),
            None => Ok(()),
        },
        ShardEventKind::Trim => {
            stream.trim_before(stream.random_number(rng), &mut moment);
            Ok(())
        }
        ShardEventKind::Disable => {
            stream.disable(&mut moment);
            Ok(())
        }
        _ => Ok(()),
    };
}

fn throttled(rng: &mut Rng) -> StreamError {
    match rng.u8(..3) {
        0 => StreamError::limit(),
        1 => StreamError::new(400, "ThrottlingException", "Rate of requests exceeds the allowed throughput."),
        _ => {
            let message = "The level of configured provisioned throughput was exceeded.";
            StreamError::new(400, "ProvisionedThroughputExceededException", message)
        }
    }
}

fn internal_error() -> StreamError {
    StreamError::new(500, "InternalServerError", "Internal server error")
}
