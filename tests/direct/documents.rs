//! Documents of every form that DynamoDB may answer with, by both ways.

use crate::answer::client;
use aws_sdk_dynamodb::{operation::query::QueryOutput, types::AttributeValue};
use dynamap::{direct, entity::Item, wire};
use fastrand::Rng;
use std::collections::HashMap;

/// The items of a Query by direct mapping, and the rest of its output.
async fn directly(document: &str) -> dynamap::Result<(Vec<Item>, QueryOutput)> {
    direct::query::<Item>(client(document).query().table_name("t")).await
}

/// The items of a Query that the SDK reads, as dynamap takes them.
async fn by_the_sdk(document: &str) -> Option<(Vec<Item>, QueryOutput)> {
    let mut output = client(document).query().table_name("t").send().await.ok()?;
    let items = output.items.take().unwrap_or_default().into_iter();
    let items = items.map(|item| wire::item_from_attribute_values::<Item>(item).ok());
    Some((items.collect::<Option<_>>()?, output))
}

async fn assert_same(document: &str) {
    let (directly, by_the_sdk) = (directly(document).await.ok(), by_the_sdk(document).await);
    match (directly, by_the_sdk) {
        (Some((items, output)), Some((sdk_items, sdk_output))) => {
            assert_eq!(items, sdk_items, "{document}");
            assert_eq!(output.items, None);
            assert_eq!(output.count, sdk_output.count, "{document}");
            assert_eq!(output.last_evaluated_key, sdk_output.last_evaluated_key, "{document}");
            assert_eq!(output.consumed_capacity, sdk_output.consumed_capacity, "{document}");
        }
        (None, None) => {}
        (directly, by_the_sdk) => {
            panic!("directly {:?}, by the SDK {:?}: {document}", directly.is_some(), by_the_sdk.is_some())
        }
    }
}

#[tokio::test]
async fn documents_that_people_think_of() {
    let nested = |levels: usize| {
        format!(
            r#"{{"Items":[{{"a":{}{{"S":"x"}}{}}}],"Count":1}}"#,
            r#"{"L":["#.repeat(levels),
            "]}".repeat(levels)
        )
    };
    let deep: Vec<String> = [1, 30, 31, 32, 33, 40].into_iter().map(nested).collect();
    let documents = [
        r#"{"Items":[],"Count":0}"#,
        r#"{"Count":2,"Items":[{},{"a":{"S":""}}],"ScannedCount":2}"#,
        r#"{"Items":[{"a":{"S":"1"}}],"Items":[{"a":{"S":"2"}}],"Count":1}"#,
        r#"{"Items":[{"a":{"S":"1"},"a":{"S":"2"}}],"Count":1}"#,
        r#"{"LastEvaluatedKey":{"pk":{"S":"}]\""}},"Items":[{"a":{"S":"x"}}],"Count":1}"#,
        " {\n \"Items\" :\t[ { \"a\" : { \"S\" : \"x\" } } ,{\"b\":{\"N\":\"1\"}}\r\n] , \"Count\":1 } \n",
        r#"{"Items":[{"a":{"S":"\u00fc\ud83d\ude00\n\t\"\\\/\b\f\r"}}],"Count":1}"#,
        r#"{"Items":[{"\u0061\ud83d\ude00":{"S":"escaped name"}}],"Count":1}"#,
        r#"{"Items":[{"n":{"N":"99999999999999999999999999999999999999"},"m":{"N":"-1E-130"}}],"Count":1}"#,
        r#"{"Items":[{"b":{"B":""},"c":{"B":"AAEC/w=="},"bs":{"BS":["AA==","/w=="]}}],"Count":1}"#,
        r#"{"Items":[{"e":{"M":{}},"l":{"L":[]},"s":{"SS":["x",""]},"n":{"NS":["1","2.5"]}}],"Count":1}"#,
        r#"{"Items":[{"x":{"NULL":true},"y":{"BOOL":false}}],"Count":1}"#,
        r#"{"SomethingNew":{"Items":[1,2,{"a":null}]},"Items":[{"a":{"S":"x"}}],"Count":1}"#,
        r#"{"ConsumedCapacity":{"TableName":"t","CapacityUnits":0.5},"Items":[{"a":{"S":"x"}}],"Count":1}"#,
    ];
    for document in documents.iter().copied().chain(deep.iter().map(String::as_str)) {
        assert_same(document).await;
    }
    // DynamoDB sends both members always. The SDK takes what lacks them for an empty page.
    for document in ["{}", r#"{"Items":[]}"#, r#"{"Count":0}"#, r#"{"Items":null,"Count":0}"#] {
        assert!(directly(document).await.is_err() && by_the_sdk(document).await.is_some(), "{document}");
    }
    // What is past the limit is refused, and not only by both.
    assert!(directly(&nested(31)).await.is_ok());
    assert!(directly(&nested(32)).await.is_err());
}

