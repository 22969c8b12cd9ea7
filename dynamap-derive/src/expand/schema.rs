//! `#[derive(TableSchema)]` and `#[derive(Index)]`.

use super::{Paths, ide};
use crate::model::schema::{Index, KeyAttribute, Projection, TableSchema};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{Path, spanned::Spanned};

/// The code of a table. Where the input had mistakes (`failed`), its partition key has an empty name, by which
/// the runtime's checks know that they were reported.
pub(crate) fn table(schema: &TableSchema, failed: bool) -> TokenStream {
    let paths = Paths::new(&schema.runtime, TokenStream::new());
    let private = &paths.private;
    let ident = &schema.ident;
    let nameless = KeyAttribute { name: String::new(), data_type: "S" };
    let partition_key = schema.partition_key.as_ref().filter(|_| !failed).unwrap_or(&nameless);
    let partition_key = key_attribute(partition_key, &paths);
    let sort_key = optional(schema.sort_key.as_ref().map(|key| key_attribute(key, &paths)), &paths);
    let ttl = optional(schema.ttl.as_ref().map(|name| quote!(#name)), &paths);
    let entity_type = optional(schema.entity_type.as_ref().map(|name| quote!(#name)), &paths);
    let indexes = schema.indexes.iter().map(|index| {
        let span = index.span();
        quote_spanned!(span=> <#index as #private::Index>::SCHEMA)
    });
    let ide = ide::completions(&paths, &schema.options);
    let entities = entities(schema, &paths);
    quote! {
        #[allow(unused_qualifications, unused_parens, deprecated)]
        const _: () = {
            #ide
            #entities
            #[automatically_derived]
            impl #private::TableSchema for #ident {
                const PARTITION_KEY: #private::KeyAttribute = #partition_key;
                const SORT_KEY: #private::Option<#private::KeyAttribute> = #sort_key;
                const TTL: #private::Option<&'static str> = #ttl;
                const ENTITY_TYPE: #private::Option<&'static str> = #entity_type;
                const INDEXES: &'static [#private::IndexSchema] = &[#(#indexes),*];
            }
        };
    }
}

/// No key can be of two of the entities that are listed, if the table does not say which entity an item is.
fn entities(schema: &TableSchema, paths: &Paths) -> TokenStream {
    let (private, ident) = (&paths.private, &schema.ident);
    let name = |path: &Path| path.to_token_stream().to_string().replace(' ', "");
    let listed = schema.entities.iter().enumerate().map(|(at, entity)| {
        let pairs = schema.entities[..at].iter().enumerate().map(|(before, other)| {
            let message = format!(
                "one key can be of `{}` and of `{}`, and nothing else tells which entity an item is; begin their keys with different texts, or name one of the two only",
                name(other),
                name(entity),
            );
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

/// The code of an index. Where the input had mistakes (`failed`), its name is empty, by which the runtime's
/// checks know that they were reported.
pub(crate) fn index(index: &Index, failed: bool) -> TokenStream {
    let paths = Paths::new(&index.runtime, TokenStream::new());
    let private = &paths.private;
    let (ident, local) = (&index.ident, index.local);
    let name = if failed { "" } else { index.name.as_str() };
    let table = index.table.as_ref().map_or_else(|| quote!(#private::NoTable), |table| quote!(#table));
    let partition_key = match index.local && !failed {
        true => quote!(&[<#table as #private::TableSchema>::PARTITION_KEY]),
        false => {
            let keys = index.partition_key.iter().filter(|_| !failed).map(|key| key_attribute(key, &paths));
            quote!(&[#(#keys),*])
        }
    };
    let sort_key = index.sort_key.iter().filter(|_| !failed).map(|key| key_attribute(key, &paths));
    let projection = match &index.projection {
        Projection::All => quote!(All),
        Projection::KeysOnly => quote!(KeysOnly),
        Projection::Include(names) => quote!(Include(&[#(#names),*])),
    };
    let marker = |holds: bool, name: &str| {
        let name = format_ident!("{name}");
        holds.then(|| quote!(#[automatically_derived] impl #private::#name for #ident {}))
    };
    let holds = match index.projection {
        Projection::All => quote!(HoldsAll),
        Projection::KeysOnly | Projection::Include(_) => quote!(HoldsSome),
    };
    let projects_all = marker(matches!(index.projection, Projection::All), "ProjectsAll");
    let consistent = marker(index.local, "ConsistentlyReadable");
    let unlisted = format!("`{ident}` is missing in the `indexes(..)` of its table, which creates it");
    let check = index.table.as_ref().map(|table| {
        quote_spanned! {index.span=>
            const _: () = ::core::assert!(#private::is_listed::<#table, #ident>(), #unlisted);
        }
    });
    let ide = ide::completions(&paths, &index.options);
    quote! {
        #[allow(unused_qualifications, unused_parens, deprecated)]
        const _: () = {
            #ide
            #[automatically_derived]
            impl #private::Index for #ident {
                type Table = #table;
                type Holds = #private::#holds;
                const SCHEMA: #private::IndexSchema = #private::IndexSchema {
                    name: #name,
                    local: #local,
                    partition_key: #partition_key,
                    sort_key: &[#(#sort_key),*],
                    projection: #private::IndexProjection::#projection,
                };
            }
            #projects_all
            #consistent
            #check
        };
    }
}

fn key_attribute(key: &KeyAttribute, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let (name, data_type) = (&key.name, format_ident!("{}", key.data_type));
    quote!(#private::KeyAttribute { name: #name, data_type: #private::DataType::#data_type })
}

fn optional(value: Option<TokenStream>, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    match value {
        Some(value) => quote!(#private::Some(#value)),
        None => quote!(#private::None),
    }
}
