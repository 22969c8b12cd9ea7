//! Items and conditions. Values are few, so that conditions are true about as often as not.

use crate::model::{Inner, Item, Probe};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::entity::Key;
use dynamap::expr::{Condition, HasSize, Operand, Ordered, Path, kind};
use dynamap::value::{AttributeType, Bytes, DataType, Number, ToAttribute};
use fastrand::Rng;

const TEXTS: [&str; 9] = ["", "a", "ab", "b", "é", "aé", "\u{1F600}", "\u{FFFD}", "x.y"];

/// Equal ones with different texts, neighbours that only 38 digits tell apart, and both signs.
const NUMBERS: [&str; 12] = [
    "0",
    "1",
    "1.0",
    "1E1",
    "10",
    "-1",
    "-1.5",
    "2",
    "99999999999999999999999999999999999998",
    "99999999999999999999999999999999999999",
    "1E-130",
    "9.9E125",
];

const BLOBS: [&[u8]; 7] = [&[], &[0], &[0, 255], &[127], &[128], &[255], &[0, 255, 0]];

const TYPES: [DataType; 10] = [
    DataType::S,
    DataType::N,
    DataType::B,
    DataType::Bool,
    DataType::Null,
    DataType::M,
    DataType::L,
    DataType::Ss,
    DataType::Ns,
    DataType::Bs,
];

pub(crate) fn text(random: &mut Rng) -> String {
    random.choice(TEXTS).unwrap().to_owned()
}

fn number_text(random: &mut Rng) -> String {
    random.choice(NUMBERS).unwrap().to_owned()
}

pub(crate) fn number(random: &mut Rng) -> Number {
    number_text(random).parse().unwrap()
}

pub(crate) fn blob(random: &mut Rng) -> Bytes {
    Bytes(random.choice(BLOBS).unwrap().to_vec())
}

/// Some different ones, at least one, in any order.
pub(crate) fn some<T: PartialEq>(random: &mut Rng, make: fn(&mut Rng) -> T) -> Vec<T> {
    let mut members = vec![make(random)];
    for _ in 0..random.usize(0..3) {
        let member = make(random);
        if !members.contains(&member) {
            members.push(member);
        }
    }
    members
}

fn value(random: &mut Rng, data_type: DataType, depth: u32) -> AttributeValue {
    let any = |random: &mut Rng| any(random, depth - 1);
    match data_type {
        DataType::S => AttributeValue::S(text(random)),
        DataType::N => AttributeValue::N(number_text(random)),
        DataType::B => AttributeValue::B(Blob::new(blob(random).0)),
        DataType::Bool => AttributeValue::Bool(random.bool()),
        DataType::Null => AttributeValue::Null(true),
        DataType::Ss => AttributeValue::Ss(some(random, text)),
        DataType::Ns => AttributeValue::Ns(some(random, number).iter().map(ToString::to_string).collect()),
        DataType::Bs => {
            AttributeValue::Bs(some(random, blob).into_iter().map(|bytes| Blob::new(bytes.0)).collect())
        }
        DataType::L if depth == 0 => AttributeValue::L(Vec::new()),
        DataType::M if depth == 0 => AttributeValue::M(Item::new()),
        DataType::L => AttributeValue::L((0..random.usize(0..3)).map(|_| any(random)).collect()),
        DataType::M => AttributeValue::M(
            (0..random.usize(0..3)).map(|_| (key(random).to_owned(), any(random))).collect(),
        ),
    }
}

pub(crate) fn any(random: &mut Rng, depth: u32) -> AttributeValue {
    let data_type = random.choice(TYPES).unwrap();
    value(random, data_type, depth)
}

pub(crate) fn key(random: &mut Rng) -> &'static str {
    random.choice(["a", "x.y", "#n0", "number"]).unwrap()
}

fn inner(random: &mut Rng) -> AttributeValue {
    let mut inner = Item::new();
    put(random, &mut inner, "x.y", DataType::S);
    put(random, &mut inner, "number", DataType::N);
    AttributeValue::M(inner)
}

/// Mostly a value of that type, sometimes none or another.
fn put(random: &mut Rng, item: &mut Item, name: &str, data_type: DataType) {
    match random.u8(0..10) {
        0 | 1 => None,
        2 => item.insert(name.to_owned(), any(random, 2)),
        _ => item.insert(name.to_owned(), value(random, data_type, 2)),
    };
}

pub(crate) fn item(random: &mut Rng, partition: u32, number: usize) -> Item {
    let key = Probe::key(partition, number as u32);
    let mut item = Item::from([("pk".to_owned(), key.partition_key().unwrap())]);
    item.extend(key.sort_key().unwrap().map(|key| ("sk".to_owned(), key)));
    for (name, data_type) in [
        (Probe::TEXT.name(), DataType::S),
        (Probe::OTHER_TEXT.name(), DataType::S),
        (Probe::NUMBER.name(), DataType::N),
        (Probe::OTHER_NUMBER.name(), DataType::N),
        (Probe::BYTES.name(), DataType::B),
        (Probe::FLAG.name(), DataType::Bool),
        (Probe::WORDS.name(), DataType::Ss),
        (Probe::NUMBERS.name(), DataType::Ns),
        (Probe::BLOBS.name(), DataType::Bs),
        (Probe::LIST.name(), DataType::L),
        (Probe::MAP.name(), DataType::M),
        (Probe::ANY.name(), random.choice(TYPES).unwrap()),
    ] {
        put(random, &mut item, name, data_type);
    }
    if random.bool() {
        item.insert(Probe::INNER.name().to_owned(), inner(random));
    }
    if random.bool() {
        let inners = (0..random.usize(0..3)).map(|_| inner(random)).collect();
        item.insert(Probe::INNERS.name().to_owned(), AttributeValue::L(inners));
    }
    item
}

