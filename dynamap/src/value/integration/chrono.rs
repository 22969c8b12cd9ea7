use crate::{
    error::{DecodeError, EncodeError},
    value::{AttributeType, EpochSeconds, FromAttribute, Reader, ToAttribute, Writer, marker},
};
use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Utc};

/// RFC 3339 has years of four digits, and only these sort by time.
fn check_year(year: i32) -> Result<(), EncodeError> {
    match year {
        0..=9999 => Ok(()),
        _ => Err(EncodeError::new("the year is not one of 0 to 9999")),
    }
}

impl AttributeType for DateTime<Utc> {
    type DataType = marker::S;
}

/// A string of RFC 3339 with nine digits of the second's fraction, such as `2026-01-31T12:00:00.500000000Z`: texts of one
/// width sort as the times do, which those without a fraction would not. Years other than 0 to 9999 are refused.
impl ToAttribute for DateTime<Utc> {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        check_year(self.year())?;
        w.string(&self.to_rfc3339_opts(SecondsFormat::Nanos, true))
    }
}

/// Takes any number of digits of the fraction, and any offset from UTC.
impl FromAttribute for DateTime<Utc> {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        match DateTime::parse_from_rfc3339(&r.str()?) {
            Ok(time) => Ok(time.with_timezone(&Utc)),
            Err(_) => Err(DecodeError::new("a string that is a timestamp of RFC 3339", "another string")),
        }
    }
}

impl AttributeType for NaiveDate {
    type DataType = marker::S;
}

/// A string such as `2026-01-31`; years other than 0 to 9999 are refused.
impl ToAttribute for NaiveDate {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        check_year(self.year())?;
        w.string(&self.to_string())
    }
}

impl FromAttribute for NaiveDate {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        let text = r.str()?;
        text.parse().map_err(|_| DecodeError::new("a string that is a date", "another string"))
    }
}

/// Fractions of a second are dropped, towards the past.
impl From<DateTime<Utc>> for EpochSeconds {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.timestamp())
    }
}
