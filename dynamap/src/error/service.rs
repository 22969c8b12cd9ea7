use super::ThrottlingReason;
use about_tables::is_about_tables;
use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
};
use aws_smithy_runtime_api::client::result::ConnectorError;
use sentences::is_plain;
use std::{borrow::Cow, error::Error, fmt};

/// A request that DynamoDB refused, or did not answer, or that never left the process.
pub struct ServiceError(Box<Inner>);

struct Inner {
    operation: &'static str,
    table: String,
    kind: ServiceErrorKind,
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
    throttling: Vec<ThrottlingReason>,
    /// The failure that dynamap found, if it was not the SDK.
    found: Option<Cow<'static, str>>,
    source: Box<dyn Error + Send + Sync>,
}

/// The kind of failure of a [`ServiceError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ServiceErrorKind {
    /// The table, an index or the account has no throughput left, after the SDK's own retries.
    #[doc(alias("ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"))]
    Throttled,
    /// There is no such table or index.
    #[doc(alias = "ResourceNotFoundException")]
    TableNotFound,
    /// The table is being created, changed or deleted, or exists already.
    #[doc(alias = "ResourceInUseException")]
    TableInUse,
    /// The credentials or the security token have expired.
    ExpiredCredentials,
    /// The credentials do not allow the operation, or are not valid.
    #[doc(alias = "AccessDeniedException")]
    AccessDenied,
    /// DynamoDB found the request not valid.
    #[doc(alias = "ValidationException")]
    Validation,
    /// The table has no such index.
    IndexNotFound,
    /// The vector index cannot be searched yet: it was added to the table, and DynamoDB is filling it. See
    /// [`wait_until_searchable`](crate::Table::wait_until_searchable).
    IndexBackfilling,
    /// An item would be larger than 400 KB, such as by an update.
    ItemTooLarge,
    /// A transaction with the same idempotency token had another content.
    #[doc(alias = "IdempotentParameterMismatchException")]
    IdempotencyMismatch,
    /// A transaction was writing the item. Nothing was written.
    #[doc(alias("TransactionConflictException", "TransactionInProgressException"))]
    TransactionConflict,
    /// Another Region was writing the item, of a table with strongly consistent replicas. Nothing was written.
    ReplicatedWriteConflict,
    /// A limit of the account or of an item collection is reached.
    #[doc(alias = "LimitExceededException")]
    LimitExceeded,
    /// The request never left the process: the client has no region, no credentials, no HTTP client or no valid endpoint, or
    /// an interceptor refused the request. `Display` tells the SDK's reason. Nothing was written.
    NotSent,
    /// No answer in time. A write may have been applied, or may be yet.
    TimedOut,
    /// The service could not be reached, or the connection broke. A write may have been applied.
    Unreachable,
    /// An error inside DynamoDB (5xx). A write may have been applied.
    #[doc(alias = "InternalServerError")]
    Internal,
    /// The answer could not be read. A write may have been applied.
    UnreadableResponse,
    /// Something else; see [`ServiceError::code`].
    Other,
}

