use super::{ReadTyped, read};
use crate::model::{MapObject, Mixed};
use serde::Deserialize;
use std::collections::HashSet;

#[derive(Deserialize)]
#[serde(remote = "MapObject")]
struct ObjectFields {
    #[serde(deserialize_with = "read::s")]
    p1: String,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Object(#[serde(with = "ObjectFields")] MapObject);

impl From<Object> for MapObject {
    fn from(object: Object) -> Self {
        object.0
    }
}

#[derive(Deserialize)]
#[serde(remote = "Mixed")]
struct MixedFields {
    #[serde(deserialize_with = "read::s")]
    pk: String,
    #[serde(deserialize_with = "read::s")]
    sk: String,
    #[serde(deserialize_with = "read::m::<Object, _, _>")]
    m: MapObject,
    #[serde(deserialize_with = "read::list_of_m::<Object, _, _>")]
    l1: Vec<MapObject>,
    #[serde(deserialize_with = "read::list_of_m::<Object, _, _>")]
    l2: Vec<MapObject>,
    #[serde(deserialize_with = "read::list_of_m::<Object, _, _>")]
    l3: Vec<MapObject>,
    #[serde(deserialize_with = "read::ss")]
    ss: HashSet<String>,
    #[serde(deserialize_with = "read::ns")]
    ns: HashSet<i32>,
    #[serde(deserialize_with = "read::s")]
    s: String,
    #[serde(deserialize_with = "read::n")]
    n: i32,
    #[serde(deserialize_with = "read::boolean")]
    b: bool,
}

#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct MixedWire(#[serde(with = "MixedFields")] Mixed);

impl From<MixedWire> for Mixed {
    fn from(wire: MixedWire) -> Self {
        wire.0
    }
}

impl ReadTyped for Mixed {
    type Wire = MixedWire;
}
