//! The key attributes of an entity: the values of `pk` and `sk`, resolved to its fields.

use super::field::Field;
use crate::{
    case::name_of,
    errors::{Errors, closest, did_you_mean},
    parse::{
        options::{Options, Value},
        template::{self, Piece},
    },
};
use proc_macro2::Span;
use syn::{Ident, LitStr, Path, spanned::Spanned};

/// One attribute of a key.
pub(crate) enum KeySpec {
    /// `pk = "ORDER#{order_id}"`
    Template { literal: LitStr, segments: Vec<Segment> },
    /// `pk = order_id`: the field's own attribute is the key.
    Field { field: usize, span: Span },
}

/// A piece of a template whose components are fields of the entity.
pub(crate) enum Segment {
    Text(String),
    Component(usize),
}

impl KeySpec {
    /// The fields that the key is made of, in order.
    pub(crate) fn components(&self) -> Vec<usize> {
        match self {
            Self::Template { segments, .. } => segments
                .iter()
                .filter_map(|segment| match segment {
                    Segment::Component(field) => Some(*field),
                    Segment::Text(_) => None,
                })
                .collect(),
            Self::Field { field, .. } => vec![*field],
        }
    }

    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Template { literal, .. } => literal.span(),
            Self::Field { span, .. } => *span,
        }
    }
}

/// The fields, each once, in the order in which they first occur.
pub(crate) fn each_once(fields: impl IntoIterator<Item = usize>) -> Vec<usize> {
    let mut once: Vec<usize> = Vec::new();
    for field in fields {
        if !once.contains(&field) {
            once.push(field);
        }
    }
    once
}

/// The place in which a key is declared, for messages and limits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Table,
    Index,
    VectorIndex,
}

/// Reads `pk` or `sk`: its key attributes, empty if it is not given or wrong.
pub(crate) fn parse(
    options: &Options<'_>,
    option: &str,
    place: Place,
    entity: &Ident,
    fields: &[Field],
) -> Vec<KeySpec> {
    let errors = options.errors();
    let Some(opt) = options.get(option) else { return Vec::new() };
    match &opt.value {
        Value::Text(literal) => template_spec(literal, entity, fields, errors).into_iter().collect(),
        Value::Name(path) => field_spec(path, option, entity, fields, errors).into_iter().collect(),
        Value::List(span, _) if place == Place::Table => {
            errors.span(
                *span,
                format_args!(
                    "a table has one {} attribute; lists are for keys of an index",
                    key_word(option)
                ),
            );
            Vec::new()
        }
        Value::List(span, _) if place == Place::VectorIndex => {
            errors.span(
                *span,
                "a vector index has one partition key attribute; lists are for keys of an index",
            );
            Vec::new()
        }
        Value::List(span, values) if values.is_empty() || values.len() > 4 => {
            errors.span(*span, "an index key has one to four attributes");
            Vec::new()
        }
        Value::List(span, values) => values
            .iter()
            .filter_map(|value| match value {
                Value::Name(path) => field_spec(path, option, entity, fields, errors),
                _ => {
                    errors.span(*span, "a key of several attributes is a list of fields: `[region, year]`");
                    None
                }
            })
            .collect(),
        Value::Flag | Value::Call(..) | Value::Literal(_) | Value::Wrong => {
            errors.at(
                &opt.name,
                format_args!("`{option}` takes a template or a field: `{option} = \"ORDER#{{order_id}}\"` or `{option} = order_id`"),
            );
            Vec::new()
        }
    }
}

fn key_word(option: &str) -> &'static str {
    if option == "pk" { "partition key" } else { "sort key" }
}

fn template_spec(literal: &LitStr, entity: &Ident, fields: &[Field], errors: &Errors) -> Option<KeySpec> {
    let pieces = match template::parse(&literal.value()) {
        Ok(pieces) => pieces,
        Err(message) => {
            errors.at(literal, message);
            return None;
        }
    };
    let mut segments = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => segments.push(Segment::Text(text)),
            Piece::Component(name) => {
                let found = find_field(&name, fields, |hint| {
                    errors.at(
                        literal,
                        format_args!("key template names `{name}`, but `{entity}` has no such field{hint}"),
                    );
                });
                segments.extend(found.map(Segment::Component));
            }
        }
    }
    Some(KeySpec::Template { literal: literal.clone(), segments })
}

fn field_spec(
    path: &Path,
    option: &str,
    entity: &Ident,
    fields: &[Field],
    errors: &Errors,
) -> Option<KeySpec> {
    let Some(ident) = path.get_ident() else {
        errors.at(path, format_args!("`{option}` takes the name of a field or a template in quotes"));
        return None;
    };
    let field = find_field(&name_of(ident), fields, |hint| {
        let hint = if hint.is_empty() { "; a template goes in quotes".into() } else { hint };
        errors.at(path, format_args!("`{option}` names `{ident}`, but `{entity}` has no such field{hint}"));
    })?;
    Some(KeySpec::Field { field, span: path.span() })
}

/// The field that a list or an option names by its Rust name, and where.
pub(super) fn named_field(
    path: &Path,
    option: &str,
    entity: &Ident,
    fields: &[Field],
    errors: &Errors,
) -> Option<(usize, Span)> {
    let Some(ident) = path.get_ident() else {
        errors.at(path, format_args!("`{option}` takes the name of a field"));
        return None;
    };
    let field = find_field(&name_of(ident), fields, |hint| {
        errors.at(path, format_args!("`{option}` names `{ident}`, but `{entity}` has no such field{hint}"));
    })?;
    Some((field, path.span()))
}

/// The field `name`. If there is none, the mistake is reported and the field that was probably meant is taken,
/// so that one slip does not make a second error elsewhere.
fn find_field(name: &str, fields: &[Field], report: impl Fn(String)) -> Option<usize> {
    let names: Vec<String> = fields.iter().map(|field| name_of(&field.ident)).collect();
    let position = |name: &str| names.iter().position(|known| known == name);
    if let Some(found) = position(name) {
        return Some(found);
    }
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    report(did_you_mean(name, &known));
    position(closest(name, &known)?)
}
