//! A projection: some attributes of an entity, or of a struct in one of them.

use super::{named_fields, runtime};
use crate::{
    errors::Errors,
    parse::{
        option_sets,
        options::{GivenOptions, Options, Value},
        serde_options::{self, SerdeOption},
    },
};
use proc_macro2::TokenStream;
use syn::{Ident, Path, Type};

pub(crate) struct Projection {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) owner: Option<ProjectedType>,
    pub(crate) indexes: Vec<Path>,
    pub(crate) fields: Vec<ProjectedField>,
    pub(crate) options: GivenOptions,
    pub(crate) serde: Option<Vec<SerdeOption>>,
}

/// The type whose attributes they are.
pub(crate) enum ProjectedType {
    Entity(Path),
    /// A struct that an attribute holds.
    Document(Path),
}

pub(crate) struct ProjectedField {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) source: Source,
    pub(crate) serde: Vec<SerdeOption>,
}

/// The source of a projected field's value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The entity's attribute of that field.
    Attribute,
    /// A part of the struct that the attribute holds.
    Nested,
    /// The primary key.
    Key,
}

impl Projection {
    pub(crate) fn parse(input: &syn::DeriveInput, errors: &Errors) -> Self {
        let options = Options::parse(&input.attrs, &option_sets::PROJECTION, errors);
        let fields = named_fields(input).filter_map(|field| ProjectedField::parse(field, errors)).collect();
        Self {
            runtime: runtime(&options),
            ident: input.ident.clone(),
            owner: owner(&options),
            indexes: indexes(&options),
            fields,
            serde: super::serde_options(input, &options),
            options: options.close(),
        }
    }
}

impl ProjectedField {
    fn parse(field: &syn::Field, errors: &Errors) -> Option<Self> {
        let ident = field.ident.clone()?;
        let options = Options::parse(&field.attrs, &option_sets::PROJECTED_FIELD, errors);
        let (key, nested) = (options.flag("key"), options.flag("nested"));
        let serde = match options.flag("ignore_serde") {
            Some(_) => Vec::new(),
            None => serde_options::options(&field.attrs),
        };
        options.finish();
        let source = match (key, nested) {
            (Some(_), Some(span)) => {
                errors.span(
                    span,
                    format_args!("`{ident}` is taken from the key, which holds no struct; remove `nested`"),
                );
                Source::Key
            }
            (Some(_), None) => Source::Key,
            (None, Some(_)) => Source::Nested,
            (None, None) => Source::Attribute,
        };
        Some(Self { ident, ty: field.ty.clone(), source, serde })
    }
}

/// `entity = Order` or `of = Address`.
fn owner(options: &Options<'_>) -> Option<ProjectedType> {
    let (entity, document) = (options.path("entity"), options.path("of"));
    match (entity, document) {
        (Some(entity), None) => Some(ProjectedType::Entity(entity)),
        (None, Some(document)) => Some(ProjectedType::Document(document)),
        (Some(_), Some(document)) => {
            let error = "a projection is of an entity, or of a struct that an attribute holds; remove `entity` or `of`";
            options.errors().at(&document, error);
            None
        }
        (None, None) => None,
    }
}

/// `index = ByGroup`, which may be given several times, or `index = [ByGroup, ByTitle]`.
fn indexes(options: &Options<'_>) -> Vec<Path> {
    let mut indexes = Vec::new();
    for opt in options.all("index") {
        let values = match &opt.value {
            Value::List(_, values) => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        for value in values {
            match value {
                Value::Name(path) => indexes.push(path.clone()),
                _ => options
                    .errors()
                    .at(&opt.name, "`index` takes a type that derives `Index`: `index = ByGroup`"),
            }
        }
    }
    indexes
}
