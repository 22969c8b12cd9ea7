use std::{sync::Arc, time::SystemTime};

use aws_sdk_dynamodb::Client;
use dynamap::{Mapping, Table, capacity::Meter, value::EpochSeconds};
use jiff::Timestamp;

use crate::model::KeyValue;

/// The size of a chunk by default.
const CHUNK_SIZE: usize = 300 << 10;

/// A store of values by key. Clones share the table.
#[derive(Clone)]
pub struct Store {
    pub(crate) table: Table<KeyValue>,
    pub(crate) is_consistent: bool,
    pub(crate) chunk_size: usize,
    clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
}

impl Store {
    /// A store in this table. Nothing is sent.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            table: Table::new(client, table),
            is_consistent: false,
            chunk_size: CHUNK_SIZE,
            clock: Arc::new(SystemTime::now),
        }
    }

    /// Uses strongly consistent reads, which cost twice the read units. Default: eventually consistent.
    ///
    /// What a write reads first is always consistent.
    #[must_use]
    pub fn consistent_reads(self) -> Self {
        Self { is_consistent: true, ..self }
    }

    /// Cuts binary values into chunks of so many bytes, from 1 to 300 KiB. Default: 300 KiB.
    #[must_use]
    pub fn chunk_size(self, bytes: usize) -> Self {
        Self { chunk_size: bytes.clamp(1, CHUNK_SIZE), ..self }
    }

    /// Takes the time from this clock.
    #[must_use]
    pub fn with_clock(self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        let clock = Arc::new(clock);
        let table = self.table.with_clock({
            let clock = clock.clone();
            move || clock()
        });
        Self { table, clock, ..self }
    }

    /// Counts the capacity units that the store consumes.
    #[must_use]
    pub fn with_meter(self, meter: &Meter) -> Self {
        Self { table: self.table.with_meter(meter), ..self }
    }

    /// Maps items by this way; both do the same.
    #[must_use]
    pub fn with_mapping(self, mapping: Mapping) -> Self {
        Self { table: self.table.with_mapping(mapping), ..self }
    }

    /// The name of the table.
    #[must_use]
    pub fn table_name(&self) -> &str {
        self.table.name()
    }

    /// The time by the clock of the store.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::try_from((self.clock)()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The time by the clock of the store, in seconds.
    pub(crate) fn seconds(&self) -> EpochSeconds {
        EpochSeconds::from((self.clock)())
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { table, is_consistent, chunk_size, .. } = self;
        f.debug_struct("Store")
            .field("table", &table.name())
            .field("is_consistent", is_consistent)
            .field("chunk_size", chunk_size)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Store;
    use dynamap_local::{Local, LocalError};

    /// A store has no lock and no cache for a key, which would have to be freed.
    #[test]
    fn a_store_keeps_nothing_of_its_keys() -> Result<(), LocalError> {
        let store = Store::new(Local::memory()?.client(), "store");
        // A new field does not compile here: it must not grow with the keys.
        let Store { table, is_consistent, chunk_size, clock } = store;
        drop((table, is_consistent, chunk_size, clock));
        Ok(())
    }
}
