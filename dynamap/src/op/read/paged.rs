//! The interface of the operations that read page by page.

use crate::{
    call::{Explanation, Handle, metering::Consuming},
    cursor::Cursor,
    direct::{Exchange, Operation, Receiver},
    entity::Item,
    error::CursorError,
    outcome::Result,
};
use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, ConsumedCapacity, ReturnConsumedCapacity, Select},
};
use std::{collections::HashMap, pin::Pin, sync::Arc};

/// A request in flight.
pub type Sending<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

/// The settings of a query or scan.
#[derive(Debug, Clone)]
pub(in crate::op) struct ReadSettings {
    pub(in crate::op) consistent_read: bool,
    pub(in crate::op) include_expired: bool,
    pub(in crate::op) limit: Option<usize>,
    pub(in crate::op) page_size: Option<u32>,
    pub(in crate::op) start_after: Result<Option<Cursor>, CursorError>,
    pub(in crate::op) read_ahead: bool,
    /// True if only the number of items is requested (`Select: COUNT`).
    pub(in crate::op) count: bool,
}

impl Default for ReadSettings {
    fn default() -> Self {
        Self {
            consistent_read: false,
            include_expired: false,
            limit: None,
            page_size: None,
            start_after: Ok(None),
            read_ahead: true,
            count: false,
        }
    }
}

/// One of DynamoDB's operations that read page by page.
pub(in crate::op) trait Paged: Send + Sync + 'static {
    /// The SDK's builder.
    type Request: Send + 'static;

    /// `count` if it asks for the number of items only, of which there are none in the response.
    fn operation(count: bool) -> &'static Operation;

    /// The operation's name.
    fn name() -> &'static str {
        Self::operation(false).name
    }

    /// The request for a page.
    fn request(&self, client: &Client, members: PageMembers) -> Self::Request;

    /// Adds the members that only this operation has.
    fn explain(&self, explanation: Explanation) -> Explanation;

    /// Sends the request for a page.
    fn send<R: Receiver>(
        handle: &Handle,
        request: Self::Request,
        exchange: &Arc<Exchange<R>>,
    ) -> impl Future<Output = Result<PageOutput>> + Send;
}

/// The members that the requests of all these operations have.
pub(in crate::op) struct PageMembers {
    pub(in crate::op) table: String,
    pub(in crate::op) index: Option<String>,
    pub(in crate::op) expressions: Expressions,
    pub(in crate::op) consistent_read: Option<bool>,
    pub(in crate::op) limit: Option<i32>,
    pub(in crate::op) select: Option<Select>,
    pub(in crate::op) start: Option<Item>,
    pub(in crate::op) returned_capacity: Option<ReturnConsumedCapacity>,
}

/// The members of a response that dynamap needs.
pub(in crate::op) struct PageOutput {
    pub(in crate::op) items: Option<Vec<Item>>,
    pub(in crate::op) count: i32,
    pub(in crate::op) scanned: i32,
    /// `LastEvaluatedKey`
    pub(in crate::op) last: Option<Item>,
    pub(in crate::op) consumed: Option<ConsumedCapacity>,
}

impl Consuming for PageOutput {
    fn consumed(&self) -> Option<&ConsumedCapacity> {
        self.consumed.as_ref()
    }
}

/// The expressions of a request, the same for all pages.
#[derive(Clone)]
pub(in crate::op) struct Expressions {
    pub(in crate::op) key_condition: Option<String>,
    pub(in crate::op) filter: Option<String>,
    pub(in crate::op) projection: Option<String>,
    pub(in crate::op) names: Option<HashMap<String, String>>,
    pub(in crate::op) values: Option<HashMap<String, AttributeValue>>,
}
