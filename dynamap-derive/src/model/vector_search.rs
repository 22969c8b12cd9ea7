//! The fields of an entity that a vector index searches: the vector, and inline filters.

use super::{field::Field, key_spec::named_field};
use crate::parse::options::{Options, Value};
use proc_macro2::Span;
use syn::{Ident, Path};

/// Fields of an entity in a vector index, each with the place where it was named.
pub(crate) struct VectorSearch {
    pub(crate) vector: Option<(usize, Span)>,
    pub(crate) inline_filters: Vec<(usize, Span)>,
    /// True if an item with a vector and without the partition key is an error.
    pub(crate) strict: Option<Span>,
    /// True if `vector` was given, rightly or wrongly.
    pub(crate) names_vector: bool,
}

impl VectorSearch {
    pub(super) fn parse(options: &Options<'_>, entity: &Ident, fields: &[Field]) -> Self {
        let named = |path: &Path, option| named_field(path, option, entity, fields, options.errors());
        Self {
            names_vector: options.get("vector").is_some(),
            vector: options.path("vector").and_then(|path| named(&path, "vector")),
            inline_filters: inline_filters(options)
                .into_iter()
                .filter_map(|path| named(path, "inline_filters"))
                .collect(),
            strict: options.flag("strict"),
        }
    }
}

/// The names in `inline_filters(lang, year)`.
fn inline_filters<'o>(options: &'o Options<'_>) -> Vec<&'o Path> {
    let Some(opt) = options.get("inline_filters") else { return Vec::new() };
    let arguments = match &opt.value {
        Value::List(_, values) => values.as_slice(),
        Value::Call(path, arguments) if path.is_ident("inline_filters") => arguments.as_slice(),
        _ => &[],
    };
    let names = arguments.iter().filter_map(|argument| match argument {
        Value::Name(path) => Some(path),
        _ => None,
    });
    let names: Vec<&Path> = names.collect();
    if names.len() != arguments.len() || names.is_empty() {
        options.errors().at(
            &opt.name,
            "`inline_filters` of an entity takes the names of fields: `inline_filters(lang, year)`",
        );
    }
    names
}