impl ServiceErrorKind {
    /// The kind of DynamoDB's error codes.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "ProvisionedThroughputExceededException"
            | "ThrottlingException"
            | "Throttling"
            | "RequestLimitExceeded"
            | "RequestThrottledException" => Self::Throttled,
            "ResourceNotFoundException" | "TableNotFoundException" | "IndexNotFoundException" => {
                Self::TableNotFound
            }
            "ResourceInUseException" | "TableInUseException" => Self::TableInUse,
            "ExpiredTokenException" | "ExpiredToken" | "RequestExpired" | "TokenRefreshRequired" => {
                Self::ExpiredCredentials
            }
            "AccessDeniedException"
            | "UnrecognizedClientException"
            | "InvalidSignatureException"
            | "IncompleteSignature"
            | "MissingAuthenticationTokenException"
            | "NotAuthorized"
            | "OptInRequired" => Self::AccessDenied,
            "ValidationException" | "SerializationException" => Self::Validation,
            "IdempotentParameterMismatchException" => Self::IdempotencyMismatch,
            "TransactionConflictException" => Self::TransactionConflict,
            // DynamoDB: of a multi-Region table, where another Region writes the item at the same time.
            "ReplicatedWriteConflictException" => Self::ReplicatedWriteConflict,
            "LimitExceededException" | "ItemCollectionSizeLimitExceededException" => Self::LimitExceeded,
            "InternalServerError"
            | "InternalFailure"
            | "ServiceUnavailable"
            | "ServiceUnavailableException" => Self::Internal,
            _ => return None,
        })
    }

    /// The kind of a request that is not valid, by DynamoDB's message.
    fn of_validation(message: &str) -> Self {
        // DynamoDB: it gives these no codes of their own.
        match message {
            message if message.contains("does not have the specified index") => Self::IndexNotFound,
            message if message.starts_with("Cannot search backfilling vector index") => {
                Self::IndexBackfilling
            }
            message if message.starts_with("Item size") && message.contains("exceeded") => Self::ItemTooLarge,
            _ => Self::Validation,
        }
    }

    /// The kind of a limit that is reached, by DynamoDB's message.
    fn of_limit(message: &str) -> Self {
        // DynamoDB: a table that adds or deletes one index takes no other change of its indexes.
        match message.contains("1 online index can be created or deleted simultaneously") {
            true => Self::TableInUse,
            false => Self::LimitExceeded,
        }
    }

    /// True if a write that failed like this may have been applied, or may be yet: no answer arrived.
    pub fn is_ambiguous(self) -> bool {
        matches!(self, Self::TimedOut | Self::Unreachable | Self::Internal | Self::UnreadableResponse)
    }

    fn phrase(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::TableNotFound => "no such table or index",
            Self::TableInUse => "the table is in use",
            Self::ExpiredCredentials => "the credentials have expired",
            Self::AccessDenied => "access denied",
            Self::Validation => "the request is not valid",
            Self::IndexNotFound => "no such index",
            Self::IndexBackfilling => "the vector index cannot be searched yet",
            Self::ItemTooLarge => "the item is too large",
            Self::IdempotencyMismatch => "a transaction with the same token had another content",
            Self::TransactionConflict => "conflict with a transaction",
            Self::ReplicatedWriteConflict => "conflict with a write of another Region",
            Self::LimitExceeded => "a limit is reached",
            Self::NotSent => "not sent",
            Self::TimedOut => "no answer in time",
            Self::Unreachable => "the service cannot be reached",
            Self::Internal => "internal error of the service",
            Self::UnreadableResponse => "the answer cannot be read",
            Self::Other => "the request failed",
        }
    }
}

