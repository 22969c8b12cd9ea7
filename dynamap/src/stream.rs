//! Change streams: typed changes of items, as DynamoDB Streams and Kinesis deliver them.
//!
//! A source makes [`StreamRecord`]s, and [`StreamRecord::changes`] reads each to [`Change`]s of an entity or of an item
//! collection. See the [guide](crate::guide::streams).

mod assemble;
mod change;
mod change_record;
mod changes;
mod decode;
mod diff;
mod effect;
mod expiry;
#[cfg(any(feature = "lambda", feature = "streams"))]
mod handle;
mod image;
mod images;
pub mod json;
#[cfg(feature = "lambda")]
pub mod lambda;
#[cfg(feature = "lambda")]
mod lambda_events;
mod operation_id;
#[cfg(any(feature = "lambda", feature = "streams"))]
mod poison;
#[cfg(feature = "streams")]
pub mod reader;
mod record;
mod record_error;
#[cfg(feature = "streams")]
mod sdk;
mod sequence_number;
mod side;
mod view;

pub use change::{Change, ItemOf};
pub use change_record::ChangeRecord;
pub use changes::Changes;
pub use diff::{ChangedIn, Diff, OldAndNew};
pub use effect::EffectOutcome;
pub use operation_id::OperationId;
#[cfg(any(feature = "lambda", feature = "streams"))]
pub use poison::PoisonRecord;
pub use record::{EventName, StreamRecord};
pub use record_error::{RecordError, RecordErrorKind};
pub use sequence_number::{InvalidSequenceNumber, SequenceNumber};
pub use view::{
    HasNewImage, HasOldImage, KeysOnly, NewAndOldImages, NewImage, NotInView, OldImage, StreamView,
};
