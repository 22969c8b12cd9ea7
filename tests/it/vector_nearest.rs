//! Searches of 10,000 vectors, compared with the exact nearest neighbours, by all distance functions.
//!
//! The embedded engine is exact. An index of AWS is approximate: against it nothing here could be asserted.

use crate::MAPPING;
use dynamap::{
    Entity, Table, TableSchema, VectorIndex,
    op::{Nearest, read::Sending},
    schema::{DistanceFunction, distance::Distance},
    value::Vector,
};
use dynamap_local::Local;
use fastrand::Rng;
use std::collections::BTreeSet;

const DIMENSIONS: usize = 6;
const ITEMS: u32 = 10_000;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", vector_indexes(ByAngle, ByLength, ByProduct))]
struct Space;

#[derive(VectorIndex)]
#[dynamap(table = Space, name = "by-angle", vector = "v", dimensions = 6, distance = cosine)]
#[dynamap(partition_key = "group", inline_filters("color", number("year")))]
struct ByAngle;

#[derive(VectorIndex)]
#[dynamap(table = Space, name = "by-length", vector = "v", dimensions = 6, distance = euclidean)]
#[dynamap(partition_key = "group", inline_filters("color", number("year")))]
struct ByLength;

#[derive(VectorIndex)]
#[dynamap(table = Space, name = "by-product", vector = "v", dimensions = 6, distance = dot_product)]
#[dynamap(partition_key = "group", inline_filters("color", number("year")))]
struct ByProduct;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Space, pk = "POINT#{id}")]
#[dynamap(vector_index = ByAngle, vector = v, pk = "GROUP#{group_of}", inline_filters(color, year))]
#[dynamap(vector_index = ByLength, vector = v, pk = "GROUP#{group_of}", inline_filters(color, year))]
#[dynamap(vector_index = ByProduct, vector = v, pk = "GROUP#{group_of}", inline_filters(color, year))]
struct Point {
    id: u32,
    group_of: Option<u8>,
    color: Option<String>,
    year: u16,
    v: Option<Vector<DIMENSIONS>>,
}

const COLORS: [&str; 3] = ["red", "green", "blue"];

/// Some values are equal, so that some scores are; some vectors have no length, or no direction that `f32`s could square.
fn random_vector(random: &mut Rng) -> Vector<DIMENSIONS> {
    let scale = match random.u8(..20) {
        0 => 0.0,
        1 => 1e-23,
        2 => 1e20,
        _ => 1.0,
    };
    let whole = random.bool();
    let value = |random: &mut Rng| match whole {
        true => f32::from(random.i8(-2..=2)),
        false => random.f32() * 2.0 - 1.0,
    };
    Vector::new([0; DIMENSIONS].map(|_| value(random) * scale)).unwrap()
}

fn random_point(id: u32, random: &mut Rng) -> Point {
    let some = |random: &mut Rng| random.u8(..10) > 0;
    Point {
        id,
        group_of: some(random).then(|| random.u8(..4)),
        color: some(random).then(|| COLORS[random.usize(..3)].to_owned()),
        year: random.u16(2020..2024),
        v: some(random).then(|| random_vector(random)),
    }
}

fn length(of: &[f32]) -> f64 {
    of.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt()
}

/// By how much a score of these vectors may be wrong: rounding errors are relative to the numbers that are added.
fn tolerance(function: DistanceFunction, a: &[f32], b: &[f32]) -> f64 {
    let scale = match function {
        DistanceFunction::Cosine => 1.0,
        DistanceFunction::DotProduct => length(a) * length(b),
        DistanceFunction::Euclidean => length(a) + length(b),
    };
    1e-9 * scale
}

/// By another hand than the engine's: the score as its documentation defines it.
fn score(function: DistanceFunction, a: &[f32], b: &[f32]) -> f64 {
    let pairs = || a.iter().zip(b).map(|(a, b)| (f64::from(*a), f64::from(*b)));
    let dot: f64 = pairs().map(|(a, b)| a * b).sum();
    let score = match function {
        DistanceFunction::DotProduct => dot,
        DistanceFunction::Euclidean => pairs().map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt(),
        // DynamoDB: a vector without a direction is as far as one at a right angle.
        DistanceFunction::Cosine if length(a) == 0.0 || length(b) == 0.0 => 1.0,
        DistanceFunction::Cosine => 1.0 - dot / (length(a) * length(b)),
    };
    // DynamoDB: a score beyond an `f32` is the last one of its range.
    score.clamp(f32::MIN.into(), f32::MAX.into())
}

