//! Typed searches of a vector index: the partition and the vector, then inline filters.

use super::{
    Paths, attribute_constants, docs,
    key::{converted, parameter},
    key_attribute::{KeyAttribute, index_alias},
};
use crate::model::{
    entity::Entity,
    field::Field,
    key_spec::{KeySpec, each_once},
    vector_search::VectorSearch,
};
use proc_macro2::TokenStream;
use quote::format_ident;
use syn::Ident;

/// `DocByEmbedding` and `Doc::by_embedding`: the struct, and what goes with it.
pub(super) fn of_index(
    entity: &Entity,
    at: usize,
    search: &VectorSearch,
    keys: &[KeyAttribute<'_>],
    paths: &Paths,
    failed: bool,
) -> (TokenStream, TokenStream) {
    let index = &entity.indexes[at];
    let (private, vis, owner) = (&paths.private, &entity.vis, &entity.ident);
    let (path, alias) = (&index.index, index_alias(&index.ident));
    let ident = format_ident!("{}{}", owner, index.ident);
    let (name, in_index) = (ident.to_string(), quote!(<#owner as #private::VectorKeyIn<#at>>::Index));
    let (struct_doc, function) =
        (docs::search_struct(entity, index), function(entity, at, keys, paths, failed));
    let filters = search.inline_filters.iter().map(|(field, _)| filter(entity, *field, paths, failed));
    let declaration = quote! {
        #[doc = #struct_doc]
        #[allow(dead_code, deprecated)]
        #[must_use = "a search does nothing until a table sends it"]
        #vis struct #ident(#private::VectorSearch<#owner, #in_index>);
    };
    let implementation = quote! {
        impl #private::VectorKeyIn<#at> for #owner { type Index = #path; }
        #[allow(dead_code)]
        type #alias = #in_index;
        #[automatically_derived]
        impl #private::IntoVectorSearch for #ident {
            type Entity = #owner;
            type Index = #alias;
            fn into_vector_search(self) -> #private::VectorSearch<#owner, #alias> { self.0 }
        }
        #[automatically_derived]
        impl #private::IntoVectorSearch for &#ident {
            type Entity = #owner;
            type Index = #alias;
            fn into_vector_search(self) -> #private::VectorSearch<#owner, #alias> {
                #private::Clone::clone(&self.0)
            }
        }
        #[automatically_derived]
        impl #private::Clone for #ident {
            fn clone(&self) -> Self { Self(#private::Clone::clone(&self.0)) }
        }
        #[automatically_derived]
        impl ::core::fmt::Debug for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_tuple(#name).field(&self.0).finish()
            }
        }
        #function
        #[automatically_derived]
        #[allow(dead_code, unused_variables, private_interfaces, private_bounds)]
        impl #ident { #(#filters)* }
    };
    (declaration, implementation)
}

/// `Doc::by_embedding`.
fn function(
    entity: &Entity,
    at: usize,
    keys: &[KeyAttribute<'_>],
    paths: &Paths,
    failed: bool,
) -> TokenStream {
    let index = &entity.indexes[at];
    let (private, vis, owner) = (&paths.private, &entity.vis, &entity.ident);
    let (function, doc) = (index.function(), docs::search_function(entity, index));
    let (alias, ident) = (index_alias(&index.ident), format_ident!("{}{}", owner, index.ident));
    let fields = each_once(index.specs().flat_map(KeySpec::components));
    let fields: Vec<&Field> = fields.into_iter().map(|field| &entity.fields[field]).collect();
    let parameters = fields.iter().map(|field| parameter(entity, field, paths));
    let conversions = fields.iter().map(|field| {
        let (ident, value) = (&field.ident, converted(entity, field, paths));
        quote!(let #ident = #value;)
    });
    let partition = keys.iter().map(|key| {
        let (name, access) = (&key.name, |component: &Ident| quote!(&#component));
        let value = key.value(&entity.fields, paths, access);
        quote!(.partition(#name, #value))
    });
    let body = match failed {
        true => quote!(#private::derive_failed()),
        false => quote! {
            #(#conversions)*
            let key = #private::PartialKey::new() #(#partition)*;
            #ident(#private::VectorSearch::new(key.into_condition(), vector.as_array()))
        },
    };
    quote! {
        #[automatically_derived]
        #[allow(dead_code, unused_variables, private_interfaces, private_bounds, clippy::too_many_arguments)]
        impl #owner {
            #[doc = #doc]
            #vis fn #function(#(#parameters,)* vector: &<#alias as #private::VectorIndex>::Vector) -> #ident {
                #body
            }
        }
    }
}

/// The method of an inline filter.
fn filter(entity: &Entity, field: usize, paths: &Paths, failed: bool) -> TokenStream {
    let (private, runtime, vis, owner) = (&paths.private, &paths.runtime, &entity.vis, &entity.ident);
    let field = &entity.fields[field];
    let (Field { ident, name, .. }, stored) = (field, attribute_constants::value_type(field, paths));
    let doc = docs::inline_filter(field);
    let body = match failed {
        true => quote!(#private::derive_failed()),
        false => quote! {
            Self(self.0.inline_filter(#name, #runtime::Attribute::<#owner, #stored>::new(#name).eq(#ident)))
        },
    };
    quote! {
        #[doc = #doc]
        #vis fn #ident(
            self,
            #ident: impl #runtime::expr::Operand<#owner, #stored, Kind = #runtime::expr::kind::Value>,
        ) -> Self {
            #body
        }
    }
}
