//! The comparison of a table with its settings.

use crate::{
    error::{SchemaDifference, SchemaDifferenceKind, SchemaMismatch, TableSetting},
    op::{
        describe_table::mend,
        table_settings::{RequestUnits, TableSettings},
        throughput::Throughput,
        update_throughput::ThroughputChange,
    },
    schema::TableSchema,
};
use aws_sdk_dynamodb::types::{GlobalSecondaryIndexDescription, TableClass, TableDescription};
use std::fmt::Display;

/// The differences between the description of a table and its settings. Backups and tags are not in the description.
pub(in crate::op) fn settings_differences<S: TableSchema>(
    name: &str,
    table: &TableDescription,
    settings: &TableSettings<S>,
) -> Vec<SchemaDifference> {
    let differing = [
        throughput(table, settings).map(|texts| (TableSetting::Throughput, texts)),
        maximum(table, settings).map(|texts| (TableSetting::OnDemandMaximum, texts)),
        warm(table, settings).map(|texts| (TableSetting::WarmThroughput, texts)),
        stream(table, settings).map(|texts| (TableSetting::Stream, texts)),
        encryption(table, settings).map(|texts| (TableSetting::Encryption, texts)),
        class(table, settings).map(|texts| (TableSetting::TableClass, texts)),
        protection(table, settings).map(|texts| (TableSetting::DeletionProtection, texts)),
    ];
    let differing = differing.into_iter().flatten();
    differing.map(|(setting, texts)| setting_difference::<S>(name, setting, texts)).collect()
}

/// A setting as it shall be, and as it is.
pub(in crate::op) type Texts = (String, String);

/// The difference of a setting.
pub(in crate::op) fn setting_difference<S: TableSchema>(
    table: &str,
    setting: TableSetting,
    (expected, found): Texts,
) -> SchemaDifference {
    let kind = SchemaDifferenceKind::Setting(setting);
    let mend = mend::of::<S>(&kind);
    let mismatch = SchemaMismatch::of_settings(table, setting.phrase(), expected, found);
    SchemaDifference::new(kind, mismatch, mend)
}

fn throughput<S: TableSchema>(table: &TableDescription, settings: &TableSettings<S>) -> Option<Texts> {
    let wanted = settings.throughput?;
    let of_index = |index: &str| settings.throughput_of(index).unwrap_or(wanted);
    if ThroughputChange::of(table, wanted, of_index).is_none() {
        return None;
    }
    let found = Throughput::of(table);
    let expected = in_words(&wanted, table, |index| Some(of_index(name_of(index))));
    // DynamoDB: the index of a table that is on demand is described with zero units.
    let is_provisioned = found.is_some_and(|found| found != Throughput::OnDemand);
    let found_of = |index: &_| is_provisioned.then(|| Throughput::of_index(index)).flatten();
    let found = found.map_or_else(|| "none".to_owned(), |found| found.to_string());
    Some((expected, in_words(&found, table, found_of)))
}

fn maximum<S: TableSchema>(table: &TableDescription, settings: &TableSettings<S>) -> Option<Texts> {
    let wanted = settings.on_demand_maximum;
    let found = RequestUnits::of_maximum(table.on_demand_throughput());
    let of_index = |index: &GlobalSecondaryIndexDescription| settings.on_demand_maximum_of(name_of(index));
    let found_of = |index: &GlobalSecondaryIndexDescription| {
        of_index(index).map(|_| RequestUnits::of_maximum(index.on_demand_throughput()))
    };
    let mut indexes = table.global_secondary_indexes().iter();
    let differs = wanted.is_some_and(|wanted| wanted != found)
        || indexes.any(|index| of_index(index) != found_of(index));
    differs.then(|| {
        let wanted = wanted.map_or_else(|| found.to_string(), |wanted| wanted.to_string());
        (in_words(&wanted, table, of_index), in_words(&found, table, found_of))
    })
}

