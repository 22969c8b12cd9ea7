use super::{KeyPart, PartWriter};
use crate::error::InvalidPart;

const OUT_OF_RANGE: InvalidPart = InvalidPart::new("a timestamp outside the years 0 to 9999");
const NOT_A_TIMESTAMP: InvalidPart =
    InvalidPart::new("not a timestamp in UTC with nine digits of a second's fraction");

/// The form of the text: a digit for each `0`, all else as it stands.
const FORM: &[u8; 30] = b"0000-00-00T00:00:00.000000000Z";

/// An instant as the fields of a date and time in UTC: year, month, day, hour, minute, second, nanosecond.
type Fields = [u32; 7];

const WIDTHS: [usize; 7] = [4, 2, 2, 2, 2, 2, 9];
const AFTER: [char; 7] = ['-', '-', 'T', ':', ':', '.', 'Z'];

fn write(w: &mut PartWriter<'_>, year: i32, rest: [u32; 6]) -> Result<(), InvalidPart> {
    let year = u32::try_from(year).ok().filter(|year| *year <= 9999).ok_or(OUT_OF_RANGE)?;
    let [month, day, hour, minute, second, nanosecond] = rest;
    let fields: Fields = [year, month, day, hour, minute, second, nanosecond];
    for ((field, width), after) in fields.into_iter().zip(WIDTHS).zip(AFTER) {
        write_field(w, field, width);
        w.char(after);
    }
    Ok(())
}

fn write_field(w: &mut PartWriter<'_>, value: u32, width: usize) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(value);
    (digits.len()..width).for_each(|_| w.char('0'));
    w.text(digits);
}

fn read(text: &str) -> Option<Fields> {
    let fits = |(byte, form): (u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte == *form };
    if text.len() != FORM.len() || !text.bytes().zip(FORM).all(fits) {
        return None;
    }
    let mut fields = Fields::default();
    let mut start = 0;
    for (field, width) in fields.iter_mut().zip(WIDTHS) {
        *field = text.get(start..start + width)?.parse().ok()?;
        start += width + 1;
    }
    Some(fields)
}

#[cfg(feature = "jiff")]
impl KeyPart for jiff::Timestamp {
    const FIXED_WIDTH: bool = true;

    fn write_part(&self, w: &mut PartWriter<'_>) -> Result<(), InvalidPart> {
        let utc = jiff::tz::Offset::UTC.to_datetime(*self);
        let small = |field: i8| u32::from(field.unsigned_abs());
        let rest = [
            small(utc.month()),
            small(utc.day()),
            small(utc.hour()),
            small(utc.minute()),
            small(utc.second()),
            utc.subsec_nanosecond().unsigned_abs(),
        ];
        write(w, i32::from(utc.year()), rest)
    }

    fn read_part(text: &str) -> Result<Self, InvalidPart> {
        read(text).and_then(timestamp).ok_or(NOT_A_TIMESTAMP)
    }
}

#[cfg(feature = "jiff")]
fn timestamp([year, month, day, hour, minute, second, nanosecond]: Fields) -> Option<jiff::Timestamp> {
    let small = |field: u32| i8::try_from(field).ok();
    let utc = jiff::civil::DateTime::new(
        i16::try_from(year).ok()?,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        i32::try_from(nanosecond).ok()?,
    );
    jiff::tz::Offset::UTC.to_timestamp(utc.ok()?).ok()
}

#[cfg(feature = "chrono")]
impl KeyPart for chrono::DateTime<chrono::Utc> {
    const FIXED_WIDTH: bool = true;

    fn write_part(&self, w: &mut PartWriter<'_>) -> Result<(), InvalidPart> {
        use chrono::{Datelike, Timelike};
        if self.nanosecond() >= 1_000_000_000 {
            return Err(InvalidPart::new("a leap second"));
        }
        let rest = [self.month(), self.day(), self.hour(), self.minute(), self.second(), self.nanosecond()];
        write(w, self.year(), rest)
    }

    fn read_part(text: &str) -> Result<Self, InvalidPart> {
        read(text).and_then(date_time).ok_or(NOT_A_TIMESTAMP)
    }
}

#[cfg(feature = "chrono")]
fn date_time(
    [year, month, day, hour, minute, second, nanosecond]: Fields,
) -> Option<chrono::DateTime<chrono::Utc>> {
    let date = chrono::NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    Some(date.and_hms_nano_opt(hour, minute, second, nanosecond)?.and_utc())
}
