//! The requests of a scan: for a whole table or index, or for one segment of it.

use crate::{
    call::{Explanation, Handle, send},
    direct::{Exchange, Operation, Receiver, SCAN, SCAN_COUNT},
    op::read::{PageMembers, PageOutput, Paged, set_members},
    outcome::Result,
};
use aws_sdk_dynamodb::{Client, operation::scan::builders::ScanFluentBuilder};
use std::sync::Arc;

/// What only a scan has.
pub(super) struct WholeSource {
    /// The segment of a parallel scan.
    pub(super) segment: Option<ScanSegment>,
}

/// A part of a table or index, of so many that are read apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct ScanSegment {
    pub(super) number: u32,
    pub(super) total: u32,
}

impl Paged for WholeSource {
    type Request = ScanFluentBuilder;

    fn operation(count: bool) -> &'static Operation {
        if count { &SCAN_COUNT } else { &SCAN }
    }

    fn request(&self, client: &Client, members: PageMembers) -> ScanFluentBuilder {
        // DynamoDB: there are a million segments at most, which 32 bits hold.
        let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        set_members!(client.scan(), members)
            .set_segment(self.segment.map(|segment| number(segment.number)))
            .set_total_segments(self.segment.map(|segment| number(segment.total)))
    }

    fn explain(&self, explanation: Explanation) -> Explanation {
        let number = |number: Option<u32>| number.and_then(|number| i32::try_from(number).ok());
        explanation
            .number("Segment", &number(self.segment.map(|segment| segment.number)))
            .number("TotalSegments", &number(self.segment.map(|segment| segment.total)))
    }

    async fn send<R: Receiver>(
        handle: &Handle,
        request: ScanFluentBuilder,
        exchange: &Arc<Exchange<R>>,
    ) -> Result<PageOutput> {
        let sent = send!(handle, request, exchange);
        let output = sent.map_err(|error| handle.error(exchange, error))?;
        Ok(PageOutput {
            items: output.items,
            count: output.count,
            last: output.last_evaluated_key,
            consumed: output.consumed_capacity,
        })
    }
}
