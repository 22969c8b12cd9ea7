//! A projection: some attributes of an entity.

use super::{named_fields, runtime};
use crate::{
    attr::{Options, Value},
    errors::Errors,
};
use proc_macro2::TokenStream;
use syn::{Ident, Path, Type};

pub(crate) struct Projection {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) entity: Option<Path>,
    pub(crate) indexes: Vec<Path>,
    pub(crate) fields: Vec<ProjectedField>,
    pub(crate) options: Vec<Ident>,
}

pub(crate) struct ProjectedField {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) source: Source,
}

/// Where a projected field's value comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The entity's attribute of that field.
    Attribute,
    /// The primary key.
    Key,
}

impl Projection {
    pub(crate) fn parse(input: &syn::DeriveInput, errors: &Errors) -> Self {
        let options = Options::parse(&input.attrs, "a projection", &["entity", "index", "crate"], errors);
        let fields: Vec<ProjectedField> = named_fields(input)
            .filter_map(|field| {
                let options = Options::parse(&field.attrs, "a projected field", &["key"], errors);
                let key = options.flag("key").is_some();
                options.finish();
                let source = if key { Source::Key } else { Source::Attribute };
                Some(ProjectedField { ident: field.ident.clone()?, ty: field.ty.clone(), source })
            })
            .collect();
        let projection = Self {
            runtime: runtime(&options),
            ident: input.ident.clone(),
            entity: options.path("entity"),
            indexes: indexes(&options),
            fields,
            options: options.names().cloned().collect(),
        };
        if !options.is_given("entity") {
            errors.at(&input.ident, "a projection needs its entity; add `#[dynamap(entity = ..)]`");
        }
        options.finish();
        projection
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
