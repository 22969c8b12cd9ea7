use aws_config::BehaviorVersion;
use aws_sdk_dynamodb::{Client, config};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};

use super::{error::ProfileError, program::Program};

/// A client that has its region and credentials from where the AWS command line has them.
pub(super) async fn client(_program: Program) -> Result<Client, ProfileError> {
    let https = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let config = aws_config::defaults(BehaviorVersion::latest()).http_client(https).load().await;
    match config.region() {
        Some(_) => Ok(dynamap::client(&config)),
        None => Err(ProfileError::NoRegion),
    }
}

/// Adds an HTTP client that can talk TLS.
pub(super) fn with_tls(config: config::Builder, _program: Program) -> Result<config::Builder, ProfileError> {
    let https = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    Ok(config.http_client(https))
}
