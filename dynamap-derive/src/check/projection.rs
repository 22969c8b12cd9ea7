//! The rules of a projection.
//!
//! 1. A projection is of an entity, or of a struct that an attribute holds.
//! 2. A nested field holds one struct: DynamoDB projects no part of each element of a list or a map.
//! 3. Each field is an attribute of its own.
//! 4. A projection of a struct has neither key nor index.

use super::serde;
use crate::{
    case::{Case, ident_in},
    errors::Errors,
    model::{
        field::bare,
        projection::{ProjectedType, Projection, Source},
    },
};
use syn::{GenericArgument, PathArguments, Type};

pub(crate) fn check(projection: &Projection, errors: &Errors) {
    let (ident, options) = (&projection.ident, &projection.options);
    for field in projection.fields.iter().filter(|field| field.source == Source::Nested) {
        if holds_many(&field.ty) {
            let ident = &field.ident;
            errors.at(
                &field.ty,
                format_args!("`{ident}` holds many structs, of which DynamoDB projects one by its index or key, not a part of each; remove `nested` and read it whole"),
            );
        }
    }
    if !options.is_given("entity") && !options.is_given("of") {
        errors.at(ident, "a projection needs its entity; add `#[dynamap(entity = ..)]`");
    }
    distinct_attributes(projection, errors);
    serde::projection(projection, errors);
    if matches!(projection.owner, Some(ProjectedType::Document(_))) {
        of_a_struct(projection, errors);
    }
    options.report_unknown(errors);
}

/// True if the type is a list or a map, as far as its name tells, also behind an `Option`.
fn holds_many(ty: &Type) -> bool {
    match bare(ty) {
        Type::Array(_) | Type::Slice(_) | Type::Tuple(_) => true,
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            let inner = match &last.arguments {
                PathArguments::AngleBracketed(arguments) => arguments.args.first(),
                _ => None,
            };
            match (last.ident.to_string().as_str(), inner) {
                ("Vec" | "VecDeque" | "HashMap" | "BTreeMap" | "HashSet" | "BTreeSet", _) => true,
                ("Option" | "Box", Some(GenericArgument::Type(inner))) => holds_many(inner),
                _ => false,
            }
        }),
        _ => false,
    }
}

/// Reports two fields that are one attribute.
fn distinct_attributes(projection: &Projection, errors: &Errors) {
    let fields: Vec<_> = projection.fields.iter().filter(|field| field.source != Source::Key).collect();
    for (at, field) in fields.iter().enumerate() {
        let constant = ident_in(Case::ScreamingSnake, &field.ident);
        if let Some(earlier) =
            fields[..at].iter().find(|earlier| ident_in(Case::ScreamingSnake, &earlier.ident) == constant)
        {
            let (ident, earlier) = (&field.ident, &earlier.ident);
            errors.at(
                ident,
                format_args!("`{earlier}` and `{ident}` are both the attribute of the constant `{constant}`; remove one"),
            );
        }
    }
}

fn of_a_struct(projection: &Projection, errors: &Errors) {
    let ident = &projection.ident;
    for index in &projection.indexes {
        errors.at(
            index,
            format_args!("`{ident}` is a part of a struct, which no index holds by itself; give `index` to the projection that nests it"),
        );
    }
    for field in projection.fields.iter().filter(|field| field.source == Source::Key) {
        errors.at(
            &field.ident,
            format_args!(
                "`{}` is a field of a struct in an attribute, which has no key; remove `key`",
                field.ident
            ),
        );
    }
}
