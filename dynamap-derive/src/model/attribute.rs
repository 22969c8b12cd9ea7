//! A nested document, a newtype or an enum that is an attribute value.

use super::{
    case_option, default_option,
    field::{self, Codec, Field, Owner, bare},
    runtime, serde_options,
};
use crate::{
    attr::{
        Options,
        serde::{self, SerdeOption},
    },
    case::{Case, name_of},
    check,
    errors::Errors,
};
use proc_macro2::{Span, TokenStream};
use syn::{Fields, GenericArgument, Generics, Ident, LitStr, PathArguments, Type, Visibility};

pub(crate) struct Attribute {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) generics: Generics,
    pub(crate) shape: Shape,
    /// What fields are taken from whose attributes are absent.
    pub(crate) default: Option<(field::Default, Span)>,
    pub(crate) options: Vec<Ident>,
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

/// How an enum says which variant it is; the styles and their names are serde's.
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
    /// What serde is told of the variant, unless that is for another format.
    pub(crate) serde: Vec<SerdeOption>,
}

pub(crate) enum VariantFields {
    Unit,
    Newtype(Box<Field>),
    Tuple(Vec<Field>),
    Struct(Vec<Field>),
}

impl Shape {
    /// All fields, those of all variants.
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
    /// Reports what is no attribute value at all.
    pub(crate) fn check_shape(input: &syn::DeriveInput, errors: &Errors) {
        let ident = &input.ident;
        match &input.data {
            syn::Data::Union(_) => {
                errors.at(ident, "`Attribute` needs a struct or an enum; a union has no attributes");
            }
            syn::Data::Enum(data) if data.variants.is_empty() => {
                errors.at(ident, "an enum without variants has no values to store");
            }
            _ => {}
        }
        if let Some(lifetime) = input.generics.lifetimes().next() {
            errors.at(lifetime, "a value that is read from DynamoDB owns its data; use `String` and `Vec` instead of references");
        }
    }

    pub(crate) fn parse(input: &syn::DeriveInput, errors: &Errors) -> Self {
        let known: &[&str] = match input.data {
            syn::Data::Enum(_) => {
                &["tag", "content", "untagged", "rename_all", "rename_all_fields", "ignore_serde", "crate"]
            }
            syn::Data::Struct(syn::DataStruct { fields: Fields::Named(_), .. }) => {
                &["rename_all", "default", "ignore_serde", "crate"]
            }
            _ => &["rename_all", "ignore_serde", "crate"],
        };
        let options = Options::parse(&input.attrs, "an attribute value", known, errors);
        let shape = match &input.data {
            syn::Data::Struct(data) => struct_shape(&data.fields, input, &options),
            syn::Data::Enum(data) => enum_shape(data, &options),
            syn::Data::Union(_) => Shape::Struct(Vec::new()),
        };
        let attribute = Self {
            runtime: runtime(&options),
            ident: input.ident.clone(),
            vis: input.vis.clone(),
            generics: input.generics.clone(),
            shape,
            default: if known.contains(&"default") { default_option(&options) } else { None },
            options: options.names().cloned().collect(),
            serde: serde_options(input, &options),
        };
        match &attribute.shape {
            Shape::Struct(fields) => {
                check::names::constants(fields, errors);
                check::absent::fields(fields, attribute.default.is_some(), errors);
            }
            Shape::Enum { variants, .. } => {
                for variant in variants {
                    if let VariantFields::Struct(fields) = &variant.fields {
                        check::absent::fields(fields, false, errors);
                    }
                }
            }
            Shape::Newtype(_) | Shape::Tuple(_) => {}
        }
        check::serde::attribute(&attribute, errors);
        options.finish();
        attribute
    }
}

