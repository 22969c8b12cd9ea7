//! The kinds of input that each derive takes: struct, enum or union, with named fields or without, generic or not.
//!
//! An input of another kind has no model, so these mistakes end the derive at once.

use crate::errors::Errors;
use syn::{Data, DataStruct, DeriveInput, Fields};

/// Reports all but a concrete struct with named fields.
pub(crate) fn entity(input: &DeriveInput, errors: &Errors) {
    let ident = &input.ident;
    let message = format!(
        "`Entity` needs a struct; derive it for the struct inside each variant of `{ident}` and store those"
    );
    named_fields(input, "Entity", &message, errors);
}

/// Reports all but a concrete struct with named fields.
pub(crate) fn projection(input: &DeriveInput, errors: &Errors) {
    let message = format!("`Projection` needs a struct; `{}` is an enum", input.ident);
    named_fields(input, "Projection", &message, errors);
}

/// Reports generic parameters.
pub(crate) fn table_schema(input: &DeriveInput, errors: &Errors) {
    concrete(input, "TableSchema", errors);
}

/// Reports generic parameters.
pub(crate) fn index(input: &DeriveInput, errors: &Errors) {
    concrete(input, "Index", errors);
}

/// Reports generic parameters.
pub(crate) fn vector_index(input: &DeriveInput, errors: &Errors) {
    concrete(input, "VectorIndex", errors);
}

/// Reports unions, enums without variants, and lifetimes.
pub(crate) fn attribute(input: &DeriveInput, errors: &Errors) {
    let ident = &input.ident;
    match &input.data {
        Data::Union(_) => {
            errors.at(ident, "`Attribute` needs a struct or an enum; a union has no attributes");
        }
        Data::Enum(data) if data.variants.is_empty() => {
            errors.at(ident, "an enum without variants has no values to store");
        }
        _ => {}
    }
    if let Some(lifetime) = input.generics.lifetimes().next() {
        errors.at(
            lifetime,
            "a value that is read from DynamoDB owns its data; use `String` and `Vec` instead of references",
        );
    }
}

/// Reports all but a concrete enum or struct with named fields.
pub(crate) fn item_collection(input: &DeriveInput, errors: &Errors) {
    let ident = &input.ident;
    match &input.data {
        Data::Union(_) => {
            errors.at(ident, "`ItemCollection` needs an enum or a struct; a union holds no entities");
        }
        Data::Struct(data) if !matches!(data.fields, Fields::Named(_)) => {
            errors.at(ident, format_args!("`ItemCollection` needs named fields: `struct {ident} {{ .. }}`"));
        }
        _ => {}
    }
    concrete(input, "ItemCollection", errors);
}

/// Reports all but a concrete struct with named fields; an enum with a message of its own.
fn named_fields(input: &DeriveInput, derive: &str, enum_message: &str, errors: &Errors) {
    let ident = &input.ident;
    match &input.data {
        Data::Struct(DataStruct { fields: Fields::Named(_), .. }) => {}
        Data::Struct(_) => {
            errors.at(ident, format_args!("`{derive}` needs named fields: `struct {ident} {{ .. }}`"));
        }
        Data::Enum(_) => errors.at(ident, enum_message),
        Data::Union(_) => {
            errors.at(ident, format_args!("`{derive}` needs a struct; a union has no attributes"));
        }
    }
    concrete(input, derive, errors);
}

/// Reports generic parameters where the derive needs one concrete type.
fn concrete(input: &DeriveInput, derive: &str, errors: &Errors) {
    if !input.generics.params.is_empty() {
        let ident = &input.ident;
        errors.at(
            &input.generics,
            format_args!("`{derive}` needs one concrete type, but `{ident}` has generic parameters"),
        );
    }
}
