//! Read and write request units per second: on-demand maximums, and warm throughput.

use crate::{
    call::explain::json_object,
    outcome::{InvalidThroughput, InvalidThroughputKind},
};
use aws_sdk_dynamodb::types::{OnDemandThroughput, WarmThroughput};
use std::fmt;

/// Read and write request units per second; `None` for no maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestUnits {
    pub(crate) read: Option<i64>,
    pub(crate) write: Option<i64>,
}

/// DynamoDB: this in place of a maximum removes it.
const UNLIMITED: i64 = -1;

impl RequestUnits {
    pub(super) fn check(self, index: Option<&'static str>) -> Result<(), InvalidThroughput> {
        let (read, write) = (self.read.unwrap_or(1), self.write.unwrap_or(1));
        match read.min(write) {
            1.. => Ok(()),
            _ => Err(InvalidThroughput::new(index, InvalidThroughputKind::TooFewUnits { read, write })),
        }
    }

    /// The maximum for a new table or index; `None` where there is none.
    pub(crate) fn new_maximum(self) -> Option<OnDemandThroughput> {
        (self.read.is_some() || self.write.is_some()).then(|| {
            OnDemandThroughput::builder()
                .set_max_read_request_units(self.read)
                .set_max_write_request_units(self.write)
                .build()
        })
    }

    /// The maximum in a change of a table or index.
    pub(crate) fn changed_maximum(self) -> OnDemandThroughput {
        OnDemandThroughput::builder()
            .max_read_request_units(self.read.unwrap_or(UNLIMITED))
            .max_write_request_units(self.write.unwrap_or(UNLIMITED))
            .build()
    }

    /// The maximum that a table or an index has.
    pub(crate) fn of_maximum(found: Option<&OnDemandThroughput>) -> Self {
        let limit = |units: Option<i64>| units.filter(|units| *units != UNLIMITED);
        Self {
            read: limit(found.and_then(OnDemandThroughput::max_read_request_units)),
            write: limit(found.and_then(OnDemandThroughput::max_write_request_units)),
        }
    }

    pub(crate) fn warm(self) -> WarmThroughput {
        WarmThroughput::builder()
            .set_read_units_per_second(self.read)
            .set_write_units_per_second(self.write)
            .build()
    }

    /// The warm throughput in a change of one that is warm for `found` units.
    pub(crate) fn warmer_than(self, found: (Option<i64>, Option<i64>)) -> WarmThroughput {
        // DynamoDB: none of the two can be lowered.
        Self { read: self.read.max(found.0), write: self.write.max(found.1) }.warm()
    }

    /// True if one that is warm for `found` units needs no more.
    pub(crate) fn is_warm(self, found: (Option<i64>, Option<i64>)) -> bool {
        // DynamoDB: a warm throughput cannot be lowered, and it grows by itself with the load.
        found.0.unwrap_or(0) >= self.read.unwrap_or(0) && found.1.unwrap_or(0) >= self.write.unwrap_or(0)
    }
}

impl fmt::Display for RequestUnits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit =
            |units: Option<i64>| units.map_or_else(|| "unlimited".to_owned(), |units| units.to_string());
        write!(f, "{} read and {} write units per second", limit(self.read), limit(self.write))
    }
}

/// An on-demand maximum as JSON.
pub(in crate::op) fn maximum_json(maximum: &OnDemandThroughput) -> String {
    json_object([
        ("MaxReadRequestUnits", maximum.max_read_request_units().map(|units| units.to_string())),
        ("MaxWriteRequestUnits", maximum.max_write_request_units().map(|units| units.to_string())),
    ])
}

/// A warm throughput as JSON.
pub(in crate::op) fn warm_json(warm: &WarmThroughput) -> String {
    json_object([
        ("ReadUnitsPerSecond", warm.read_units_per_second().map(|units| units.to_string())),
        ("WriteUnitsPerSecond", warm.write_units_per_second().map(|units| units.to_string())),
    ])
}
