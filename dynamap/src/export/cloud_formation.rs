//! CloudFormation templates.

use super::{
    data_model::{DataModel, projected},
    json::Json,
};
use crate::{
    op::{
        Encryption, PointInTimeRecovery, RequestUnits, TableSettings, Throughput,
        create_table::key_attributes,
    },
    schema::{IndexProjection, IndexSchema, KeyAttribute, TableSchema, VectorIndexSchema},
};

impl<S: TableSchema> DataModel<S> {
    /// The table as a [CloudFormation](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html)
    /// template, in JSON: one `AWS::DynamoDB::Table`, which is kept when its stack is deleted.
    pub fn cloud_formation(&self) -> String {
        template(self)
    }
}

/// The template: one table.
fn template<S: TableSchema>(model: &DataModel<S>) -> String {
    let table = Json::object([
        ("Type", Some(Json::text("AWS::DynamoDB::Table"))),
        ("DeletionPolicy", Some(Json::text("Retain"))),
        ("UpdateReplacePolicy", Some(Json::text("Retain"))),
        ("Properties", Some(properties(model))),
    ]);
    let arn = Json::Object(vec![("Fn::GetAtt".into(), Json::texts(["Table", "Arn"]))]);
    let arn = Json::Object(vec![("Value".into(), arn)]);
    let template = Json::object([
        ("AWSTemplateFormatVersion", Some(Json::text("2010-09-09"))),
        ("Description", Some(Json::Text(format!("The DynamoDB table {}.", model.table)))),
        ("Resources", Some(Json::Object(vec![("Table".into(), table)]))),
        ("Outputs", Some(Json::Object(vec![("TableArn".into(), arn)]))),
    ]);
    format!("{template}\n")
}

fn properties<S: TableSchema>(model: &DataModel<S>) -> Json {
    let settings = &model.settings;
    let throughput = settings.throughput.unwrap_or(Throughput::OnDemand);
    let global = S::INDEXES.iter().filter(|index| !index.local).map(|index| global_index(index, settings));
    let local = S::INDEXES.iter().filter(|index| index.local).map(|index| Json::object(index_members(index)));
    let vector = S::VECTOR_INDEXES.iter().map(vector_index);
    let tags = settings.present_tags().map(|(key, value)| {
        Json::object([("Key", Some(Json::text(key))), ("Value", Some(Json::text(value)))])
    });
    let stream = settings.stream.clone().flatten();
    let stream = stream.map(|view| Json::Object(vec![("StreamViewType".into(), Json::text(view.as_str()))]));
    Json::object([
        ("TableName", Some(Json::text(&model.table))),
        ("AttributeDefinitions", Some(Json::List(key_attributes::<S>().iter().map(definition).collect()))),
        ("KeySchema", Some(key_schema(&[S::PARTITION_KEY], S::SORT_KEY.as_slice()))),
        ("BillingMode", Some(Json::text(throughput.billing_mode().as_str()))),
        ("ProvisionedThroughput", provisioned(throughput)),
        ("OnDemandThroughput", settings.on_demand_maximum.and_then(maximum)),
        ("WarmThroughput", settings.warm_throughput.map(warm)),
        ("GlobalSecondaryIndexes", Json::some(global.collect())),
        ("LocalSecondaryIndexes", Json::some(local.collect())),
        ("VectorIndexes", Json::some(vector.collect())),
        ("StreamSpecification", stream),
        ("TimeToLiveSpecification", S::TTL.map(time_to_live)),
        ("PointInTimeRecoverySpecification", settings.point_in_time_recovery.map(recovery)),
        ("SSESpecification", settings.encryption.as_ref().map(encryption)),
        ("TableClass", settings.table_class.as_ref().map(|class| Json::text(class.as_str()))),
        ("DeletionProtectionEnabled", settings.deletion_protection.map(Json::Bool)),
        ("Tags", Json::some(tags.collect())),
    ])
}

fn definition(attribute: &KeyAttribute) -> Json {
    Json::object([
        ("AttributeName", Some(Json::text(attribute.name))),
        ("AttributeType", Some(Json::text(attribute.data_type.descriptor()))),
    ])
}

