use super::Cases;
use crate::{
    key::neighbor::{bytes_above, bytes_below, padded, string_above, string_below},
    value::Number,
};

#[test]
fn strings_have_neighbors() {
    let full = "x".repeat(1024);
    let greatest = char::MAX.to_string().repeat(256);
    assert_eq!(string_above("a".into()).unwrap(), "a\0");
    assert_eq!(string_above(full.clone()).unwrap(), "x".repeat(1023) + "y");
    assert_eq!(string_above("x".repeat(1023) + "\u{7f}").unwrap(), "x".repeat(1022) + "y");
    assert_eq!(string_above("x".repeat(1021) + "\u{d7ff}").unwrap(), "x".repeat(1021) + "\u{e000}");
    assert_eq!(string_above(greatest.clone()), None);
    assert_eq!(string_below("a\0".into()).unwrap(), "a");
    assert_eq!(string_below("\0".into()), None);
    assert_eq!(string_below(String::new()), None);
    assert_eq!(string_below("\u{e000}".into()).unwrap(), padded("\u{d7ff}".into()));
    assert_eq!(padded(String::new()), greatest);
    for (length, end) in [(1023, "\u{7f}"), (1022, "\u{7ff}"), (1021, "\u{ffff}"), (1020, "\u{10ffff}")] {
        assert_eq!(padded("x".repeat(length)), "x".repeat(length) + end);
    }
}

/// Above and below are each other's opposites, so nothing is between.
#[test]
fn neighbors_are_mutual() {
    let cases = Cases::new(20_000);
    let mut random = cases.random();
    for _ in 0..cases.count {
        let chars = ['\0', '\u{1}', 'a', '\u{7f}', '\u{80}', '\u{d7ff}', '\u{e000}', '\u{ffff}', char::MAX];
        let mut text: String = (0..random.u8(..4)).map(|_| chars[random.usize(..chars.len())]).collect();
        if random.bool() {
            text = padded(text);
        }
        if let Some(above) = string_above(text.clone()) {
            assert!(above > text && above.len() <= 1024);
            assert_eq!(string_below(above).unwrap_or_default(), text);
        }
        let mut bytes: Vec<u8> = (0..random.u8(..4)).map(|_| random.u8(..3).wrapping_sub(1)).collect();
        if random.bool() {
            bytes.resize(1024, 255);
        }
        if let Some(above) = bytes_above(bytes.clone()) {
            assert!(above > bytes && above.len() <= 1024);
            assert_eq!(bytes_below(above).unwrap_or_default(), bytes);
        }
    }
}

#[test]
fn numbers_have_neighbors() {
    let below = |text: &str| text.parse::<Number>().unwrap().below().map(|number| number.to_string());
    let above = |text: &str| text.parse::<Number>().unwrap().above().map(|number| number.to_string());
    let nines = "9".repeat(37);
    assert_eq!(below("10").unwrap(), format!("9.{nines}"));
    assert_eq!(below("2").unwrap(), format!("1.{nines}"));
    assert_eq!(above("-10").unwrap(), format!("-9.{nines}"));
    assert_eq!(above("1").unwrap(), format!("1.{}1", "0".repeat(36)));
    assert_eq!(below("0").unwrap(), "-1E-130");
    assert_eq!(below("1E-130").unwrap(), "0");
    assert_eq!(above("-1E-130").unwrap(), "0");
    assert_eq!(above(&format!("9.{nines}E125")), None);
    assert_eq!(below(&format!("-9.{nines}E125")), None);

    let cases = Cases::new(20_000);
    let mut random = cases.random();
    for _ in 0..cases.count {
        let sign = if random.bool() { "-" } else { "" };
        let mantissa = [random.u64(..20), u64::MAX, 10_u64.pow(random.u32(..19))][random.usize(..3)];
        let text = format!("{sign}{mantissa}E{}", random.i32(-130..100));
        let number: Number = text.parse().unwrap();
        let (above, below) = (number.above().unwrap(), number.below().unwrap());
        assert!(below < number && number < above, "{text}");
        assert_eq!((above.below(), below.above()), (Some(number), Some(number)), "{text}");
    }
}

#[test]
fn no_binary_key_is_below_the_least_one() {
    assert_eq!(bytes_below(vec![0]), None, "an empty value is no key");
    assert_eq!(bytes_below(vec![0, 0]), Some(vec![0]));
    assert_eq!(bytes_below(Vec::new()), None);
}
