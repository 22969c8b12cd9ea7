//! The names that code is generated under, which must differ: constants of attributes, and the functions of an entity.
//!
//! What a user's own `impl` has besides, the compiler reports.

use crate::{
    case::{Case, ident_in, name_of},
    errors::Errors,
    model::{
        collection::{ItemCollection, Unknown},
        entity::{Entity, IndexKeys},
        field::Field,
        projection::{Projection, Source},
    },
};
use quote::ToTokens;

/// The constants of attributes.
pub(crate) fn constants(fields: &[Field], errors: &Errors) {
    let stored: Vec<&Field> = fields.iter().filter(|field| field.has_constant()).collect();
    for (at, field) in stored.iter().enumerate() {
        let constant = ident_in(Case::ScreamingSnake, &field.ident);
        let same = |earlier: &&&Field| ident_in(Case::ScreamingSnake, &earlier.ident) == constant;
        if let Some(earlier) = stored[..at].iter().find(same) {
            let (ident, name) = (&field.ident, &field.name);
            errors.at(
                ident,
                format_args!("`{}` and `{ident}` would both have the constant `{constant}`; rename this field, and keep its attribute by `#[dynamap(rename = {name:?})]`", earlier.ident),
            );
        }
    }
}

/// The functions of an entity.
pub(crate) fn functions(entity: &Entity, errors: &Errors) {
    for (at, index) in entity.indexes.iter().enumerate() {
        let (function, shown) = (index.function(), path(index));
        let earlier = entity.indexes[..at].iter().find(|earlier| earlier.function() == function);
        let taken_by = match earlier {
            Some(earlier) if path(earlier) == shown => {
                let error = format_args!("`{shown}` is given twice; an entity has one key in an index");
                errors.span(index.span, error);
                continue;
            }
            Some(earlier) => format!("as `{}` does", path(earlier)),
            None if entity.functions().contains(&function.to_string().as_str()) => {
                format!("which `{}` has already", entity.ident)
            }
            None => continue,
        };
        errors.span(
            index.span,
            format_args!("`{shown}` would make the function `{function}`, {taken_by}; name the index otherwise here: `use {shown} as ..`"),
        );
    }
    let roles = entity.roles();
    let names: Vec<String> = roles.groups.iter().map(|group| entity.setter(group).to_string()).collect();
    for (at, group) in roles.groups.iter().enumerate() {
        let name = &names[at];
        let by_index = entity.indexes.iter().any(|index| index.function() == *name);
        if names[..at].contains(name) || by_index {
            let field = &entity.fields[group[0]].ident;
            errors.at(
                field,
                format_args!("the function that sets `{field}` and others together would be `{name}`, which `{}` has already; rename a field, and keep its attribute by `#[dynamap(rename = \"..\")]`", entity.ident),
            );
        }
    }
}

fn path(index: &IndexKeys) -> String {
    index.index.to_token_stream().to_string().split_whitespace().collect()
}

/// The fields of a projection, each of which is one attribute.
pub(crate) fn projection(projection: &Projection, errors: &Errors) {
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

/// The variants of an item collection, beside its function.
pub(crate) fn collection(collection: &ItemCollection, errors: &Errors) {
    if !collection.is_enum {
        return;
    }
    let function = collection.function();
    let unknown = match &collection.unknown {
        Unknown::Kept(ident) => Some(ident),
        Unknown::Refused | Unknown::Skipped => None,
    };
    let variants = collection.members.iter().map(|member| &member.ident).chain(unknown);
    for variant in variants.filter(|variant| name_of(variant) == name_of(&function)) {
        errors.at(
            variant,
            format_args!(
                "`{function}` is the function that begins a key condition of `{}`; rename the variant",
                collection.ident
            ),
        );
    }
}
