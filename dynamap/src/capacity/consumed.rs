use aws_sdk_dynamodb::types::{Capacity, ConsumedCapacity, VectorCapacity};
use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    ops::{Add, AddAssign, Sub},
};

/// Read capacity units (RCU) and write capacity units (WCU).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Units {
    /// Read capacity units (RCU).
    pub read: f64,
    /// Write capacity units (WCU).
    pub write: f64,
}

/// The bytes by which DynamoDB counts the use of a vector index.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct VectorBytes {
    /// The bytes of index entries that writes have changed (`VectorWriteRequestBytes`), at least 1 KB for each.
    pub write: f64,
    /// The bytes that searches have read (`VectorSearchRequestBytes`), at least 1 KB for each. The same search may read more or
    /// less the next time.
    pub search: f64,
}

/// The capacity that calls have consumed.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Consumed {
    /// The units that the table itself has consumed.
    pub table: Units,
    /// The units of each global secondary index, by its name. Each index has a throughput of its own.
    pub global_indexes: BTreeMap<String, Units>,
    /// The units of each local secondary index, by its name. Local indexes use the throughput of the table.
    pub local_indexes: BTreeMap<String, Units>,
    /// The bytes of each vector index, by its name.
    pub vector_indexes: BTreeMap<String, VectorBytes>,
    /// The number of requests. One that the SDK repeats counts once.
    pub requests: u64,
    /// The part of the units that is estimated: an error of DynamoDB does not tell what it consumed.
    pub estimated: Units,
    /// The number of requests that got no response. The capacity that they have consumed is unknown and not counted.
    pub unanswered: u64,
}

impl Units {
    pub(crate) const NONE: Self = Self { read: 0.0, write: 0.0 };

    pub(crate) fn of(units: f64, writes: bool) -> Self {
        if writes { Self { read: 0.0, write: units } } else { Self { read: units, write: 0.0 } }
    }

    /// The units of one access.
    pub(crate) fn units(self, writes: bool) -> f64 {
        if writes { self.write } else { self.read }
    }
}

impl Consumed {
    /// Returns the units of the table and all indexes together.
    pub fn total(&self) -> Units {
        let indexes = self.global_indexes.values().chain(self.local_indexes.values());
        indexes.fold(self.table, |sum, units| sum + *units)
    }

    /// Returns the units of the index `name`, be it global or local; 0 if it was not used.
    pub fn index(&self, name: &str) -> Units {
        let index = self.global_indexes.get(name).or_else(|| self.local_indexes.get(name));
        index.copied().unwrap_or_default()
    }

    /// The capacity that was consumed since `earlier`, which the same meter gave.
    ///
    /// Indexes that have consumed nothing since are left out.
    pub fn since(&self, earlier: &Self) -> Self {
        Self {
            table: self.table - earlier.table,
            global_indexes: since(&self.global_indexes, &earlier.global_indexes),
            local_indexes: since(&self.local_indexes, &earlier.local_indexes),
            vector_indexes: since(&self.vector_indexes, &earlier.vector_indexes),
            requests: self.requests.saturating_sub(earlier.requests),
            estimated: self.estimated - earlier.estimated,
            unanswered: self.unanswered.saturating_sub(earlier.unanswered),
        }
    }

