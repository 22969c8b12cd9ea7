//! What is read in one step where it is written as DynamoDB writes it must be what the slower way reads.

use dynamap::value::{FromAttribute, Reader, Value};
use dynamap::wire::{JsonReader, from_json, item_from_json};
use fastrand::Rng;
use std::collections::BTreeMap;
use std::fmt::Debug;

fn seeded() -> Rng {
    let seed = std::env::var("DYNAMAP_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    println!("DYNAMAP_SEED={seed}");
    Rng::with_seed(seed)
}

/// Reads a number that is written closely, and the same with white space, which takes the slower way.
fn both<T: FromAttribute + PartialEq + Debug>(text: &str) -> Option<T> {
    // Something must follow: the fast way looks ahead.
    let closely = format!(r#"{{"L":[{{"N":"{text}"}},{{"S":"something that follows it"}}]}}"#);
    let spaced =
        format!("{{ \"L\" : [ {{ \"N\" : \"{text}\" }} , {{ \"S\" : \"something that follows it\" }} ] }}");
    let closely = from_json::<(T, String)>(closely.as_bytes()).map(|(number, _)| number);
    let spaced = from_json::<(T, String)>(spaced.as_bytes()).map(|(number, _)| number);
    assert_eq!(closely.as_ref().ok(), spaced.as_ref().ok(), "{text}");
    assert_eq!(closely.as_ref().err(), spaced.as_ref().err(), "{text}");
    closely.ok()
}

#[test]
fn numbers_are_those_of_the_standard_library() {
    let mut random = seeded();
    let edges = [
        "0",
        "-0",
        "-0.5",
        "0.5",
        "00",
        "007",
        "1.",
        ".5",
        "1.50",
        "-",
        "",
        "1e5",
        "1E5",
        "9007199254740993",
    ];
    let more =
        ["16777217", "0.1", "0.3", "123456789.1234567", "99999999", "999999999999999", "9999999999999999"];
    let random_texts = (0..200_000).map(|_| {
        let (before, behind) = (random.usize(0..=20), random.usize(0..=18));
        let digits =
            |count: usize, random: &mut Rng| (0..count).map(|_| random.digit(10)).collect::<String>();
        let mut text = if random.u8(..4) == 0 { "-".to_owned() } else { String::new() };
        text += &digits(before, &mut random);
        if random.bool() {
            text = text + "." + &digits(behind, &mut random);
        }
        text
    });
    let mut random = Rng::with_seed(seeded().u64(..));
    // Close to the middle between two `f32`s: their nearest `f64` may be the middle itself.
    let middles = (0..20_000).map(|_| {
        let (low, random) = (f32::from_bits(random.u32(0x3E80_0000..0x3F80_0000)), random.bool());
        let middle = f64::midpoint(low.into(), low.next_up().into());
        format!("{}{middle:.15}", if random { "-" } else { "" })
    });
    let texts = edges.iter().chain(&more).map(|text| (*text).to_owned());
    let texts = texts.chain(random_texts).chain(middles);
    for text in texts {
        if let Some(number) = both::<f64>(&text) {
            assert_eq!(number.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
        }
        if let Some(number) = both::<f32>(&text) {
            assert_eq!(number.to_bits(), text.parse::<f32>().unwrap().to_bits(), "{text}");
        }
        for (read, expected) in [
            (both::<i64>(&text).map(i128::from), text.parse::<i64>().ok().map(i128::from)),
            (both::<u64>(&text).map(i128::from), text.parse::<u64>().ok().map(i128::from)),
            (both::<i8>(&text).map(i128::from), text.parse::<i8>().ok().map(i128::from)),
            (both::<u32>(&text).map(i128::from), text.parse::<u32>().ok().map(i128::from)),
        ] {
            // What the standard library takes, and `100.0` as well.
            if let Some(expected) = expected {
                assert_eq!(read, Some(expected), "{text}");
            }
        }
    }
}

/// Backslashes at every place around strings: whether a string has escapes is known from the place of the next one.
#[test]
fn strings_with_escapes_between_strings_without() {
    let mut random = seeded();
    for _ in 0..20_000 {
        let mut item = BTreeMap::new();
        for at in 0..random.usize(1..8) {
            let piece = |random: &mut Rng| match random.u8(..12) {
                0 => "\\".to_owned(),
                1 => "\"".to_owned(),
                2 => "\n".to_owned(),
                _ => "ü-plain text.".chars().take(random.usize(..13)).collect(),
            };
            let name = format!("{}{at}{}", piece(&mut random), piece(&mut random));
            let text: String = (0..random.usize(..4)).map(|_| piece(&mut random)).collect();
            item.insert(name, Value::S(text));
        }
        let json = serde_json::Value::Object(
            item.iter()
                .map(|(name, value)| {
                    let Value::S(text) = value else { unreachable!("only strings were put in") };
                    (name.clone(), serde_json::json!({ "S": text }))
                })
                .collect(),
        );
        let read = item_from_json::<BTreeMap<String, Value>>(json.to_string().as_bytes()).unwrap();
        assert_eq!(read, item, "{json}");
    }
}

#[test]
fn escapes_that_were_passed_by_a_look_ahead() {
    let json = r#"{"M":{"a":{"S":"x\ny"},"tag":{"S":"t"},"b":{"S":"no escape, and long enough"}}}"#;
    let mut r = JsonReader::new(json.as_bytes()).unwrap();
    assert_eq!(r.find_string("tag").unwrap().as_deref(), Some("t"));
    let read = BTreeMap::<String, String>::read(&mut r).unwrap();
    assert_eq!(read["a"], "x\ny");
    // The same where an attempt fails behind it.
    let mut r = JsonReader::new(json.as_bytes()).unwrap();
    let failed = r.attempt(|r| {
        BTreeMap::<String, String>::read(r)?;
        Err::<(), _>(dynamap::error::DecodeError::new("something else", "this"))
    });
    assert!(failed.is_err());
    assert_eq!(BTreeMap::<String, String>::read(&mut r).unwrap(), read);
}
