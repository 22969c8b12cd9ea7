use crate::transport::Response;

/// An error of the service.
#[derive(Clone)]
pub(crate) struct StreamError {
    status: u16,
    pub(crate) code: &'static str,
    message: String,
}

impl StreamError {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new(400, "ValidationException", message)
    }

    pub(crate) fn no_stream(arn: &str) -> Self {
        Self::new(
            400,
            "ResourceNotFoundException",
            format!("Requested resource not found: Stream: {arn} not found"),
        )
    }

    pub(crate) fn no_shard(id: &str) -> Self {
        let message = format!("Requested resource not found: Shard: {id} does not exist");
        Self::new(400, "ResourceNotFoundException", message)
    }

    pub(crate) fn trimmed() -> Self {
        let message = "The operation attempted to read past the oldest stream record in a shard.";
        Self::new(400, "TrimmedDataAccessException", message)
    }

    pub(crate) fn expired() -> Self {
        let message = "The shard iterator has expired and can no longer be used to retrieve stream records.";
        Self::new(400, "ExpiredIteratorException", message)
    }

    pub(crate) fn internal(error: &dyn std::fmt::Display) -> Self {
        Self::new(500, "InternalServerError", error.to_string())
    }

    pub(crate) fn limit() -> Self {
        Self::new(400, "LimitExceededException", "Too many operations for a given subscriber.")
    }

    pub(crate) fn response(&self) -> Response {
        Response::error(self.status, self.code, &self.message)
    }
}
