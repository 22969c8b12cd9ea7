//! The rules of an attribute value.
//!
//! 1. A newtype does not hold itself.
//! 2. The tag of an enum and its content have different names.
//! 3. A variant has room for the tag beside it: it is no list, has no field of that name, and is mapped by its type.
//! 4. No two variants are stored or read under one name.

use super::{fields, serde};
use crate::{
    errors::Errors,
    model::{
        attribute::{Attribute, Shape, Tag, Variant, VariantFields},
        field::{Codec, Field, bare},
    },
};
use syn::{GenericArgument, Ident, PathArguments, Type};

pub(crate) fn check(attribute: &Attribute, errors: &Errors) {
    match &attribute.shape {
        Shape::Struct(all) => {
            named_fields(all, errors);
            fields::distinct_constants(all, errors);
            fields::absent(all, attribute.default.is_some(), errors);
        }
        Shape::Newtype(field) => newtype(&attribute.ident, field, errors),
        Shape::Tuple(_) => {}
        Shape::Enum { tag, variants } => enumeration(tag, variants, errors),
    }
    serde::attribute(attribute, errors);
    attribute.options.report_unknown(errors);
}

fn named_fields(all: &[Field], errors: &Errors) {
    for field in all {
        fields::conflicting_options(field, errors);
    }
    fields::distinct_attributes(all, errors);
}

fn newtype(ident: &Ident, field: &Field, errors: &Errors) {
    if is_pointer_to(&field.ty, ident) {
        errors.at(&field.ty, format_args!("`{ident}` is stored as the value that it holds, which is `{ident}` again, without end; name the field"));
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

fn enumeration(tag: &Tag, variants: &[Variant], errors: &Errors) {
    if let Tag::Adjacent(tag, content) = tag
        && tag.value() == content.value()
    {
        errors.at(content, "`tag` and `content` need different names");
    }
    for variant in variants {
        if let VariantFields::Struct(all) = &variant.fields {
            named_fields(all, errors);
        }
        room_for_tag(variant, tag, errors);
    }
    distinct_variants(variants, errors);
    for variant in variants {
        if let VariantFields::Struct(all) = &variant.fields {
            fields::absent(all, false, errors);
        }
    }
}

fn distinct_variants(variants: &[Variant], errors: &Errors) {
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
}

fn room_for_tag(variant: &Variant, tag: &Tag, errors: &Errors) {
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
