//! Forms of values that other programs write, as modules for `with`.

use crate::{item, unchanged};
use dynamap::{Entity, TableSchema, value::Number};
use jiff::{Timestamp, civil::Date, tz::Offset};

/// An integer as a text, `"42"`.
pub(crate) mod integer_text {
    use dynamap::error::{DecodeError, EncodeError};
    use dynamap::value::{Reader, Writer};

    pub(crate) fn write<W: Writer>(value: &u64, w: &mut W) -> Result<(), EncodeError> {
        w.string(&value.to_string())
    }

    pub(crate) fn read<R: Reader>(r: &mut R) -> Result<u64, DecodeError> {
        r.str()?.parse().map_err(|_| DecodeError::new("an integer as text", "another text"))
    }
}

/// A text of digits as a number, such as an order number.
pub(crate) mod digits {
    use dynamap::error::{DecodeError, EncodeError};
    use dynamap::value::{Reader, Writer};

    pub(crate) fn write<W: Writer>(value: &str, w: &mut W) -> Result<(), EncodeError> {
        w.number(value)
    }

    pub(crate) fn read<R: Reader>(r: &mut R) -> Result<String, DecodeError> {
        Ok(r.number()?.into_owned())
    }
}

/// Milliseconds since 1970 as a number, as JavaScript's `Date.now()`.
pub(crate) mod epoch_millis {
    use dynamap::error::{DecodeError, EncodeError};
    use dynamap::value::{Reader, Writer};
    use jiff::Timestamp;

    pub(crate) fn write<W: Writer>(value: &Timestamp, w: &mut W) -> Result<(), EncodeError> {
        w.number(&value.as_millisecond().to_string())
    }

    pub(crate) fn read<R: Reader>(r: &mut R) -> Result<Timestamp, DecodeError> {
        let millis = r.number()?.parse().ok().and_then(|millis| Timestamp::from_millisecond(millis).ok());
        millis.ok_or_else(|| DecodeError::new("milliseconds since 1970", "another number"))
    }
}

/// `2026-11-30T12:00:00.123Z`, as JavaScript's `toISOString()`.
pub(crate) mod iso_millis {
    use dynamap::error::{DecodeError, EncodeError};
    use dynamap::value::{Reader, Writer};
    use jiff::Timestamp;

    pub(crate) fn write<W: Writer>(value: &Timestamp, w: &mut W) -> Result<(), EncodeError> {
        w.string(&format!("{value:.3}"))
    }

    pub(crate) fn read<R: Reader>(r: &mut R) -> Result<Timestamp, DecodeError> {
        r.str()?.parse().map_err(|_| DecodeError::new("a time", "another text"))
    }
}

/// `20261130` as a number.
mod compact_date {
    use dynamap::error::{DecodeError, EncodeError};
    use dynamap::value::{Reader, Writer};
    use jiff::civil::Date;

    pub(crate) fn write<W: Writer>(value: &Date, w: &mut W) -> Result<(), EncodeError> {
        w.number(&value.strftime("%Y%m%d").to_string())
    }

    pub(crate) fn read<R: Reader>(r: &mut R) -> Result<Date, DecodeError> {
        Date::strptime("%Y%m%d", &*r.number()?).map_err(|_| DecodeError::new("a date", "another number"))
    }
}

/// `2026-11-30T13:00:00+01:00`: the offset is a part of the value.
mod with_offset {
    use dynamap::error::{DecodeError, EncodeError};
    use dynamap::value::{Reader, Writer};
    use jiff::{Timestamp, tz::Offset};

    pub(crate) type WithOffset = (Timestamp, Offset);

    const FORM: &str = "%Y-%m-%dT%H:%M:%S%:z";

    pub(crate) fn write<W: Writer>((time, offset): &WithOffset, w: &mut W) -> Result<(), EncodeError> {
        let zoned = time.to_zoned(offset.to_time_zone());
        w.string(&zoned.strftime(FORM).to_string())
    }

