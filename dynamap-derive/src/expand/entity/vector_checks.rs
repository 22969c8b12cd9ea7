//! Assertions about an entity in vector indexes, which the compiler evaluates.

use super::EntityCode;
use crate::{
    expand::{field_types, key, key_attribute::index_alias},
    model::{
        entity::IndexKeys,
        field::{Codec, Field},
        key_spec::KeySpec,
        vector_search::VectorSearch,
    },
};
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::Ident;

impl EntityCode<'_> {
    /// The indexes that the entity names, and the fields that are vectors of others.
    pub(super) fn check_vectors(&self) -> TokenStream {
        let indexes = self.entity.indexes.iter().filter_map(|index| {
            let search = index.vector.as_ref()?;
            Some(self.check_vector_index(index, search))
        });
        let fields = self.entity.fields.iter().filter(|field| field.is_stored() && !field.flatten);
        let fields = fields.map(|field| self.check_is_searched(field));
        let types = self.entity.fields.iter().enumerate().filter(|(at, _)| self.has_own_type(*at));
        let types = types.map(|(_, field)| self.check_searched_type(field));
        quote!(#(#indexes)* #(#fields)* #(#types)*)
    }

    /// The refusal that stands in the place of a partition key of a strict vector index.
    pub(super) fn refuse_unsearched(&self, at: usize) -> TokenStream {
        let private = &self.paths.private;
        let strict = self.entity.indexes[at].vector.as_ref().filter(|search| search.strict.is_some());
        let Some((vector, _)) = strict.and_then(|search| search.vector) else { return TokenStream::new() };
        let Field { ident, name, .. } = &self.entity.fields[vector];
        quote!(else { #private::refuse_unsearched(&self.#ident, #name)?; })
    }

    fn check_vector_index(&self, index: &IndexKeys, search: &VectorSearch) -> TokenStream {
        let (private, entity) = (&self.paths.private, &self.entity.ident);
        let (name, table) = (&index.ident, key::table(self.entity, self.paths));
        let alias = Ident::new(&index_alias(name).to_string(), index.span);
        let has_key = !index.partition_key.is_empty();
        let key = match has_key {
            true => format!("`{entity}` has a `pk` in `{name}`, which has no partition key"),
            false => format!(
                "`{name}` has a partition key, which `{entity}` does not write, so that no item of it would be in the index; add `pk = \"..\"`"
            ),
        };
        let expires = self.entity.fields.iter().any(|field| field.ttl.is_some()) && !index.returns_expired;
        let cannot_tell = format!(
            "`{name}` does not hold the time to live of `{entity}`, so that searches of it cannot hide what has expired; add the attribute to its `include(..)`, or say `vector_index = {name}, .., returns_expired`"
        );
        let tells_expiry = expires.then(|| {
            quote_spanned! {index.span=>
                const _: () = ::core::assert!(#private::tells_expiry::<#alias>(), #cannot_tell);
            }
        });
        let vector = search.vector.map(|(field, span)| self.check_vector(&alias, name, field, span));
        let filters = search
            .inline_filters
            .iter()
            .map(|(field, span)| self.check_inline_filter(&alias, name, *field, *span));
        quote_spanned! {index.span=>
            const _: fn() = || #private::assert_vector_index_of::<#alias, #table>();
            const _: () = ::core::assert!(#private::agrees_on_partition_key::<#alias>(#has_key), #key);
            #tells_expiry
            #vector
            #(#filters)*
        }
    }

    fn check_vector(&self, alias: &Ident, index: &Ident, field: usize, span: Span) -> TokenStream {
        let private = &self.paths.private;
        let Field { ident, name, ty, .. } = &self.entity.fields[field];
        let names = format!(
            "`{ident}` is stored as `{name}`, but `{index}` searches another attribute; name that field, or add `rename` to this one"
        );
        let dimensions = format!("`{ident}` has another number of dimensions than `{index}`");
        quote_spanned! {span=>
            const _: () = ::core::assert!(#private::is_vector_of::<#alias>(#name), #names);
            const _: () = ::core::assert!(#private::has_dimensions::<#alias, #ty>(), #dimensions);
        }
    }

    fn check_inline_filter(&self, alias: &Ident, index: &Ident, field: usize, span: Span) -> TokenStream {
        let private = &self.paths.private;
        let field = &self.entity.fields[field];
        let (ident, name, ty) = (&field.ident, &field.name, field.part_type());
        let names = format!("`{ident}` is stored as `{name}`, which is no inline filter of `{index}`");
        let types = format!("the type of `{ident}` is not the type of the inline filter of `{index}`");
        quote_spanned! {span=>
            const _: () = ::core::assert!(#private::is_inline_filter::<#alias>(#name), #names);
            const _: () = ::core::assert!(#private::has_filter_type::<#alias, #ty>(#name), #types);
        }
    }

    /// True of a field whose type is known, and which is not named as an inline filter or a key, whose types are checked there.
    fn has_own_type(&self, at: usize) -> bool {
        let field = &self.entity.fields[at];
        let is_filter = |index: &IndexKeys| {
            let mut searches = index.vector.iter().flat_map(|search| &search.inline_filters);
            searches.any(|(filter, _)| *filter == at)
        };
        let is_key = |spec: &KeySpec| matches!(spec, KeySpec::Field { field, .. } if *field == at);
        field.is_stored()
            && !field.flatten
            && !field.tagged
            && matches!(field.codec, Codec::Attribute)
            && !self.entity.indexes.iter().any(is_filter)
            && !self.entity.all_specs().any(is_key)
    }

    /// An assertion that a field which is stored as an attribute of a vector index has its type: DynamoDB refuses each item with
    /// another, also if it is in no index.
    fn check_searched_type(&self, field: &Field) -> TokenStream {
        let (private, of) = (&self.paths.private, field_types::of(field, self.paths));
        let (Field { ident, name, .. }, table) = (field, key::table(self.entity, self.paths));
        let message = format!(
            "`{ident}` is stored as `{name}`, which has another type in a vector index of the table, so that DynamoDB would refuse each item; change the type, or rename the field"
        );
        quote_spanned! {field.name_span=>
            const _: () = ::core::assert!(#private::has_searched_type::<#table>(#name, #of::DATA_TYPE), #message);
        }
    }

    /// An assertion that each index which searches the field is one that the entity names: otherwise its items would not be in
    /// the index, or be refused, as nothing here says what the index needs.
    fn check_is_searched(&self, field: &Field) -> TokenStream {
        let (private, entity) = (&self.paths.private, &self.entity.ident);
        let Field { ident, name, .. } = field;
        let table = key::table(self.entity, self.paths);
        let named = self.entity.indexes.iter().filter(|index| {
            let vector = index.vector.as_ref().and_then(|search| search.vector);
            vector.is_some_and(|(at, _)| self.entity.fields[at].ident == *ident)
        });
        let named = named.map(|index| {
            let alias = index_alias(&index.ident);
            quote!(<#alias as #private::VectorIndex>::SCHEMA.name)
        });
        let message = format!(
            "`{ident}` is stored as `{name}`, which a vector index of the table searches, and `{entity}` does not name the index; add `#[dynamap(vector_index = .., vector = {ident}, ..)]`, or rename the field"
        );
        quote_spanned! {field.name_span=>
            const _: () = ::core::assert!(#private::is_searched_by_named::<#table>(#name, &[#(#named),*]), #message);
        }
    }
}
