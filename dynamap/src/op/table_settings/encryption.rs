//! Encryption at rest and point-in-time recovery.

use aws_sdk_dynamodb::types::{SseDescription, SseSpecification, SseStatus, SseType};
use std::fmt;

/// The key that encrypts a table at rest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encryption {
    /// A key that DynamoDB owns, at no cost: DynamoDB's default.
    AwsOwned,
    /// The account's key for DynamoDB in KMS (`alias/aws/dynamodb`). DynamoDB does not tell it from another key: a table with any
    /// key in KMS is as wanted.
    AwsManaged,
    /// A key of the account's own in KMS: its id, ARN or alias.
    CustomerManaged(String),
}

impl Encryption {
    pub(crate) fn specification(&self) -> SseSpecification {
        let builder = SseSpecification::builder().enabled(*self != Self::AwsOwned);
        match self {
            Self::AwsOwned => builder,
            Self::AwsManaged => builder.sse_type(SseType::Kms),
            Self::CustomerManaged(key) => builder.sse_type(SseType::Kms).kms_master_key_id(key),
        }
        .build()
    }

    /// True if a table with this description is encrypted so.
    ///
    /// DynamoDB: the description has the ARN of the key, whatever named it. A key that was given by an alias cannot be
    /// compared.
    pub(crate) fn is_as(&self, found: Option<&SseDescription>) -> bool {
        let enabled = found.filter(|found| {
            matches!(found.status, Some(SseStatus::Enabled | SseStatus::Enabling | SseStatus::Updating))
        });
        match (self, enabled) {
            (Self::AwsOwned, None) | (Self::AwsManaged, Some(_)) => true,
            (Self::AwsOwned, Some(_)) | (Self::AwsManaged | Self::CustomerManaged(_), None) => false,
            (Self::CustomerManaged(key), Some(found)) => match &found.kms_master_key_arn {
                Some(arn) => key.contains("alias/") || arn == key || arn.ends_with(&format!("key/{key}")),
                None => true,
            },
        }
    }
}

impl fmt::Display for Encryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AwsOwned => f.write_str("a key that DynamoDB owns"),
            Self::AwsManaged => f.write_str("the key of the account that AWS manages"),
            Self::CustomerManaged(key) => write!(f, "the key `{key}`"),
        }
    }
}

/// Continuous backups, from which a table is restored as it was at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PointInTimeRecovery {
    /// No backups: DynamoDB's default.
    Off,
    /// Backups of the last days, 1 to 35.
    Days(i32),
}

impl fmt::Display for PointInTimeRecovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("none"),
            Self::Days(days) => write!(f, "{days} days"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_compared_as_dynamodb_describes_them() {
        let arn = "arn:aws:kms:eu-north-1:123456789012:key/k-1";
        let found = |status, key: Option<&str>| {
            SseDescription::builder().status(status).set_kms_master_key_arn(key.map(str::to_owned)).build()
        };
        let (enabled, disabled) = (found(SseStatus::Enabled, Some(arn)), found(SseStatus::Disabled, None));
        let own = |key: &str| Encryption::CustomerManaged(key.into());
        let cases = [
            (Encryption::AwsOwned, [true, false, true]),
            (Encryption::AwsManaged, [false, true, false]),
            (own(arn), [false, true, false]),
            (own("k-1"), [false, true, false]),
            (own("alias/shop"), [false, true, false]),
            (own("k-2"), [false, false, false]),
            (own("1"), [false, false, false]),
        ];
        for (encryption, expected) in cases {
            let is_as = [None, Some(&enabled), Some(&disabled)].map(|found| encryption.is_as(found));
            assert_eq!(is_as, expected, "{encryption}");
        }
    }
}
