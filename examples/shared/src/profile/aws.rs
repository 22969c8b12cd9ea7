use aws_config::BehaviorVersion;
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_types::{SdkConfig, sdk_config};

use super::{error::ProfileError, program::Program};

/// The configuration of clients that have their region and credentials from where the AWS command line has them.
pub(super) async fn config(_program: Program) -> Result<SdkConfig, ProfileError> {
    let https = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let config = aws_config::defaults(BehaviorVersion::latest()).http_client(https).load().await;
    match config.region() {
        Some(_) => Ok(config),
        None => Err(ProfileError::NoRegion),
    }
}

/// Adds an HTTP client that can talk TLS.
pub(super) fn with_tls(
    config: sdk_config::Builder,
    _program: Program,
) -> Result<sdk_config::Builder, ProfileError> {
    let https = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    Ok(config.http_client(https))
}
