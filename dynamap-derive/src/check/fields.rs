//! The rules of fields, of any struct or variant that has names for them.
//!
//! 1. A flattened, skipped or `key_only` field has no attribute to configure, and so no `rename`, codec, `skip_if` or `alias`.
//! 2. A stamp and the time to live are attributes of their own, which dynamap maps by their types.
//! 3. No two fields are stored under one name, none under that of a version's lineage.
//! 4. No two fields have one constant.
//! 5. A field with `skip_if` has a default, or is an `Option`.
//! 6. An alias is the name of one field.

use crate::{
    case::{Case, ident_in},
    errors::Errors,
    model::field::{Codec, Default, Field},
};

/// Reports options that exclude one another.
pub(super) fn conflicting_options(field: &Field, errors: &Errors) {
    let (ident, renamed) = (&field.ident, field.renamed);
    let has_codec = !matches!(field.codec, Codec::Attribute);
    let has_default = !matches!(field.default, Default::Absent);
    let is_moved = field.skip_if.is_some() || !field.aliases.is_empty();
    let is_configured = renamed || has_codec || is_moved;
    if field.flatten && (is_configured || has_default || field.skip) {
        errors.at(
            ident,
            format_args!("`{ident}` is flattened, so it has no attribute of its own to configure"),
        );
    }
    if field.skip && is_configured {
        errors.at(ident, format_args!("`{ident}` is skipped, so it has no attribute to configure"));
    }
    if let Some((_, span)) = field.stamp
        && (has_codec || is_moved || field.skip || field.flatten || field.key_only.is_some())
    {
        errors.span(
            span,
            format_args!("`{ident}` is stamped, so it is an attribute of its own, mapped by its type"),
        );
    }
    if let Some(span) = field.ttl
        && (has_codec
            || is_moved
            || field.stamp.is_some()
            || field.skip
            || field.flatten
            || field.key_only.is_some())
    {
        errors.span(
            span,
            format_args!(
                "`{ident}` is the time to live, so it is an attribute of its own, mapped by its type"
            ),
        );
    }
    if let Some(span) = field.key_only
        && (is_configured || has_default || field.skip || field.flatten)
    {
        errors.span(
            span,
            format_args!("`{ident}` is stored only inside the key, so it has no attribute to configure"),
        );
    }
}

/// Reports two fields with one attribute name.
pub(super) fn distinct_attributes(fields: &[Field], errors: &Errors) {
    for (index, field) in fields.iter().enumerate().filter(|(_, field)| field.is_stored()) {
        let same = |earlier: &&Field| earlier.is_stored() && earlier.name == field.name;
        if let Some(earlier) = fields[..index].iter().find(same) {
            errors.span(
                field.name_span,
                format_args!(
                    "`{}` and `{}` are both stored as the attribute `{}`",
                    earlier.ident, field.ident, field.name
                ),
            );
        }
    }
    let lineage = fields.iter().find_map(|field| Some((field.lineage.as_ref()?, field)));
    let Some((name, version)) = lineage else { return };
    for field in fields.iter().filter(|field| field.is_stored() && field.name == *name) {
        errors.span(
            field.name_span,
            format_args!(
                "`{}` is stored as the attribute `{name}`, where the version `{}` keeps the ids of the last writes; rename one of them, such as by `#[dynamap(version, lineage = \"{name}_of_version\")]`",
                field.ident, version.ident
            ),
        );
    }
}

/// Reports two fields with one constant.
pub(super) fn distinct_constants(fields: &[Field], errors: &Errors) {
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

/// Reports fields that may be left out but have no default, and aliases that are a name already. `whole` is true if the struct has
/// a default.
pub(super) fn absent(fields: &[Field], whole: bool, errors: &Errors) {
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

/// Reports aliases that are a name of another field.
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