/// What a search asks for.
#[derive(Debug)]
struct Wanted {
    group: u8,
    color: Option<&'static str>,
    year: Option<u16>,
    vector: Vector<DIMENSIONS>,
    top_k: usize,
}

impl Wanted {
    fn random(random: &mut Rng) -> Self {
        Self {
            group: random.u8(..5),
            color: random.bool().then(|| COLORS[random.usize(..3)]),
            year: random.bool().then(|| random.u16(2020..2025)),
            vector: random_vector(random),
            top_k: random.usize(1..=100),
        }
    }

    fn takes(&self, point: &Point) -> bool {
        point.group_of == Some(self.group)
            && self.color.is_none_or(|color| point.color.as_deref() == Some(color))
            && self.year.is_none_or(|year| point.year == year)
            && point.v.is_some()
    }

    /// Compares what was found with the points that are nearest.
    async fn check<D: Distance>(&self, points: &[Point], search: Sending<Nearest<Point, D>>) {
        let found = search.await.unwrap();
        // The score, and how exact it is.
        let score_of = |point: &Point| {
            let (wanted, stored) = (&self.vector[..], &point.v.as_ref().unwrap()[..]);
            (score(D::FUNCTION, wanted, stored), tolerance(D::FUNCTION, wanted, stored))
        };
        let mut scores: Vec<_> = points.iter().filter(|point| self.takes(point)).map(score_of).collect();
        scores.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        if D::FUNCTION.is_more_nearer() {
            scores.reverse();
        }
        scores.truncate(self.top_k);
        let shown = || format!("{:?}, {self:?}", D::FUNCTION);
        assert_eq!(found.hits.len(), scores.len(), "{}", shown());
        let ids: BTreeSet<u32> = found.hits.iter().map(|hit| hit.item.id).collect();
        assert_eq!(ids.len(), scores.len(), "one of them twice: {}", shown());
        assert!(found.hits.is_sorted_by(|a, b| !b.score.is_nearer_than(a.score)), "{}", shown());
        for (hit, (exact, tolerance)) in found.hits.iter().zip(scores) {
            // As it was stored, and as near as the one in its place: of equal scores any may come.
            assert_eq!(hit.item, points[hit.item.id as usize]);
            assert!(self.takes(&hit.item), "{}", shown());
            let (own, own_tolerance) = score_of(&hit.item);
            let tolerance = tolerance.max(own_tolerance);
            for score in [hit.score.value(), own] {
                assert!((score - exact).abs() <= tolerance, "{score} instead of {exact}: {}", shown());
            }
        }
    }
}

#[tokio::test]
async fn what_is_found_is_what_is_nearest() {
    let seed = std::env::var("DYNAMAP_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    println!("DYNAMAP_SEED={seed}");
    let mut random = Rng::with_seed(seed);
    let space = Table::<Space>::new(Local::memory().unwrap().client(), "space").with_mapping(MAPPING);
    space.create_table_if_absent().send().await.unwrap();
    let points: Vec<Point> = (0..ITEMS).map(|id| random_point(id, &mut random)).collect();
    let repository = space.repository::<Point>();
    repository.batch_write().put_all(points.iter().cloned()).send().await.unwrap();

    let cases = std::env::var("DYNAMAP_CASES").map_or(20, |cases| cases.parse().unwrap());
    for _ in 0..cases {
        let wanted = Wanted::random(&mut random);
        macro_rules! check {
            ($($by:ident)*) => { $(
                let mut search = Point::$by(wanted.group, &wanted.vector);
                if let Some(color) = wanted.color {
                    search = search.color(color);
                }
                if let Some(year) = wanted.year {
                    search = search.year(year);
                }
                wanted.check(&points, repository.search(search).top_k(wanted.top_k).send()).await;
            )* };
        }
        check!(by_angle by_length by_product);
    }
}
