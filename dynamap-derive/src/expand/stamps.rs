//! Fields that dynamap writes by itself.

use super::{Paths, local};
use crate::model::{
    entity::Entity,
    field::{Field, Stamp},
};
use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;

/// The members of `impl Entity` that say which fields are stamped, and that stamp them in an entity that is written as a
/// whole; nothing where there are none.
pub(crate) fn members(entity: &Entity, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let stamped: Vec<(&Field, Stamp)> =
        entity.fields.iter().filter_map(|field| Some((field, field.stamp?.0))).collect();
    if stamped.is_empty() {
        return TokenStream::new();
    }
    let stamps = stamped.iter().map(|(Field { ty, name, .. }, stamp)| {
        let span = syn::spanned::Spanned::span(ty);
        match stamp {
            Stamp::Created => {
                quote_spanned!(span=> #private::Stamp::time::<#ty>(#name, #private::StampKind::Created))
            }
            Stamp::Updated => {
                quote_spanned!(span=> #private::Stamp::time::<#ty>(#name, #private::StampKind::Updated))
            }
            Stamp::Counter => quote_spanned!(span=> #private::Stamp::counter::<#ty>(#name)),
        }
    });
    let this: Ident = local("self_");
    let sets = stamped.iter().map(|(Field { ident, name, .. }, stamp)| match stamp {
        Stamp::Created => quote! {
            if how == #private::WholeWrite::Created { #this.#ident = #private::stamped_time(now, #name)?; }
        },
        Stamp::Updated => quote!(#this.#ident = #private::stamped_time(now, #name)?;),
        Stamp::Counter => quote!(#this.#ident = #private::stamped_count(&#this.#ident, how);),
    });
    quote! {
        const STAMPS: &'static [#private::Stamp] = &[#(#stamps),*];
        fn stamped(
            &self,
            now: #private::SystemTime,
            how: #private::WholeWrite,
        ) -> #private::Result<#private::Option<Self>, #private::EncodeError> {
            let mut #this = #private::Clone::clone(self);
            #(#sets)*
            #private::Ok(#private::Some(#this))
        }
    }
}
