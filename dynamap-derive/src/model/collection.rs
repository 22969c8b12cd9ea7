//! An item collection: an enum of entities, or a struct that is put together of them.

use super::{field::bare, runtime};
use crate::{
    attr::{Options, Value},
    case::{Case, ident_in},
    check,
    errors::Errors,
};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Fields, GenericArgument, Ident, Path, PathArguments, Type, Visibility};

pub(crate) struct ItemCollection {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    /// The index that the collection is in; the table if there is none.
    pub(crate) index: Option<Path>,
    pub(crate) members: Vec<Member>,
    pub(crate) unknown: Unknown,
    /// True if an item is of the first member that its key fits: where nothing else tells, keys of members may be equal.
    pub(crate) first_fits: bool,
    pub(crate) is_enum: bool,
    pub(crate) options: Vec<Ident>,
}

/// A variant or field, and the entity whose items it holds.
pub(crate) struct Member {
    pub(crate) ident: Ident,
    pub(crate) entity: Type,
    pub(crate) holds: Holds,
}

/// How many items a variant or field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    One,
    OneOrNone,
    Many,
}

/// What becomes of items of no member.
pub(crate) enum Unknown {
    Refused,
    Skipped,
    /// They are kept in this variant or field.
    Kept(Ident),
}

impl ItemCollection {
    /// The function that begins a key condition: `partition`, or `by_group` for an index.
    pub(crate) fn function(&self) -> Ident {
        match self.index.as_ref().and_then(|index| index.segments.last()) {
            Some(index) => ident_in(Case::Snake, &index.ident),
            None => Ident::new("partition", self.ident.span()),
        }
    }

    /// Reports what is no item collection at all.
    pub(crate) fn check_shape(input: &syn::DeriveInput, errors: &Errors) {
        let ident = &input.ident;
        match &input.data {
            syn::Data::Union(_) => {
                errors.at(ident, "`ItemCollection` needs an enum or a struct; a union holds no entities");
            }
            syn::Data::Struct(data) if !matches!(data.fields, Fields::Named(_)) => {
                errors.at(
                    ident,
                    format_args!("`ItemCollection` needs named fields: `struct {ident} {{ .. }}`"),
                );
            }
            _ => {}
        }
        super::check_concrete(input, "ItemCollection", errors);
    }

    pub(crate) fn parse(input: &syn::DeriveInput, errors: &Errors) -> Self {
        let options = Options::parse(
            &input.attrs,
            "an item collection",
            &["index", "unknown", "overlap", "crate"],
            errors,
        );
        let mut collection = Self {
            runtime: runtime(&options),
            ident: input.ident.clone(),
            vis: input.vis.clone(),
            index: options.path("index"),
            members: Vec::new(),
            unknown: unknown(&options),
            first_fits: first_fits(&options),
            is_enum: matches!(input.data, syn::Data::Enum(_)),
            options: options.names().cloned().collect(),
        };
        match &input.data {
            syn::Data::Enum(data) => data.variants.iter().for_each(|variant| {
                let held = held(variant, errors);
                collection.add("a variant", &variant.attrs, &variant.ident, held, errors);
            }),
            _ => super::named_fields(input).for_each(|field| {
                if let Some(ident) = &field.ident {
                    let held = Some(field.ty.clone());
                    collection.add("a part of an item collection", &field.attrs, ident, held, errors);
                }
            }),
        }
        if collection.members.is_empty() && !errors.any() {
            let form = if collection.is_enum { "variants such as `Order(Order)`" } else { "fields" };
            errors.at(
                &input.ident,
                format_args!("an item collection needs members: {form} that hold entities"),
            );
        }
        check::names::collection(&collection, errors);
        options.finish();
        collection
    }

    fn add(
        &mut self,
        place: &'static str,
        attributes: &[syn::Attribute],
        ident: &Ident,
        held: Option<Type>,
        errors: &Errors,
    ) {
        let options = Options::parse(attributes, place, &["unknown"], errors);
        let is_unknown = options.flag("unknown").is_some();
        options.finish();
        let Some(held) = held else { return };
        if is_unknown {
            self.add_unknown(ident, &held, errors);
            return;
        }
        let (entity, holds) = match (inner(&held, "Option"), inner(&held, "Vec")) {
            (Some(entity), _) if !self.is_enum => (entity, Holds::OneOrNone),
            (_, Some(entity)) if !self.is_enum => (entity, Holds::Many),
            _ => (held.clone(), Holds::One),
        };
        let text = |entity: &Type| entity.to_token_stream().to_string();
        if self.members.iter().any(|member| text(&member.entity) == text(&entity)) {
            let entity = text(&entity);
            errors.at(&held, format_args!("`{entity}` is a member twice; one place holds all its items"));
            return;
        }
        self.members.push(Member { ident: ident.clone(), entity, holds });
    }

    fn add_unknown(&mut self, ident: &Ident, held: &Type, errors: &Errors) {
        match &self.unknown {
            Unknown::Kept(earlier) => errors.at(
                ident,
                format_args!(
                    "`{ident}` is for unknown items, but `{earlier}` holds them already; one place is enough"
                ),
            ),
            Unknown::Skipped => errors.at(
                ident,
                format_args!(
                    "`{ident}` is for unknown items, but `unknown = skip` passes them over; remove one"
                ),
            ),
            Unknown::Refused if !self.is_enum && inner(held, "Vec").is_none() => {
                errors.at(held, format_args!("`{ident}` is for unknown items, so it holds `Vec<Item>`"));
            }
            Unknown::Refused => self.unknown = Unknown::Kept(ident.clone()),
        }
    }
}

/// `unknown = error`, which is the default, or `unknown = skip`.
fn unknown(options: &Options<'_>) -> Unknown {
    let Some(opt) = options.get("unknown") else { return Unknown::Refused };
    match &opt.value {
        Value::Name(path) if path.is_ident("error") => return Unknown::Refused,
        Value::Name(path) if path.is_ident("skip") => return Unknown::Skipped,
        _ => options.errors().at(
            &opt.name,
            "`unknown` takes `error` or `skip`; to keep unknown items, mark a variant: `#[dynamap(unknown)] Unknown(Item)`",
        ),
    }
    Unknown::Refused
}

/// `overlap = first`.
fn first_fits(options: &Options<'_>) -> bool {
    let Some(opt) = options.get("overlap") else { return false };
    if !matches!(&opt.value, Value::Name(path) if path.is_ident("first")) {
        options.errors().at(
            &opt.name,
            "`overlap` takes `first`: an item whose key fits several members is of the first of them",
        );
    }
    true
}

/// What a variant holds.
fn held(variant: &syn::Variant, errors: &Errors) -> Option<Type> {
    let ident = &variant.ident;
    match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            fields.unnamed.first().map(|field| field.ty.clone())
        }
        Fields::Unit => {
            errors
                .at(ident, format_args!("`{ident}` holds no entity; a member is written `{ident}(Entity)`"));
            None
        }
        Fields::Named(fields) => {
            errors.at(
                fields,
                format_args!("`{ident}` has named fields; a member is written `{ident}(Entity)`"),
            );
            None
        }
        fields => {
            let count = fields.len();
            errors.at(
                fields,
                format_args!("`{ident}` has {count} fields; a member holds one entity: `{ident}(Entity)`"),
            );
            None
        }
    }
}

/// The type inside `Option<..>` or `Vec<..>`.
fn inner(ty: &Type, wrapper: &str) -> Option<Type> {
    let Type::Path(path) = bare(ty) else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == wrapper)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some(inner.clone()),
        _ => None,
    }
}
