//! A vector index of a table.

use super::{
    attribute_definition::{AttributeDefinition, key_attributes, typed_key},
    index::{IndexProjection, index_name, projection},
    runtime,
};
use crate::{
    errors::{Errors, did_you_mean},
    parse::{
        option_sets,
        options::{GivenOptions, Options, Value},
    },
};
use proc_macro2::{Span, TokenStream};
use syn::{Ident, Lit, Path};

pub(crate) struct VectorIndex {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) table: Option<Path>,
    pub(crate) name: String,
    /// The attribute that holds the vector.
    pub(crate) vector: String,
    pub(crate) dimensions: usize,
    /// The name of the distance function as a type, such as `Cosine`.
    pub(crate) distance: &'static str,
    pub(crate) partition_key: Option<AttributeDefinition>,
    pub(crate) inline_filters: Vec<AttributeDefinition>,
    pub(crate) projection: IndexProjection,
    pub(crate) span: Span,
    pub(crate) options: GivenOptions,
}

/// The distance functions as options, and as types.
const DISTANCES: [(&str, &str); 3] =
    [("cosine", "Cosine"), ("euclidean", "Euclidean"), ("dot_product", "DotProduct")];

impl VectorIndex {
    pub(crate) fn parse(input: &syn::DeriveInput, errors: &Errors) -> Self {
        let options = Options::parse(&input.attrs, &option_sets::VECTOR_INDEX, errors);
        let ident = &input.ident;
        Self {
            runtime: runtime(&options),
            ident: ident.clone(),
            table: options.path("table"),
            name: index_name(&options),
            vector: vector(&options),
            dimensions: dimensions(&options),
            distance: distance(&options),
            partition_key: partition_key(&options),
            inline_filters: inline_filters(&options),
            projection: projection(&options),
            span: ident.span(),
            options: options.close(),
        }
    }
}

fn vector(options: &Options<'_>) -> String {
    let Some(text) = options.text("vector") else { return String::new() };
    let name = text.value();
    if !(1..=255).contains(&name.len()) {
        options.errors().at(&text, "the name of a vector attribute has 1 to 255 bytes");
    }
    name
}

/// DynamoDB: a vector index has 1 to 4,096 dimensions.
fn dimensions(options: &Options<'_>) -> usize {
    let Some(opt) = options.get("dimensions") else { return 1 };
    let number = match &opt.value {
        Value::Literal(Lit::Int(number)) => number.base10_parse::<usize>().ok(),
        _ => None,
    };
    match number {
        Some(number @ 1..=4096) => number,
        _ => {
            options.errors().at(&opt.name, "`dimensions` is a number from 1 to 4096: `dimensions = 1024`");
            1
        }
    }
}

fn distance(options: &Options<'_>) -> &'static str {
    let (_, first) = DISTANCES[0];
    let Some(opt) = options.get("distance") else { return first };
    let Value::Name(path) = &opt.value else {
        options.errors().at(&opt.name, "`distance` is `cosine`, `euclidean` or `dot_product`");
        return first;
    };
    let typed = path.get_ident().map(Ident::to_string).unwrap_or_default();
    if let Some((_, distance)) = DISTANCES.iter().find(|(name, _)| *name == typed) {
        return distance;
    }
    let hint = did_you_mean(&typed, &DISTANCES.map(|(name, _)| name));
    options.errors().at(path, format_args!("`distance` is `cosine`, `euclidean` or `dot_product`{hint}"));
    first
}

fn partition_key(options: &Options<'_>) -> Option<AttributeDefinition> {
    if let Some(opt) = options.get("partition_key")
        && let Value::List(span, _) = &opt.value
    {
        options.errors().span(*span, "a vector index has one partition key attribute");
        return None;
    }
    key_attributes(options, "partition_key").into_iter().next()
}

/// The attributes of `inline_filters("lang", number("year"))`.
fn inline_filters(options: &Options<'_>) -> Vec<AttributeDefinition> {
    let Some(opt) = options.get("inline_filters") else { return Vec::new() };
    let arguments = match &opt.value {
        Value::List(_, values) => values.as_slice(),
        Value::Call(path, arguments) if path.is_ident("inline_filters") => arguments.as_slice(),
        _ => &[],
    };
    if arguments.is_empty() {
        options.errors().at(
            &opt.name,
            "`inline_filters` of an index takes the names of attributes: `inline_filters(\"lang\", number(\"year\"))`",
        );
    }
    arguments.iter().filter_map(|value| typed_key(value, &opt.name, options.errors())).collect()
}
