//! Records of the SDK's crate for streams.

use super::{EventName, StreamRecord, expiry::is_time_to_live, image::Image};
use crate::{entity::Item, error::DecodeError};
use aws_sdk_dynamodb::types::{AttributeValue, StreamViewType};
use aws_sdk_dynamodbstreams::types::{AttributeValue as StreamValue, Record};
use std::{collections::HashMap, sync::Arc, time::SystemTime};

impl From<Record> for StreamRecord<'static> {
    fn from(record: Record) -> Self {
        let identity = record.user_identity();
        let is_expired =
            identity.is_some_and(|identity| is_time_to_live(identity.r#type(), identity.principal_id()));
        let mut own = StreamRecord {
            event_name: record.event_name().and_then(|name| EventName::from_name(name.as_str())),
            event_id: record.event_id.filter(|id| !id.is_empty()).map(Into::into),
            is_expired,
            ..StreamRecord::default()
        };
        if let Some(body) = record.dynamodb {
            own.set_sequence_number(body.sequence_number.as_deref());
            own.time = body.approximate_creation_date_time.and_then(|time| SystemTime::try_from(time).ok());
            own.view_type = body.stream_view_type.map(|view| StreamViewType::from(view.as_str()));
            own.size = body.size_bytes.and_then(|size| u64::try_from(size).ok());
            own.keys = own.image(body.keys);
            own.new_image = own.image(body.new_image);
            own.old_image = own.image(body.old_image);
        }
        own
    }
}

impl StreamRecord<'static> {
    fn image(&mut self, item: Option<HashMap<String, StreamValue>>) -> Option<Image<'static>> {
        match item.map(to_item)? {
            Some(item) => Some(Image::Values(Arc::new(item))),
            None => {
                self.note_damage(DecodeError::new("a data type of DynamoDB", "an unknown data type"));
                None
            }
        }
    }
}

/// The same item in the types of the SDK's crate for tables; `None` if it has a data type that is not known.
fn to_item(item: HashMap<String, StreamValue>) -> Option<Item> {
    item.into_iter().map(|(name, value)| Some((name, to_value(value)?))).collect()
}

fn to_value(value: StreamValue) -> Option<AttributeValue> {
    Some(match value {
        StreamValue::S(text) => AttributeValue::S(text),
        StreamValue::N(number) => AttributeValue::N(number),
        StreamValue::B(bytes) => AttributeValue::B(bytes),
        StreamValue::Bool(value) => AttributeValue::Bool(value),
        StreamValue::Null(value) => AttributeValue::Null(value),
        StreamValue::M(members) => AttributeValue::M(to_item(members)?),
        StreamValue::L(elements) => {
            AttributeValue::L(elements.into_iter().map(to_value).collect::<Option<_>>()?)
        }
        StreamValue::Ss(members) => AttributeValue::Ss(members),
        StreamValue::Ns(members) => AttributeValue::Ns(members),
        StreamValue::Bs(members) => AttributeValue::Bs(members),
        _ => return None,
    })
}
