//! The difference between the throughput that a table has and the one that it shall have.

use crate::{
    call::{
        Capacity, Explanation, Handle,
        explain::{json_list, json_object, json_string},
    },
    direct::UPDATE_TABLE,
    op::{
        built::built,
        throughput::{Throughput, json_of},
    },
};
use aws_sdk_dynamodb::{
    operation::update_table::builders::UpdateTableFluentBuilder,
    types::{
        BillingMode, GlobalSecondaryIndexDescription, GlobalSecondaryIndexUpdate, ProvisionedThroughput,
        TableDescription, UpdateGlobalSecondaryIndexAction,
    },
};

/// The members of an UpdateTable request that change the throughput.
#[derive(Debug, Default, PartialEq)]
pub(in crate::op) struct ThroughputChange {
    billing_mode: Option<BillingMode>,
    table: Option<ProvisionedThroughput>,
    indexes: Vec<(String, ProvisionedThroughput)>,
}

impl ThroughputChange {
    /// The change of a table with these indexes that has the other billing mode.
    pub(super) fn to_other_mode(wanted: Throughput, indexes: Vec<(String, Throughput)>) -> Self {
        let indexes = indexes.into_iter().filter_map(|(name, wanted)| Some((name, wanted.provisioned()?)));
        Self {
            billing_mode: Some(wanted.billing_mode()),
            table: wanted.provisioned(),
            indexes: indexes.collect(),
        }
    }

    /// The change of the table as it is.
    ///
    /// DynamoDB: a throughput that stays as it is must not be in the request. A table that comes from on demand needs
    /// that of the table and of each global secondary index.
    pub(in crate::op) fn of(
        table: &TableDescription,
        wanted: Throughput,
        of_index: impl Fn(&str) -> Throughput,
    ) -> Self {
        let found = Throughput::of(table);
        let indexes = table.global_secondary_indexes().iter();
        let indexes = indexes.map(|index| (index, of_index(index.index_name().unwrap_or_default())));
        let named = |(index, wanted): (&GlobalSecondaryIndexDescription, Throughput)| {
            (index.index_name().unwrap_or_default().to_owned(), wanted)
        };
        match (found, wanted) {
            (Some(Throughput::OnDemand), Throughput::OnDemand) => Self::default(),
            (Some(Throughput::Provisioned { .. }), Throughput::Provisioned { .. }) => {
                let differing =
                    indexes.filter(|(index, wanted)| Throughput::of_index(index) != Some(*wanted));
                let differing = Self::to_other_mode(wanted, differing.map(named).collect());
                Self {
                    billing_mode: None,
                    table: differing.table.filter(|_| found != Some(wanted)),
                    indexes: differing.indexes,
                }
            }
            _ => Self::to_other_mode(wanted, indexes.map(named).collect()),
        }
    }

    pub(in crate::op) fn is_none(&self) -> bool {
        *self == Self::default()
    }

    pub(in crate::op) fn request(&self, handle: &Handle) -> UpdateTableFluentBuilder {
        let updates: Vec<_> = self.indexes.iter().map(|(name, units)| index_update(name, units)).collect();
        handle
            .client
            .update_table()
            .table_name(&*handle.table)
            .set_billing_mode(self.billing_mode.clone())
            .set_provisioned_throughput(self.table.clone())
            .set_global_secondary_index_updates((!updates.is_empty()).then_some(updates))
    }
}

fn index_update(name: &str, units: &ProvisionedThroughput) -> GlobalSecondaryIndexUpdate {
    let update =
        UpdateGlobalSecondaryIndexAction::builder().index_name(name).provisioned_throughput(units.clone());
    GlobalSecondaryIndexUpdate::builder().update(built(update.build())).build()
}

