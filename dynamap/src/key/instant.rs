use super::{KeyPart, PartWriter};
use crate::error::InvalidPart;

const OUT_OF_RANGE: InvalidPart = InvalidPart::new("a timestamp outside the years 0 to 9999");
const NOT_A_TIMESTAMP: InvalidPart =
    InvalidPart::new("not a timestamp in UTC with nine digits of a second's fraction");

/// The form of the text: a digit for each `0`, all else as it stands.
const FORM: &str = "0000-00-00T00:00:00.000000000Z";
const DATE_FORM: &str = FORM.split_at(10).0;

/// An instant as the fields of a date and time in UTC: year, month, day, hour, minute, second, nanosecond.
type InstantFields = [u32; 7];

const WIDTHS: [usize; 7] = [4, 2, 2, 2, 2, 2, 9];
const AFTER: [char; 7] = ['-', '-', 'T', ':', ':', '.', 'Z'];

fn write(w: &mut PartWriter<'_>, year: i32, rest: [u32; 6]) -> Result<(), InvalidPart> {
    let year = u32::try_from(year).ok().filter(|year| *year <= 9999).ok_or(OUT_OF_RANGE)?;
    let [month, day, hour, minute, second, nanosecond] = rest;
    let fields: InstantFields = [year, month, day, hour, minute, second, nanosecond];
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

fn has_form(text: &str, form: &[u8]) -> bool {
    let fits = |(byte, form): (u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte == *form };
    text.len() == form.len() && text.bytes().zip(form).all(fits)
}

fn read(text: &str) -> Option<InstantFields> {
    if !has_form(text, FORM.as_bytes()) {
        return None;
    }
    let mut fields = InstantFields::default();
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
    const FORM: Option<&'static str> = Some(FORM);

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
fn timestamp([year, month, day, hour, minute, second, nanosecond]: InstantFields) -> Option<jiff::Timestamp> {
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
    const FORM: Option<&'static str> = Some(FORM);

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
    [year, month, day, hour, minute, second, nanosecond]: InstantFields,
) -> Option<chrono::DateTime<chrono::Utc>> {
    let date = chrono::NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    Some(date.and_hms_nano_opt(hour, minute, second, nanosecond)?.and_utc())
}

const NOT_A_DATE: InvalidPart = InvalidPart::new("not a date such as 2026-01-31");

fn write_date(w: &mut PartWriter<'_>, year: i32, month: u32, day: u32) -> Result<(), InvalidPart> {
    let year = u32::try_from(year).ok().filter(|year| *year <= 9999).ok_or(OUT_OF_RANGE)?;
    for (field, width, before) in [(year, 4, None), (month, 2, Some('-')), (day, 2, Some('-'))] {
        before.into_iter().for_each(|before| w.char(before));
        write_field(w, field, width);
    }
    Ok(())
}

/// Year, month and day.
fn read_date(text: &str) -> Option<(u16, u8, u8)> {
    if !has_form(text, DATE_FORM.as_bytes()) {
        return None;
    }
    let number = |from, to| text.get(from..to);
    Some((number(0, 4)?.parse().ok()?, number(5, 7)?.parse().ok()?, number(8, 10)?.parse().ok()?))
}

#[cfg(feature = "jiff")]
impl KeyPart for jiff::civil::Date {
    const FIXED_WIDTH: bool = true;
    const FORM: Option<&'static str> = Some(DATE_FORM);

    fn write_part(&self, w: &mut PartWriter<'_>) -> Result<(), InvalidPart> {
        let small = |field: i8| u32::from(field.unsigned_abs());
        write_date(w, i32::from(self.year()), small(self.month()), small(self.day()))
    }

    fn read_part(text: &str) -> Result<Self, InvalidPart> {
        let date = read_date(text).and_then(|(year, month, day)| {
            let small = |field: u8| i8::try_from(field).ok();
            Self::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()
        });
        date.ok_or(NOT_A_DATE)
    }
}

#[cfg(feature = "chrono")]
impl KeyPart for chrono::NaiveDate {
    const FIXED_WIDTH: bool = true;
    const FORM: Option<&'static str> = Some(DATE_FORM);

    fn write_part(&self, w: &mut PartWriter<'_>) -> Result<(), InvalidPart> {
        use chrono::Datelike;
        write_date(w, self.year(), self.month(), self.day())
    }

    fn read_part(text: &str) -> Result<Self, InvalidPart> {
        let date = read_date(text)
            .and_then(|(year, month, day)| Self::from_ymd_opt(year.into(), month.into(), day.into()));
        date.ok_or(NOT_A_DATE)
    }
}
