//! The rules of an entity that need more than one attribute to see.
//!
//! 1. An entity has a table and a partition key.
//! 2. A component of the primary key is always there: no `Option`, not skipped, not flattened.
//! 3. A component of an index key may be an `Option` (the index is sparse), but not skipped or flattened.
//! 4. A `key_only` field is a component of a template of a key that every item has, where it is read back from.
//! 5. `plain` is for components of templates.
//! 6. A field that is a key itself (`pk = field`) is stored as its own attribute value: no `serde`, no `with`.
//! 7. A stamped field is no part of the primary key. It may feed an index key alone, except a counter, which feeds none.
//! 8. An index is named once, and has a partition key or, if it is local, a sort key.
//!
//! The rules of names are in `names`, those of fields that may be absent in `absent`, those of serde's options in `serde`.

pub(crate) mod absent;
pub(crate) mod names;
pub(crate) mod serde;

use crate::{
    attr::Options,
    errors::Errors,
    model::{
        entity::{Entity, IndexKeys},
        field::{Codec, Field, Stamp},
        key::KeySpec,
        role::Role,
    },
};

pub(crate) fn entity(entity: &Entity, options: &Options<'_>) {
    let errors = options.errors();
    let ident = &entity.ident;
    if !options.is_given("table") {
        errors.at(ident, "an entity needs its table; add `table = ..` to `#[dynamap(..)]`");
    }
    if !options.is_given("pk") {
        let example = format!("#[dynamap(pk = \"{}#{{id}}\")]", entity.name.to_uppercase());
        errors.at(ident, format_args!("an entity needs a partition key; add one, such as `{example}`"));
    }
    for spec in entity.primary_specs() {
        primary_key(spec, &entity.fields, errors);
    }
    for spec in entity.all_specs() {
        any_key(spec, &entity.fields, errors);
    }
    for (index, field) in entity.fields.iter().enumerate() {
        key_only(entity, index, field, errors);
        plain(entity, index, field, errors);
        skipped(entity, index, field, errors);
    }
    stamps(entity, errors);
    version(entity, errors);
    indexes(entity, errors);
    names::constants(&entity.fields, errors);
    names::functions(entity, errors);
    absent::entity(entity, errors);
    serde::entity(entity, errors);
}

fn primary_key(spec: &KeySpec, fields: &[Field], errors: &Errors) {
    for field in spec.components().into_iter().map(|field| &fields[field]) {
        let ident = &field.ident;
        if field.option_inner().is_some() {
            errors.at(
                &field.ty,
                format_args!("`{ident}` is part of the primary key, so it cannot be an `Option`"),
            );
        }
        if field.skip {
            errors.at(ident, format_args!("`{ident}` is part of the primary key, so it cannot be skipped"));
        }
    }
}

fn any_key(spec: &KeySpec, fields: &[Field], errors: &Errors) {
    for field in spec.components().into_iter().map(|field| &fields[field]) {
        let ident = &field.ident;
        if field.flatten {
            errors.at(ident, format_args!("`{ident}` is flattened, so it cannot be part of a key"));
        }
        let KeySpec::Field { span, .. } = spec else { continue };
        if field.key_only.is_some() || field.skip {
            errors.span(*span, format_args!("`{ident}` is the key attribute itself, so it must be stored"));
        }
        if !matches!(field.codec, Codec::Attribute) {
            errors.span(
                *span,
                format_args!("`{ident}` is the key attribute itself, so it cannot have `serde` or `with`"),
            );
        }
    }
}

fn key_only(entity: &Entity, index: usize, field: &Field, errors: &Errors) {
    let Some(span) = field.key_only else { return };
    let ident = &field.ident;
    // Where the field is the key attribute itself, `any_key` reports it.
    let names_it = |spec: &KeySpec| spec.components().contains(&index);
    if entity.primary_specs().any(names_it) || entity.partition_key.is_none() {
        return;
    }
    let mut indexes = entity.indexes.iter().filter(|keys| keys.specs().any(names_it)).peekable();
    let Some(first) = indexes.peek().map(|keys| &keys.ident) else {
        errors.span(
            span,
            format_args!(
                "`{ident}` is stored only inside a key, but none names it; add `{{{ident}}}` to one"
            ),
        );
        return;
    };
    if indexes.all(|keys| !entity.optional_components(keys).is_empty()) {
        errors.span(
            span,
            format_args!("`{ident}` is stored only inside the key in `{first}`, but an item without one of the `Option`s in that key is not in the index; remove `key_only`"),
        );
    }
}

/// Of the primary key, `primary_key` reports it; where the field is the key attribute itself, `any_key`.
fn skipped(entity: &Entity, index: usize, field: &Field, errors: &Errors) {
    let names_it = |keys: &&IndexKeys| {
        keys.specs()
            .any(|spec| matches!(spec, KeySpec::Template { .. }) && spec.components().contains(&index))
    };
    let in_primary = entity.primary_specs().any(|spec| spec.components().contains(&index));
    if let Some(keys) = entity.indexes.iter().find(names_it)
        && field.skip
        && !in_primary
    {
        let (ident, index) = (&field.ident, &keys.ident);
        errors.at(
            ident,
            format_args!("`{ident}` is part of the key in `{index}`, so it cannot be skipped: an item that is read and saved would get another key there; remove `skip`"),
        );
    }
}

fn plain(entity: &Entity, index: usize, field: &Field, errors: &Errors) {
    let Some(span) = field.plain else { return };
    let in_template =
        |spec: &KeySpec| matches!(spec, KeySpec::Template { .. }) && spec.components().contains(&index);
    if !entity.all_specs().any(in_template) && entity.partition_key.is_some() {
        let ident = &field.ident;
        errors
            .span(span, format_args!("`{ident}` is in no key template, so `plain` has no effect; remove it"));
    }
}

fn stamps(entity: &Entity, errors: &Errors) {
    let roles = entity.roles();
    for (index, field) in entity.fields.iter().enumerate() {
        let (Some((stamp, span)), ident) = (field.stamp, &field.ident) else { continue };
        let in_key = entity.all_specs().any(|spec| spec.components().contains(&index));
        match roles.of_fields[index] {
            Role::PartOfPrimaryKey => errors.span(
                span,
                format_args!("`{ident}` is part of the primary key, which no write may change; set it yourself"),
            ),
            _ if matches!(stamp, Stamp::Counter | Stamp::Version) && in_key => errors.span(
                span,
                format_args!("`{ident}` is part of an index key, and each write changes it without saying to what; set it yourself"),
            ),
            Role::PartOfJointIndexKey(_) | Role::BesideKeyOnly => errors.span(
                span,
                format_args!("`{ident}` feeds an index key together with other fields, which an update would have to know; give it a key attribute of its own"),
            ),
            _ => {}
        }
    }
}

/// An entity has one version.
fn version(entity: &Entity, errors: &Errors) {
    let versions = entity.fields.iter().filter_map(|field| Some((field, field.stamp?)));
    for (field, (_, span)) in versions.filter(|(_, (stamp, _))| *stamp == Stamp::Version).skip(1) {
        let ident = &field.ident;
        errors.span(span, format_args!("`{ident}` is a second version; an entity has one"));
    }
}

fn indexes(entity: &Entity, errors: &Errors) {
    for index in &entity.indexes {
        let ident = &index.ident;
        if index.partition_key.is_empty() && index.sort_key.is_empty() {
            errors.span(
                index.span,
                format_args!(
                    "`{ident}` needs its key; add `pk = ..` (and `sk = ..`), or `sk = ..` for a local index"
                ),
            );
        }
    }
}
