//! The rules of unique constraints.
//!
//! 1. A unique field is stored as an attribute of its own, under one name: not skipped, flattened or `key_only`, and without `alias`.
//! 2. It is stored by its own type, which tells its data type: no `serde` or `with`.
//! 3. It is no stamp, which each write changes.
//! 4. A constraint has a name that no other has, and each field once.

use crate::{
    errors::Errors,
    model::{
        entity::Entity,
        field::{Codec, Field},
        unique::UniqueField,
    },
};

pub(super) fn check(entity: &Entity, errors: &Errors) {
    for (at, constraint) in entity.unique.iter().enumerate() {
        for (place, unique) in constraint.fields.iter().enumerate() {
            check_field(unique, &entity.fields[unique.field], errors);
            if constraint.fields[..place].iter().any(|earlier| earlier.field == unique.field) {
                let ident = &entity.fields[unique.field].ident;
                errors.span(unique.span, format_args!("`{ident}` is given twice"));
            }
        }
        let name = &constraint.name;
        if name.is_empty() {
            errors.span(constraint.span, "the name of a unique constraint cannot be empty");
        }
        if entity.unique[..at].iter().any(|earlier| earlier.name == *name) {
            errors.span(
                constraint.span,
                format_args!("`{name}` is the name of another unique constraint; give this one another name"),
            );
        }
    }
}

fn check_field(unique: &UniqueField, field: &Field, errors: &Errors) {
    let ident = &field.ident;
    let mistake = if field.skip || field.flatten || field.key_only.is_some() {
        "it must be stored as an attribute of its own; remove `skip`, `flatten` or `key_only`"
    } else if !field.aliases.is_empty() {
        "it must be stored under one name; remove `alias`"
    } else if !matches!(field.codec, Codec::Attribute) {
        "it must be stored by its own type; remove `serde` or `with`"
    } else if field.stamp.is_some() {
        "it cannot be a stamp, which each write changes"
    } else {
        return;
    };
    errors.span(unique.span, format_args!("`{ident}` is unique, so {mistake}"));
}
