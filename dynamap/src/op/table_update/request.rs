//! The UpdateTable request that mends one difference.

use crate::{
    call::Handle,
    error::{SchemaDifference, SchemaDifferenceKind, TableSetting},
    op::{
        built::built,
        create_table::{attribute_definition, global_index, key_attributes},
        stream_specification::stream_specification,
        table_settings::{Encryption, RequestUnits, TableSettings},
        throughput::Throughput,
        update_throughput::ThroughputChange,
        verify::{name_of, warm_of, warm_of_table},
    },
    schema::{IndexSchema, TableSchema},
};
use aws_sdk_dynamodb::{
    operation::update_table::builders::UpdateTableFluentBuilder,
    types::{
        CreateGlobalSecondaryIndexAction, DeleteGlobalSecondaryIndexAction, GlobalSecondaryIndexDescription,
        GlobalSecondaryIndexUpdate, StreamSpecification, TableDescription, UpdateGlobalSecondaryIndexAction,
        builders::UpdateGlobalSecondaryIndexActionBuilder,
    },
};

/// The request that mends a difference of the table; `None` if UpdateTable does not mend it.
pub(super) fn of<S: TableSchema>(
    handle: &Handle,
    table: &TableDescription,
    settings: &TableSettings<S>,
    difference: &SchemaDifference,
) -> Option<UpdateTableFluentBuilder> {
    let request = handle.client.update_table().table_name(&*handle.table);
    match difference.kind() {
        SchemaDifferenceKind::MissingIndex { index, local: false } => {
            let index = S::INDEXES.iter().find(|known| known.name == index)?;
            let definitions = key_attributes::<S>().into_iter().filter(|attribute| {
                S::PARTITION_KEY.name == attribute.name
                    || S::SORT_KEY.is_some_and(|key| key.name == attribute.name)
                    || index.partition_key.iter().chain(index.sort_key).any(|key| key.name == attribute.name)
            });
            let request =
                request.set_attribute_definitions(Some(definitions.map(attribute_definition).collect()));
            Some(request.global_secondary_index_updates(addition(index, table, settings)))
        }
        SchemaDifferenceKind::Setting(setting) => of_setting(handle, request, table, settings, *setting),
        _ => None,
    }
}

fn of_setting<S: TableSchema>(
    handle: &Handle,
    request: UpdateTableFluentBuilder,
    table: &TableDescription,
    settings: &TableSettings<S>,
    setting: TableSetting,
) -> Option<UpdateTableFluentBuilder> {
    Some(match setting {
        TableSetting::Throughput => {
            let wanted = settings.throughput?;
            let of_index = |index: &str| settings.throughput_of(index).unwrap_or(wanted);
            ThroughputChange::of(table, wanted, of_index).request(handle)
        }
        TableSetting::OnDemandMaximum => {
            let found = RequestUnits::of_maximum(table.on_demand_throughput());
            let wanted = settings.on_demand_maximum.filter(|wanted| *wanted != found);
            request
                .set_on_demand_throughput(wanted.map(RequestUnits::changed_maximum))
                .set_global_secondary_index_updates(maximum_updates(table, settings))
        }
        TableSetting::WarmThroughput => {
            let found = warm_of_table(table);
            let wanted = settings.warm_throughput.filter(|wanted| !wanted.is_warm(found));
            request
                .set_warm_throughput(wanted.map(|wanted| wanted.warmer_than(found)))
                .set_global_secondary_index_updates(warm_updates(table, settings))
        }
        TableSetting::Stream => {
            // DynamoDB: the view type is changed only by disabling the stream.
            let is_enabled = table.stream_specification().is_some_and(|stream| stream.stream_enabled);
            let wanted = settings.stream.clone()?.filter(|_| !is_enabled);
            let disabled = || built(StreamSpecification::builder().stream_enabled(false).build());
            request.stream_specification(wanted.map_or_else(disabled, stream_specification))
        }
        TableSetting::Encryption => {
            request.set_sse_specification(settings.encryption.as_ref().map(Encryption::specification))
        }
        TableSetting::TableClass => request.set_table_class(settings.table_class.clone()),
        TableSetting::DeletionProtection => {
            request.set_deletion_protection_enabled(settings.deletion_protection)
        }
        TableSetting::PointInTimeRecovery | TableSetting::Tags => return None,
    })
}

/// The addition of a global secondary index. On a table with provisioned throughput it needs its own.
fn addition<S: TableSchema>(
    index: &IndexSchema,
    table: &TableDescription,
    settings: &TableSettings<S>,
) -> GlobalSecondaryIndexUpdate {
    let found = Throughput::of(table).and_then(Throughput::provisioned);
    let new = global_index(index, settings);
    let is_on_demand = found.is_none();
    let create = CreateGlobalSecondaryIndexAction::builder()
        .index_name(new.index_name)
        .set_key_schema(Some(new.key_schema))
        .set_projection(new.projection)
        .set_provisioned_throughput(new.provisioned_throughput.or(found).filter(|_| !is_on_demand))
        .set_on_demand_throughput(new.on_demand_throughput.filter(|_| is_on_demand))
        .set_warm_throughput(new.warm_throughput);
    GlobalSecondaryIndexUpdate::builder().create(built(create.build())).build()
}

/// The removal of a global secondary index.
pub(super) fn removal(handle: &Handle, index: &str) -> UpdateTableFluentBuilder {
    let delete = built(DeleteGlobalSecondaryIndexAction::builder().index_name(index).build());
    let update = GlobalSecondaryIndexUpdate::builder().delete(delete).build();
    handle.client.update_table().table_name(&*handle.table).global_secondary_index_updates(update)
}

fn maximum_updates<S: TableSchema>(
    table: &TableDescription,
    settings: &TableSettings<S>,
) -> Option<Vec<GlobalSecondaryIndexUpdate>> {
    updates(table, |index| {
        let wanted = settings.on_demand_maximum_of(name_of(index))?;
        let differs = wanted != RequestUnits::of_maximum(index.on_demand_throughput());
        differs.then(|| index_update(index).on_demand_throughput(wanted.changed_maximum()))
    })
}

fn warm_updates<S: TableSchema>(
    table: &TableDescription,
    settings: &TableSettings<S>,
) -> Option<Vec<GlobalSecondaryIndexUpdate>> {
    updates(table, |index| {
        let wanted = settings.warm_throughput_of(name_of(index))?;
        let found = warm_of(index);
        (!wanted.is_warm(found)).then(|| index_update(index).warm_throughput(wanted.warmer_than(found)))
    })
}

/// The updates of the global secondary indexes that need one.
fn updates(
    table: &TableDescription,
    of_index: impl Fn(&GlobalSecondaryIndexDescription) -> Option<UpdateGlobalSecondaryIndexActionBuilder>,
) -> Option<Vec<GlobalSecondaryIndexUpdate>> {
    let updates = table.global_secondary_indexes().iter().filter_map(of_index);
    let updates = updates.map(|update| GlobalSecondaryIndexUpdate::builder().update(built(update.build())));
    let updates: Vec<_> = updates.map(|update| update.build()).collect();
    (!updates.is_empty()).then_some(updates)
}

fn index_update(index: &GlobalSecondaryIndexDescription) -> UpdateGlobalSecondaryIndexActionBuilder {
    UpdateGlobalSecondaryIndexAction::builder().index_name(name_of(index))
}
