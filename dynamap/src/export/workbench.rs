//! Data models of NoSQL Workbench.

use super::{
    cloud_formation::projection,
    data_model::{DataModel, primary_key},
    json::Json,
};
use crate::{
    call::explain::value_json,
    entity::Item,
    schema::{EntitySchema, IndexSchema, KeyAttribute, TableSchema},
    value::DataType,
    wire::data_type_of,
};
use std::collections::{BTreeMap, BTreeSet};

impl<S: TableSchema> DataModel<S> {
    /// The table as a data model of
    /// [NoSQL Workbench](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/workbench.html), in JSON, with the
    /// [samples](Self::sample): a facet for each entity.
    ///
    /// NoSQL Workbench knows global indexes with one partition key attribute and at most one sort key attribute. Others are
    /// left out, and the description of the model names them.
    pub fn workbench(&self) -> String {
        data_model(self)
    }
}

/// The data model: one table, a facet for each entity.
fn data_model<S: TableSchema>(model: &DataModel<S>) -> String {
    let (known, unknown): (Vec<&IndexSchema>, Vec<&IndexSchema>) = S::INDEXES
        .iter()
        .partition(|index| !index.local && index.partition_key.len() == 1 && index.sort_key.len() <= 1);
    let left_out = unknown.iter().map(|index| index.name);
    let left_out: Vec<_> = left_out.chain(S::VECTOR_INDEXES.iter().map(|index| index.name)).collect();
    let description = match left_out.is_empty() {
        true => String::new(),
        false => {
            format!("Without these indexes, of which NoSQL Workbench has no form: {}.", left_out.join(", "))
        }
    };
    let metadata = Json::object([
        ("Author", Some(Json::text("dynamap"))),
        ("Description", Some(Json::Text(description))),
        ("AWSService", Some(Json::text("Amazon DynamoDB"))),
        ("Version", Some(Json::text("3.0"))),
    ]);
    let (partition_key, sort_key) = primary_key::<S>();
    let others = non_key_attributes(model).into_iter();
    let others = others.map(|(name, data_type)| attribute(&name, data_type));
    let facets = model.entities.iter().map(|entity| facet(model, entity));
    let indexes = known.iter().map(|index| {
        Json::object([
            ("IndexName", Some(Json::text(index.name))),
            (
                "KeyAttributes",
                index.partition_key.first().map(|key| keys(*key, index.sort_key.first().copied())),
            ),
            ("Projection", Some(projection(index.projection))),
        ])
    });
    let table = Json::object([
        ("TableName", Some(Json::text(&model.table))),
        ("KeyAttributes", Some(keys(partition_key, sort_key))),
        ("NonKeyAttributes", Some(Json::List(others.collect()))),
        ("TableFacets", Some(Json::List(facets.collect()))),
        ("GlobalSecondaryIndexes", Some(Json::List(indexes.collect()))),
        ("TableData", Some(Json::List(model.samples.iter().map(|(_, sample)| item(sample)).collect()))),
        ("DataAccess", Some(data_access())),
        ("BillingMode", Some(Json::text("PAY_PER_REQUEST"))),
    ]);
    let document = Json::object([
        ("ModelName", Some(Json::text(&model.table))),
        ("ModelMetadata", Some(metadata)),
        ("DataModel", Some(Json::List(vec![table]))),
    ]);
    format!("{document}\n")
}

fn keys(partition_key: KeyAttribute, sort_key: Option<KeyAttribute>) -> Json {
    let key = |key: KeyAttribute| attribute(key.name, key.data_type);
    Json::object([("PartitionKey", Some(key(partition_key))), ("SortKey", sort_key.map(key))])
}

fn attribute(name: &str, data_type: DataType) -> Json {
    Json::object([
        ("AttributeName", Some(Json::text(name))),
        ("AttributeType", Some(Json::text(data_type.descriptor()))),
    ])
}

