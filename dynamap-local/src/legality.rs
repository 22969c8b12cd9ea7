//! The check of requests against the rules of DynamoDB that the engine does not enforce.

mod action;
mod expression;
mod expression_reader;
mod findings;
mod keys;
mod lexer;
mod number;
mod placeholders;
mod request;
mod rule;
mod schema;
mod syntax;
mod value;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::engine::Engine;
use crate::local::Local;
use crate::transport::{Request, Response, SharedTransport, Transport, TransportFuture};

pub use rule::Rule;

impl Local {
    /// Checks every request of the returned [`Local`]'s clients against DynamoDB's rules. The database is the same.
    ///
    /// The engine takes some requests that AWS refuses, so a test passes and the program fails in production. Checked,
    /// such a request is answered with a `ValidationException` and kept in the returned handle. The table's keys and
    /// indexes are those that the database has at that moment.
    ///
    /// ```
    /// # use aws_sdk_dynamodb::types::AttributeValue;
    /// # use dynamap_local::{Local, Rule};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (local, illegal) = Local::memory()?.checked();
    /// let scan = local.client().scan().table_name("Shop").filter_expression("price BETWEEN :low AND :high");
    /// let scan = scan.expression_attribute_values(":low", AttributeValue::N("9".into()));
    /// scan.expression_attribute_values(":high", AttributeValue::N("1".into())).send().await.unwrap_err();
    ///
    /// let [scan] = &illegal.take()[..] else { panic!("the bounds are swapped") };
    /// assert_eq!(scan.rule, Rule::BetweenBounds);
    /// // At the end of a test of your own repository: assert!(illegal.is_empty(), "{illegal:?}");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn checked(&self) -> (Self, IllegalRequests) {
        let checker = Checker::new(self.engine.clone());
        let illegal = checker.illegal();
        (self.wrap(|inner| CheckingTransport { inner, checker }), illegal)
    }
}

/// The requests that AWS would have refused, oldest first; clones share them.
#[derive(Clone, Default)]
pub struct IllegalRequests {
    found: Arc<Mutex<Vec<IllegalRequest>>>,
}

impl IllegalRequests {
    /// Takes those found since the last call.
    #[must_use]
    pub fn take(&self) -> Vec<IllegalRequest> {
        std::mem::take(&mut *self.found())
    }

    /// Returns true if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found().is_empty()
    }

    fn found(&self) -> MutexGuard<'_, Vec<IllegalRequest>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for IllegalRequests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.found().iter()).finish()
    }
}

/// A rule that a request breaks; a request that breaks several is found several times.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IllegalRequest {
    /// The operation's name, such as `PutItem`.
    pub operation: String,
    /// The rule.
    pub rule: Rule,
    /// The message of DynamoDB, more or less: its wording changes. With [`Rule::Engine`] it may hold attribute values.
    pub message: String,
}

/// Checks requests, and keeps those that are illegal.
#[derive(Clone, Debug)]
pub(crate) struct Checker {
    engine: Engine,
    illegal: IllegalRequests,
}

impl Checker {
    pub(crate) fn new(engine: Engine) -> Self {
        Self { engine, illegal: IllegalRequests::default() }
    }

    pub(crate) fn illegal(&self) -> IllegalRequests {
        self.illegal.clone()
    }

    /// Checks a request. Returns DynamoDB's error response if it is illegal.
    pub(crate) fn refuse(&self, request: &Request) -> Option<Response> {
        // The engine refuses a body that is no JSON, with the right error: there is nothing to add.
        let body: Value = serde_json::from_slice(&request.body).ok()?;
        let findings = request::check(&self.engine, &request.operation, &body);
        let first = findings.first()?;
        let answer = Response::error(400, "ValidationException", &first.1);
        let operation = &request.operation;
        self.illegal.found().extend(findings.into_iter().map(|(rule, message)| IllegalRequest {
            operation: operation.clone(),
            rule,
            message,
        }));
        Some(answer)
    }

    /// Keeps a request that the engine itself refused.
    pub(crate) fn observe(&self, operation: &str, response: &Response) {
        if response.status != 400 {
            return;
        }
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let code = body["__type"].as_str().unwrap_or_default();
        if code.ends_with("ValidationException") || code.ends_with("SerializationException") {
            let message = body["message"].as_str().or(body["Message"].as_str()).unwrap_or_default();
            self.illegal.found().push(IllegalRequest {
                operation: operation.to_owned(),
                rule: Rule::Engine,
                message: message.to_owned(),
            });
        }
    }
}

#[derive(Debug)]
struct CheckingTransport {
    inner: SharedTransport,
    checker: Checker,
}

impl Transport for CheckingTransport {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(async move {
            if let Some(refused) = self.checker.refuse(&request) {
                return Ok(refused);
            }
            let operation = request.operation.clone();
            let response = self.inner.call(request).await?;
            self.checker.observe(&operation, &response);
            Ok(response)
        })
    }
}
