//! The keys and attributes of an entity as values, for exports and comparisons.

use super::{
    Paths, field_types,
    key_attribute::{KeyAttribute, index_alias},
};
use crate::model::{
    entity::Entity,
    field::{Codec, Field},
};
use proc_macro2::TokenStream;

/// The constants `KEYS`, `STORED` and `FLATTENED` of `impl Entity`.
pub(crate) fn of(
    entity: &Entity,
    table_keys: &[KeyAttribute<'_>],
    index_keys: &[Vec<KeyAttribute<'_>>],
    paths: &Paths,
) -> TokenStream {
    let private = &paths.private;
    let of_table = key(entity, &quote!(#private::None), table_keys, paths);
    let of_indexes = entity.indexes.iter().zip(index_keys).map(|(index, keys)| {
        let (alias, vector) = (index_alias(&index.ident), index.vector.is_some());
        let schema = match vector {
            true => quote!(<#alias as #private::VectorIndex>::SCHEMA),
            false => quote!(<#alias as #private::Index>::SCHEMA),
        };
        key(entity, &quote!(#private::Some(#schema.name)), keys, paths)
    });
    let stored = entity.fields.iter().filter(|field| field.is_attribute());
    let stored = stored.map(|field| attribute(field, paths));
    let flattened = entity.fields.iter().filter(|field| field.flatten).map(|field| {
        let of = field_types::of(field, paths);
        quote!(#of::each_name)
    });
    quote! {
        const KEYS: &'static [#private::EntityKey] = &[#of_table, #(#of_indexes),*];
        const STORED: &'static [#private::AttributeSchema] = &[#(#stored),*];
        const FLATTENED: &'static [#private::EachName] = &[#(#flattened),*];
    }
}

fn key(entity: &Entity, index: &TokenStream, keys: &[KeyAttribute<'_>], paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let templates = |partition: bool| {
        let keys = keys.iter().filter(move |key| key.partition == partition);
        keys.map(|key| key.template_text(&entity.fields)).collect::<Vec<_>>()
    };
    let (partition_key, sort_key) = (templates(true), templates(false));
    quote! {
        #private::EntityKey {
            index: #index,
            partition_key: &[#(#partition_key),*],
            sort_key: &[#(#sort_key),*],
        }
    }
}

fn attribute(field: &Field, paths: &Paths) -> TokenStream {
    let (private, name) = (&paths.private, &field.name);
    let data_type = match field.codec {
        Codec::Attribute => {
            let of = field_types::of(field, paths);
            quote!(#of::DATA_TYPE)
        }
        Codec::Serde | Codec::With(_) => quote!(#private::None),
    };
    quote!(#private::AttributeSchema { name: #name, data_type: #data_type })
}
