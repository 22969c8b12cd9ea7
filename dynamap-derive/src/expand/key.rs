//! The key of an entity: the struct, and how it is made and read.

use super::{Paths, docs, key_attribute::KeyAttribute, key_parse::parse};
use crate::model::{entity::Entity, field::Field};
use proc_macro2::TokenStream;
use quote::{format_ident, quote_spanned};
use syn::{Ident, Type, ext::IdentExt, spanned::Spanned};

/// The type of the entity's table. Only `impl Entity` names it by its path, so that a mistake in that is one error.
pub(crate) fn table(entity: &Entity, paths: &Paths) -> TokenStream {
    let (private, ident) = (&paths.private, &entity.ident);
    quote!(<#ident as #private::Entity>::Table)
}

/// The path of the entity's table.
pub(crate) fn table_path(entity: &Entity, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    entity.table.as_ref().map_or_else(|| quote!(#private::NoTable), |table| quote!(#table))
}

/// `OrderKey`.
pub(crate) fn key_ident(entity: &Entity) -> Ident {
    format_ident!("{}Key", entity.ident)
}

/// The key struct, which stands beside the entity.
pub(crate) fn key_struct(entity: &Entity) -> TokenStream {
    let (vis, ident) = (&entity.vis, key_ident(entity));
    let doc = docs::key_struct(entity);
    let name = ident.unraw().to_string();
    let names = entity.key_fields().into_iter().map(|field| entity.fields[field].ident.unraw().to_string());
    let members = entity.key_fields().into_iter().map(|field| {
        let Field { ident, docs, .. } = &entity.fields[field];
        let (ty, doc) = (entity.fields[field].part_type(), docs::key_field(&entity.fields[field]));
        let docs = if docs.is_empty() { quote!(#[doc = #doc]) } else { quote!(#(#docs)*) };
        quote!(#docs #vis #ident: #ty)
    });
    quote! {
        #[doc = #doc]
        #[derive(Clone)]
        #[allow(dead_code, private_interfaces, unused_parens, deprecated)]
        #vis struct #ident { #(#members),* }

        /// Shows the components by their names, and no value.
        #[automatically_derived]
        impl ::core::fmt::Debug for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut shown = f.debug_struct(#name);
                #(shown.field(#names, &::core::format_args!(".."));)*
                shown.finish()
            }
        }
    }
}

/// `PartialEq`, `Eq` and `Hash` of the key struct, as far as its components have them. A plain component may be
/// a float.
pub(crate) fn comparisons(entity: &Entity, paths: &Paths) -> TokenStream {
    let (private, key) = (&paths.private, key_ident(entity));
    let fields: Vec<&Field> = entity.key_fields().into_iter().map(|field| &entity.fields[field]).collect();
    let idents: Vec<&Ident> = fields.iter().map(|field| &field.ident).collect();
    let types: Vec<&Type> = fields.iter().map(|field| field.part_type()).collect();
    quote! {
        #[automatically_derived]
        impl #private::PartialEq for #key where #(for<'any> #types: #private::PartialEq,)* {
            fn eq(&self, other: &Self) -> bool {
                true #(&& #private::PartialEq::eq(&self.#idents, &other.#idents))*
            }
        }
        #[automatically_derived]
        impl #private::Eq for #key where #(for<'any> #types: #private::Eq,)* {}
        #[automatically_derived]
        impl #private::Hash for #key where #(for<'any> #types: #private::Hash,)* {
            fn hash<__H: #private::Hasher>(&self, state: &mut __H) {
                #(#private::Hash::hash(&self.#idents, state);)*
            }
        }
    }
}

/// The functions `key` and `to_key` of the entity.
pub(crate) fn key_function(entity: &Entity, paths: &Paths) -> TokenStream {
    let (vis, key, private) = (&entity.vis, key_ident(entity), &paths.private);
    let doc = docs::key_function(entity);
    let fields: Vec<&Field> = entity.key_fields().into_iter().map(|field| &entity.fields[field]).collect();
    let parameters = fields.iter().map(|field| parameter(entity, field, paths));
    let members = fields.iter().map(|field| {
        let (ident, value) = (&field.ident, converted(entity, field, paths));
        quote!(#ident: #value)
    });
    quote! {
        #[doc = #doc]
        #[must_use]
        #vis fn key(#(#parameters),*) -> #key {
            #key { #(#members),* }
        }

        /// The primary key of this item.
        #[must_use]
        #vis fn to_key(&self) -> #key {
            #private::Entity::to_key(self)
        }
    }
}

/// A parameter that takes a component of a key.
pub(crate) fn parameter(entity: &Entity, field: &Field, paths: &Paths) -> TokenStream {
    let (ident, bound) = (&field.ident, argument_bound(entity, field, paths));
    quote_spanned!(field.part_type().span()=> #ident: impl #bound)
}

/// The trait of an argument for a component of a key.
pub(crate) fn argument_bound(entity: &Entity, field: &Field, paths: &Paths) -> TokenStream {
    let (private, ty) = (&paths.private, field.part_type());
    match is_encoded(entity, field) {
        true => quote_spanned!(ty.span()=> #private::KeyValue<#ty>),
        false => quote_spanned!(ty.span()=> #private::PlainValue<#ty>),
    }
}

/// The component that such a parameter was given.
pub(crate) fn converted(entity: &Entity, field: &Field, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let ident = &field.ident;
    match is_encoded(entity, field) {
        true => quote!(#private::KeyValue::into_part(#ident)),
        false => quote!(#private::PlainValue::into_plain(#ident)),
    }
}

fn is_encoded(entity: &Entity, field: &Field) -> bool {
    entity.encoded_fields().any(|encoded| encoded.position == field.position)
}

/// `impl Key for OrderKey`.
pub(crate) fn key_impl(
    entity: &Entity,
    keys: &[KeyAttribute<'_>],
    paths: &Paths,
    failed: bool,
) -> TokenStream {
    let private = &paths.private;
    let (ident, key) = (&entity.ident, key_ident(entity));
    let stub = quote!(#private::derive_failed());
    let access = |component: &Ident| quote!(&self.#component);
    let value = |partition: bool| {
        keys.iter().find(|key| key.partition == partition).map(|key| key.value(&entity.fields, paths, access))
    };
    let writes = keys.iter().map(|key| key.write_value(&entity.fields, paths, access));
    let (partition_key, sort_key, written, parsed) = if failed {
        (stub.clone(), stub.clone(), stub.clone(), stub)
    } else {
        let sort_key = match value(false) {
            Some(value) => quote!(#private::Result::map(#value, #private::Some)),
            None => quote!(#private::Ok(#private::None)),
        };
        let written = quote!(#(#writes)* #private::Ok(()));
        (value(true).unwrap_or(stub), sort_key, written, parse(entity, keys, paths))
    };
    quote! {
        #[automatically_derived]
        impl #private::Key for #key {
            type Entity = #ident;
            fn partition_key(&self) -> #private::Result<#private::AttributeValue, #private::KeyError> {
                #partition_key
            }
            fn sort_key(&self) -> #private::Result<#private::Option<#private::AttributeValue>, #private::KeyError> {
                #sort_key
            }
            #[allow(unused_variables)]
            fn write_values(&self, bytes: &mut #private::KeyBytes) -> #private::Result<(), #private::KeyError> {
                #written
            }
            #[allow(unused_variables)]
            fn from_attributes(
                partition_key: #private::Option<#private::AttributeValue>,
                sort_key: #private::Option<#private::AttributeValue>,
            ) -> #private::Result<Self, #private::DecodeError> {
                #parsed
            }
        }
    }
}
