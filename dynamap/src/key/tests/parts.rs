use super::part;
use crate::{
    error::KeyErrorKind,
    key::{KeyBuilder, KeyParser, KeyPart, KeyRole, KeyTemplate},
};
use std::fmt::Debug;

static ONE: KeyTemplate = KeyTemplate::new("{a}", &[part("a")]);

fn written<T: KeyPart>(value: &T) -> String {
    let mut key = KeyBuilder::new(&ONE);
    key.part(value).unwrap();
    key.text().to_owned()
}

fn read<T: KeyPart>(text: &str) -> Option<T> {
    let mut key = KeyParser::new(&ONE, text).unwrap();
    key.part().ok()
}

/// The values ascend; so do their texts, which are read back.
fn assert_order<T: KeyPart + PartialEq + Debug>(values: &[T]) {
    let texts: Vec<_> = values.iter().map(written).collect();
    assert!(texts.is_sorted_by(|a, b| a < b), "{texts:?}");
    let width = |text: &String| read::<String>(text).unwrap().chars().count();
    assert!(!T::FIXED_WIDTH || texts.iter().all(|text| width(text) == width(&texts[0])), "{texts:?}");
    for (value, text) in values.iter().zip(&texts) {
        assert_eq!(read::<T>(text).as_ref(), Some(value));
    }
    if let Some(form) = T::FORM {
        texts.iter().for_each(|text| assert_form::<T>(text, form));
    }
}

/// Asserts that all texts that are read have the form: a written text, and texts that are like it.
fn assert_form<T: KeyPart>(text: &str, form: &str) {
    let of_form = |text: &str| {
        let fits = |(byte, form)| match form {
            b'0' => u8::is_ascii_digit(&byte),
            b'?' => byte > b'$',
            form => byte == form,
        };
        text.len() == form.len() && text.bytes().zip(form.bytes()).all(fits)
    };
    assert!(of_form(text), "{text}");
    for at in 0..=text.len() {
        for other in ["", "0", "9", "-", "+", "T", "f", "$S", "é"] {
            for end in [at, at + 1] {
                let rest = text.get(end..).unwrap_or_default();
                let like = format!("{}{other}{rest}", &text[..at]);
                assert!(read::<T>(&like).is_none() || of_form(&like), "{like}");
            }
        }
    }
}

#[test]
fn unsigned_integers_sort_at_their_edges() {
    macro_rules! check {
        ($($integer:ident $width:literal),*) => { $(
            assert_order(&[$integer::MIN, 1, 9, 10, 11, 99, 100, $integer::MAX / 2, $integer::MAX - 1, $integer::MAX]);
            assert_eq!(written(&$integer::MAX).len(), $width);
            assert_eq!(read::<$integer>(&"9".repeat($width)), None);
        )* };
    }
    check!(u8 3, u16 5, u32 10, u64 20, u128 39, usize 20);
    assert_eq!(written(&7_u16), "00007");
}

#[test]
fn signed_integers_sort_at_their_edges() {
    macro_rules! check {
        ($($integer:ident $width:literal),*) => { $(
            let (min, max) = ($integer::MIN, $integer::MAX);
            assert_order(&[min, min + 1, -100, -99, -11, -10, -9, -1, 0, 1, 9, 10, 11, 99, 100, max - 1, max]);
            assert_eq!(written(&max).len(), $width + 1);
            assert_eq!(read::<$integer>(&format!("0{}", "9".repeat($width))), None);
            assert_eq!(read::<$integer>(&format!("-{}", "0".repeat($width))), None);
        )* };
    }
    check!(i8 3, i16 5, i32 10, i64 19, i128 39, isize 19);
    assert_eq!(written(&7_i8), "0007");
    assert_eq!(written(&-7_i8), "-993");
    assert_eq!(written(&i8::MIN), "-872");
}

#[test]
fn integers_of_another_form_are_refused() {
    for text in ["", "7", "+07", "0007", "00 7", "٠٠٧", "256", "-07", "007 "] {
        assert_eq!(read::<u8>(text), None, "{text}");
    }
    for text in
        ["", "7", "007", "+007", "1007", "-007", "-871", "0128", "00 7", "00007", "-", "0", "--07", "0+07"]
    {
        assert_eq!(read::<i8>(text), None, "{text}");
    }
    assert_eq!(read::<i8>("-872"), Some(i8::MIN));
    assert_eq!(read::<i8>("-1000"), None);
}

#[test]
fn texts_are_escaped_up_to_the_dollar() {
    assert_eq!(written(&"c-1.a_B:@/%~é".to_owned()), "c-1.a_B:@/%~é");
    assert_eq!(written(&"\0 #$%".to_owned()), "$0$P$S$T%");
    for c in '\0'..='$' {
        assert_eq!(read::<char>(&written(&c)), Some(c));
    }
    for text in ["#", " ", "a$", "$", "$U", "$/", "$é", "$$", "\0"] {
        assert_eq!(read::<String>(text), None, "{text:?}");
        assert!(KeyParser::new(&ONE, text).unwrap().skip().is_err(), "{text:?}");
    }
    assert_order(&[false, true]);
    assert_order(&['\0', '#', '$', '%', '0', 'a', 'é', '\u{ffff}', '\u{10000}', char::MAX]);
    for text in ["True", "0", "", "true "] {
        assert_eq!(read::<bool>(text), None, "{text}");
    }
    assert_eq!(read::<char>("ab"), None);
    assert_eq!(read::<char>(""), None);
}

