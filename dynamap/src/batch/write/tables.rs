//! The tables of a batch write.

use crate::{
    budget::Budget,
    call::{Handle, Requests, observe_all},
    capacity::{Consumed, Meter},
    direct::BATCH_WRITE_ITEM,
    entity::{Item, KeyValues},
    observe::Observing,
    outcome::{InvalidBatch, InvalidBatchKind},
    schema::{TableSchema, is_same_table},
};
use aws_sdk_dynamodb::types::ReturnConsumedCapacity;
use std::sync::Arc;

/// A table of a batch, without its type.
#[derive(Debug, Clone)]
pub(super) struct WriteTable {
    pub(super) handle: Handle,
    /// The key of an item or key; `None` where DynamoDB has no such key.
    pub(super) read_key: fn(&Item) -> Option<KeyValues>,
    pub(super) key_item: fn(&KeyValues) -> Item,
    /// The reason why nothing is sent to the table, if so.
    pub(super) refusal: Option<InvalidBatch>,
}

/// The tables of a batch, of which the client of the first one sends all requests.
#[derive(Debug, Clone)]
pub(in crate::batch) struct WriteTables(Vec<WriteTable>);

impl WriteTables {
    pub(in crate::batch) fn of<S: TableSchema>(handle: Handle) -> Self {
        let (read_key, key_item) = (KeyValues::of_item::<S>, KeyValues::to_item::<S>);
        Self(vec![WriteTable { handle, read_key, key_item, refusal: None }])
    }

    /// The handle of the first table.
    pub(super) fn first(&self) -> &Handle {
        &self.0[0].handle
    }

    /// Adds tables, and tells the position of each. One that is there already is the same one.
    pub(super) fn join(&mut self, others: Self) -> Vec<usize> {
        others.0.into_iter().map(|other| self.add(other)).collect()
    }

    fn add(&mut self, other: WriteTable) -> usize {
        let refusal = self.refusal(&other.handle);
        let is_same = |own: &WriteTable| own.refusal.is_none() && own.handle.table == other.handle.table;
        if refusal.is_none()
            && let Some(same) = self.0.iter().position(is_same)
        {
            self.0[same].handle.join_metering(&other.handle);
            return same;
        }
        let refusal = refusal.map(|kind| InvalidBatch::new(BATCH_WRITE_ITEM.name, &other.handle.table, kind));
        self.0.push(WriteTable { refusal, ..other });
        self.0.len() - 1
    }

    fn refusal(&self, other: &Handle) -> Option<InvalidBatchKind> {
        if let Some((first, region)) = self.first().regions_apart(other) {
            return Some(InvalidBatchKind::OtherRegion { region, first });
        }
        let may_be = |own: &&WriteTable| {
            own.refusal.is_none()
                && own.handle.table != other.table
                && is_same_table(&own.handle.table, &other.table)
        };
        let own = self.0.iter().find(may_be)?;
        Some(InvalidBatchKind::TwoNames { other: own.handle.table.to_string() })
    }

    pub(super) fn add_meter(&mut self, meter: &Meter) {
        self.0.iter_mut().for_each(|table| table.handle.add_meter(meter));
    }

    pub(super) fn set_budget(&mut self, budget: &Budget) {
        self.0.iter_mut().for_each(|table| table.handle.set_budget(budget));
    }

    /// Adds meters for this batch, if a meter or a budget of one of the tables needs its consumed capacity.
    pub(super) fn add_own_meters(&mut self) -> Option<OwnMeters> {
        if !self.0.iter().any(|table| table.handle.is_metered()) {
            return None;
        }
        let all = Meter::new();
        self.add_meter(&all);
        let tables = match &*self.0 {
            [_] => vec![all.clone()],
            several => several.iter().map(|_| Meter::new()).collect(),
        };
        for (table, meter) in self.0.iter_mut().zip(&tables) {
            table.handle.add_meter(meter);
        }
        Some(OwnMeters { all, tables })
    }

    /// Begins the batch, if somebody observes one of its tables.
    pub(super) fn observe(&mut self) -> Observing {
        if !self.0.iter().any(|table| table.handle.is_to_be_observed()) {
            return Observing::none();
        }
        let handles = self.0.iter_mut().map(|table| &mut table.handle);
        observe_all(handles, &BATCH_WRITE_ITEM, None, Requests::Several)
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, WriteTable> {
        self.0.iter()
    }

    pub(super) fn as_slice(&self) -> &[WriteTable] {
        &self.0
    }

    /// `ReturnConsumedCapacity` of the requests; none if no meter and no budget need it.
    pub(super) fn returned_capacity(&self) -> Option<ReturnConsumedCapacity> {
        self.0.iter().find_map(|table| table.handle.returned_capacity())
    }

    pub(super) fn into_shared(self) -> Arc<[WriteTable]> {
        self.0.into()
    }
}

/// The meters of a batch: of all its tables together, and of each.
pub(super) struct OwnMeters {
    all: Meter,
    tables: Vec<Meter>,
}

/// The capacity that a batch has consumed: of all its tables together, and of each.
pub(in crate::batch) struct BatchConsumed {
    pub(in crate::batch) all: Consumed,
    pub(super) tables: Vec<Consumed>,
}

impl OwnMeters {
    pub(super) fn consumed(&self) -> BatchConsumed {
        BatchConsumed { all: self.all.consumed(), tables: self.tables.iter().map(Meter::consumed).collect() }
    }
}