fn key_schema(partition_key: &[KeyAttribute], sort_key: &[KeyAttribute]) -> Json {
    let element = |attribute: &KeyAttribute, key_type: &str| {
        Json::object([
            ("AttributeName", Some(Json::text(attribute.name))),
            ("KeyType", Some(Json::text(key_type))),
        ])
    };
    let partition_key = partition_key.iter().map(|attribute| element(attribute, "HASH"));
    Json::List(partition_key.chain(sort_key.iter().map(|attribute| element(attribute, "RANGE"))).collect())
}

fn index_members(index: &IndexSchema) -> Vec<(&'static str, Option<Json>)> {
    vec![
        ("IndexName", Some(Json::text(index.name))),
        ("KeySchema", Some(key_schema(index.partition_key, index.sort_key))),
        ("Projection", Some(projection(index.projection))),
    ]
}

fn global_index<S: TableSchema>(index: &IndexSchema, settings: &TableSettings<S>) -> Json {
    let mut members = index_members(index);
    members.push(("ProvisionedThroughput", settings.throughput_of(index.name).and_then(provisioned)));
    members.push(("OnDemandThroughput", settings.on_demand_maximum_of(index.name).and_then(maximum)));
    members.push(("WarmThroughput", settings.warm_throughput_of(index.name).map(warm)));
    Json::object(members)
}

fn vector_index(index: &VectorIndexSchema) -> Json {
    let element = |attribute: &KeyAttribute, kind: &str| {
        Json::object([
            ("AttributeName", Some(Json::text(attribute.name))),
            ("SearchSchemaElementType", Some(Json::text(kind))),
        ])
    };
    let partition_key = index.partition_key.iter().map(|key| element(key, "HASH"));
    let filters = index.inline_filters.iter().map(|filter| element(filter, "INLINE_FILTER"));
    let vector = Json::Object(vec![("AttributeName".into(), Json::text(index.vector))]);
    Json::object([
        ("IndexName", Some(Json::text(index.name))),
        ("VectorAttribute", Some(vector)),
        ("SearchSchema", Json::some(partition_key.chain(filters).collect())),
        ("Dimensions", Some(Json::Number(i64::try_from(index.dimensions).unwrap_or(i64::MAX)))),
        ("DistanceFunction", Some(Json::text(index.distance.name()))),
        ("Projection", Some(projection(index.projection))),
    ])
}

/// A projection, as NoSQL Workbench has it too.
pub(super) fn projection(projection: IndexProjection) -> Json {
    let (kind, names) = projected(projection);
    Json::object([
        ("ProjectionType", Some(Json::text(kind))),
        ("NonKeyAttributes", (!names.is_empty()).then(|| Json::texts(names.iter().copied()))),
    ])
}

fn provisioned(throughput: Throughput) -> Option<Json> {
    let Throughput::Provisioned { read, write } = throughput else { return None };
    let units = [("ReadCapacityUnits", Some(read)), ("WriteCapacityUnits", Some(write))];
    Some(numbers(units))
}

fn maximum(units: RequestUnits) -> Option<Json> {
    units.new_maximum()?;
    Some(numbers([("MaxReadRequestUnits", units.read), ("MaxWriteRequestUnits", units.write)]))
}

fn warm(units: RequestUnits) -> Json {
    numbers([("ReadUnitsPerSecond", units.read), ("WriteUnitsPerSecond", units.write)])
}

fn numbers(members: [(&'static str, Option<i64>); 2]) -> Json {
    Json::object(members.map(|(name, number)| (name, number.map(Json::Number))))
}

fn time_to_live(attribute: &str) -> Json {
    Json::object([("AttributeName", Some(Json::text(attribute))), ("Enabled", Some(Json::Bool(true)))])
}

fn recovery(recovery: PointInTimeRecovery) -> Json {
    let days = match recovery {
        PointInTimeRecovery::Off => None,
        PointInTimeRecovery::Days(days) => Some(Json::Number(days.into())),
    };
    Json::object([
        ("PointInTimeRecoveryEnabled", Some(Json::Bool(days.is_some()))),
        ("RecoveryPeriodInDays", days),
    ])
}

fn encryption(encryption: &Encryption) -> Json {
    let key = match encryption {
        Encryption::CustomerManaged(key) => Some(Json::text(key)),
        _ => None,
    };
    let enabled = *encryption != Encryption::AwsOwned;
    Json::object([
        ("SSEEnabled", Some(Json::Bool(enabled))),
        ("SSEType", enabled.then(|| Json::text("KMS"))),
        ("KMSMasterKeyId", key),
    ])
}
