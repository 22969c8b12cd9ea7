use super::Capability;
use aws_sdk_dynamodb::{Client, config::timeout::TimeoutConfig};
use dynamap_local::Local;
use examples_shared::profile::{Connection, Profile, ProfileError, Program, Purpose};
use std::{collections::BTreeSet, time::Duration};
use uuid::Uuid;

/// A DynamoDB, and what it is said to have.
#[derive(Clone)]
pub struct Target {
    pub(super) client: Client,
    pub(super) streams: aws_sdk_dynamodbstreams::Client,
    /// The capabilities that it lacks.
    pub lacks: BTreeSet<Capability>,
}

const PROGRAM: Program = Program { package: "dynamap-tests", creates_table: "matrix" };

impl Target {
    /// The embedded engine, without a socket.
    #[must_use]
    pub fn local(local: &Local) -> Self {
        let config = dynamap::direct::prepare(local.config()).build();
        Self::of(Client::from_conf(config), local.streams_client())
    }

    /// An endpoint.
    ///
    /// # Errors
    /// It is no URL, or begins with `https` and the feature `aws` is off.
    pub async fn endpoint(url: &str) -> Result<Self, ProfileError> {
        Self::profile(&Profile::Endpoint(url.to_owned())).await
    }

    /// AWS, as the environment and `~/.aws` say.
    ///
    /// # Errors
    /// The feature `aws` is off.
    pub async fn aws() -> Result<Self, ProfileError> {
        Self::profile(&Profile::Aws).await
    }

    async fn profile(profile: &Profile) -> Result<Self, ProfileError> {
        let Connection { client, streams, .. } = profile.connect(Purpose::Fill, PROGRAM).await?;
        let config = client.config().to_builder().timeout_config(timeouts()).build();
        Ok(Self::of(Client::from_conf(config), streams))
    }

    fn of(client: Client, streams: aws_sdk_dynamodbstreams::Client) -> Self {
        Self { client, streams, lacks: BTreeSet::new() }
    }

    /// States what it lacks.
    #[must_use]
    pub fn lacking(mut self, lacks: impl IntoIterator<Item = Capability>) -> Self {
        self.lacks.extend(lacks);
        self
    }
}

/// Long ones: that an engine is slow is no deviation.
fn timeouts() -> TimeoutConfig {
    let [attempt, operation] = [30, 80].map(Duration::from_secs);
    TimeoutConfig::builder().operation_attempt_timeout(attempt).operation_timeout(operation).build()
}

/// A name that no other table has.
pub(super) fn table_name() -> String {
    format!("dynamap-matrix-{}", Uuid::new_v4().simple())
}
