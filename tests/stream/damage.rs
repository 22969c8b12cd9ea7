//! Events with damaged bytes, against what `serde_json` makes of them.

use crate::event::{event, image, record};
use crate::model::{Anything, Known, Order, Refusing, Status, Strict, archived, customer, order};
use dynamap::entity::Key;
use dynamap::op::read::Queryable;
use dynamap::stream::{
    Change, ItemOf, KeysOnly, NewAndOldImages, NewImage, OldImage, StreamRecord, StreamView, json,
};
use dynamap::wire;
use serde_json::Value;

/// What a record comes to: its changes and how many are skipped, or nothing if it is an error.
type Outcome = Option<(Vec<Change<Order, NewAndOldImages>>, usize)>;

fn read(record: &StreamRecord<'_>) -> Outcome {
    let changes = record.changes::<Order, NewAndOldImages>().ok()?;
    let skipped = changes.skipped();
    Some((changes.map(|one| one.change).collect(), skipped))
}

/// The same by `serde_json`, and by the reader of items for each image alone.
fn expected(record: &Value) -> Outcome {
    let body = record.as_object()?.get("dynamodb")?.as_object()?;
    let number = body.get("SequenceNumber")?.as_str()?;
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if let Some("NEW_IMAGE" | "OLD_IMAGE" | "KEYS_ONLY") = body.get("StreamViewType").and_then(Value::as_str)
    {
        return None;
    }
    let image = |name: &str| match body.get(name) {
        None | Some(Value::Null) => Some(None),
        Some(Value::Object(_)) => Some(Some(body[name].to_string())),
        Some(_) => None,
    };
    let (keys, new, old) = (image("Keys")??, image("NewImage")?, image("OldImage")?);
    let attribute = |item: &Value, name: &str| wire::from_json(item.get(name)?.to_string().as_bytes()).ok();
    let keys: Value = serde_json::from_str(&keys).unwrap();
    let key = (attribute(&keys, "pk")?, attribute(&keys, "sk")?);
    let is_key =
        |value: &aws_sdk_dynamodb::types::AttributeValue| value.is_s() || value.is_n() || value.is_b();
    if !is_key(&key.0) || !is_key(&key.1) {
        return None;
    }
    let has_key =
        <Order as dynamap::Entity>::Key::from_attributes(Some(key.0.clone()), Some(key.1.clone())).is_ok();
    // `Some(None)` is an item of another entity.
    let side = |image: Option<String>| -> Option<Option<Order>> {
        let image = image?;
        let item: Value = serde_json::from_str(&image).unwrap();
        if (attribute(&item, "pk")?, attribute(&item, "sk")?) != key {
            return None;
        }
        let name = item
            .get("entity_type")
            .and_then(|value| wire::from_json::<String>(value.to_string().as_bytes()).ok());
        if name.map_or(!has_key, |name| name != "Order") {
            return Some(None);
        }
        let order = wire::item_from_json::<Order>(image.as_bytes()).ok()?;
        let own = dynamap::Entity::to_key(&order);
        let same = own.partition_key().ok()? == key.0 && own.sort_key().ok()? == Some(key.1.clone());
        same.then_some(Some(order))
    };
    let (changes, all) = match record.get("eventName")?.as_str()? {
        "INSERT" => (vec![side(new)?.map(|new| Change::Insert { new })], 1),
        "REMOVE" => (vec![side(old)?.map(|old| Change::Remove { old })], 1),
        "MODIFY" => match (side(old)?, side(new)?) {
            (Some(old), Some(new)) => (vec![Some(Change::Modify { old, new })], 1),
            (Some(old), None) => (vec![Some(Change::Remove { old })], 2),
            (None, Some(new)) => (vec![Some(Change::Insert { new })], 2),
            (None, None) => (vec![], 1),
        },
        _ => return None,
    };
    let changes: Vec<_> = changes.into_iter().flatten().collect();
    // The typed key is read as well.
    if !changes.is_empty() && !has_key {
        return None;
    }
    let skipped = all - changes.len();
    Some((changes, skipped))
}

/// How many events were errors, and how many had records that were and others that were not.
#[derive(Default)]
struct Seen {
    refused: usize,
    mixed: usize,
    whole: usize,
}

