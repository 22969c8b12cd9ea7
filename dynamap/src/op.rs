//! The operations: one module for each operation of DynamoDB.
//!
//! A builder is made by a [`Table`](crate::Table) or a [`Repository`](crate::Repository). `send` runs it: one
//! request, or the loop of one request that its documentation states. `into_sdk` gives the SDK's builder
//! instead, for what dynamap does not cover.

mod create_table;
mod delete_item;
mod describe_table;
mod get_item;
mod put_item;
pub mod query;
mod standing;

pub use create_table::CreateTableIfAbsent;
pub use delete_item::DeleteItem;
pub use describe_table::WaitUntilActive;
pub use get_item::{Exists, GetItem};
pub(crate) use put_item::Precondition;
pub use put_item::PutItem;
pub use query::Query;

use crate::error::ServiceError;
use aws_sdk_dynamodb::{
    Client,
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

/// The client and the name of a table, which every request needs.
#[derive(Debug, Clone)]
pub(crate) struct Handle {
    pub(crate) client: Client,
    pub(crate) table: Arc<str>,
}

impl Handle {
    /// The seconds since 1970, by the clock of the client's configuration.
    fn now(&self) -> i64 {
        let source = self.client.config().time_source();
        let now = source.map_or_else(SystemTime::now, |source| source.now());
        match now.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
        }
    }

    fn error<E>(&self, operation: &'static str, error: SdkError<E, HttpResponse>) -> ServiceError
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let error = ServiceError::new(operation, &self.table, error);
        tracing::debug!(operation, table = %self.table, kind = ?error.kind(), code = error.code(), "request failed");
        error
    }
}
