//! An item collection: an enum of entities, or a struct that is put together of them.

use super::{field::bare, runtime};
use crate::{
    case::{Case, ident_in},
    errors::Errors,
    parse::{
        option_sets::{self, OptionSet},
        options::{GivenOptions, Options, Value},
    },
};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Fields, GenericArgument, Ident, Path, PathArguments, Type, Visibility};

pub(crate) struct ItemCollection {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    /// The table that the collection is the whole of: its members need not share a form of partition key.
    pub(crate) table: Option<Path>,
    /// The index that the collection is in; the table if there is none.
    pub(crate) index: Option<Path>,
    pub(crate) members: Vec<Member>,
    pub(crate) unknown: Unknown,
    /// True with `overlap = first`: an item is of the first member that its key fits, so the keys of members may be equal.
    pub(crate) first_fits: bool,
    pub(crate) is_enum: bool,
    /// The variants and fields that are marked `unknown`.
    pub(crate) marked: Vec<MarkedUnknown>,
    /// The variants and fields of an entity that an earlier one holds: no code is made of them.
    pub(crate) repeated: Vec<RepeatedMember>,
    pub(crate) options: GivenOptions,
}

/// A variant or field, and the entity whose items it holds.
pub(crate) struct Member {
    pub(crate) ident: Ident,
    pub(crate) entity: Type,
    /// The entity by its own name. Rust needs it where `entity` is of another crate: whether two types that such types name
    /// as theirs are the same, it does not look up when it compares implementations.
    pub(crate) named: Option<Path>,
    pub(crate) holds: Holds,
}

/// A variant or field that is marked `unknown`.
pub(crate) struct MarkedUnknown {
    pub(crate) ident: Ident,
    pub(crate) held: Type,
}

/// A variant or field of an entity that an earlier one holds.
pub(crate) struct RepeatedMember {
    pub(crate) held: Type,
    pub(crate) entity: Type,
}

/// The number of items that a variant or field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    One,
    OneOrNone,
    Many,
}

/// The treatment of items that belong to no member.
pub(crate) enum Unknown {
    Refused,
    Skipped,
    /// Kept in this variant or field.
    Kept(Ident),
}

impl ItemCollection {
    /// The function that begins a key condition: `partition`, or `by_group` for an index. A whole table has none.
    pub(crate) fn function(&self) -> Option<Ident> {
        if self.table.is_some() {
            return None;
        }
        Some(match self.index.as_ref().and_then(|index| index.segments.last()) {
            Some(index) => ident_in(Case::Snake, &index.ident),
            None => Ident::new("partition", self.ident.span()),
        })
    }

    pub(crate) fn parse(input: &syn::DeriveInput, errors: &Errors) -> Self {
        let options = Options::parse(&input.attrs, &option_sets::ITEM_COLLECTION, errors);
        let mut collection = Self {
            runtime: runtime(&options),
            ident: input.ident.clone(),
            vis: input.vis.clone(),
            table: options.path("table"),
            index: options.path("index"),
            members: Vec::new(),
            unknown: unknown(&options),
            first_fits: first_fits(&options),
            is_enum: matches!(input.data, syn::Data::Enum(_)),
            marked: Vec::new(),
            repeated: Vec::new(),
            options: options.close(),
        };
        match &input.data {
            syn::Data::Enum(data) => data.variants.iter().for_each(|variant| {
                let held = held(variant, errors);
                collection.add(&option_sets::MEMBER_VARIANT, &variant.attrs, &variant.ident, held, errors);
            }),
            _ => super::named_fields(input).for_each(|field| {
                if let Some(ident) = &field.ident {
                    let held = Some(field.ty.clone());
                    collection.add(&option_sets::MEMBER_FIELD, &field.attrs, ident, held, errors);
                }
            }),
        }
        collection
    }

    fn add(
        &mut self,
        set: &'static OptionSet,
        attributes: &[syn::Attribute],
        ident: &Ident,
        held: Option<Type>,
        errors: &Errors,
    ) {
        let options = Options::parse(attributes, set, errors);
        let (is_unknown, named) = (options.flag("unknown").is_some(), options.path("entity"));
        options.finish();
        let Some(held) = held else { return };
        if is_unknown {
            let is_list = inner(&held, "Vec").is_some();
            // The first that can hold all unknown items is the one; the others are reported.
            if matches!(self.unknown, Unknown::Refused) && (self.is_enum || is_list) {
                self.unknown = Unknown::Kept(ident.clone());
            }
            self.marked.push(MarkedUnknown { ident: ident.clone(), held });
            return;
        }
        let (entity, holds) = match (inner(&held, "Option"), inner(&held, "Vec")) {
            (Some(entity), _) if !self.is_enum => (entity, Holds::OneOrNone),
            (_, Some(entity)) if !self.is_enum => (entity, Holds::Many),
            _ => (held.clone(), Holds::One),
        };
        let text = |entity: &Type| entity.to_token_stream().to_string();
        match self.members.iter().any(|member| text(&member.entity) == text(&entity)) {
            true => self.repeated.push(RepeatedMember { held, entity }),
            false => self.members.push(Member { ident: ident.clone(), entity, named, holds }),
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

/// The type that a variant holds.
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
