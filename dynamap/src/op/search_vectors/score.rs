use crate::schema::distance::{Cosine, Distance};
use std::{cmp::Ordering, fmt, marker::PhantomData};

/// The score of an item by the distance function `D`, as DynamoDB gives it.
///
/// Its type knows if more or less is nearer. So it has no `<`; [`is_nearer_than`](Self::is_nearer_than) and
/// [`cmp_nearness`](Self::cmp_nearness) compare scores of one function.
pub struct Score<D> {
    value: f64,
    of: PhantomData<fn() -> D>,
}

impl<D: Distance> Score<D> {
    pub(super) fn new(value: f64) -> Self {
        // Zero has one sign, so that the order and equality agree: the sum of -0.0 and 0.0 is 0.0.
        Self { value: value + 0.0, of: PhantomData }
    }

    /// The number. By cosine and Euclidean distance less is nearer, by the dot product more.
    pub fn value(self) -> f64 {
        self.value
    }

    /// True if an item with this score is nearer than one with the other.
    pub fn is_nearer_than(self, other: Self) -> bool {
        self.cmp_nearness(other) == Ordering::Less
    }

    /// The order of the results of a search: the nearer score is less.
    pub fn cmp_nearness(self, other: Self) -> Ordering {
        match D::FUNCTION.is_more_nearer() {
            true => other.value.total_cmp(&self.value),
            false => self.value.total_cmp(&other.value),
        }
    }
}

impl Score<Cosine> {
    /// The cosine of the angle between the vectors, -1 to 1: 1 is the same direction.
    pub fn similarity(self) -> f64 {
        1.0 - self.value
    }
}

impl<D> Clone for Score<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for Score<D> {}

impl<D> PartialEq for Score<D> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<D> fmt::Debug for Score<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Score({})", self.value)
    }
}

impl<D> fmt::Display for Score<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Score;
    use crate::schema::distance::{Cosine, Distance, DotProduct, Euclidean};

    fn nearest<D: Distance>(values: [f64; 3]) -> Vec<f64> {
        let mut scores = values.map(Score::<D>::new);
        scores.sort_by(|a, b| a.cmp_nearness(*b));
        assert!(scores[0].is_nearer_than(scores[2]) && !scores[0].is_nearer_than(scores[0]));
        scores.map(Score::value).to_vec()
    }

    #[test]
    fn the_nearest_comes_first_by_each_function() {
        let values = [0.5, -1.0, 3.0];
        assert_eq!(nearest::<Cosine>(values), [-1.0, 0.5, 3.0]);
        assert_eq!(nearest::<Euclidean>(values), [-1.0, 0.5, 3.0]);
        assert_eq!(nearest::<DotProduct>(values), [3.0, 0.5, -1.0]);
        assert!((Score::<Cosine>::new(0.25).similarity() - 0.75).abs() < 1e-12);
    }

    #[test]
    fn scores_are_equal_if_none_is_nearer() {
        fn check<D: Distance>() {
            let values = [-f64::MAX, -1.0, -f64::MIN_POSITIVE, -0.0, 0.0, f64::MIN_POSITIVE, 1.0, f64::MAX];
            for (a, b) in values.iter().flat_map(|a| values.map(|b| (*a, b))) {
                let (left, right) = (Score::<D>::new(a), Score::<D>::new(b));
                let is_nearer = left.is_nearer_than(right) || right.is_nearer_than(left);
                assert_eq!(left == right, !is_nearer, "{a} and {b}");
            }
        }
        check::<Cosine>();
        check::<Euclidean>();
        check::<DotProduct>();
    }
}
