use aws_smithy_types::date_time::{DateTime, Format};
use std::time::{Duration, SystemTime};

/// The greatest number of seconds: of the year 5138. What is more is milliseconds or microseconds.
const MAX_SECONDS: f64 = 1e11;
/// The number of digits of it.
const MAX_SECONDS_DIGITS: usize = 12;

/// The time that a number or a text says.
///
/// DynamoDB: streams have seconds, Kinesis has milliseconds or microseconds, by a setting of the table. The setting is not in
/// every record, but the sizes of these numbers never meet.
pub(super) fn time(text: &str) -> Option<SystemTime> {
    // Whole seconds, as streams have them, need no double.
    if text.len() < MAX_SECONDS_DIGITS
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(seconds) = text.parse()
    {
        return SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
    }
    match text.parse::<f64>() {
        Ok(number) => of_epoch(number),
        Err(_) => DateTime::from_str(text, Format::DateTimeWithOffset).ok()?.try_into().ok(),
    }
}

fn of_epoch(number: f64) -> Option<SystemTime> {
    // A double holds microseconds exactly until the year 2255.
    let microseconds = match number.abs() {
        size if size < MAX_SECONDS => number * 1e6,
        size if size < MAX_SECONDS * 1e3 => number * 1e3,
        size if size < MAX_SECONDS * 1e6 => number,
        _ => return None,
    };
    let microseconds = microseconds.round();
    let distance = Duration::from_micros(microseconds.abs() as u64);
    match microseconds < 0.0 {
        true => SystemTime::UNIX_EPOCH.checked_sub(distance),
        false => SystemTime::UNIX_EPOCH.checked_add(distance),
    }
}

#[cfg(test)]
mod tests {
    use super::time;
    use std::time::{Duration, SystemTime};

    fn micros(text: &str) -> Option<u128> {
        Some(time(text)?.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_micros())
    }

    #[test]
    fn each_documented_form_is_the_same_time() {
        for text in [
            "1479499740",
            "1479499740.0",
            "1.47949974E9",
            "1.479499740e+9",
            "1479499740000",
            "1479499740000000",
            "2016-11-18T20:09:00Z",
            "2016-11-18T20:09:00.000Z",
            "2016-11-18T21:09:00+01:00",
        ] {
            assert_eq!(micros(text), Some(1_479_499_740_000_000), "{text}");
        }
        assert_eq!(micros("1646887668.348366"), Some(1_646_887_668_348_366));
        assert_eq!(micros("1646157866523"), Some(1_646_157_866_523_000));
        assert_eq!(micros("1646157866523456"), Some(1_646_157_866_523_456));
        assert_eq!(micros("2020-07-30T17:00:00.123456Z"), Some(1_596_128_400_123_456));
        assert_eq!(micros("0"), Some(0));
        let before = SystemTime::UNIX_EPOCH - Duration::from_millis(1500);
        assert_eq!(time("-1.5"), Some(before));
    }

    #[test]
    fn another_text_is_no_time() {
        for text in ["", "now", "NaN", "inf", "-inf", "1e300", "2016-13-01T00:00:00Z", "2016-11-18", "1e17"] {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