/// A condition of at most `depth` levels above its operators.
pub(crate) fn condition(random: &mut Rng, depth: u32) -> Condition<Probe> {
    if depth == 0 || random.u8(0..3) == 0 {
        return operator(random);
    }
    let count = random.usize(1..4);
    let mut inside = |count: usize| -> Vec<Condition<Probe>> {
        (0..count).map(|_| condition(random, depth - 1)).collect()
    };
    match count {
        1 => !inside(1).remove(0),
        2 => Condition::all(inside(count)),
        _ => Condition::any(inside(count)),
    }
}

fn operator(random: &mut Rng) -> Condition<Probe> {
    match random.u8(0..16) {
        0 => ordered(random, Probe::TEXT.into(), Probe::OTHER_TEXT.into(), text),
        1 => ordered(random, Probe::NUMBER.into(), Probe::OTHER_NUMBER.into(), number),
        2 => ordered(random, Probe::BYTES.into(), Probe::ANY.into(), blob),
        3 => {
            let path = Probe::INNER.field(Inner::NUMBER);
            ordered(random, path, Probe::INNERS.index(0).field(Inner::NUMBER), number)
        }
        4 => texts(random, Probe::TEXT.into()),
        5 => {
            let path = Probe::INNERS.index(random.u32(0..2)).field(Inner::TEXT);
            texts(random, path)
        }
        6 => {
            let other = Probe::WORDS.contains(text(random));
            equality(random, Probe::WORDS.into(), |random| some(random, text).into_iter().collect()) | other
        }
        7 => {
            let other = Probe::NUMBERS.contains(number(random));
            equality(random, Probe::NUMBERS.into(), |random| some(random, number).into_iter().collect())
                & other
        }
        8 => {
            let other = Probe::BLOBS.contains(blob(random));
            equality(random, Probe::BLOBS.into(), |random| some(random, blob).into_iter().collect()) | other
        }
        9 => Probe::LIST.contains(any(random, 1)),
        10 => {
            let path = Probe::LIST.index(random.u32(0..3));
            equality(random, path, |random| any(random, 1))
        }
        11 => {
            let path = Probe::MAP.key(key(random));
            equality(random, path, |random| any(random, 1))
        }
        12 => equality(random, Probe::ANY.into(), |random| any(random, 2)),
        13 => equality(random, Probe::FLAG.into(), Rng::bool),
        14 => Probe::ANY.size().between(random.usize(0..2), random.usize(2..4)),
        _ => presence(random, Probe::ANY.into()),
    }
}

fn texts<T: AttributeType, R>(random: &mut Rng, path: Path<Probe, T, R>) -> Condition<Probe>
where
    T::DataType: dynamap::expr::HasBeginning<Beginning = String>
        + dynamap::expr::Container<T, Element = String>
        + HasSize,
{
    match random.u8(0..4) {
        0 => path.begins_with(text(random)),
        1 => path.contains(text(random)),
        2 => path.begins_with(Probe::OTHER_TEXT),
        _ => sized(random, path),
    }
}

fn sized<T: AttributeType<DataType: HasSize>, R>(
    random: &mut Rng,
    path: Path<Probe, T, R>,
) -> Condition<Probe> {
    let size = path.size();
    match random.u8(0..6) {
        0 => size.eq(random.usize(0..4)),
        1 => size.ne(random.usize(0..4)),
        2 => size.gt(random.usize(0..4)),
        3 => size.is_in([1, 2]),
        4 => size.le(Probe::NUMBER),
        _ => Probe::NUMBER.lt(size),
    }
}

fn ordered<T, U>(
    random: &mut Rng,
    path: Path<Probe, T>,
    other: Path<Probe, U>,
    make: fn(&mut Rng) -> T,
) -> Condition<Probe>
where
    T: AttributeType<DataType: Ordered> + ToAttribute + PartialOrd,
    Path<Probe, U>: Operand<Probe, T, Kind = kind::Stored>,
{
    let operand = make(random);
    match random.u8(0..8) {
        0 => path.lt(operand),
        1 => path.le(operand),
        2 => path.gt(operand),
        3 => path.ge(operand),
        4 => {
            let another = make(random);
            let (lower, upper) = if operand < another { (operand, another) } else { (another, operand) };
            path.between(lower, upper)
        }
        5 => path.is_in([operand, make(random)]),
        6 => match random.u8(0..4) {
            0 => path.lt(other),
            1 => path.ge(other),
            2 => path.eq(other),
            _ => path.ne(other),
        },
        _ => equality(random, path, make),
    }
}

fn equality<T, R>(
    random: &mut Rng,
    path: Path<Probe, T, R>,
    make: impl FnOnce(&mut Rng) -> T,
) -> Condition<Probe>
where
    T: AttributeType + ToAttribute,
{
    match random.u8(0..4) {
        0 => path.eq(make(random)),
        1 => path.ne(make(random)),
        2 => path.is_in([make(random)]),
        _ => presence(random, path),
    }
}

fn presence<T, R>(random: &mut Rng, path: Path<Probe, T, R>) -> Condition<Probe> {
    match random.u8(0..3) {
        0 => path.exists(),
        1 => path.not_exists(),
        _ => path.is_type(random.choice(TYPES).unwrap()),
    }
}
