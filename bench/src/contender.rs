//! The ways to map items that are compared, each as a person would use it.

pub(crate) mod dynamap;
pub(crate) mod dynamap_batch;
pub(crate) mod floor;
pub(crate) mod hand;
pub(crate) mod modyne;
pub(crate) mod sdk_batch;
pub(crate) mod sdk_call;
pub(crate) mod serde_dynamo;
pub(crate) mod typed;

use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// An item as the SDK has it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The most requests that a contender has in flight at once, in batches and in loads.
pub(crate) const IN_FLIGHT: usize = 8;

pub(crate) const DYNAMAP: &str = "dynamap";
/// The same through a client whose configuration was not prepared for it: the table prepares one after some calls.
pub(crate) const DYNAMAP_ANY_CLIENT: &str = "dynamap-any-client";
/// The request that dynamap makes, sent by the SDK alone: its attempts are not watched.
pub(crate) const UNWATCHED: &str = "unwatched";
pub(crate) const DYNAMAP_SERDE: &str = "dynamap+serde";
pub(crate) const HAND: &str = "hand";
pub(crate) const SERDE_DYNAMO: &str = "serde_dynamo";
/// The same through a client that has the settings which dynamap gives its own.
pub(crate) const SERDE_DYNAMO_TUNED: &str = "serde_dynamo-tuned";
/// Documents that are ready: what the SDK takes with any mapper.
pub(crate) const SDK_ALONE: &str = "sdk-alone";
pub(crate) const MODYNE: &str = "modyne";
pub(crate) const SONIC_RS: &str = "sonic-rs";
/// The types of events for Lambda functions, whose images `serde_dynamo` maps.
pub(crate) const AWS_LAMBDA_EVENTS: &str = "aws_lambda_events";
pub(crate) const SERDE_JSON: &str = "serde_json";
pub(crate) const SKIP: &str = "skip";
pub(crate) const MEMCPY: &str = "memcpy";
