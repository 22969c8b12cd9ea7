use crate::error::{DecodeError, EncodeError};
use crate::value::{AttributeType, EpochSeconds, FromAttribute, Reader, ToAttribute, Writer, marker};
use jiff::{Timestamp, civil::Date};

impl AttributeType for Timestamp {
    type DataType = marker::S;
}

/// A string of RFC 3339 in UTC, such as `2026-01-31T12:00:00.5Z`.
impl ToAttribute for Timestamp {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.string(&self.to_string())
    }
}

/// Takes any offset from UTC.
impl FromAttribute for Timestamp {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        let text = r.str()?;
        text.parse()
            .map_err(|_| DecodeError::new("a string that is a timestamp of RFC 3339", "another string"))
    }
}

impl AttributeType for Date {
    type DataType = marker::S;
}

/// A string such as `2026-01-31`.
impl ToAttribute for Date {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.string(&self.to_string())
    }
}

impl FromAttribute for Date {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        let text = r.str()?;
        text.parse().map_err(|_| DecodeError::new("a string that is a date", "another string"))
    }
}

/// Fractions of a second are dropped, towards the past.
impl From<Timestamp> for EpochSeconds {
    fn from(timestamp: Timestamp) -> Self {
        let seconds = timestamp.as_second();
        // jiff counts seconds towards 1970, and gives the fraction the sign of the timestamp.
        Self(seconds - i64::from(timestamp.subsec_nanosecond() < 0))
    }
}