#[tokio::test]
async fn documents_that_nobody_thinks_of() {
    let seed = std::env::var("DYNAMAP_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    println!("DYNAMAP_SEED={seed}");
    let mut random = Rng::with_seed(seed);
    for _ in 0..1_000 {
        let mut items = Vec::new();
        let mut text = String::new();
        for _ in 0..random.usize(..4) {
            let item: HashMap<String, AttributeValue> =
                (0..random.usize(..6)).map(|_| (string(&mut random), value(&mut random, 3))).collect();
            if !text.is_empty() {
                text.push(',');
            }
            print_members(&item, &mut random, &mut text);
            items.push(item);
        }
        let document = match random.bool() {
            true => format!(r#"{{"Items":[{text}],"Count":{}}}"#, items.len()),
            false => format!(r#"{{"Count":{},"Items": [{text}] }}"#, items.len()),
        };
        assert_eq!(directly(&document).await.unwrap().0, items, "{document}");
        assert_same(&document).await;
    }
}

fn string(random: &mut Rng) -> String {
    let characters =
        ['a', 'S', '"', '\\', '/', '\n', '\u{1}', 'ü', '\u{1f600}', '\u{2028}', '{', '}', ',', ':'];
    (0..random.usize(..12)).map(|_| characters[random.usize(..characters.len())]).collect()
}

fn number(random: &mut Rng) -> String {
    let digits = random.usize(1..=38);
    let digits: String = (0..digits).map(|_| random.digit(10)).collect();
    let digits = digits.trim_start_matches('0');
    match (digits.is_empty(), random.bool()) {
        (true, _) => "0".to_owned(),
        (false, true) => format!("-{digits}"),
        (false, false) => digits.to_owned(),
    }
}

fn value(random: &mut Rng, depth: usize) -> AttributeValue {
    let bytes = |random: &mut Rng| (0..random.usize(..9)).map(|_| random.u8(..)).collect::<Vec<_>>().into();
    match random.u8(..if depth == 0 { 8 } else { 10 }) {
        0 => AttributeValue::S(string(random)),
        1 => AttributeValue::N(number(random)),
        2 => AttributeValue::B(bytes(random)),
        3 => AttributeValue::Bool(random.bool()),
        4 => AttributeValue::Null(true),
        5 => AttributeValue::Ss(vec![string(random), string(random) + "x"]),
        6 => AttributeValue::Ns(vec![number(random)]),
        7 => AttributeValue::Bs(vec![bytes(random)]),
        8 => AttributeValue::L((0..random.usize(..4)).map(|_| value(random, depth - 1)).collect()),
        _ => {
            let members = (0..random.usize(..4)).map(|_| (string(random), value(random, depth - 1)));
            AttributeValue::M(members.collect())
        }
    }
}

/// JSON as it may be written: with white space, with any character escaped, and with members that come twice.
fn print_members(members: &HashMap<String, AttributeValue>, random: &mut Rng, out: &mut String) {
    let mut names: Vec<&String> = members.keys().collect();
    random.shuffle(&mut names);
    out.push('{');
    for (at, name) in names.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        if random.u8(..8) == 0 {
            print_string(name, random, out);
            out.push_str(r#":{"S":"comes again"},"#);
        }
        space(random, out);
        print_string(name, random, out);
        space(random, out);
        out.push(':');
        print_value(&members[name], random, out);
    }
    out.push('}');
}

fn space(random: &mut Rng, out: &mut String) {
    if random.u8(..4) == 0 {
        out.push_str(["  ", "\n", "\t \r\n"][random.usize(..3)]);
    }
}

fn print_string(text: &str, random: &mut Rng, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        if character < ' ' || matches!(character, '"' | '\\') || random.u8(..8) == 0 {
            for unit in character.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(character);
        }
    }
    out.push('"');
}

fn print_list<T>(
    elements: &[T],
    random: &mut Rng,
    out: &mut String,
    print: impl Fn(&T, &mut Rng, &mut String),
) {
    out.push('[');
    for (at, element) in elements.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        space(random, out);
        print(element, random, out);
    }
    out.push(']');
}

fn print_value(value: &AttributeValue, random: &mut Rng, out: &mut String) {
    let text = |text: &String, random: &mut Rng, out: &mut String| print_string(text, random, out);
    // The SDK does not read base64 with escapes, which nobody writes.
    let bytes = |bytes: &aws_sdk_dynamodb::primitives::Blob, _: &mut Rng, out: &mut String| {
        out.push_str(&format!("\"{}\"", aws_smithy_types::base64::encode(bytes)));
    };
    space(random, out);
    out.push('{');
    space(random, out);
    let descriptor = match value {
        AttributeValue::S(_) => "S",
        AttributeValue::N(_) => "N",
        AttributeValue::B(_) => "B",
        AttributeValue::Bool(_) => "BOOL",
        AttributeValue::Null(_) => "NULL",
        AttributeValue::M(_) => "M",
        AttributeValue::L(_) => "L",
        AttributeValue::Ss(_) => "SS",
        AttributeValue::Ns(_) => "NS",
        _ => "BS",
    };
    out.push_str(&format!("\"{descriptor}\""));
    space(random, out);
    out.push(':');
    space(random, out);
    match value {
        AttributeValue::S(value) | AttributeValue::N(value) => print_string(value, random, out),
        AttributeValue::B(value) => bytes(value, random, out),
        AttributeValue::Bool(value) | AttributeValue::Null(value) => out.push_str(&value.to_string()),
        AttributeValue::M(members) => print_members(members, random, out),
        AttributeValue::L(elements) => print_list(elements, random, out, print_value),
        AttributeValue::Ss(members) | AttributeValue::Ns(members) => print_list(members, random, out, text),
        AttributeValue::Bs(members) => print_list(members, random, out, bytes),
        other => panic!("{other:?}"),
    }
    space(random, out);
    out.push('}');
}
