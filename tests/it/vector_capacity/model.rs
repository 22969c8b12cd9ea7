//! Items with up to five vectors, of 1 to 1,024 dimensions.

use crate::MAPPING;
use dynamap::{
    Entity, Index, Table, TableSchema, VectorIndex,
    capacity::Meter,
    value::{Vector, Version},
};
use dynamap_local::Local;
use fastrand::Rng;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByGroup))]
#[dynamap(vector_indexes(ByOne, ByThree, ByMany, ByMost, ByMostInGroup))]
pub(crate) struct Space;

#[derive(Index)]
#[dynamap(table = Space, name = "gsi1", partition_key = "group", sort_key = "sk")]
pub(crate) struct ByGroup;

#[derive(VectorIndex)]
#[dynamap(table = Space, name = "by-one", vector = "one", dimensions = 1, distance = euclidean)]
#[dynamap(projection = keys_only)]
pub(crate) struct ByOne;

#[derive(VectorIndex)]
#[dynamap(table = Space, name = "by-three", vector = "three", dimensions = 3, distance = dot_product)]
#[dynamap(partition_key = "group", projection = include("text", "three"))]
pub(crate) struct ByThree;

#[derive(VectorIndex)]
#[dynamap(table = Space, name = "by-many", vector = "many", dimensions = 257, distance = cosine)]
#[dynamap(inline_filters(number("weight")), projection = include("text"))]
pub(crate) struct ByMany;

#[derive(VectorIndex)]
#[dynamap(table = Space, name = "by-most", vector = "most", dimensions = 1024, distance = euclidean)]
pub(crate) struct ByMost;

/// A second index of the same vector, which counts once in the table.
#[derive(VectorIndex)]
#[dynamap(table = Space, name = "by-most-in-group", vector = "most", dimensions = 1024, distance = cosine)]
#[dynamap(partition_key = "group", projection = keys_only)]
pub(crate) struct ByMostInGroup;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Space, pk = "ROOM#{room}", sk = "POINT#{number}")]
#[dynamap(index = ByGroup, pk = group, sk = "POINT#{number}")]
#[dynamap(vector_index = ByOne, vector = one)]
#[dynamap(vector_index = ByThree, vector = three, pk = group)]
#[dynamap(vector_index = ByMany, vector = many, inline_filters(weight))]
#[dynamap(vector_index = ByMost, vector = most)]
#[dynamap(vector_index = ByMostInGroup, vector = most, pk = group)]
pub(crate) struct Point {
    pub(crate) room: u32,
    pub(crate) number: u32,
    pub(crate) group: Option<String>,
    pub(crate) text: String,
    pub(crate) weight: Option<i64>,
    pub(crate) one: Option<Vector<1>>,
    pub(crate) three: Option<Vector<3>>,
    pub(crate) many: Option<Box<Vector<257>>>,
    pub(crate) most: Option<Box<Vector<1024>>>,
    /// A list of numbers that no index reads.
    pub(crate) plain: Vec<f32>,
}

/// Has a version.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Space, pk = "SAVED#{number}", sk = "SAVED")]
#[dynamap(vector_index = ByMany, vector = many)]
pub(crate) struct Saved {
    pub(crate) number: u32,
    pub(crate) many: Vector<257>,
    #[dynamap(version)]
    pub(crate) version: Version,
}

/// A table with a meter that has counted nothing yet.
pub(crate) async fn space() -> (Table<Space>, Meter) {
    let space = Table::<Space>::new(Local::memory().unwrap().client(), "space").with_mapping(MAPPING);
    space.create_table_if_absent().send().await.unwrap();
    let meter = Meter::new();
    (space.with_meter(&meter), meter)
}

/// A vector whose numbers have no digits, one, a few or many.
pub(crate) fn vector<const N: usize>(random: &mut Rng) -> Vector<N> {
    let digits = random.u8(..5);
    let number = |random: &mut Rng| match digits {
        0 => 0.0,
        1 => f32::from(random.i8(-9..=9)),
        2 => random.f32() - 0.5,
        3 => f32::from_bits(random.u32(1..0x7f7f_ffff)),
        _ => -1234.5,
    };
    let numbers: Vec<f32> = (0..N).map(|_| number(random)).collect();
    Vector::new(numbers).unwrap()
}

/// A point whose vectors and other attributes are there or not.
pub(crate) fn point(random: &mut Rng, room: u32, number: u32) -> Point {
    let text = random.choice([0, 10, 900, 3_000]).unwrap_or_default();
    Point {
        room,
        number,
        group: random.bool().then(|| "g".repeat(random.usize(1..40))),
        text: "x".repeat(random.usize(..=text)),
        weight: random.bool().then(|| random.i64(..)),
        one: random.bool().then(|| vector(random)),
        three: random.bool().then(|| vector(random)),
        many: random.bool().then(|| Box::new(vector(random))),
        most: (random.u8(..4) == 0).then(|| Box::new(vector(random))),
        plain: vector::<3>(random)[..random.usize(..3)].to_vec(),
    }
}
