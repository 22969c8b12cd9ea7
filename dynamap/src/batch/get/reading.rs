//! The settings of a batch get, and its requests.

use super::{
    progress::OnBatchGetProgress,
    requested_keys::{ProjectionMembers, RequestedKeys},
};
use crate::{
    budget::{CallForm, Cost, Forecast},
    call::{BatchOptions, Handle},
    capacity::{ReadConsistency, read_units},
    direct::{self, BATCH_GET_ITEM},
    entity::Item,
    outcome::Result,
    schema::TableSchema,
};
use aws_sdk_dynamodb::{
    operation::batch_get_item::builders::BatchGetItemFluentBuilder, types::KeysAndAttributes,
};

/// DynamoDB: the most keys of a request.
pub(super) const MAX_KEYS: usize = 100;

/// The settings of the requests of a batch get.
#[derive(Debug, Clone)]
pub(super) struct BatchGetSettings {
    pub(super) handle: Handle,
    pub(super) consistent_read: bool,
    pub(super) include_expired: bool,
    pub(super) options: BatchOptions,
    pub(super) on_progress: OnBatchGetProgress,
}

impl BatchGetSettings {
    pub(super) fn new(handle: Handle, consistent_read: bool, include_expired: bool) -> Self {
        let (options, on_progress) = (BatchOptions::default(), OnBatchGetProgress::default());
        Self { handle, consistent_read, include_expired, options, on_progress }
    }

    /// The SDK's builder with a request of the first keys.
    pub(super) fn first_request<S: TableSchema, O>(
        &self,
        asked: &RequestedKeys<O>,
    ) -> Result<BatchGetItemFluentBuilder> {
        Ok(self.request(self.first_keys::<S, O>(asked)?))
    }

    /// The keys of the first request.
    pub(super) fn first_keys<S: TableSchema, O>(
        &self,
        asked: &RequestedKeys<O>,
    ) -> Result<KeysAndAttributes> {
        let keys = (0..asked.distinct().min(MAX_KEYS)).map(|position| asked.item(position)).collect();
        Ok(self.keys_and_attributes(keys, asked.attributes::<S>()?))
    }

    pub(super) fn keys_and_attributes(
        &self,
        keys: Vec<Item>,
        attributes: Option<ProjectionMembers>,
    ) -> KeysAndAttributes {
        let keys = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .set_consistent_read(self.consistent_read.then_some(true));
        let keys = match attributes {
            Some(ProjectionMembers { expression, names }) => {
                keys.projection_expression(expression).set_expression_attribute_names(Some(names))
            }
            None => keys,
        };
        match keys.build() {
            Ok(keys) => keys,
            Err(_) => unreachable!("`set_keys` gave the only member that is required"),
        }
    }

    pub(super) fn request(&self, keys: KeysAndAttributes) -> BatchGetItemFluentBuilder {
        let request = self.handle.client.batch_get_item();
        let request = request.set_return_consumed_capacity(self.handle.returned_capacity());
        request.request_items(&*self.handle.table, keys)
    }

    /// The member `{"RequestItems":{..}` of a request, with the JSON of its keys.
    pub(super) fn request_items<'k>(
        &self,
        keys: impl Iterator<Item = &'k [u8]> + Clone,
        attributes: Option<&ProjectionMembers>,
    ) -> Vec<u8> {
        let mut json = direct::request_items(&self.handle.table, "{\"Keys\":", keys);
        if self.consistent_read {
            json.extend_from_slice(b",\"ConsistentRead\":true");
        }
        if let Some(attributes) = attributes {
            attributes.write(&mut json);
        }
        json.extend_from_slice(b"}}");
        json
    }

    /// The likely cost of reading so many keys.
    pub(super) fn forecast(&self, entity: &'static str, keys: usize) -> Forecast {
        let consistent = self.consistent_read;
        let consistency = if consistent { ReadConsistency::Strong } else { ReadConsistency::Eventual };
        let form = CallForm { operation: BATCH_GET_ITEM.name, entity, index: None, consistent };
        let cost = Cost::Average(read_units(1, consistency));
        Forecast { form, writes: false, index: None, cost, items: keys }
    }
}

/// The methods of `$Builder`, which has `reading`.
macro_rules! reading_methods {
    ($($generics:tt)*) => {
        $($generics)* {
            /// Uses strongly consistent reads (`ConsistentRead: true`), which cost twice the read capacity units. The
            /// default is eventually consistent: writes of the last second may be missing.
            pub fn consistent_read(mut self) -> Self {
                self.reading.consistent_read = true;
                self
            }

            /// Uses eventually consistent reads, at half the read capacity units: for entities whose default is
            /// strongly consistent (`#[dynamap(consistent_read)]`). Writes of the last second may be missing.
            pub fn eventually_consistent_read(mut self) -> Self {
                self.reading.consistent_read = false;
                self
            }

            /// Returns entities also if their time to live is over and DynamoDB has not deleted them yet.
            pub fn include_expired(mut self) -> Self {
                self.reading.include_expired = true;
                self
            }

            /// Sets the most requests in flight, at least one. Default: 8.
            pub fn concurrency(mut self, requests: usize) -> Self {
                self.reading.options.set_concurrency(requests);
                self
            }

            /// Sets the retry timeout: the batch gives up on keys or writes that are unprocessed or without a response
            /// when nothing of it was processed for so long. Default: one minute.
            pub fn retry_timeout(mut self, time: std::time::Duration) -> Self {
                self.reading.options.retry_timeout = time;
                self
            }

            /// Calls this whenever a request got a response, on the task that runs the batch.
            pub fn on_progress(
                mut self,
                call: impl FnMut(&crate::batch::BatchGetProgress) + Send + 'static,
            ) -> Self {
                self.reading.on_progress = crate::batch::get::progress::OnBatchGetProgress::new(call);
                self
            }
        }
    };
}
pub(super) use reading_methods;
