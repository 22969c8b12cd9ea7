//! `#[derive(TableSchema)]`.

use super::{Paths, attribute_definition, block, docs, editor_support};
use crate::model::{attribute_definition::AttributeDefinition, table_schema::TableSchema};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::{Path, spanned::Spanned};

/// The code of a table. Where the input had mistakes (`failed`), its partition key has an empty name, by which
/// the runtime's checks know that they were reported.
pub(crate) fn expand(schema: TableSchema, failed: bool) -> TokenStream {
    let schema = &schema;
    let paths = Paths::new(&schema.runtime, TokenStream::new());
    let private = &paths.private;
    let ident = &schema.ident;
    let nameless = AttributeDefinition { name: String::new(), data_type: "S" };
    let partition_key = schema.partition_key.as_ref().filter(|_| !failed).unwrap_or(&nameless);
    let partition_key = attribute_definition::value(partition_key, &paths);
    let sort_key = paths.option(schema.sort_key.as_ref().map(|key| attribute_definition::value(key, &paths)));
    let ttl = paths.option(schema.ttl.as_ref().map(|name| quote!(#name)));
    let entity_type = paths.option(schema.entity_type.as_ref().map(|name| quote!(#name)));
    let shape = paths.option(schema.shape.as_ref().map(|name| quote!(#name)));
    let indexes = schema.indexes.iter().map(|index| {
        let span = index.span();
        quote_spanned!(span=> <#index as #private::Index>::SCHEMA)
    });
    let vector_indexes = schema.vector_indexes.iter().map(|index| {
        let span = index.span();
        quote_spanned!(span=> <#index as #private::VectorIndex>::SCHEMA)
    });
    let vector_checks = vector_indexes_are_possible(schema, &paths);
    let ide = editor_support::completions(&paths, schema.options.names());
    let listed = listed(schema, &paths, failed);
    let entities = entities(schema, &paths);
    block(&quote! {
        #ide
        #entities
        #vector_checks
        #[automatically_derived]
        impl #private::TableSchema for #ident {
            const PARTITION_KEY: #private::KeyAttribute = #partition_key;
            const SORT_KEY: #private::Option<#private::KeyAttribute> = #sort_key;
            const TTL: #private::Option<&'static str> = #ttl;
            const ENTITY_TYPE: #private::Option<&'static str> = #entity_type;
            const SHAPE: #private::Option<&'static str> = #shape;
            const INDEXES: &'static [#private::IndexSchema] = &[#(#indexes),*];
            const VECTOR_INDEXES: &'static [#private::VectorIndexSchema] = &[#(#vector_indexes),*];
            #listed
        }
    })
}

/// Assertions about the vector indexes of a table together; a table without one can be provisioned.
fn vector_indexes_are_possible(schema: &TableSchema, paths: &Paths) -> TokenStream {
    let (private, ident) = (&paths.private, &schema.ident);
    let Some(last) = schema.vector_indexes.last() else {
        return quote!(#[automatically_derived] impl #private::Provisionable for #ident {});
    };
    quote_spanned! {last.span()=>
        const _: () = {
            ::core::assert!(
                #private::vector_indexes_are_few::<#ident>(),
                "a table has at most five vector indexes"
            );
            ::core::assert!(
                #private::vector_dimensions_agree::<#ident>(),
                "two vector indexes search one attribute with different dimensions; vectors of one attribute have one number of dimensions"
            );
            ::core::assert!(
                #private::index_names_differ::<#ident>(),
                "two indexes of the table have one name; secondary indexes and vector indexes share their names"
            );
            ::core::assert!(
                #private::vectors_are_no_keys::<#ident>(),
                "the vector of an index is a key attribute or an inline filter of the table or another index; a vector is neither"
            );
        };
    }
}

/// The definitions of the listed entities.
fn listed(schema: &TableSchema, paths: &Paths, failed: bool) -> Option<TokenStream> {
    let (private, ident) = (&paths.private, &schema.ident);
    let definitions = (0..schema.entities.len())
        .map(|at| quote!(#private::EntitySchema::of::<<#ident as #private::ListedAt<#at>>::Entity>()));
    (!failed && !schema.entities.is_empty())
        .then(|| quote!(const ENTITIES: &'static [#private::EntitySchema] = &[#(#definitions),*];))
}

/// Assertions that no key is of two of the listed entities, unless the table stores the entity type of an item.
fn entities(schema: &TableSchema, paths: &Paths) -> TokenStream {
    let (private, ident) = (&paths.private, &schema.ident);
    let name = |path: &Path| path.to_token_stream().to_string().replace(' ', "");
    let listed = schema.entities.iter().enumerate().map(|(at, entity)| {
        let pairs = schema.entities[..at].iter().enumerate().map(|(before, other)| {
            let message = docs::shared_key(&name(other), &name(entity), "name one of the two only");
            quote_spanned! {entity.span()=>
                const _: () = ::core::assert!(
                    !#private::may_share_a_key::<
                        #private::Primary,
                        <#ident as #private::ListedAt<#before>>::Entity,
                        <#ident as #private::ListedAt<#at>>::Entity,
                    >(),
                    #message
                );
            }
        });
        quote_spanned! {entity.span()=>
            #[automatically_derived]
            impl #private::ListedAt<#at> for #ident { type Entity = #entity; }
            const _: fn() =
                #private::assert_entity_of::<#ident, <#ident as #private::ListedAt<#at>>::Entity>;
            #(#pairs)*
        }
    });
    quote!(#(#listed)*)
}
