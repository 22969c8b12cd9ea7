use crate::{
    error::{DecodeError, EncodeError},
    value::{AttributeType, EpochSeconds, FromAttribute, Reader, ToAttribute, Writer, marker},
};
use jiff::{Timestamp, civil::Date, tz::Offset};

impl AttributeType for Timestamp {
    type DataType = marker::S;
}

/// RFC 3339 has years of four digits, and only these sort by time.
fn check_year(year: i16) -> Result<(), EncodeError> {
    match year {
        0..=9999 => Ok(()),
        _ => Err(EncodeError::new("the year is not one of 0 to 9999")),
    }
}

/// A string of RFC 3339 in UTC with nine digits of the second's fraction, such as `2026-01-31T12:00:00.500000000Z`: texts of
/// one width sort as the times do, which those without a fraction would not. Years before 0 are refused.
impl ToAttribute for Timestamp {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        check_year(Offset::UTC.to_datetime(*self).year())?;
        w.string(&format!("{self:.9}"))
    }
}

/// Takes any number of digits of the fraction, and any offset from UTC.
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

/// A string such as `2026-01-31`; years before 0 are refused.
impl ToAttribute for Date {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        check_year(self.year())?;
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
