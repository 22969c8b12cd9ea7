//! The operators of a newtype: those of the type inside.

use super::{attribute_constants, target::Target};
use crate::model::field::{Codec, Field};
use proc_macro2::TokenStream;
use quote::format_ident;
use syn::Type;

/// The traits that paths and operators need of the type of an attribute, each exactly if the type inside has it.
pub(crate) fn operators(target: &Target<'_>, ty: &Type) -> TokenStream {
    let runtime = &target.paths.runtime;
    // A bound without parameters that does not hold is an error at once; `for<'any>` defers it to the use of the trait.
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

/// `Newtype` of a struct of several values: of a tuple, whose elements have operators.
pub(crate) fn of_tuple(target: &Target<'_>, fields: &[Field]) -> TokenStream {
    // The functions of `with` have no type by which an operator could name them.
    if fields.iter().any(|field| matches!(field.codec, Codec::With(_)) || !field.is_stored()) {
        return TokenStream::new();
    }
    let runtime = &target.paths.runtime;
    let elements = fields.iter().map(|field| attribute_constants::value_type(field, target.paths));
    target.implement(&quote!(#runtime::expr::Newtype<(#(#elements,)*)>), &TokenStream::new())
}
