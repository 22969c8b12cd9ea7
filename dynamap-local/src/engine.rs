//! The embedded engine as the innermost transport.

mod clock;
mod decode;
mod dispatch;
mod stack;
mod streams;

use std::fmt;
use std::path::Path;
use std::time::SystemTime;

use dynoxide::{Database, DynoxideError};
use serde_json::{Value, json};

use self::clock::GivenClock;
use crate::error::LocalError;
use crate::transport::{Request, Response, Transport, TransportFuture};

/// One database; clones share it.
#[derive(Clone)]
pub(crate) struct Engine {
    database: Database,
}

impl Engine {
    pub(crate) fn memory() -> Result<Self, LocalError> {
        let database = Database::memory().map_err(|error| LocalError::Open(error.into()))?;
        Ok(Self { database })
    }

    pub(crate) fn memory_with_clock(
        clock: impl Fn() -> SystemTime + Send + Sync + 'static,
    ) -> Result<Self, LocalError> {
        let database = Database::memory_with_clock(GivenClock::shared(clock));
        Ok(Self { database: database.map_err(|error| LocalError::Open(error.into()))? })
    }

    pub(crate) fn file(path: &Path) -> Result<Self, LocalError> {
        let path = path.to_str().ok_or_else(|| LocalError::Path(path.to_owned()))?;
        let database = Database::new(path).map_err(|error| LocalError::Open(error.into()))?;
        Ok(Self { database })
    }

    pub(crate) fn sweep_ttl(&self) -> Result<usize, LocalError> {
        self.database.sweep_ttl().map_err(|error| LocalError::Sweep(error.into()))
    }

    #[cfg(feature = "serve")]
    pub(crate) fn database(&self) -> Database {
        self.database.clone()
    }

    /// The definition of a table as CreateTable has it; none if there is no such table.
    ///
    /// DescribeTable would count all items.
    pub(crate) fn definition(&self, table: &str) -> Option<Value> {
        let table = self.database.get_table_metadata(table).ok()??;
        let parsed = |text: Option<&str>| text.and_then(|text| serde_json::from_str::<Value>(text).ok());
        Some(json!({
            "KeySchema": parsed(Some(&table.key_schema)),
            "AttributeDefinitions": parsed(Some(&table.attribute_definitions)),
            "GlobalSecondaryIndexes": parsed(table.gsi_definitions.as_deref()),
            "LocalSecondaryIndexes": parsed(table.lsi_definitions.as_deref()),
        }))
    }

    /// Blocks the thread for the length of the operation; see the crate's front page.
    pub(crate) fn answer(&self, request: &Request) -> Response {
        let operation = request.operation.as_str();
        if let Some(response) = streams::answer(&self.database, operation, &request.body) {
            return response;
        }
        if !dispatch::is_known(operation) {
            return Response::new(400, UNKNOWN_OPERATION);
        }
        let answer = stack::run(&request.body, || {
            dispatch::dispatch(&self.database, operation, decode::text(&request.body)?)
        });
        match answer {
            Ok(json) => Response::new(200, json),
            Err(error) => Response::new(error.status_code(), wire_error(operation, error).to_json()),
        }
    }
}

const UNKNOWN_OPERATION: &str = r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#;

/// DynamoDB: a statement's failed condition that returns the item has its own shape.
fn wire_error(operation: &str, error: DynoxideError) -> DynoxideError {
    match error {
        DynoxideError::ConditionalCheckFailedException(message, Some(item))
            if operation == "ExecuteStatement" =>
        {
            DynoxideError::StatementConditionalCheckFailed(message, item)
        }
        other => other,
    }
}

impl Transport for Engine {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(async move { Ok(self.answer(&request)) })
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Engine")
    }
}
