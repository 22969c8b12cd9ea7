use std::path::PathBuf;

use dynamap_local::LocalError;

/// An error of a profile that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// The file does not exist, and the command does not create it.
    #[error("there is no file {path:?}; `{command}` makes one")]
    NoFile {
        /// The path of the file.
        path: PathBuf,
        /// The command that creates it.
        command: &'static str,
    },
    /// The embedded DynamoDB does not start.
    #[error(transparent)]
    Local(#[from] LocalError),
    /// The endpoint is no URL.
    #[error("the endpoint must begin with http:// or https://")]
    NoUrl,
    /// Nothing says which AWS region to use.
    #[error("no AWS region is configured: set AWS_REGION, or a region in ~/.aws/config")]
    NoRegion,
    /// The program was built without TLS.
    #[error(
        "this needs TLS and the AWS configuration, which are left out by default; build with them: cargo run -p {package} --features aws -- ..."
    )]
    NeedsFeatureAws {
        /// The package of the example.
        package: &'static str,
    },
}