fn warm<S: TableSchema>(table: &TableDescription, settings: &TableSettings<S>) -> Option<Texts> {
    let found = warm_of_table(table);
    let of_index = |index: &GlobalSecondaryIndexDescription| settings.warm_throughput_of(name_of(index));
    let mut indexes = table.global_secondary_indexes().iter();
    let differs = settings.warm_throughput.is_some_and(|wanted| !wanted.is_warm(found))
        || indexes.any(|index| of_index(index).is_some_and(|wanted| !wanted.is_warm(warm_of(index))));
    differs.then(|| {
        let units = |(read, write)| RequestUnits { read, write };
        let wanted = settings.warm_throughput.unwrap_or(units(found));
        let found_of =
            |index: &GlobalSecondaryIndexDescription| of_index(index).map(|_| units(warm_of(index)));
        (in_words(&wanted, table, of_index), in_words(&units(found), table, found_of))
    })
}

/// The units for which the table is warm.
pub(in crate::op) fn warm_of_table(table: &TableDescription) -> (Option<i64>, Option<i64>) {
    let found = table.warm_throughput();
    (
        found.and_then(|found| found.read_units_per_second()),
        found.and_then(|found| found.write_units_per_second()),
    )
}

/// The units for which an index is warm.
pub(in crate::op) fn warm_of(index: &GlobalSecondaryIndexDescription) -> (Option<i64>, Option<i64>) {
    let found = index.warm_throughput();
    (
        found.and_then(|found| found.read_units_per_second()),
        found.and_then(|found| found.write_units_per_second()),
    )
}

fn stream<S: TableSchema>(table: &TableDescription, settings: &TableSettings<S>) -> Option<Texts> {
    let wanted = settings.stream.as_ref()?;
    let found = table.stream_specification().filter(|stream| stream.stream_enabled);
    let found = found.and_then(|stream| stream.stream_view_type.as_ref());
    (wanted.as_ref() != found).then(|| {
        let text =
            |view: Option<&_>| view.map_or_else(|| "none".to_owned(), |view| format!("the view type {view}"));
        (text(wanted.as_ref()), text(found))
    })
}

fn encryption<S: TableSchema>(table: &TableDescription, settings: &TableSettings<S>) -> Option<Texts> {
    let wanted = settings.encryption.as_ref()?;
    let found = table.sse_description();
    (!wanted.is_as(found)).then(|| {
        let key = found.and_then(|found| found.kms_master_key_arn());
        let found =
            key.map_or_else(|| "a key that DynamoDB owns".to_owned(), |key| format!("the key `{key}`"));
        (wanted.to_string(), found)
    })
}

fn class<S: TableSchema>(table: &TableDescription, settings: &TableSettings<S>) -> Option<Texts> {
    let wanted = settings.table_class.as_ref()?;
    let found = table.table_class_summary().and_then(|summary| summary.table_class());
    // DynamoDB: a table that has always had the standard class has none in its description.
    let found = found.unwrap_or(&TableClass::Standard);
    (wanted != found).then(|| (wanted.to_string(), found.to_string()))
}

fn protection<S: TableSchema>(table: &TableDescription, settings: &TableSettings<S>) -> Option<Texts> {
    let (wanted, found) =
        (settings.deletion_protection?, table.deletion_protection_enabled().unwrap_or(false));
    let text = |enabled: bool| if enabled { "on" } else { "off" }.to_owned();
    (wanted != found).then(|| (text(wanted), text(found)))
}

/// A setting of the table, and that of each global secondary index that has its own.
fn in_words<T: Display>(
    of_table: &impl Display,
    table: &TableDescription,
    of_index: impl Fn(&GlobalSecondaryIndexDescription) -> Option<T>,
) -> String {
    let mut text = of_table.to_string();
    for index in table.global_secondary_indexes() {
        if let Some(of_index) =
            of_index(index).map(|of_index| of_index.to_string()).filter(|own| *own != text)
        {
            text += &format!(", index `{}` {of_index}", name_of(index));
        }
    }
    text
}

pub(in crate::op) fn name_of(index: &GlobalSecondaryIndexDescription) -> &str {
    index.index_name().unwrap_or_default()
}