    /// One request that got this answer.
    pub(crate) fn answered<'c>(
        capacities: impl IntoIterator<Item = &'c ConsumedCapacity>,
        writes: bool,
    ) -> Self {
        let mut consumed = Self { requests: 1, ..Self::default() };
        for capacity in capacities {
            let indexes = [
                (&mut consumed.global_indexes, capacity.global_secondary_indexes()),
                (&mut consumed.local_indexes, capacity.local_secondary_indexes()),
            ];
            for (sums, indexes) in indexes {
                for (name, capacity) in indexes.into_iter().flat_map(HashMap::iter) {
                    *sums.entry(name.clone()).or_default() += units(capacity, writes);
                }
            }
            for (name, capacity) in capacity.vector_indexes().into_iter().flat_map(HashMap::iter) {
                *consumed.vector_indexes.entry(name.clone()).or_default() += vector_bytes(capacity);
            }
            consumed.table += match capacity.table() {
                Some(table) => units(table, writes),
                // Not split by index.
                None => Units::of(capacity.capacity_units().unwrap_or_default(), writes),
            };
        }
        consumed
    }

    /// One request that consumed units of the table, as we estimate.
    pub(crate) fn estimate(units: Units) -> Self {
        Self { table: units, estimated: units, requests: 1, ..Self::default() }
    }

    /// Adds the units that the same request has consumed of another table.
    pub(crate) fn add_of_request(&mut self, other: &Self) {
        let (requests, unanswered) =
            (self.requests.max(other.requests), self.unanswered.max(other.unanswered));
        *self += other;
        (self.requests, self.unanswered) = (requests, unanswered);
    }

    /// Counts the units once more, as an estimate: for an earlier attempt, which got no response.
    pub(crate) fn and_again(mut self) -> Self {
        let again = self.total();
        self.table = self.table + self.table;
        let indexes = self.global_indexes.values_mut().chain(self.local_indexes.values_mut());
        indexes.for_each(|units| *units += *units);
        self.vector_indexes.values_mut().for_each(|bytes| *bytes += *bytes);
        self.estimated += again;
        self
    }
}

impl AddAssign<&Self> for Consumed {
    fn add_assign(&mut self, other: &Self) {
        self.table += other.table;
        let indexes = [
            (&mut self.global_indexes, &other.global_indexes),
            (&mut self.local_indexes, &other.local_indexes),
        ];
        for (sums, others) in indexes {
            for (name, units) in others {
                *sums.entry(name.clone()).or_default() += *units;
            }
        }
        for (name, bytes) in &other.vector_indexes {
            *self.vector_indexes.entry(name.clone()).or_default() += *bytes;
        }
        self.requests += other.requests;
        self.estimated += other.estimated;
        self.unanswered += other.unanswered;
    }
}

fn since<U>(now: &BTreeMap<String, U>, earlier: &BTreeMap<String, U>) -> BTreeMap<String, U>
where
    U: Copy + Default + PartialEq + Sub<Output = U>,
{
    let before = |name| earlier.get(name).copied().unwrap_or_default();
    let since = now.iter().map(|(name, used)| (name.clone(), *used - before(name)));
    since.filter(|(_, used)| *used != U::default()).collect()
}

fn vector_bytes(capacity: &VectorCapacity) -> VectorBytes {
    VectorBytes {
        write: capacity.vector_write_request_bytes().unwrap_or_default(),
        search: capacity.vector_search_request_bytes().unwrap_or_default(),
    }
}

/// DynamoDB: only transactions tell reads and writes apart.
fn units(capacity: &Capacity, writes: bool) -> Units {
    match (capacity.read_capacity_units(), capacity.write_capacity_units()) {
        (None, None) => Units::of(capacity.capacity_units().unwrap_or_default(), writes),
        (read, write) => Units { read: read.unwrap_or_default(), write: write.unwrap_or_default() },
    }
}

impl Add for Units {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { read: self.read + other.read, write: self.write + other.write }
    }
}

impl AddAssign for Units {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Units {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { read: self.read - other.read, write: self.write - other.write }
    }
}

impl AddAssign for VectorBytes {
    fn add_assign(&mut self, other: Self) {
        *self = Self { write: self.write + other.write, search: self.search + other.search };
    }
}

impl Sub for VectorBytes {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { write: self.write - other.write, search: self.search - other.search }
    }
}

impl fmt::Display for VectorBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes written, {} bytes searched", self.write, self.search)
    }
}

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} read, {} write units", self.read, self.write)
    }
}

/// A short report, of a line for the table and one for each index.
impl fmt::Display for Consumed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "table: {}", self.table)?;
        for (kind, indexes) in [("index", &self.global_indexes), ("local index", &self.local_indexes)] {
            for (name, units) in indexes {
                write!(f, "\n{kind} {name}: {units}")?;
            }
        }
        for (name, bytes) in &self.vector_indexes {
            write!(f, "\nvector index {name}: {bytes}")?;
        }
        write!(f, "\nrequests: {}", self.requests)?;
        if self.estimated != Units::NONE {
            write!(f, "\nestimated of it: {}", self.estimated)?;
        }
        match self.unanswered {
            0 => Ok(()),
            unanswered => write!(f, "\nwithout an answer: {unanswered}"),
        }
    }
}
