use std::fmt;

use axum::http::StatusCode;
use serde::Serialize;

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident $status:ident $message:literal;)*) => {
        /// The cause of a refusal: one code for each, which a client can rely on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Code { $($(#[$doc])* $code,)* }

        impl Code {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$code),*];

            /// The status of a response with this code.
            #[must_use]
            pub fn status(self) -> StatusCode {
                match self { $(Self::$code => StatusCode::$status,)* }
            }

            /// The message for a person.
            #[must_use]
            pub fn message(self) -> &'static str {
                match self { $(Self::$code => $message,)* }
            }
        }
    };
}

/// The code as the response has it: `too_many_logins`.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

codes! {
    /// A body that is not JSON.
    MalformedJson BAD_REQUEST "Malformed JSON in request body.";
    /// A field that is absent, null or an empty text.
    EmptyFields BAD_REQUEST "Validation failed - some fields were empty";
    /// A field that is no text.
    FieldNotText BAD_REQUEST "Validation failed - some fields were not text";
    /// A text that is no email address.
    EmailInvalid BAD_REQUEST "Validation failed - the email address is not valid";
    /// A query of the URL that cannot be read.
    QueryInvalid BAD_REQUEST "The query of the URL cannot be read";
    /// A number of products that is none from 1 to 1000.
    LimitInvalid BAD_REQUEST "limit must be a whole number from 1 to 1000";
    /// A cursor that is damaged, has expired, or is of another group or user.
    CursorInvalid BAD_REQUEST "cursor is none of this product group, or has expired";
    /// A login with an unknown email address or another password.
    WrongCredentials UNAUTHORIZED "Credentials are not good - either email or password is not correct";
    /// A token that is absent, damaged, unknown or expired.
    TokenInvalid UNAUTHORIZED "Given token is not valid";
    /// A product that is not there, or in another group.
    ProductNotFound NOT_FOUND "Did not find product";
    /// A path that the shop does not have.
    RouteNotFound NOT_FOUND "Not Found. Use /info to get information how to use the commands.";
    /// A method that a path does not have.
    MethodNotAllowed METHOD_NOT_ALLOWED "Method Not Allowed";
    /// A body that does not arrive in time.
    BodyTimedOut REQUEST_TIMEOUT "The body of the request did not arrive in time";
    /// A user who is there already.
    EmailTaken CONFLICT "Email already exists";
    /// A body that is too large.
    BodyTooLarge PAYLOAD_TOO_LARGE "The body of the request is too large";
    /// Too many failed logins with one email address, or from one network address.
    TooManyLogins TOO_MANY_REQUESTS "Too many failed logins - try again later";
    /// Headers that are too many or too large.
    HeadersTooLarge REQUEST_HEADER_FIELDS_TOO_LARGE "The headers of the request are too large";
    /// A fault of the shop.
    Internal INTERNAL_SERVER_ERROR "The shop has failed";
    /// A table that cannot be reached, or has not enough throughput now.
    Unavailable SERVICE_UNAVAILABLE "The shop is not available - try again later";
    /// A write of which the shop does not know whether it was done.
    OutcomeUnknown SERVICE_UNAVAILABLE "It is not known whether this was done - try again";
    /// A request that takes too long.
    TimedOut SERVICE_UNAVAILABLE "The request took too long";
}
