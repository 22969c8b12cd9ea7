//! The service's own message and request id, which an error keeps beside its facts.

use crate::error::ServiceError;
use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
};

/// The id of a request that was refused, and DynamoDB's message.
#[derive(Clone)]
pub(crate) struct ErrorDetails {
    request_id: Option<String>,
    message: Option<String>,
}

impl ErrorDetails {
    pub(crate) fn of<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Option<Box<Self>>
    where
        SdkError<E, HttpResponse>: RequestId,
    {
        let (request_id, message) = (error.request_id(), error.message());
        Some(Box::new(Self {
            request_id: request_id.map(str::to_owned),
            message: message.map(str::to_owned),
        }))
    }

    pub(crate) fn of_service(error: &ServiceError) -> Option<Box<Self>> {
        let (request_id, message) = (error.request_id(), error.message_unredacted());
        Some(Box::new(Self {
            request_id: request_id.map(str::to_owned),
            message: message.map(str::to_owned),
        }))
    }
}

/// The methods of an error with an `answer`.
macro_rules! answered {
    ($error:ident) => {
        impl $error {
            /// The same with the answer of DynamoDB.
            pub(crate) fn answered(self, answer: Option<Box<$crate::outcome::answer::ErrorDetails>>) -> Self {
                Self { answer, ..self }
            }

            /// The id of the request, for AWS support.
            pub fn request_id(&self) -> Option<&str> {
                self.answer.as_ref()?.request_id()
            }

            /// DynamoDB's own message. It may quote attribute values and keys: keep it out of logs.
            pub fn message_unredacted(&self) -> Option<&str> {
                self.answer.as_ref()?.message()
            }
        }
    };
}
pub(super) use answered;

impl ErrorDetails {
    pub(super) fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    pub(super) fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }
}
