//! The rules of an entity.
//!
//! 1. An entity has a table and a partition key.
//! 2. A component of the primary key is always there: no `Option`, no `skip_if`, not skipped, not flattened.
//! 3. A component of an index key may be an `Option` (the index is sparse), but not skipped or flattened.
//! 4. A `key_only` field is a component of a template of a key that every item has, where it is read back from.
//! 5. `plain` is for components of templates.
//! 6. A field that is a key itself (`pk = field`) is stored as its own attribute value: no `serde`, `with`, `skip_if` or `alias`.
//! 7. A stamped field is no part of the primary key. It may feed an index key alone, except a counter, which feeds none.
//! 8. An entity has one version.
//! 9. An index is named once, and has a partition key or, if it is local, a sort key.
//! 10. No two generated functions have one name.
//! 11. The rules of `vectors`.
//! 12. The rules of `unique`.
//! 13. The rules of `shapes`.

mod shapes;
mod unique;
mod vectors;

use super::{fields, serde};
use crate::{
    errors::Errors,
    model::{
        entity::{Entity, IndexKeys},
        field::{Codec, Field, Stamp},
        key_spec::KeySpec,
        role::Role,
    },
};
use quote::ToTokens;

pub(crate) fn check(entity: &Entity, errors: &Errors) {
    for field in &entity.fields {
        fields::conflicting_options(field, errors);
    }
    fields::distinct_attributes(&entity.fields, errors);
    required(entity, errors);
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
    vectors::check(entity, errors);
    unique::check(entity, errors);
    shapes::check(entity, errors);
    fields::distinct_constants(&entity.fields, errors);
    functions(entity, errors);
    fields::absent(&entity.fields, entity.default.is_some(), errors);
    always_stored(entity, errors);
    serde::entity(entity, errors);
    entity.options.report_unknown(errors);
}

fn required(entity: &Entity, errors: &Errors) {
    let ident = &entity.ident;
    if !entity.options.is_given("table") {
        errors.at(ident, "an entity needs its table; add `table = ..` to `#[dynamap(..)]`");
    }
    if !entity.options.is_given("pk") {
        let example = format!("#[dynamap(pk = \"{}#{{id}}\")]", entity.name.to_uppercase());
        errors.at(ident, format_args!("an entity needs a partition key; add one, such as `{example}`"));
    }
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

/// Reports skipped components of the keys in indexes. `primary_key` reports those of the primary key, `any_key` fields that are
/// key attributes themselves.
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

/// Reports all versions but the first.
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
        if index.vector.is_none() && index.partition_key.is_empty() && index.sort_key.is_empty() {
            errors.span(
                index.span,
                format_args!(
                    "`{ident}` needs its key; add `pk = ..` (and `sk = ..`), or `sk = ..` for a local index"
                ),
            );
        }
    }
}

/// Reports indexes and groups of fields whose function there is already.
fn functions(entity: &Entity, errors: &Errors) {
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

/// Reports components of keys that may be stored under another name, or not at all.
fn always_stored(entity: &Entity, errors: &Errors) {
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
