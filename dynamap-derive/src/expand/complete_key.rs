//! Key conditions that have all components: they are keys.

use super::{Paths, key::key_ident};
use crate::model::{entity::Entity, field::Field, key_spec::KeySpec};
use proc_macro2::TokenStream;
use syn::{Ident, Index};

/// The components of the primary key, which a condition keeps beside the texts that it makes of them.
pub(super) struct CompleteKey<'m> {
    entity: &'m Entity,
    paths: &'m Paths,
    fields: Vec<&'m Field>,
    /// The number of components of the sort key.
    steps: usize,
}

impl<'m> CompleteKey<'m> {
    /// The components of an entity's key; `None` if one is in the partition key and in the sort key. The caller gives it
    /// twice, and with different values the condition selects nothing and is no key.
    pub(super) fn of(entity: &'m Entity, paths: &'m Paths) -> Option<Self> {
        let components = |spec: &Option<KeySpec>| spec.as_ref().map(KeySpec::components).unwrap_or_default();
        let (partition, sort) = (components(&entity.partition_key), components(&entity.sort_key));
        let fields = entity.key_fields().into_iter().map(|field| &entity.fields[field]).collect();
        let twice = sort.iter().any(|field| partition.contains(field));
        (!twice).then_some(Self { entity, paths, fields, steps: sort.len() })
    }

    /// The type of what is kept.
    pub(super) fn kept(&self) -> TokenStream {
        let private = &self.paths.private;
        let types = self.fields.iter().map(|field| field.part_type());
        quote!((#(#private::Option<#types>,)*))
    }

    /// The value that is kept at the beginning, of the components that are known.
    pub(super) fn begun(&self, known: &[&Field]) -> TokenStream {
        let private = &self.paths.private;
        let values = self.fields.iter().map(|field| {
            let ident = &field.ident;
            match known.iter().any(|known| known.position == field.position) {
                true => quote!(#private::Some(#ident)),
                false => quote!(#private::None),
            }
        });
        quote!((#(#values,)*))
    }

    /// The position at which a component is kept.
    pub(super) fn position(&self, field: &Field) -> Option<Index> {
        self.fields.iter().position(|kept| kept.position == field.position).map(Index::from)
    }

    /// `impl IntoKey` for the last step.
    pub(super) fn key_impl(&self, condition: &Ident, failed: bool) -> TokenStream {
        let private = &self.paths.private;
        let (entity, key, steps) = (&self.entity.ident, key_ident(self.entity), self.steps);
        let idents: Vec<&Ident> = self.fields.iter().map(|field| &field.ident).collect();
        let body = match failed {
            true => quote!(#private::derive_failed()),
            false => quote! {
                match self.1 {
                    (#(#private::Some(#idents),)*) => #key { #(#idents),* },
                    #[allow(unreachable_patterns)]
                    _ => #private::incomplete_key(),
                }
            },
        };
        quote! {
            #[automatically_derived]
            impl #private::IntoKey for #condition<#steps, #entity> {
                type Of = #entity;
                fn into_key(self) -> #key { #body }
            }
        }
    }
}
