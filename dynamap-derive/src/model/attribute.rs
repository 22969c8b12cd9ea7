//! A nested document, a newtype or an enum that is an attribute value.

use super::{
    case_option, default_option,
    field::{self, Field, FieldOwner},
    runtime,
};
use crate::{
    case::{Case, name_of},
    errors::Errors,
    parse::{
        option_sets,
        options::{GivenOptions, Options},
        serde_options::{self, SerdeOption},
    },
};
use proc_macro2::{Span, TokenStream};
use syn::{Fields, Generics, Ident, LitStr, Visibility};

pub(crate) struct Attribute {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) generics: Generics,
    pub(crate) shape: Shape,
    /// The default of the struct, from which absent fields are taken, and its span.
    pub(crate) default: Option<(field::Default, Span)>,
    pub(crate) options: GivenOptions,
    pub(crate) serde: Option<Vec<SerdeOption>>,
}

pub(crate) enum Shape {
    /// A map of named fields.
    Struct(Vec<Field>),
    /// The value of its only field.
    Newtype(Box<Field>),
    /// A list.
    Tuple(Vec<Field>),
    Enum {
        tag: Tag,
        variants: Vec<Variant>,
    },
}

/// The style in which an enum is tagged with its variant. The styles and their names are serde's.
pub(crate) enum Tag {
    /// `"Cash"` or `{"Card": {..}}`
    External,
    /// `{"type": "Card", ..}`
    Internal(LitStr),
    /// `{"type": "Card", "content": {..}}`
    Adjacent(LitStr, LitStr),
    /// The first variant that fits.
    Untagged,
}

pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    /// The names that it is read by as well.
    pub(crate) aliases: Vec<String>,
    /// True if the name is given for this variant.
    pub(crate) renamed: bool,
    pub(crate) fields: VariantFields,
    /// The options of `#[serde(..)]`; none with `ignore_serde`.
    pub(crate) serde: Vec<SerdeOption>,
}

pub(crate) enum VariantFields {
    Unit,
    Newtype(Box<Field>),
    Tuple(Vec<Field>),
    Struct(Vec<Field>),
}

impl Shape {
    /// All fields; of an enum, those of all variants.
    pub(crate) fn fields(&self) -> Vec<&Field> {
        match self {
            Self::Newtype(field) => vec![field],
            Self::Struct(fields) | Self::Tuple(fields) => fields.iter().collect(),
            Self::Enum { variants, .. } => variants.iter().flat_map(|variant| variant.fields.all()).collect(),
        }
    }
}

impl VariantFields {
    fn all(&self) -> Vec<&Field> {
        match self {
            Self::Unit => Vec::new(),
            Self::Newtype(field) => vec![field],
            Self::Tuple(fields) | Self::Struct(fields) => fields.iter().collect(),
        }
    }
}

impl Attribute {
    pub(crate) fn parse(input: &syn::DeriveInput, errors: &Errors) -> Self {
        let set = match &input.data {
            syn::Data::Enum(_) => &option_sets::ENUM,
            syn::Data::Struct(data) if matches!(data.fields, Fields::Named(_)) => &option_sets::DOCUMENT,
            _ => &option_sets::TUPLE_STRUCT,
        };
        let options = Options::parse(&input.attrs, set, errors);
        let shape = match &input.data {
            syn::Data::Struct(data) => struct_shape(&data.fields, input, &options),
            syn::Data::Enum(data) => enum_shape(data, &options),
            syn::Data::Union(_) => Shape::Struct(Vec::new()),
        };
        Self {
            runtime: runtime(&options),
            ident: input.ident.clone(),
            vis: input.vis.clone(),
            generics: input.generics.clone(),
            shape,
            default: if set.has("default") { default_option(&options) } else { None },
            serde: super::serde_options(input, &options),
            options: options.close(),
        }
    }
}

fn struct_shape(fields: &Fields, input: &syn::DeriveInput, options: &Options<'_>) -> Shape {
    let errors = options.errors();
    let case = case_option(options, "rename_all");
    match fields {
        Fields::Named(_) => Shape::Struct(parse_fields(fields, 0, case, errors)),
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Shape::Newtype(Box::new(Field::parse(
            (0, 0),
            &fields.unnamed[0],
            None,
            FieldOwner::Tuple,
            errors,
        ))),
        Fields::Unnamed(unnamed) if !unnamed.unnamed.is_empty() => {
            Shape::Tuple(parse_fields(fields, 0, None, errors))
        }
        _ => {
            let ident = &input.ident;
            errors.at(ident, format_args!("`{ident}` holds nothing that could be stored"));
            Shape::Struct(Vec::new())
        }
    }
}

fn enum_shape(data: &syn::DataEnum, options: &Options<'_>) -> Shape {
    let errors = options.errors();
    let tag = tag(options);
    let case = case_option(options, "rename_all");
    let field_case = case_option(options, "rename_all_fields");
    let variants: Vec<Variant> = data
        .variants
        .iter()
        .enumerate()
        .map(|(number, variant)| parse_variant(number, variant, case, field_case, &tag, errors))
        .collect();
    Shape::Enum { tag, variants }
}

fn tag(options: &Options<'_>) -> Tag {
    let errors = options.errors();
    match (options.text("tag"), options.text("content"), options.flag("untagged")) {
        (None, None, None) => Tag::External,
        (Some(tag), None, None) => Tag::Internal(tag),
        (Some(tag), Some(content), None) => Tag::Adjacent(tag, content),
        (None, None, Some(_)) => Tag::Untagged,
        (None, Some(content), None) => {
            errors.at(&content, "`content` needs a `tag` beside it: `tag = \"type\"`");
            Tag::External
        }
        (_, _, Some(untagged)) => {
            errors.span(untagged, "an enum is either `untagged` or has a `tag`");
            Tag::Untagged
        }
    }
}

fn parse_variant(
    number: usize,
    variant: &syn::Variant,
    case: Option<Case>,
    field_case: Option<Case>,
    tag: &Tag,
    errors: &Errors,
) -> Variant {
    let options = Options::parse(&variant.attrs, &option_sets::VARIANT, errors);
    let ident = variant.ident.clone();
    let rename = options.text("rename");
    let own_name = name_of(&ident);
    let name = match (&rename, case) {
        (Some(rename), _) => rename.value(),
        (None, Some(case)) => case.apply(&own_name),
        (None, None) => own_name,
    };
    let field_case = case_option(&options, "rename_all").or(field_case);
    let fields = match &variant.fields {
        Fields::Unit => VariantFields::Unit,
        fields @ Fields::Named(_) => VariantFields::Struct(parse_fields(fields, number, field_case, errors)),
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let mut field = Field::parse((number, 0), &fields.unnamed[0], None, FieldOwner::Tuple, errors);
            field.tagged = matches!(tag, Tag::Internal(_));
            VariantFields::Newtype(Box::new(field))
        }
        fields => VariantFields::Tuple(parse_fields(fields, number, None, errors)),
    };
    let aliases = field::aliases(&options);
    let serde = match options.flag("ignore_serde") {
        Some(_) => Vec::new(),
        None => serde_options::options(&variant.attrs),
    };
    options.finish();
    Variant { ident, name, aliases, renamed: rename.is_some(), fields, serde }
}

fn parse_fields(fields: &Fields, variant: usize, case: Option<Case>, errors: &Errors) -> Vec<Field> {
    let owner = if matches!(fields, Fields::Unnamed(_)) { FieldOwner::Tuple } else { FieldOwner::Document };
    let fields = fields.iter().enumerate();
    fields.map(|(index, field)| Field::parse((variant, index), field, case, owner, errors)).collect()
}
