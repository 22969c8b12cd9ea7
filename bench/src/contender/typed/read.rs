//! Attribute values as serde reads them, such as `{"S":"text"}`: functions for `deserialize_with`.

use dynamap::value::Bytes;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, SeqAccess, Visitor},
};
use std::{collections::HashSet, fmt, hash::Hash, marker::PhantomData, str::FromStr};

macro_rules! attribute_values {
    ($($name:ident $descriptor:literal;)*) => { $(
        #[derive(Deserialize)]
        pub(super) struct $name<T> {
            #[serde(rename = $descriptor)]
            pub(super) value: T,
        }
    )* };
}

attribute_values! {
    S "S";
    Bool "BOOL";
    L "L";
    M "M";
    Ss "SS";
}

#[derive(Deserialize)]
#[serde(bound = "T: FromStr")]
struct N<T> {
    #[serde(rename = "N", deserialize_with = "parsed")]
    value: T,
}

#[derive(Deserialize)]
#[serde(bound = "T: FromStr + Hash + Eq")]
struct Ns<T> {
    #[serde(rename = "NS", deserialize_with = "parsed_set")]
    value: HashSet<T>,
}

#[derive(Deserialize)]
struct B {
    #[serde(rename = "B", deserialize_with = "from_base64")]
    value: Bytes,
}

/// `{"S":".."}`
pub(super) fn s<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    S::deserialize(deserializer).map(|attribute| attribute.value)
}

/// `{"S":".."}` of an attribute that may be absent.
pub(super) fn some_s<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    s(deserializer).map(Some)
}

/// `{"N":"1"}`
pub(super) fn n<'de, T: FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    N::deserialize(deserializer).map(|attribute| attribute.value)
}

/// `{"BOOL":true}`
pub(super) fn boolean<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Bool::deserialize(deserializer).map(|attribute| attribute.value)
}

/// `{"B":".."}`
pub(super) fn b<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    B::deserialize(deserializer).map(|attribute| attribute.value)
}

/// `{"SS":[".."]}`
pub(super) fn ss<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HashSet<String>, D::Error> {
    Ss::deserialize(deserializer).map(|attribute| attribute.value)
}

/// `{"NS":["1"]}`
pub(super) fn ns<'de, T: FromStr + Hash + Eq, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<HashSet<T>, D::Error> {
    Ns::deserialize(deserializer).map(|attribute| attribute.value)
}

/// `{"L":[{"S":".."}]}`
pub(super) fn list_of_s<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let list = L::<Vec<S<String>>>::deserialize(deserializer)?;
    Ok(list.value.into_iter().map(|element| element.value).collect())
}

/// `{"M":{..}}`, where `W` is read in place of `T`.
pub(super) fn m<'de, W: Deserialize<'de> + Into<T>, T, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    M::<W>::deserialize(deserializer).map(|attribute| attribute.value.into())
}

/// `{"L":[{"M":{..}}]}`, where `W` is read in place of `T`.
pub(super) fn list_of_m<'de, W: Deserialize<'de> + Into<T>, T, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let list = L::<Vec<M<W>>>::deserialize(deserializer)?;
    Ok(list.value.into_iter().map(|element| element.value.into()).collect())
}

fn parsed<'de, T: FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    Parsed(PhantomData).deserialize(deserializer)
}

/// The text of a number, parsed where it stands.
struct Parsed<T>(PhantomData<T>);

impl<'de, T: FromStr> DeserializeSeed<'de> for Parsed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T: FromStr> Visitor<'_> for Parsed<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text of a number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(|_| E::custom("not this kind of number"))
    }
}

fn parsed_set<'de, T: FromStr + Hash + Eq, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<HashSet<T>, D::Error> {
    deserializer.deserialize_seq(ParsedSet(PhantomData))
}

struct ParsedSet<T>(PhantomData<T>);

impl<'de, T: FromStr + Hash + Eq> Visitor<'de> for ParsedSet<T> {
    type Value = HashSet<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a set of numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<HashSet<T>, A::Error> {
        let mut set = HashSet::new();
        while let Some(member) = members.next_element_seed(Parsed(PhantomData))? {
            set.insert(member);
        }
        Ok(set)
    }
}

fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    deserializer.deserialize_str(Base64)
}

struct Base64;

impl Visitor<'_> for Base64 {
    type Value = Bytes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("base64")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Bytes, E> {
        base64_simd::STANDARD.decode_to_vec(text).map(Bytes::from).map_err(E::custom)
    }
}
