//! `impl IntoKey` for the key and for references to the entity.

use super::{Paths, key::key_ident};
use crate::model::entity::Entity;
use proc_macro2::TokenStream;

pub(crate) fn impls(entity: &Entity, paths: &Paths) -> TokenStream {
    let (private, ident, key) = (&paths.private, &entity.ident, key_ident(entity));
    quote! {
        #[automatically_derived]
        impl #private::IntoKey for #key {
            type Of = #ident;
            fn into_key(self) -> Self { self }
        }
        #[automatically_derived]
        impl #private::IntoKey for &#ident {
            type Of = #ident;
            fn into_key(self) -> #key { #private::Entity::to_key(self) }
        }
    }
}
