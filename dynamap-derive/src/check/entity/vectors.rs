//! The rules of an entity in vector indexes.
//!
//! 1. It names the field that holds the vector.
//! 2. That field, and those of inline filters, are stored as their own attribute values: no `serde`, `with`, `skip`, `flatten` or `key_only`.
//! 3. An inline filter is named once.
//! 4. `strict` is for indexes with a partition key that may be absent.

use crate::{
    errors::Errors,
    model::{
        entity::{Entity, IndexKeys},
        field::{Codec, Field},
        vector_search::VectorSearch,
    },
};
use proc_macro2::Span;

pub(super) fn check(entity: &Entity, errors: &Errors) {
    for index in &entity.indexes {
        if let Some(search) = &index.vector {
            of_index(entity, index, search, errors);
        }
    }
}

fn of_index(entity: &Entity, index: &IndexKeys, search: &VectorSearch, errors: &Errors) {
    let ident = &index.ident;
    if !search.names_vector {
        errors.span(
            index.span,
            format_args!("`{ident}` needs the field that holds the vector; add `vector = ..`"),
        );
    }
    for (field, span) in search.vector.iter().chain(&search.inline_filters) {
        stored_as_it_is(&entity.fields[*field], *span, errors);
    }
    for (at, (field, span)) in search.inline_filters.iter().enumerate() {
        if search.inline_filters[..at].iter().any(|(earlier, _)| earlier == field) {
            let field = &entity.fields[*field].ident;
            errors.span(*span, format_args!("`{field}` is given twice in `inline_filters`"));
        }
    }
    if let Some(span) = search.strict
        && entity.optional_components(index).is_empty()
    {
        errors.span(
            span,
            format_args!(
                "every item of `{}` has the partition key of `{ident}`, so `strict` has no effect; remove it",
                entity.ident
            ),
        );
    }
}

fn stored_as_it_is(field: &Field, span: Span, errors: &Errors) {
    let ident = &field.ident;
    if !matches!(field.codec, Codec::Attribute) {
        errors.span(
            span,
            format_args!("`{ident}` is searched by a vector index, so it cannot have `serde` or `with`"),
        );
    }
    if field.skip || field.flatten || field.key_only.is_some() {
        errors.span(
            span,
            format_args!("`{ident}` is searched by a vector index, so it must be an attribute of its own"),
        );
    }
}
