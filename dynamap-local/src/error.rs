use std::path::PathBuf;

use aws_sdk_dynamodb::error::BoxError;

/// An error outside a DynamoDB request: in opening, sweeping or serving the database.
///
/// A request's own failure is never this type; it reaches the caller as the SDK's error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocalError {
    /// The database cannot be opened or created.
    #[error("cannot open the embedded database")]
    Open(#[source] BoxError),
    /// The path of the database file is not UTF-8, which the engine requires.
    #[error("the path {0:?} of the database file is not UTF-8")]
    Path(PathBuf),
    /// The sweep for expired items stopped; items deleted before that stay deleted.
    #[error("cannot sweep expired items")]
    Sweep(#[source] BoxError),
    /// The address cannot be listened on.
    #[cfg(feature = "serve")]
    #[error("cannot listen")]
    Listen(#[source] std::io::Error),
    /// The server stopped by itself.
    #[cfg(feature = "serve")]
    #[error("the server failed")]
    Serve(#[source] BoxError),
}