#[test]
fn all_owned_strings_are_parts() {
    use std::{borrow::Cow, sync::Arc};
    assert_eq!(read::<Box<str>>("a$Sb").as_deref(), Some("a#b"));
    assert_eq!(read::<Arc<str>>("a$Sb").as_deref(), Some("a#b"));
    assert_eq!(read::<Cow<'static, str>>("a$Sb").as_deref(), Some("a#b"));
}

#[test]
fn keys_have_their_limits() {
    for (role, limit) in [(KeyRole::Partition, 2048), (KeyRole::Sort, 1024)] {
        for (size, kind) in [
            (0, Some(KeyErrorKind::Empty)),
            (limit, None),
            (limit + 1, Some(KeyErrorKind::TooLong { size: limit + 1, limit })),
        ] {
            let mut key = KeyBuilder::new(&ONE);
            key.part(&"x".repeat(size)).unwrap();
            assert_eq!(key.finish(role).err().map(|error| error.kind().clone()), kind, "{size}");
        }
    }
    assert_eq!(KeyBuilder::new(&ONE).finish(KeyRole::Sort).unwrap_err().kind(), &KeyErrorKind::Components);
}

#[cfg(feature = "uuid")]
#[test]
fn uuids_have_one_form() {
    use uuid::Uuid;
    assert_order(&[Uuid::nil(), Uuid::from_u128(1), Uuid::from_u128(1 << 100), Uuid::max()]);
    let text = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    assert_eq!(read::<Uuid>(text).map(|uuid| written(&uuid)).as_deref(), Some(text));
    for other in
        [text.to_uppercase(), text.replace('-', ""), format!("urn:uuid:{text}"), "{".to_owned() + text + "}"]
    {
        assert_eq!(read::<Uuid>(&other), None, "{other}");
    }
}

#[cfg(any(feature = "jiff", feature = "chrono"))]
const NOT_TIMESTAMPS: [&str; 12] = [
    "",
    "2026-01-31T09:30:00Z",
    "2026-01-31T09:30:00.000000000",
    "2026-01-31T09:30:00.000000000z",
    "2026-01-31 09:30:00.000000000Z",
    "2026-02-30T09:30:00.000000000Z",
    "2026-13-01T09:30:00.000000000Z",
    "2026-01-31T24:00:00.000000000Z",
    "2026-01-31T09:30:60.000000000Z",
    "+026-01-31T09:30:00.000000000Z",
    "2026-01-31T09:30:00.00000000éZ",
    "2026-01-31T09:30:00.0000000000Z",
];

#[cfg(feature = "jiff")]
#[test]
fn jiff_timestamps_sort_from_year_0_to_9999() {
    use jiff::Timestamp;
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let first = at("0000-01-01T00:00:00Z");
    let nanosecond = jiff::SignedDuration::from_nanos(1);
    assert_order(&[
        first,
        first + nanosecond,
        at("1969-12-31T23:59:59.999999999Z"),
        Timestamp::UNIX_EPOCH,
        at("2026-01-31T09:30:00.5Z"),
        at("2026-01-31T09:30:01Z"),
        Timestamp::MAX,
    ]);
    assert_eq!(written(&at("2026-01-31T09:30:00.5+01:00")), "2026-01-31T08:30:00.500000000Z");
    for outside in [first - nanosecond, Timestamp::MIN] {
        let error = KeyBuilder::new(&ONE).part(&outside).unwrap_err();
        assert_eq!(error.to_string(), "component `a` of key `{a}`: a timestamp outside the years 0 to 9999");
    }
    assert!(NOT_TIMESTAMPS.into_iter().all(|text| read::<Timestamp>(text).is_none()));
}

#[cfg(feature = "chrono")]
#[test]
fn chrono_times_sort_from_year_0_to_9999() {
    use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
    let at = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc();
    let (first, after) = (at(0), at(10_000));
    let nanosecond = TimeDelta::nanoseconds(1);
    assert_order(&[first, first + nanosecond, at(1970) - nanosecond, at(1970), at(2026), after - nanosecond]);
    assert_eq!(written(&at(2026)), "2026-01-01T00:00:00.000000000Z");
    let leap_second =
        NaiveDate::from_ymd_opt(2016, 12, 31).unwrap().and_hms_nano_opt(23, 59, 59, 1_000_000_000);
    for outside in [first - nanosecond, after, DateTime::<Utc>::MIN_UTC, leap_second.unwrap().and_utc()] {
        assert!(KeyBuilder::new(&ONE).part(&outside).is_err());
    }
    assert!(NOT_TIMESTAMPS.into_iter().all(|text| read::<DateTime<Utc>>(text).is_none()));
}
