//! A table: its keys, its indexes and its entities.

use super::{
    attribute_definition::{AttributeDefinition, key_attributes},
    runtime,
};
use crate::{
    errors::Errors,
    parse::{
        option_sets,
        options::{GivenOptions, Options, Value},
    },
};
use proc_macro2::TokenStream;
use syn::{Ident, Path};

pub(crate) struct TableSchema {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) partition_key: Option<AttributeDefinition>,
    pub(crate) sort_key: Option<AttributeDefinition>,
    pub(crate) ttl: Option<String>,
    /// `None` where `entity_type = none` was given.
    pub(crate) entity_type: Option<String>,
    /// The attribute that holds the number of the stored shape.
    pub(crate) shape: Option<String>,
    pub(crate) indexes: Vec<Path>,
    pub(crate) vector_indexes: Vec<Path>,
    /// The entities whose keys are compared.
    pub(crate) entities: Vec<Path>,
    pub(crate) options: GivenOptions,
}

/// The name of the entity-type attribute of a table that gives none.
const ENTITY_TYPE: &str = "entity_type";

impl TableSchema {
    pub(crate) fn parse(input: &syn::DeriveInput, errors: &Errors) -> Self {
        let options = Options::parse(&input.attrs, &option_sets::TABLE_SCHEMA, errors);
        Self {
            runtime: runtime(&options),
            ident: input.ident.clone(),
            partition_key: one(key_attributes(&options, "partition_key"), &options, "partition_key"),
            sort_key: one(key_attributes(&options, "sort_key"), &options, "sort_key"),
            ttl: attribute_name(&options, "ttl"),
            entity_type: entity_type(&options),
            shape: attribute_name(&options, "shape"),
            indexes: listed(
                &options,
                "indexes",
                "`indexes` takes the types that derive `Index`: `indexes(ByGroup)`",
            ),
            vector_indexes: listed(
                &options,
                "vector_indexes",
                "`vector_indexes` takes the types that derive `VectorIndex`: `vector_indexes(ByEmbedding)`",
            ),
            entities: listed(
                &options,
                "entities",
                "`entities` takes the types that derive `Entity`: `entities(Order)`",
            ),
            options: options.close(),
        }
    }
}

fn one(
    mut attributes: Vec<AttributeDefinition>,
    options: &Options<'_>,
    option: &str,
) -> Option<AttributeDefinition> {
    if attributes.len() > 1 {
        options.errors().at(
            &options.get(option).map(|opt| &opt.name),
            format_args!("a table has one `{option}` attribute; several are for indexes"),
        );
    }
    attributes.drain(..).next()
}

fn attribute_name(options: &Options<'_>, option: &str) -> Option<String> {
    let text = options.text(option)?;
    if text.value().is_empty() {
        options.errors().at(&text, "an attribute name cannot be empty");
        return None;
    }
    Some(text.value())
}

fn entity_type(options: &Options<'_>) -> Option<String> {
    match options.get("entity_type").map(|opt| &opt.value) {
        None => Some(ENTITY_TYPE.into()),
        Some(Value::Name(path)) if path.is_ident("none") => None,
        Some(Value::Text(_)) => attribute_name(options, "entity_type"),
        Some(_) => {
            let name = options.get("entity_type").map(|opt| &opt.name);
            options.errors().at(&name, "`entity_type` takes the name of an attribute, or `none`");
            None
        }
    }
}

/// The types of `indexes(..)` and its like.
fn listed(options: &Options<'_>, option: &str, takes: &str) -> Vec<Path> {
    let errors = options.errors();
    let Some(opt) = options.get(option) else { return Vec::new() };
    let arguments = match &opt.value {
        Value::List(_, values) => values.as_slice(),
        Value::Call(path, arguments) if path.is_ident(option) => arguments.as_slice(),
        _ => &[],
    };
    let mut paths = Vec::new();
    for argument in arguments {
        match argument {
            Value::Name(path) => paths.push(path.clone()),
            _ => errors.at(&opt.name, takes),
        }
    }
    if arguments.is_empty() {
        errors.at(&opt.name, takes);
    }
    paths
}