    pub(crate) fn read<R: Reader>(r: &mut R) -> Result<WithOffset, DecodeError> {
        let read = jiff::fmt::strtime::parse(FORM, &*r.str()?).and_then(|time| time.to_zoned());
        let zoned = read.map_err(|_| DecodeError::new("a time with an offset", "another text"))?;
        Ok((zoned.timestamp(), zoned.offset()))
    }
}

/// `Y` and `N`.
mod yes_or_no {
    use dynamap::error::{DecodeError, EncodeError};
    use dynamap::value::{Reader, Writer};

    pub(crate) fn write<W: Writer>(value: &bool, w: &mut W) -> Result<(), EncodeError> {
        w.string(if *value { "Y" } else { "N" })
    }

    pub(crate) fn read<R: Reader>(r: &mut R) -> Result<bool, DecodeError> {
        match &*r.str()? {
            "Y" => Ok(true),
            "N" => Ok(false),
            _ => Err(DecodeError::new("Y or N", "another text")),
        }
    }
}

#[derive(TableSchema)]
#[dynamap(partition_key = "SessionID", entity_type = none)]
struct Sessions;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Sessions, pk = "{id}")]
struct Session {
    #[dynamap(key_only)]
    id: uuid::Uuid,
    #[dynamap(with = integer_text)]
    visits: u64,
    #[dynamap(with = digits, rename = "order")]
    order_number: String,
    #[dynamap(with = epoch_millis)]
    begun: Timestamp,
    #[dynamap(with = iso_millis)]
    seen: Timestamp,
    #[dynamap(with = with_offset)]
    local: with_offset::WithOffset,
    #[dynamap(with = compact_date)]
    birthday: Date,
    day: Date,
    #[dynamap(with = yes_or_no)]
    member: bool,
    price: Number,
    #[dynamap(rename = "follower#")]
    followers: u32,
}

const SESSION: &str = r##"{"SessionID":{"S":"0b7e1a1c-52d8-4f3f-9d6f-2f6f6a9d1f00"},"visits":{"S":"42"},"order":{"N":"12345678901234567890"},
    "begun":{"N":"1764500000123"},"seen":{"S":"2026-11-30T12:00:00.120Z"},"local":{"S":"2026-11-30T13:00:00+01:00"},
    "birthday":{"N":"20001231"},"day":{"S":"2026-11-30"},"member":{"S":"N"},"price":{"N":"9.95"},"follower#":{"N":"3"}}"##;

#[tokio::test]
async fn numbers_texts_dates_and_times_keep_their_forms() {
    let session: Session = unchanged(&item(SESSION)).await;
    assert_eq!((session.visits, &*session.order_number), (42, "12345678901234567890"));
    assert_eq!(session.begun.as_millisecond(), 1_764_500_000_123);
    assert_eq!(session.local.1, Offset::constant(1));
    assert_eq!((session.birthday.year(), session.day.day(), session.member), (2000, 30, false));
}

#[tokio::test]
async fn another_form_is_an_error_with_the_attribute() {
    for (attribute, value) in [
        ("visits", r#"{"S":"many"}"#),
        ("visits", r#"{"N":"42"}"#),
        ("order", r#"{"S":"12"}"#),
        ("begun", r#"{"N":"1.5"}"#),
        ("seen", r#"{"S":"yesterday"}"#),
        ("local", r#"{"S":"2026-11-30T13:00:00Z"}"#),
        ("birthday", r#"{"N":"20001332"}"#),
        ("member", r#"{"S":"yes"}"#),
    ] {
        let mut item = item(SESSION);
        item.insert(attribute.into(), dynamap::wire::from_json(value.as_bytes()).unwrap());
        let error = dynamap::entity::from_item::<Session>(item).unwrap_err().to_string();
        assert!(error.contains(&format!("`{attribute}`")), "{error}");
    }
}