impl Seen {
    fn check(&mut self, bytes: &[u8]) {
        let shown = || String::from_utf8_lossy(bytes).into_owned();
        let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let records = match serde_json::from_slice::<Value>(text) {
            Ok(Value::Object(members)) => match members.get("Records") {
                Some(Value::Array(records)) => Some(records.clone()),
                _ => None,
            },
            Ok(_) => None,
            // A number that no double holds is JSON all the same.
            Err(error) if error.to_string().contains("number out of range") => return,
            Err(_) => None,
        };
        one_pass_agrees::<Order, NewAndOldImages>(bytes);
        let read_event = json::lambda_event(bytes);
        let Some(records) = records else {
            assert!(read_event.is_err(), "{}", shown());
            self.refused += 1;
            return;
        };
        let read_event = read_event.unwrap_or_else(|error| panic!("{error}: {}", shown()));
        assert_eq!(read_event.records().len(), records.len(), "{}", shown());
        let outcomes: Vec<_> = read_event.records().iter().map(read).collect();
        let oracle: Vec<_> = records.iter().map(expected).collect();
        assert_eq!(outcomes, oracle, "{}", shown());
        match outcomes.iter().filter(|outcome| outcome.is_some()).count() {
            all if all == outcomes.len() => self.whole += 1,
            0 => {}
            _ => self.mixed += 1,
        }
        for (at, record) in read_event.records().iter().enumerate().filter(|(at, _)| outcomes[*at].is_none())
        {
            let error = record.changes::<Order, NewAndOldImages>().unwrap_err();
            assert_eq!(error.index(), Some(at));
            let raw: Value = serde_json::from_slice(error.record().json_unredacted().unwrap()).unwrap();
            assert_eq!(raw, records[at]);
        }
    }
}

/// Changes that are read in one pass are those of each record.
fn one_pass_agrees<T, V>(bytes: &[u8])
where
    T: Queryable<Key: PartialEq>,
    V: StreamView<New<ItemOf<T>>: PartialEq, Old<ItemOf<T>>: PartialEq>,
{
    let shown = || String::from_utf8_lossy(bytes).into_owned();
    let (event, typed) = match (json::lambda_event(bytes), json::lambda_changes::<T, V>(bytes)) {
        (Ok(event), Ok(typed)) => (event, typed),
        (Err(one), Err(other)) => return assert_eq!(one, other, "{}", shown()),
        (one, other) => panic!("{:?} {:?}: {}", one.map(drop), other.map(drop), shown()),
    };
    assert_eq!(event.records().len(), typed.records().len());
    for (record, changes) in event.records().iter().zip(typed) {
        match (record.changes::<T, V>(), changes) {
            (Ok(one), Ok(other)) => {
                assert_eq!((one.len(), one.skipped()), (other.len(), other.skipped()), "{}", shown());
                for (one, other) in one.zip(other) {
                    assert!(one.change == other.change && one.key == other.key, "{}", shown());
                    assert_eq!(format!("{one:?}"), format!("{other:?}"));
                    assert_eq!(one.operation_id(), other.operation_id());
                }
            }
            (Err(one), Err(other)) => assert_eq!(format!("{one:?}"), format!("{other:?}")),
            (one, other) => panic!("{one:?} {other:?}: {}", shown()),
        }
    }
}

fn sample() -> Vec<u8> {
    let [open, shipped] = [Status::Open, Status::Shipped].map(|status| image(&order(status)));
    event(&[record(0, "MODIFY", Some(open.clone()), Some(shipped)), record(1, "INSERT", None, Some(open))])
}

const OTHER_BYTES: [u8; 14] = *b"\"\\{}[],:0x \n\x01\xff";

#[test]
fn each_damaged_byte_is_seen_for_what_it_is() {
    let (sample, mut seen) = (sample(), Seen::default());
    seen.check(&sample);
    for at in 0..sample.len() {
        // Each byte is put in each kind of place somewhere.
        for turn in 0..3 {
            let mut damaged = sample.clone();
            damaged[at] = OTHER_BYTES[(5 * turn + at) % OTHER_BYTES.len()];
            seen.check(&damaged);
        }
        for bit in [1, 0x20] {
            let mut damaged = sample.clone();
            damaged[at] ^= bit;
            seen.check(&damaged);
        }
        let mut without = sample.clone();
        without.remove(at);
        seen.check(&without);
        let mut twice = sample.clone();
        twice.insert(at, sample[at]);
        seen.check(&twice);
        seen.check(&sample[..at]);
    }
    assert!(seen.refused > 1_000 && seen.mixed > 1_000 && seen.whole > 1_000);
}

