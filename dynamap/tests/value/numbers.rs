//! `Number`, and integers and floats of number texts.

use super::agreement::read_alike;
use super::generate;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::value::{Number, NumberError};
use proptest::prelude::*;
use std::collections::HashSet;

fn parse(text: &str) -> Result<Number, NumberError> {
    text.parse()
}

#[test]
fn texts_that_dynamodb_takes() {
    for (text, plain) in [
        ("0", "0"),
        ("-0", "0"),
        ("0.00", "0"),
        ("0E125", "0"),
        ("0e-130", "0"),
        ("1.50", "1.5"),
        ("+5", "5"),
        ("5.", "5"),
        (".5", "0.5"),
        ("00042", "42"),
        ("1E+5", "100000"),
        ("1e2", "100"),
        ("-1.5E-3", "-0.0015"),
        ("0.0000001", "0.0000001"),
        ("0.00000001", "1E-8"),
        ("1E37", "10000000000000000000000000000000000000"),
        ("1E38", "1E38"),
        ("-12E40", "-1.2E41"),
        ("1E-130", "1E-130"),
        ("9.9999999999999999999999999999999999999E+125", "9.9999999999999999999999999999999999999E125"),
        ("123456789012345678901234567890.12345678", "123456789012345678901234567890.12345678"),
        ("0.00123e-127", "1.23E-130"),
    ] {
        assert_eq!(parse(text).unwrap().to_string(), plain, "{text}");
    }
}

#[test]
fn texts_that_dynamodb_refuses() {
    use NumberError::{NotANumber, Overflow, TooManyDigits, Underflow};
    for (text, error) in [
        ("", NotANumber),
        (" 5", NotANumber),
        ("5 ", NotANumber),
        (".", NotANumber),
        ("-", NotANumber),
        ("+-5", NotANumber),
        ("1.2.3", NotANumber),
        ("1_000", NotANumber),
        ("1e", NotANumber),
        ("1e+", NotANumber),
        ("1e1.5", NotANumber),
        ("e5", NotANumber),
        ("NaN", NotANumber),
        ("Infinity", NotANumber),
        ("0x10", NotANumber),
        ("١", NotANumber),
        ("1e99999999999999999999", NotANumber),
        ("123456789012345678901234567890123456789", TooManyDigits),
        ("0.123456789012345678901234567890123456789", TooManyDigits),
        ("1E126", Overflow),
        ("0e126", Overflow),
        ("1e9223372036854775807", Overflow),
        ("1E-131", Underflow),
        ("-0.1E-130", Underflow),
        ("0.0e-130", Underflow),
        ("1e-9223372036854775808", Underflow),
    ] {
        assert_eq!(parse(text), Err(error), "{text}");
    }
}

proptest! {
    #[test]
    fn a_number_is_what_its_text_says(number in generate::number()) {
        prop_assert_eq!(parse(&number.to_string()), Ok(number));
        prop_assert_eq!(parse(&serde_json::to_string(&number).unwrap().replace('"', "")), Ok(number));
        prop_assert_eq!(serde_json::from_str::<Number>(&serde_json::to_string(&number).unwrap()).unwrap(), number);
    }

    /// Zeros before and after the digits, and the point moved against the exponent, change nothing.
    #[test]
    fn equality_is_by_value(coefficient in any::<i64>(), zeros in 0_usize..15, exponent in -60_i64..60) {
        let number = parse(&format!("{coefficient}E{exponent}")).unwrap();
        let sign = if coefficient < 0 { "-" } else { "" };
        let digits = coefficient.unsigned_abs();
        let zeros_text = "0".repeat(zeros);
        let shifted = exponent - zeros as i64;
        for text in [
            format!("{sign}{zeros_text}{digits}E{exponent}"),
            format!("{sign}{digits}{zeros_text}E{shifted}"),
            format!("{sign}{digits}.{zeros_text}e+{exponent}").replace("+-", "-"),
        ] {
            let other = parse(&text).unwrap();
            prop_assert_eq!(other, number);
            prop_assert_eq!(other.cmp(&number), std::cmp::Ordering::Equal);
            prop_assert_eq!(HashSet::from([other, number]).len(), 1);
        }
    }

    #[test]
    fn integers_keep_their_order(left in any::<i64>(), right in any::<i64>(), exponent in -60_i64..60) {
        let number = |value: i64| parse(&format!("{value}E{exponent}")).unwrap();
        prop_assert_eq!(number(left).cmp(&number(right)), left.cmp(&right));
        prop_assert_eq!(Number::from(left).cmp(&Number::from(right)), left.cmp(&right));
    }

    #[test]
    fn floats_keep_their_order(left in generate::float(), right in generate::float()) {
        let (a, b) = (Number::try_from(left).unwrap(), Number::try_from(right).unwrap());
        prop_assert_eq!(a.partial_cmp(&b), left.partial_cmp(&right));
        prop_assert_eq!(a.to_f64(), left);
    }

    #[test]
    fn integers_survive(value in any::<i128>(), small in any::<u16>()) {
        prop_assert_eq!(u16::try_from(Number::from(small)), Ok(small));
        prop_assert_eq!(u8::try_from(Number::from(small)).ok(), u8::try_from(small).ok());
        match Number::try_from(value) {
            Ok(number) => prop_assert_eq!(i128::try_from(number), Ok(value)),
            Err(error) => {
                prop_assert_eq!(error, NumberError::TooManyDigits);
                prop_assert!(value.unsigned_abs() > 10_u128.pow(38));
            }
        }
        prop_assert_eq!(i64::try_from(parse("1.5").unwrap()).ok(), None);
    }
}

#[test]
fn integers_are_read_from_every_text_of_an_integer() {
    let read = |text: &str| read_alike::<i64>(&AttributeValue::N(text.to_owned()));
    for (text, value) in [
        ("1E2", 100),
        ("100.0", 100),
        ("-1.5e1", -15),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
        ("007", 7),
        ("+7", 7),
        ("-0", 0),
    ] {
        assert_eq!(read(text).unwrap(), value, "{text}");
    }
    for text in ["1.5", "1E-1", "9223372036854775808", "1E30", "", "x", "1e999"] {
        assert!(read(text).is_err(), "{text}");
    }
}

#[test]
fn floats_out_of_range_are_refused() {
    let read = |text: &str| AttributeValue::N(text.to_owned());
    assert!(read_alike::<f32>(&read("1E39")).is_err());
    assert!(read_alike::<f64>(&read("1E999")).is_err());
    assert!(read_alike::<f64>(&read("NaN")).is_err());
    assert!(read_alike::<f64>(&read("inf")).is_err());
    assert_eq!(read_alike::<f64>(&read("1E+5")).unwrap(), 1e5);
}
