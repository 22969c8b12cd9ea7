//! The location of a table: in memory, in a file, behind an endpoint or on AWS.

mod arguments;
#[cfg(feature = "aws")]
mod aws;
mod error;
mod program;

pub use arguments::ProfileArguments;
pub use error::ProfileError;
pub use program::Program;

use std::{env, path::PathBuf};

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider},
};
use aws_smithy_http_client::Builder;
use aws_types::SdkConfig;
use dynamap_local::Local;

/// The location of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Profile {
    /// An embedded DynamoDB in memory, gone when the program ends.
    Memory,
    /// An embedded DynamoDB that is kept in a file.
    File(PathBuf),
    /// Any DynamoDB endpoint.
    Endpoint(String),
    /// AWS, as the environment and `~/.aws` say.
    Aws,
}

/// The use that a command makes of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The table must be there.
    Use,
    /// The table is created when absent.
    Fill,
}

/// The clients, and the embedded engine if it is one.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Talks to the table's DynamoDB.
    pub client: Client,
    /// Talks to the streams of its tables.
    pub streams: aws_sdk_dynamodbstreams::Client,
    /// The embedded engine.
    pub local: Option<Local>,
}

impl Profile {
    /// Connects to the DynamoDB of this profile. Nothing is sent yet.
    ///
    /// # Errors
    /// The embedded engine does not start, or the endpoint cannot be used.
    pub async fn connect(&self, purpose: Purpose, program: Program) -> Result<Connection, ProfileError> {
        match self {
            Self::Memory => Ok(Local::memory()?.into()),
            Self::File(path) if purpose == Purpose::Use && !path.exists() => {
                Err(ProfileError::NoFile { path: path.clone(), command: program.creates_table })
            }
            Self::File(path) => Ok(Local::file(path)?.into()),
            Self::Endpoint(url) => endpoint(url, program).map(Connection::from),
            Self::Aws => aws_config(program).await.map(Connection::from),
        }
    }
}

impl From<Local> for Connection {
    fn from(local: Local) -> Self {
        Self { client: local.client(), streams: local.streams_client(), local: Some(local) }
    }
}

impl From<SdkConfig> for Connection {
    fn from(config: SdkConfig) -> Self {
        let streams = aws_sdk_dynamodbstreams::Client::new(&config);
        Self { client: dynamap::client(&config), streams, local: None }
    }
}

fn endpoint(url: &str, program: Program) -> Result<SdkConfig, ProfileError> {
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(variable("AWS_REGION").unwrap_or_else(|| "us-east-1".to_owned())))
        .credentials_provider(SharedCredentialsProvider::new(credentials(program)))
        .endpoint_url(url);
    let config = if url.starts_with("http://") {
        config.http_client(Builder::new().build_http())
    } else if url.starts_with("https://") {
        with_tls(config, program)?
    } else {
        return Err(ProfileError::NoUrl);
    };
    Ok(config.build())
}

/// The credentials of the environment. A local endpoint takes any.
fn credentials(program: Program) -> Credentials {
    let pair = variable("AWS_ACCESS_KEY_ID").zip(variable("AWS_SECRET_ACCESS_KEY"));
    let (key, secret, token) = match pair {
        Some((key, secret)) => (key, secret, variable("AWS_SESSION_TOKEN")),
        None => ("local".to_owned(), "local".to_owned(), None),
    };
    Credentials::new(key, secret, token, None, program.package)
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(feature = "aws")]
use aws::{config as aws_config, with_tls};

#[cfg(not(feature = "aws"))]
fn with_tls(
    _config: aws_types::sdk_config::Builder,
    program: Program,
) -> Result<aws_types::sdk_config::Builder, ProfileError> {
    Err(ProfileError::NeedsFeatureAws { package: program.package })
}

#[cfg(not(feature = "aws"))]
async fn aws_config(program: Program) -> Result<SdkConfig, ProfileError> {
    Err(ProfileError::NeedsFeatureAws { package: program.package })
}
