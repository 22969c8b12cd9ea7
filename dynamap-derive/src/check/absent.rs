//! Fields that need not be there under their name: `skip_if`, `alias` and the defaults of whole structs.

use crate::{
    errors::Errors,
    model::{
        entity::Entity,
        field::{Default, Field},
        key::KeySpec,
    },
};

/// The fields of a struct or variant; `whole` if their struct has a default.
pub(crate) fn fields(fields: &[Field], whole: bool, errors: &Errors) {
    for field in fields {
        if let Some(path) = &field.skip_if
            && matches!(field.default, Default::Absent)
            && field.option_inner().is_none()
            && !whole
        {
            let ident = &field.ident;
            errors.at(
                path,
                format_args!("`{ident}` is left out by `skip_if`, but without it is not read; add `default`"),
            );
        }
    }
    aliases(fields, errors);
}

/// Each name is one field's.
fn aliases(all: &[Field], errors: &Errors) {
    for (at, field) in all.iter().enumerate() {
        for (alias, name) in field.aliases.iter().enumerate() {
            let named = |other: &&Field| other.is_stored() && other.name == *name;
            let aliased = |other: &&Field| other.aliases.contains(name);
            let repeated = field.aliases[..alias].contains(name);
            let other = all.iter().find(named).or_else(|| all[..at].iter().find(aliased));
            if let Some(other) = other.or(repeated.then_some(field)) {
                errors.at(
                    &field.ident,
                    format_args!(
                        "the alias `{name}` of `{}` is a name of `{}` already",
                        field.ident, other.ident
                    ),
                );
            }
        }
    }
}

/// What decides over a key is there under one name.
pub(crate) fn entity(entity: &Entity, errors: &Errors) {
    fields(&entity.fields, entity.default.is_some(), errors);
    for spec in entity.all_specs() {
        for field in spec.components().into_iter().map(|field| &entity.fields[field]) {
            let ident = &field.ident;
            let is_key = matches!(spec, KeySpec::Field { .. });
            if is_key && (field.skip_if.is_some() || !field.aliases.is_empty()) {
                errors.at(
                    ident,
                    format_args!(
                        "`{ident}` is the key attribute itself, so it cannot have `skip_if` or `alias`"
                    ),
                );
            }
        }
    }
    for spec in entity.primary_specs().filter(|spec| matches!(spec, KeySpec::Template { .. })) {
        for field in spec.components().into_iter().map(|field| &entity.fields[field]) {
            if let Some(path) = &field.skip_if {
                let ident = &field.ident;
                errors.at(
                    path,
                    format_args!(
                        "`{ident}` is part of the primary key, so it cannot be left out; remove `skip_if`"
                    ),
                );
            }
        }
    }
}
