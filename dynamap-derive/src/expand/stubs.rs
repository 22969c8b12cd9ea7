//! Stubs for input with mistakes: traits without bodies, so that code which uses the type does not fail as well.

use super::{
    Paths, document_functions,
    key::{self, key_ident},
};
use crate::model::entity::Entity;
use proc_macro2::TokenStream;
use syn::Ident;

/// `Entity` and its supertraits.
pub(crate) fn entity(entity: &Entity, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let (ident, name, key) = (&entity.ident, &entity.name, key_ident(entity));
    let table = key::table_path(entity, paths);
    let write_fields = document_functions::write_fields(&quote!(#private::derive_failed()), paths);
    let (from_document, member) = (from_document(ident, private), member(ident, private));
    quote! {
        #from_document
        #member
        #[automatically_derived]
        #[allow(unused_variables)]
        impl #private::ToDocument for #ident {
            #write_fields
        }
        #[automatically_derived]
        impl #private::BlindlyChanged for #ident {}
        impl #private::Unchanging for #ident {}
        impl #private::Changing for #ident { type By = #private::ByStamps; }
        impl #private::Unversioned for #ident {}
        impl #private::WithoutUniqueFields for #ident {}
        impl #private::WrittenWhole for #ident {
            fn save_whole<'__a>(
                &'__a mut self,
                writer: #private::WriteHandle<'_>,
                condition: #private::Option<#private::Condition<Self>>,
            ) -> #private::SaveFuture<'__a> {
                #private::derive_failed()
            }
        }
        #[automatically_derived]
        #[allow(unused_variables)]
        impl #private::Entity for #ident {
            type Table = #table;
            type Key = #key;
            const NAME: &'static str = #name;
            const KEY_ATTRIBUTES: &'static [&'static str] = &[];
            fn to_key(&self) -> #key { #private::derive_failed() }
            fn write_keys<__W: #private::Writer>(&self, w: &mut __W) -> #private::Result<(), #private::ItemError> {
                #private::derive_failed()
            }
            fn write_key_values(&self, bytes: &mut #private::KeyBytes) -> #private::Result<(), #private::KeyError> {
                #private::derive_failed()
            }
            fn follow(key: &#key, changed: &mut #private::Changed<'_>) -> #private::Result<(), #private::ItemError> {
                #private::derive_failed()
            }
        }
    }
}

/// The traits that make an entity a member of item collections.
pub(crate) fn member(entity: &Ident, private: &TokenStream) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl #private::Member for #entity {
            type Entity = Self;
            const ATTRIBUTES: #private::Option<&'static [#private::ProjectedAttribute]> = #private::None;
        }
        #[automatically_derived]
        impl<__I: #private::ProjectsAll> #private::MemberIn<__I> for #entity {}
    }
}

/// `FromDocument`.
pub(crate) fn from_document(ident: &Ident, private: &TokenStream) -> TokenStream {
    quote! {
        #[automatically_derived]
        #[allow(unused_variables)]
        impl #private::FromDocument for #ident {
            type Output = Self;
            type Partial = ();
            const FIELDS: &'static #private::FieldTable = &#private::FieldTable::EMPTY;
            fn read_field<__R: #private::Reader>(
                partial: &mut (),
                index: usize,
                r: &mut __R,
            ) -> #private::Result<(), #private::DecodeError> {
                #private::derive_failed()
            }
            fn finish(partial: ()) -> #private::Result<Self, #private::DecodeError> { #private::derive_failed() }
        }
    }
}