fn struct_shape(fields: &Fields, input: &syn::DeriveInput, options: &Options<'_>) -> Shape {
    let errors = options.errors();
    let case = case_option(options, "rename_all");
    match fields {
        Fields::Named(_) => Shape::Struct(parse_fields(fields, 0, case, errors)),
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let (ident, ty) = (&input.ident, &fields.unnamed[0].ty);
            if is_pointer_to(ty, ident) {
                errors.at(ty, format_args!("`{ident}` is stored as the value that it holds, which is `{ident}` again, without end; name the field"));
            }
            Shape::Newtype(Box::new(Field::parse((0, 0), &fields.unnamed[0], None, Owner::Tuple, errors)))
        }
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

/// True if the type is `ident`, as far as its name tells, also behind an `Option` or a pointer.
fn is_pointer_to(ty: &Type, ident: &Ident) -> bool {
    let Type::Path(path) = bare(ty) else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    if path.path.is_ident(ident) {
        return true;
    }
    match &last.arguments {
        PathArguments::AngleBracketed(arguments)
            if matches!(last.ident.to_string().as_str(), "Option" | "Box" | "Rc" | "Arc") =>
        {
            matches!(arguments.args.first(), Some(GenericArgument::Type(inner)) if is_pointer_to(inner, ident))
        }
        PathArguments::AngleBracketed(_) => path.path.segments.len() == 1 && last.ident == *ident,
        _ => false,
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
    for (at, variant) in variants.iter().enumerate() {
        for alias in &variant.aliases {
            let others = variants.iter().enumerate().filter(|(other, _)| *other != at);
            let mut others = others.map(|(_, other)| other);
            if let Some(other) = others.find(|other| other.name == *alias || other.aliases.contains(alias)) {
                errors.at(
                    &variant.ident,
                    format_args!("`{}` and `{}` are both read by `{alias}`", variant.ident, other.ident),
                );
            }
        }
        if let Some(earlier) = variants[..at].iter().find(|earlier| earlier.name == variant.name) {
            errors.at(
                &variant.ident,
                format_args!(
                    "`{}` and `{}` are both stored as `{}`",
                    earlier.ident, variant.ident, variant.name
                ),
            );
        }
    }
    Shape::Enum { tag, variants }
}

fn tag(options: &Options<'_>) -> Tag {
    let errors = options.errors();
    match (options.text("tag"), options.text("content"), options.flag("untagged")) {
        (None, None, None) => Tag::External,
        (Some(tag), None, None) => Tag::Internal(tag),
        (Some(tag), Some(content), None) => {
            if tag.value() == content.value() {
                errors.at(&content, "`tag` and `content` need different names");
            }
            Tag::Adjacent(tag, content)
        }
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
    let options = Options::parse(
        &variant.attrs,
        "a variant",
        &["rename", "alias", "rename_all", "ignore_serde"],
        errors,
    );
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
            let mut field = Field::parse((number, 0), &fields.unnamed[0], None, Owner::Tuple, errors);
            field.tagged = matches!(tag, Tag::Internal(_));
            VariantFields::Newtype(Box::new(field))
        }
        fields => VariantFields::Tuple(parse_fields(fields, number, None, errors)),
    };
    let aliases = field::aliases(&options);
    let serde = match options.flag("ignore_serde") {
        Some(_) => Vec::new(),
        None => serde::options(&variant.attrs),
    };
    options.finish();
    let variant = Variant { ident, name, aliases, renamed: rename.is_some(), fields, serde };
    check_tag(&variant, tag, errors);
    variant
}

fn check_tag(variant: &Variant, tag: &Tag, errors: &Errors) {
    let Tag::Internal(tag) = tag else { return };
    let ident = &variant.ident;
    match &variant.fields {
        VariantFields::Tuple(_) => errors.at(
            ident,
            format_args!("`{ident}` is a list, which has no place for the tag; name its fields, or add `content = \"..\"`"),
        ),
        VariantFields::Struct(fields) => {
            if let Some(field) = fields.iter().find(|field| field.is_stored() && field.name == tag.value()) {
                errors.span(field.name_span, format_args!("the attribute `{}` is the tag already", field.name));
            }
        }
        VariantFields::Newtype(field) if !matches!(field.codec, Codec::Attribute) => errors.at(
            ident,
            format_args!("`{ident}` stands beside the tag, which `serde` and `with` cannot write; add `content = \"..\"`"),
        ),
        VariantFields::Unit | VariantFields::Newtype(_) => {}
    }
}

fn parse_fields(fields: &Fields, variant: usize, case: Option<Case>, errors: &Errors) -> Vec<Field> {
    let owner = if matches!(fields, Fields::Unnamed(_)) { Owner::Tuple } else { Owner::Document };
    let fields: Vec<Field> = fields
        .iter()
        .enumerate()
        .map(|(index, field)| Field::parse((variant, index), field, case, owner, errors))
        .collect();
    field::check_names(&fields, errors);
    fields
}
