//! `Order::STATUS`: the attributes of an entity or a document as constants.

use super::{Paths, docs};
use crate::{
    case::{Case, ident_in},
    model::{
        field::{Codec, Field},
        role::Role,
    },
};
use proc_macro2::TokenStream;
use syn::Visibility;

/// A constant for each field that is an attribute of its own.
pub(crate) fn of(
    fields: &[Field],
    role_of: impl Fn(usize) -> Role,
    vis: &Visibility,
    owner: &TokenStream,
    paths: &Paths,
) -> TokenStream {
    let runtime = &paths.runtime;
    let stored = fields.iter().enumerate().filter(|(_, field)| field.is_stored());
    let constants = stored.map(|(at, field)| {
        let Field { name, docs, .. } = field;
        let (constant, doc) = (ident_in(Case::ScreamingSnake, &field.ident), docs::attribute(field));
        let ty = value_type(field, paths);
        let role = match role_of(at) {
            Role::Plain => TokenStream::new(),
            Role::PartOfPrimaryKey => quote!(, #runtime::expr::role::PartOfPrimaryKey),
            Role::PartOfIndexKey => quote!(, #runtime::expr::role::PartOfIndexKey),
            Role::Stamp => quote!(, #runtime::expr::role::Stamp),
            Role::PartOfJointIndexKey(_) => quote!(, #runtime::expr::role::PartOfJointIndexKey),
        };
        quote! {
            #[doc = #doc]
            #(#docs)*
            #vis const #constant: #runtime::Attribute<#owner, #ty #role> = #runtime::Attribute::new(#name);
        }
    });
    constants.collect()
}

/// What the attribute holds: the type of the field, and how it is mapped where the type does not say it.
pub(crate) fn value_type(field: &Field, paths: &Paths) -> TokenStream {
    let (runtime, ty) = (&paths.runtime, &field.ty);
    match field.codec {
        Codec::Attribute => quote!(#ty),
        Codec::Serde => quote!(#runtime::expr::Serde<#ty>),
        Codec::With(_) => quote!(#runtime::expr::With<#ty>),
    }
}
