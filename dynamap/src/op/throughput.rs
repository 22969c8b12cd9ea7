//! Throughput of tables: their billing mode, and their capacity units.

use super::built::built;
use crate::{
    call::explain::json_object,
    outcome::{InvalidThroughput, InvalidThroughputKind},
};
use aws_sdk_dynamodb::types::{
    BillingMode, GlobalSecondaryIndexDescription, ProvisionedThroughput, TableDescription,
};
use std::fmt;

/// The billing mode of a table, and its throughput.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Throughput {
    /// On demand (`PAY_PER_REQUEST`): paid by the request.
    OnDemand,
    /// Provisioned throughput (`PROVISIONED`): paid by the hour, for so many capacity units per second.
    Provisioned {
        /// The read capacity units (RCU) per second, at least 1.
        read: i64,
        /// The write capacity units (WCU) per second, at least 1.
        write: i64,
    },
}

impl Throughput {
    /// Returns the throughput of a table by its description, which [`describe`](crate::Table::describe) gets; `None` if
    /// the description lacks it.
    pub fn of(table: &TableDescription) -> Option<Self> {
        // DynamoDB: a table that has always had provisioned throughput has no billing mode in its description.
        let summary = table.billing_mode_summary.as_ref();
        match summary.and_then(|summary| summary.billing_mode.as_ref()) {
            Some(BillingMode::PayPerRequest) => Some(Self::OnDemand),
            _ => {
                let units = table.provisioned_throughput.as_ref()?;
                let (read, write) = units.read_capacity_units.zip(units.write_capacity_units)?;
                Some(Self::Provisioned { read, write })
            }
        }
    }

    /// The provisioned throughput that an index has.
    pub(super) fn of_index(index: &GlobalSecondaryIndexDescription) -> Option<Self> {
        let units = index.provisioned_throughput.as_ref()?;
        let (read, write) = units.read_capacity_units.zip(units.write_capacity_units)?;
        Some(Self::Provisioned { read, write })
    }

    pub(crate) fn billing_mode(self) -> BillingMode {
        match self {
            Self::OnDemand => BillingMode::PayPerRequest,
            Self::Provisioned { .. } => BillingMode::Provisioned,
        }
    }

    /// The provisioned throughput; `None` on demand.
    pub(crate) fn provisioned(self) -> Option<ProvisionedThroughput> {
        match self {
            Self::OnDemand => None,
            Self::Provisioned { read, write } => Some(built(
                ProvisionedThroughput::builder()
                    .read_capacity_units(read)
                    .write_capacity_units(write)
                    .build(),
            )),
        }
    }

    /// Checks the throughput of an index, or of the table itself.
    pub(super) fn check(self, index: Option<&'static str>) -> Result<(), InvalidThroughput> {
        match self {
            Self::Provisioned { read, write } if read.min(write) < 1 => {
                Err(InvalidThroughput::new(index, InvalidThroughputKind::TooFewUnits { read, write }))
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Throughput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnDemand => f.write_str("on demand"),
            Self::Provisioned { read, write } => write!(f, "{read} read and {write} write units per second"),
        }
    }
}

/// Provisioned throughput as JSON.
pub(super) fn json_of(units: &ProvisionedThroughput) -> String {
    json_object([
        ("ReadCapacityUnits", Some(units.read_capacity_units().to_string())),
        ("WriteCapacityUnits", Some(units.write_capacity_units().to_string())),
    ])
}