/// The attributes of all entities and indexes beside the primary key, with their types: by the schema, else by the samples.
fn non_key_attributes<S: TableSchema>(model: &DataModel<S>) -> Vec<(String, DataType)> {
    let (partition_key, sort_key) = primary_key::<S>();
    let mut types: BTreeMap<String, DataType> = BTreeMap::new();
    let mut order = Vec::new();
    let mut add = |name: &str, data_type: DataType| {
        let is_key = name == partition_key.name || sort_key.is_some_and(|key| key.name == name);
        if !is_key && types.insert(name.to_owned(), data_type).is_none() {
            order.push(name.to_owned());
        }
    };
    let sampled = |name: &str| {
        let mut values = model.samples.iter().filter_map(|(_, item)| item.get(name));
        values.find_map(data_type_of)
    };
    for index in S::INDEXES {
        index.partition_key.iter().chain(index.sort_key).for_each(|key| add(key.name, key.data_type));
    }
    S::ENTITY_TYPE.into_iter().for_each(|name| add(name, DataType::S));
    S::SHAPE.into_iter().for_each(|name| add(name, DataType::N));
    for entity in &model.entities {
        for attribute in entity.attributes() {
            let data_type = attribute.data_type.or_else(|| sampled(attribute.name));
            add(attribute.name, data_type.unwrap_or(DataType::S));
        }
    }
    for (_, item) in &model.samples {
        let names: BTreeSet<&String> = item.keys().collect();
        names.into_iter().for_each(|name| add(name, sampled(name).unwrap_or(DataType::S)));
    }
    order
        .into_iter()
        .filter_map(|name| types.get(&name).map(|data_type| (name.clone(), *data_type)))
        .collect()
}

fn facet<S: TableSchema>(model: &DataModel<S>, entity: &EntitySchema) -> Json {
    let (partition_key, sort_key) = primary_key::<S>();
    let is_key = |name: &str| name == partition_key.name || sort_key.is_some_and(|key| key.name == name);
    let of_indexes = S::INDEXES.iter().filter(|index| entity.key_in(index.name).is_some());
    let of_indexes = of_indexes.flat_map(|index| index.partition_key.iter().chain(index.sort_key));
    let mut names: Vec<String> = of_indexes.map(|key| key.name.to_owned()).collect();
    names.extend(S::ENTITY_TYPE.into_iter().chain(S::SHAPE).map(str::to_owned));
    names.extend(entity.attributes().iter().map(|attribute| attribute.name.to_owned()));
    let samples = model.samples.iter().filter(|(name, _)| *name == entity.name).map(|(_, sample)| sample);
    let mut sampled: Vec<&String> = samples.clone().flat_map(Item::keys).collect();
    sampled.sort();
    names.extend(sampled.into_iter().cloned());
    let mut seen = BTreeSet::new();
    names.retain(|name| !is_key(name) && seen.insert(name.clone()));
    let template = |templates: &[&str]| templates.join(" ");
    let alias = entity.primary_key().map(|key| {
        Json::object([
            ("PartitionKeyAlias", Some(Json::Text(template(key.partition_key)))),
            ("SortKeyAlias", sort_key.map(|_| Json::Text(template(key.sort_key)))),
        ])
    });
    Json::object([
        ("FacetName", Some(Json::text(entity.name))),
        ("KeyAttributeAlias", alias),
        ("TableData", Some(Json::List(samples.map(item).collect()))),
        ("NonKeyAttributes", Some(Json::texts(names))),
        ("DataAccess", Some(data_access())),
    ])
}

fn item(item: &Item) -> Json {
    let sorted: BTreeMap<&String, _> = item.iter().collect();
    Json::Object(
        sorted.into_iter().map(|(name, value)| (name.clone(), Json::Written(value_json(value)))).collect(),
    )
}

fn data_access() -> Json {
    Json::Object(vec![("MySql".into(), Json::Object(Vec::new()))])
}
