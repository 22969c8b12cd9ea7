//! The operators that a newtype has as the type inside has them.

use super::{attribute_constants, target::Target};
use crate::model::field::{Codec, Field};
use proc_macro2::TokenStream;
use quote::format_ident;
use syn::Type;

/// What paths and operators ask of the type of an attribute, exactly if the type inside has it.
pub(crate) fn operators(target: &Target<'_>, ty: &Type) -> TokenStream {
    let runtime = &target.paths.runtime;
    // `for<'any>` puts the question off.
    let when = |trait_name: &str, members: &[&str]| {
        let trait_name = format_ident!("{trait_name}");
        let trait_path = quote!(#runtime::expr::#trait_name);
        let members = members.iter().map(|member| {
            let member = format_ident!("{member}");
            quote!(type #member = <#ty as #trait_path>::#member;)
        });
        target.implement_where(&trait_path, &quote!(for<'any> #ty: #trait_path), &quote!(#(#members)*))
    };
    let newtype = target.implement(&quote!(#runtime::expr::Newtype<#ty>), &TokenStream::new());
    let operators = [
        when("List", &["Element"]),
        when("Set", &["Member"]),
        when("Map", &["Key", "Value"]),
        when("CanBeAbsent", &[]),
    ];
    quote!(#newtype #(#operators)*)
}

/// A struct of several values is a newtype of a tuple, whose elements have operators.
pub(crate) fn of_tuple(target: &Target<'_>, fields: &[Field]) -> TokenStream {
    // Operators have no name for the functions of the user's.
    if fields.iter().any(|field| matches!(field.codec, Codec::With(_)) || !field.is_stored()) {
        return TokenStream::new();
    }
    let runtime = &target.paths.runtime;
    let elements = fields.iter().map(|field| attribute_constants::value_type(field, target.paths));
    target.implement(&quote!(#runtime::expr::Newtype<(#(#elements,)*)>), &TokenStream::new())
}
