//! `#[derive(VectorIndex)]`.

use super::{
    Paths, attribute_definition, block, editor_support,
    index::{holds, projection},
};
use crate::model::{index::IndexProjection, vector_index::VectorIndex};
use proc_macro2::TokenStream;
use quote::{format_ident, quote_spanned};

/// The code of a vector index. Where the input had mistakes (`failed`), its name is empty, by which the runtime's checks know
/// that they were reported.
pub(crate) fn expand(index: VectorIndex, failed: bool) -> TokenStream {
    let index = &index;
    let paths = Paths::new(&index.runtime, TokenStream::new());
    let private = &paths.private;
    let VectorIndex { ident, vector, dimensions, .. } = index;
    let name = if failed { "" } else { index.name.as_str() };
    let table = index.table.as_ref().map_or_else(|| quote!(#private::NoTable), |table| quote!(#table));
    let partition_key = index.partition_key.iter().filter(|_| !failed);
    let partition_key = partition_key.map(|key| attribute_definition::value(key, &paths)).next();
    let partition_key_list = partition_key.iter();
    let partition_key_option = paths.option(partition_key.clone());
    let filters = index.inline_filters.iter().filter(|_| !failed);
    let filters: Vec<TokenStream> =
        filters.map(|filter| attribute_definition::value(filter, &paths)).collect();
    let (of_projection, holds) = (projection(&index.projection), holds(&index.projection));
    let distance = format_ident!("{}", index.distance);
    let projects_all = matches!(index.projection, IndexProjection::All)
        .then(|| quote!(#[automatically_derived] impl #private::ProjectsAll for #ident {}));
    let unlisted = format!("`{ident}` is missing in the `vector_indexes(..)` of its table, which creates it");
    let check = index.table.as_ref().map(|table| {
        quote_spanned! {index.span=>
            const _: () = ::core::assert!(#private::is_listed_vector_index::<#table, #ident>(), #unlisted);
        }
    });
    let ide = editor_support::completions(&paths, index.options.names());
    block(&quote! {
        #ide
        #[automatically_derived]
        impl #private::VectorIndex for #ident {
            type Table = #table;
            type Distance = #private::distance::#distance;
            type Vector = #private::Vector<#dimensions>;
            const SCHEMA: #private::VectorIndexSchema = #private::VectorIndexSchema {
                name: #name,
                vector: #vector,
                dimensions: #dimensions,
                distance: <#private::distance::#distance as #private::Distance>::FUNCTION,
                partition_key: #partition_key_option,
                inline_filters: &[#(#filters),*],
                projection: #private::IndexProjection::#of_projection,
            };
        }
        // DynamoDB: such an index holds its partition key and its inline filters as another holds its keys.
        #[automatically_derived]
        impl #private::Source for #ident {
            type Holds = #private::#holds;
            const INDEX: #private::Option<&'static #private::IndexSchema> =
                #private::Some(&#private::IndexSchema {
                    name: #name,
                    local: false,
                    partition_key: &[#(#partition_key_list),*],
                    sort_key: &[#(#filters),*],
                    projection: #private::IndexProjection::#of_projection,
                });
        }
        #[automatically_derived]
        impl #private::ProjectingIndex for #ident { type Table = #table; }
        #projects_all
        #check
    })
}