pub(super) fn explanation(request: &UpdateTableFluentBuilder) -> Explanation {
    let indexes = request.get_global_secondary_index_updates().as_ref().map(|updates| {
        json_list(updates.iter().filter_map(GlobalSecondaryIndexUpdate::update).map(|update| {
            let units = update.provisioned_throughput().map(json_of);
            let name = json_string(update.index_name());
            let update = json_object([("IndexName", Some(name)), ("ProvisionedThroughput", units)]);
            json_object([("Update", Some(update))])
        }))
    });
    Explanation::new(UPDATE_TABLE.name, request.get_table_name(), Capacity::None)
        .text("BillingMode", request.get_billing_mode().as_ref().map(|mode| mode.as_str()))
        .json("ProvisionedThroughput", request.get_provisioned_throughput().as_ref().map(json_of))
        .json("GlobalSecondaryIndexUpdates", indexes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::types::{BillingModeSummary, ProvisionedThroughputDescription};
    use fastrand::Rng;
    use std::collections::BTreeMap;

    /// A table with its throughput and that of its indexes.
    #[derive(Debug, Clone, PartialEq)]
    struct Made {
        throughput: Throughput,
        indexes: BTreeMap<String, Throughput>,
    }

    impl Made {
        fn draw(rng: &mut Rng) -> Self {
            let mut provisioned = || Throughput::Provisioned { read: rng.i64(1..3), write: rng.i64(1..3) };
            let mut made = Self { throughput: provisioned(), indexes: BTreeMap::new() };
            for index in ["gsi1", "gsi2", "theirs"] {
                made.indexes.insert(index.to_owned(), provisioned());
            }
            made.indexes.retain(|_, _| rng.bool());
            if rng.bool() {
                made.throughput = Throughput::OnDemand;
                made.indexes.values_mut().for_each(|throughput| *throughput = Throughput::OnDemand);
            }
            made
        }

        /// The description by DynamoDB, which has zero units on demand.
        fn description(&self, rng: &mut Rng) -> TableDescription {
            let units = |throughput| {
                let (read, write) = match throughput {
                    Throughput::OnDemand => (0, 0),
                    Throughput::Provisioned { read, write } => (read, write),
                };
                ProvisionedThroughputDescription::builder()
                    .read_capacity_units(read)
                    .write_capacity_units(write)
                    .build()
            };
            let indexes = self.indexes.iter().map(|(name, throughput)| {
                GlobalSecondaryIndexDescription::builder()
                    .index_name(name)
                    .provisioned_throughput(units(*throughput))
                    .build()
            });
            let mode = self.throughput.billing_mode();
            let summary = BillingModeSummary::builder().billing_mode(mode.clone()).build();
            TableDescription::builder()
                .set_billing_mode_summary(
                    (mode == BillingMode::PayPerRequest || rng.bool()).then_some(summary),
                )
                .provisioned_throughput(units(self.throughput))
                .set_global_secondary_indexes(Some(indexes.collect()))
                .build()
        }

        /// Does what the request says, by DynamoDB's rules.
        fn apply(&mut self, change: &ThroughputChange) {
            let provisioned = |units: &ProvisionedThroughput| Throughput::Provisioned {
                read: units.read_capacity_units(),
                write: units.write_capacity_units(),
            };
            let was_on_demand = self.throughput == Throughput::OnDemand;
            match change.billing_mode {
                Some(BillingMode::PayPerRequest) => {
                    assert!(!was_on_demand && change.table.is_none() && change.indexes.is_empty());
                    self.throughput = Throughput::OnDemand;
                    self.indexes.values_mut().for_each(|throughput| *throughput = Throughput::OnDemand);
                }
                Some(_) => assert!(was_on_demand && change.indexes.len() == self.indexes.len()),
                None => assert!(!was_on_demand || change.is_none()),
            }
            if let Some(units) = &change.table {
                assert_ne!(self.throughput, provisioned(units), "it does not change");
                self.throughput = provisioned(units);
            }
            for (index, units) in &change.indexes {
                let earlier = self.indexes.insert(index.clone(), provisioned(units));
                assert_ne!(earlier, Some(provisioned(units)), "`{index}` does not change");
            }
        }
    }

    #[test]
    fn a_change_has_what_differs_and_nothing_else() {
        let seed = fastrand::u64(..);
        println!("seed {seed}");
        let mut rng = Rng::with_seed(seed);
        let (mut changes, mut same) = (0, 0);
        for _ in 0..5000 {
            let (mut made, wanted) = (Made::draw(&mut rng), Made::draw(&mut rng));
            let of_index = |index: &str| wanted.indexes.get(index).copied().unwrap_or(wanted.throughput);
            let change = ThroughputChange::of(&made.description(&mut rng), wanted.throughput, of_index);
            *if change.is_none() { &mut same } else { &mut changes } += 1;
            let before = made.clone();
            made.apply(&change);
            assert_eq!(change.is_none(), made == before);
            assert_eq!(made.throughput, wanted.throughput);
            for (index, throughput) in &made.indexes {
                assert_eq!(*throughput, of_index(index), "{index}");
            }
            assert!(ThroughputChange::of(&made.description(&mut rng), wanted.throughput, of_index).is_none());
        }
        assert!(changes > 1000 && same > 500, "{changes} changes, {same} of none");
    }
}