impl ServiceError {
    /// `is_unsent` tells whether it was seen that the last attempt never left the process.
    pub(crate) fn new<E>(
        operation: &'static str,
        table: &str,
        error: SdkError<E, HttpResponse>,
        is_unsent: bool,
    ) -> Self
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let code = error.code().map(str::to_owned);
        let message = error.message().map(str::to_owned);
        let request_id = error.request_id().map(str::to_owned);
        let status = error.raw_response().map(|response| response.status().as_u16());
        let kind = match (&error, code.as_deref().and_then(ServiceErrorKind::from_code)) {
            (_, Some(ServiceErrorKind::Validation)) => {
                ServiceErrorKind::of_validation(message.as_deref().unwrap_or_default())
            }
            (_, Some(ServiceErrorKind::LimitExceeded)) => {
                ServiceErrorKind::of_limit(message.as_deref().unwrap_or_default())
            }
            (_, Some(kind)) => kind,
            (SdkError::ConstructionFailure(_), None) => ServiceErrorKind::NotSent,
            (SdkError::DispatchFailure(failure), None) if failure.is_user() => ServiceErrorKind::NotSent,
            (SdkError::DispatchFailure(_) | SdkError::TimeoutError(_), None) if is_unsent => {
                ServiceErrorKind::NotSent
            }
            (SdkError::TimeoutError(_), None) => ServiceErrorKind::TimedOut,
            (SdkError::DispatchFailure(failure), None) if failure.is_timeout() => ServiceErrorKind::TimedOut,
            (SdkError::DispatchFailure(_), None) => ServiceErrorKind::Unreachable,
            (_, None) if status.is_some_and(|status| status >= 500) => ServiceErrorKind::Internal,
            (SdkError::ResponseError(_), None) => ServiceErrorKind::UnreadableResponse,
            // A success whose document could not be parsed reaches us as an error of the service.
            (SdkError::ServiceError(_), None) if status == Some(200) => ServiceErrorKind::UnreadableResponse,
            _ => ServiceErrorKind::Other,
        };
        let table = table.to_owned();
        let throttling = match kind {
            ServiceErrorKind::Throttled => ThrottlingReason::all_of(&error).unwrap_or_default(),
            _ => Vec::new(),
        };
        let (found, source) = (None, Box::new(error));
        Self(Box::new(Inner { operation, table, kind, code, message, request_id, throttling, found, source }))
    }

    /// DynamoDB answered, but did not reach the wanted state in time.
    pub(crate) fn not_in_time(operation: &'static str, table: &str, state: &str) -> Self {
        let found = format!("the table is not active in time: {state}");
        Self::of_dynamap(operation, table, ServiceErrorKind::TimedOut, found)
    }

    /// The description that was to tell more found no table.
    pub(crate) fn absent_table(operation: &'static str, table: &str) -> Self {
        Self::of_dynamap(operation, table, ServiceErrorKind::TableNotFound, "there is no such table")
    }

    /// DynamoDB answered, but did not bring an index or the table into the wanted state in time.
    pub(crate) fn state_not_in_time(operation: &'static str, table: &str, state: String) -> Self {
        Self::of_dynamap(operation, table, ServiceErrorKind::TimedOut, state)
    }

    /// A search was refused, and the description of the table has no such index.
    pub(crate) fn no_index(operation: &'static str, table: &str, index: &str) -> Self {
        let found = format!("the table has no vector index `{index}`");
        Self::of_dynamap(operation, table, ServiceErrorKind::IndexNotFound, found)
    }

    /// A failure that dynamap found, and not the SDK.
    fn of_dynamap(
        operation: &'static str,
        table: &str,
        kind: ServiceErrorKind,
        found: impl Into<Cow<'static, str>>,
    ) -> Self {
        let (table, found) = (table.to_owned(), found.into());
        let source = found.clone().into();
        let (code, message, request_id, throttling, found) = (None, None, None, Vec::new(), Some(found));
        Self(Box::new(Inner { operation, table, kind, code, message, request_id, throttling, found, source }))
    }

    /// The same, which says why the only action of a transaction was refused.
    pub(crate) fn of_refusal(mut self, operation: &'static str, code: &str) -> Self {
        self.0.kind = match code {
            "TransactionConflict" => ServiceErrorKind::TransactionConflict,
            "ProvisionedThroughputExceeded" | "ThrottlingError" => ServiceErrorKind::Throttled,
            "ValidationError" => ServiceErrorKind::Validation,
            "ItemCollectionSizeLimitExceeded" => ServiceErrorKind::LimitExceeded,
            _ => self.0.kind,
        };
        self.0.code = Some(code.to_owned());
        self.of_operation(operation)
    }

    /// The same, by the name of the operation that was called for.
    pub(crate) fn of_operation(mut self, operation: &'static str) -> Self {
        self.0.operation = operation;
        self
    }

    /// DynamoDB's answer does not have as many parts as were asked for.
    pub(crate) fn incomplete(operation: &'static str, table: &str) -> Self {
        Self::unreadable(operation, table, "the answer is not complete")
    }

    /// A page ends at the key that it starts after.
    pub(crate) fn not_advancing(operation: &'static str, table: &str) -> Self {
        Self::unreadable(operation, table, "the page ends where it begins")
    }

    fn unreadable(operation: &'static str, table: &str, source: &'static str) -> Self {
        Self::of_dynamap(operation, table, ServiceErrorKind::UnreadableResponse, source)
    }

    /// There was no answer until the caller's time was over.
    pub(crate) fn no_answer(operation: &'static str, table: &str) -> Self {
        Self::of_dynamap(operation, table, ServiceErrorKind::TimedOut, "no answer until the deadline")
    }

    /// The same after another attempt of the call, which may have been applied: that nothing was sent is true of the last
    /// one only.
    pub(crate) fn after_another(mut self) -> Self {
        if self.0.kind == ServiceErrorKind::NotSent {
            self.0.kind = ServiceErrorKind::Unreachable;
        }
        self
    }

    /// The kind of failure.
    pub fn kind(&self) -> ServiceErrorKind {
        self.0.kind
    }

    /// The DynamoDB operation, such as `GetItem`.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.0.table
    }

    /// DynamoDB's error code, such as `ResourceNotFoundException`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// DynamoDB's own message, which tells why it refused the request.
    ///
    /// It may quote attribute values and keys: keep it out of logs. `Display` shows it for requests about tables, which hold
    /// none, and where it is one of the sentences that are known to quote none.
    pub fn message_unredacted(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// The id of the request, for AWS support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The tables and indexes that had no throughput left, if DynamoDB throttled the request and gave the reason.
    pub fn throttling_reasons(&self) -> &[ThrottlingReason] {
        &self.0.throttling
    }

    /// The SDK's reasons for not sending a request, from the general to the particular.
    fn reasons(&self) -> impl Iterator<Item = String> {
        let failure: &(dyn Error + 'static) = &*self.0.source;
        let reasons =
            std::iter::successors(failure.source(), |reason: &&(dyn Error + 'static)| (*reason).source());
        // It says what failed by the names of the SDK's variants.
        let reasons = reasons.filter(|reason| !reason.is::<ConnectorError>()).map(ToString::to_string);
        // Of an endpoint it cannot use, it says for which request, with its body. Of what dynamap refuses, where.
        reasons.filter(|reason| !reason.contains("SdkBody") && !reason.contains("dynamap::direct"))
    }

    /// The SDK's error.
    ///
    /// Its message, and its `Debug` even more, may hold attribute values: keep it out of logs.
    pub fn into_source_unredacted(self) -> Box<dyn Error + Send + Sync> {
        self.0.source
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { operation, table, kind, code, request_id, found, .. } = &*self.0;
        write!(f, "{operation} on table `{table}`: {}", found.as_deref().unwrap_or(kind.phrase()))?;
        match (code, request_id) {
            (Some(code), Some(id)) => write!(f, " ({code}, request {id})"),
            (Some(code), None) => write!(f, " ({code})"),
            (None, Some(id)) => write!(f, " (request {id})"),
            (None, None) => Ok(()),
        }?;
        match &self.0.message {
            Some(message) if is_about_tables(self.0.operation) || is_plain(message) => {
                write!(f, ": {message}")
            }
            // The SDK says it before it has looked at any item.
            _ if *kind == ServiceErrorKind::NotSent => {
                self.reasons().try_for_each(|reason| write!(f, ": {reason}"))
            }
            _ => Ok(()),
        }
    }
}

/// Shows the same as `Display`: the SDK's error would show attribute values.
impl fmt::Debug for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServiceError({self})")
    }
}

/// Has no `source`: reports that walk the sources of an error would show attribute values.
impl Error for ServiceError {}

mod about_tables;
mod sentences;
#[cfg(test)]
mod tests;
