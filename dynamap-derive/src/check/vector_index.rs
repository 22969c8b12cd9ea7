//! The rules of a vector index.
//!
//! 1. A vector index has a table, a name, a vector attribute, a number of dimensions and a distance function.
//! 2. Its vector, its partition key and its inline filters are different attributes.

use crate::{errors::Errors, model::vector_index::VectorIndex};

pub(crate) fn check(index: &VectorIndex, errors: &Errors) {
    let ident = &index.ident;
    for (option, needed, example) in [
        ("table", "its table", "table = .."),
        ("name", "its name in DynamoDB", "name = \"..\""),
        ("vector", "the attribute that holds the vector", "vector = \"..\""),
        ("dimensions", "the number of dimensions of its vectors", "dimensions = .."),
        ("distance", "a distance function", "distance = cosine"),
    ] {
        if !index.options.is_given(option) {
            errors.at(
                ident,
                format_args!("a vector index needs {needed}; add `{example}` to `#[dynamap(..)]`"),
            );
        }
    }
    distinct_attributes(index, errors);
    index.options.report_unknown(errors);
}

fn distinct_attributes(index: &VectorIndex, errors: &Errors) {
    let vector = (!index.vector.is_empty()).then_some(("vector", &index.vector));
    let partition_key = index.partition_key.iter().map(|key| ("partition_key", &key.name));
    let filters = index.inline_filters.iter().map(|filter| ("inline_filters", &filter.name));
    let attributes: Vec<_> = vector.into_iter().chain(partition_key).chain(filters).collect();
    for (at, (option, name)) in attributes.iter().enumerate() {
        let Some((other, _)) = attributes[..at].iter().find(|(_, earlier)| earlier == name) else { continue };
        let typed = index.options.name(option).unwrap_or(&index.ident);
        if other == option {
            errors.at(typed, format_args!("`{name}` is given twice in `{option}`"));
        } else {
            errors.at(typed, format_args!("`{other}` and `{option}` are both the attribute `{name}`"));
        }
    }
}
