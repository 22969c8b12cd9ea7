//! A projection: some attributes of an entity, or of a struct in one of them.

use super::{field::bare, named_fields, runtime, serde_options};
use crate::{
    attr::{
        Options, Value,
        serde::{self, SerdeOption},
    },
    check,
    errors::Errors,
};
use proc_macro2::TokenStream;
use syn::{GenericArgument, Ident, Path, PathArguments, Type};

pub(crate) struct Projection {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) owner: Option<Owner>,
    pub(crate) indexes: Vec<Path>,
    pub(crate) fields: Vec<ProjectedField>,
    pub(crate) options: Vec<Ident>,
    pub(crate) serde: Option<Vec<SerdeOption>>,
}

/// Whose attributes they are.
pub(crate) enum Owner {
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

/// Where a projected field's value comes from.
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
        let options = Options::parse(
            &input.attrs,
            "a projection",
            &["entity", "index", "of", "ignore_serde", "crate"],
            errors,
        );
        let fields = named_fields(input).filter_map(|field| ProjectedField::parse(field, errors)).collect();
        let projection = Self {
            runtime: runtime(&options),
            ident: input.ident.clone(),
            owner: owner(&options, &input.ident),
            indexes: indexes(&options),
            fields,
            options: options.names().cloned().collect(),
            serde: serde_options(input, &options),
        };
        check::names::projection(&projection, errors);
        check::serde::projection(&projection, errors);
        if matches!(projection.owner, Some(Owner::Document(_))) {
            projection.check_nested(errors);
        }
        options.finish();
        projection
    }

    /// A part of a struct has neither key nor index.
    fn check_nested(&self, errors: &Errors) {
        let ident = &self.ident;
        for index in &self.indexes {
            errors.at(
                index,
                format_args!("`{ident}` is a part of a struct, which no index holds by itself; give `index` to the projection that nests it"),
            );
        }
        for field in self.fields.iter().filter(|field| field.source == Source::Key) {
            errors.at(
                &field.ident,
                format_args!(
                    "`{}` is a field of a struct in an attribute, which has no key; remove `key`",
                    field.ident
                ),
            );
        }
    }
}

impl ProjectedField {
    fn parse(field: &syn::Field, errors: &Errors) -> Option<Self> {
        let ident = field.ident.clone()?;
        let options =
            Options::parse(&field.attrs, "a projected field", &["key", "nested", "ignore_serde"], errors);
        let (key, nested) = (options.flag("key"), options.flag("nested"));
        let serde = match options.flag("ignore_serde") {
            Some(_) => Vec::new(),
            None => serde::options(&field.attrs),
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
        if source == Source::Nested && holds_many(&field.ty) {
            errors.at(
                &field.ty,
                format_args!("`{ident}` holds many structs, of which DynamoDB projects one by its index or key, not a part of each; remove `nested` and read it whole"),
            );
        }
        Some(Self { ident, ty: field.ty.clone(), source, serde })
    }
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

/// `entity = Order` or `of = Address`.
fn owner(options: &Options<'_>, ident: &Ident) -> Option<Owner> {
    let (entity, document) = (options.path("entity"), options.path("of"));
    match (entity, document) {
        (Some(entity), None) => Some(Owner::Entity(entity)),
        (None, Some(document)) => Some(Owner::Document(document)),
        (Some(_), Some(document)) => {
            let error = "a projection is of an entity, or of a struct that an attribute holds; remove `entity` or `of`";
            options.errors().at(&document, error);
            None
        }
        (None, None) => {
            if !options.is_given("entity") && !options.is_given("of") {
                options.errors().at(ident, "a projection needs its entity; add `#[dynamap(entity = ..)]`");
            }
            None
        }
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
