//! The SDK configurations of a [`Local`].

use aws_sdk_dynamodb::config::retry::RetryPartition;

use crate::connector::InProcessHttpClient;
use crate::local::Local;

/// A host name that does not resolve: requests do not leave the process.
const ENDPOINT: &str = "http://dynamap-local.invalid";

/// The two SDK crates have separate types for the same configuration.
macro_rules! config {
    ($sdk:ident, $retry_partition:expr, $http_client:expr) => {
        $sdk::Config::builder()
            .behavior_version($sdk::config::BehaviorVersion::latest())
            .region($sdk::config::Region::new("us-east-1"))
            .endpoint_url(ENDPOINT)
            .credentials_provider($sdk::config::Credentials::new(
                "local",
                "local",
                None,
                None,
                "dynamap-local",
            ))
            .stalled_stream_protection($sdk::config::StalledStreamProtectionConfig::disabled())
            .retry_partition($retry_partition)
            .http_client($http_client)
    };
}

/// The configuration of a client of DynamoDB Streams.
pub(crate) fn streams(
    retry_partition: RetryPartition,
    http_client: InProcessHttpClient,
) -> aws_sdk_dynamodbstreams::config::Builder {
    config!(aws_sdk_dynamodbstreams, retry_partition, http_client)
}

impl Local {
    /// The configuration of [`client`](Self::client), for callers who change retries, timeouts or
    /// interceptors.
    ///
    /// It has the SDK's latest defaults but for these: fixed credentials, the region `us-east-1`,
    /// stalled-stream protection off (no body is ever in transfer, and it reads a clock that cannot be paused), and
    /// retry tokens that only the clients of this `Local` and its clones share.
    #[must_use]
    pub fn config(&self) -> aws_sdk_dynamodb::config::Builder {
        config!(aws_sdk_dynamodb, self.retry_partition.clone(), self.http_client())
    }

    /// The configuration of [`streams_client`](Self::streams_client).
    #[must_use]
    pub fn streams_config(&self) -> aws_sdk_dynamodbstreams::config::Builder {
        streams(self.retry_partition.clone(), self.http_client())
    }
}