#[test]
fn each_damaged_value_is_seen_for_what_it_is() {
    let (sample, mut seen) = (serde_json::from_slice::<Value>(&sample()).unwrap(), Seen::default());
    let values = [
        "null",
        "7",
        "\"x\"",
        "[]",
        "{}",
        "true",
        "{\"S\":\"x\"}",
        "{\"N\":\"1\"}",
        "{\"N\":\"x\"}",
        "1.5e3",
    ];
    let mut pointers = Vec::new();
    all_pointers(&sample, String::new(), &mut pointers);
    for pointer in &pointers {
        for value in values {
            let mut damaged = sample.clone();
            *damaged.pointer_mut(pointer).unwrap() = serde_json::from_str(value).unwrap();
            let damaged = serde_json::to_vec(&damaged).unwrap();
            seen.check(&damaged);
            one_pass_agrees::<Order, NewImage>(&damaged);
            one_pass_agrees::<Order, OldImage>(&damaged);
            one_pass_agrees::<Strict, NewAndOldImages>(&damaged);
            one_pass_agrees::<Strict, KeysOnly>(&damaged);
            one_pass_agrees::<Known, NewAndOldImages>(&damaged);
            one_pass_agrees::<Refusing, NewImage>(&damaged);
            one_pass_agrees::<Anything, NewAndOldImages>(&damaged);
        }
        let Some((parent, name)) = pointer.rsplit_once('/') else { continue };
        let mut damaged = sample.clone();
        if let Some(Value::Object(members)) = damaged.pointer_mut(parent) {
            members.remove(name);
            seen.check(&serde_json::to_vec(&damaged).unwrap());
        }
    }
    assert!(seen.mixed > 100 && seen.whole > 100 && seen.refused > 5, "{} {}", seen.mixed, seen.whole);
}

/// A member may stand twice, of which the last counts, in a record as in its body.
#[test]
fn members_that_stand_twice_are_the_last() {
    let [open, shipped] = [Status::Open, Status::Shipped].map(|status| image(&order(status)));
    let records = [
        record(0, "MODIFY", Some(open.clone()), Some(shipped.clone())),
        record(1, "MODIFY", Some(image(&customer())), Some(image(&customer()))),
        record(2, "MODIFY", Some(open.clone()), Some(image(&archived()))),
    ];
    let text = String::from_utf8(event(&records)).unwrap();
    let mut seen = Seen::default();
    let names = [
        "eventID",
        "eventName",
        "dynamodb",
        "Keys",
        "NewImage",
        "OldImage",
        "SequenceNumber",
        "StreamViewType",
        "ApproximateCreationDateTime",
        "Records",
        "pk",
        "sk",
        "entity_type",
        "status",
    ];
    let values =
        ["null".into(), "7".into(), "\"REMOVE\"".into(), "{}".into(), open.to_string(), shipped.to_string()];
    for name in names {
        for (at, _) in text.match_indices(&format!("\"{name}\":")) {
            for value in &values {
                let before = format!("{}\"{name}\":{value},{}", &text[..at], &text[at..]);
                // A first one of another form is an error, which `serde_json` does not see.
                if value.starts_with('{') && ["Keys", "NewImage", "OldImage", "Records"].contains(&name) {
                    seen.check(before.as_bytes());
                }
                one_pass_agrees::<Strict, NewAndOldImages>(before.as_bytes());
                let end = at + name.len() + 3;
                let mut following = serde_json::Deserializer::from_str(&text[end..]).into_iter::<Value>();
                following.next().unwrap().unwrap();
                let end = end + following.byte_offset();
                let behind = format!("{},\"{name}\":{value}{}", &text[..end], &text[end..]);
                seen.check(behind.as_bytes());
                one_pass_agrees::<Strict, NewAndOldImages>(behind.as_bytes());
            }
        }
    }
    assert!(seen.whole > 50 && seen.mixed > 50, "{} {}", seen.whole, seen.mixed);
}

fn all_pointers(value: &Value, at: String, pointers: &mut Vec<String>) {
    pointers.push(at.clone());
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| all_pointers(value, format!("{at}/{name}"), pointers));
        }
        Value::Array(elements) => {
            elements
                .iter()
                .enumerate()
                .for_each(|(index, value)| all_pointers(value, format!("{at}/{index}"), pointers));
        }
        _ => {}
    }
}
