//! Records of `aws_lambda_events`.

use super::{EventName, StreamRecord, expiry::is_time_to_live, image::Image};
use crate::entity::Item;
use aws_lambda_events::dynamodb::EventRecord;
use aws_sdk_dynamodb::types::StreamViewType;
use std::{sync::Arc, time::SystemTime};

impl From<EventRecord> for StreamRecord<'static> {
    fn from(record: EventRecord) -> Self {
        let (body, identity) = (record.change, record.user_identity);
        let is_expired = identity
            .is_some_and(|identity| is_time_to_live(Some(&identity.type_), Some(&identity.principal_id)));
        // `aws_lambda_events` has an epoch of zero for a time that is absent, and empty items for images that are.
        let time = SystemTime::from(body.approximate_creation_date_time);
        let mut own = StreamRecord {
            event_name: EventName::from_name(&record.event_name),
            event_id: Some(record.event_id).filter(|id| !id.is_empty()).map(Into::into),
            source_arn: record.event_source_arn.map(Into::into),
            table_name: record.table_name.map(Into::into),
            time: Some(time).filter(|time| *time != SystemTime::UNIX_EPOCH),
            view_type: body.stream_view_type.map(|view| StreamViewType::from(view.to_string().as_str())),
            is_expired,
            size: u64::try_from(body.size_bytes).ok(),
            keys: image(body.keys.into()),
            new_image: image(body.new_image.into()),
            old_image: image(body.old_image.into()),
            ..StreamRecord::default()
        };
        own.set_sequence_number(body.sequence_number.as_deref());
        own
    }
}

fn image(item: Item) -> Option<Image<'static>> {
    (!item.is_empty()).then(|| Image::Values(Arc::new(item)))
}
