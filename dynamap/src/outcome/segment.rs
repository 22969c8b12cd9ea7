use super::Error;

/// A segment of a parallel scan that could not be read; the others go on.
#[derive(Debug, thiserror::Error)]
#[error("segment {segment} of {segments} of a scan failed")]
pub struct SegmentError {
    segment: u32,
    segments: u32,
    #[source]
    error: Error,
}

impl SegmentError {
    pub(crate) fn new(segment: u32, segments: u32, error: Error) -> Self {
        Self { segment, segments, error }
    }

    /// The number of the segment, from 0.
    pub fn segment(&self) -> u32 {
        self.segment
    }

    /// The number of segments of the scan.
    pub fn segments(&self) -> u32 {
        self.segments
    }

    /// The error that ended the segment.
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// The error that ended the segment.
    pub fn into_error(self) -> Error {
        self.error
    }
}

impl From<SegmentError> for Error {
    fn from(error: SegmentError) -> Self {
        error.error
    }
}

/// A scan was to be divided into more segments than there can be, or into none. No request was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a scan has 1 to 1,000,000 segments, and not {0}")]
pub struct InvalidSegmentCount(pub(crate) u32);

impl InvalidSegmentCount {
    /// The number of segments that were asked for.
    pub fn segments(&self) -> u32 {
        self.0
    }
}
