//! The types of fields, each named in one place: an implementation of a trait that has the bounds of the field.
//!
//! All other code names the type through that trait, so that a type which breaks a bound is one error. A private struct
//! implements it, so that a field's type may be less visible than the type that has the field.

use super::{Paths, stamps};
use crate::model::{
    entity::Entity,
    field::{Codec, Field},
};
use proc_macro2::TokenStream;

/// The trait that declares the type of a field; none if the code needs nothing of the type.
fn trait_of(field: &Field, paths: &Paths) -> Option<TokenStream> {
    let (private, (variant, at)) = (&paths.private, field.position);
    match field.codec {
        _ if field.flatten || field.tagged => Some(quote!(#private::FlatFieldOf<#variant, #at>)),
        _ if !field.is_stored() => None,
        Codec::Attribute => Some(quote!(#private::FieldOf<#variant, #at>)),
        Codec::Serde => Some(quote!(#private::SerdeFieldOf<#variant, #at>)),
        Codec::With(_) => None,
    }
}

/// The trait that declares the type of a field, and its one member.
pub(crate) fn declaration(field: &Field, paths: &Paths) -> Option<(TokenStream, TokenStream)> {
    let ty = &field.ty;
    Some((trait_of(field, paths)?, quote!(type Type = #ty;)))
}

/// `<__Fields as FieldOf<0, 2>>`, to be followed by the name of a function.
pub(crate) fn of(field: &Field, paths: &Paths) -> TokenStream {
    let (owner, trait_path) = (&paths.owner, trait_of(field, paths));
    quote!(<#owner as #trait_path>)
}

/// `<__Fields as ComponentOf<2>>`: the same for a component of a key template.
pub(crate) fn component(field: &Field, paths: &Paths) -> TokenStream {
    let (private, owner, at) = (&paths.private, &paths.owner, field.position.1);
    quote!(<#owner as #private::ComponentOf<#at>>)
}

/// The types of an entity's fields and of the components of its keys.
pub(crate) fn of_entity(entity: &Entity, paths: &Paths) -> TokenStream {
    let (private, owner) = (&paths.private, &paths.owner);
    let fields = entity.fields.iter().filter_map(|field| declaration(field, paths));
    let fields = fields
        .map(|(trait_path, member)| quote!(#[automatically_derived] impl #trait_path for #owner { #member }));
    let components = entity.encoded_fields().map(|field| {
        let (ty, at) = (field.part_type(), field.position.1);
        quote!(#[automatically_derived] impl #private::ComponentOf<#at> for #owner { type Type = #ty; })
    });
    let stamps = stamps::types(entity, paths);
    quote!(struct __Fields; #(#fields)* #(#components)* #stamps)
}
