//! `#[derive(Index)]`.

use super::{Paths, attribute_definition, block, editor_support};
use crate::model::index::{Index, IndexProjection};
use proc_macro2::TokenStream;
use quote::{format_ident, quote_spanned};

/// The code of an index. Where the input had mistakes (`failed`), its name is empty, by which the runtime's
/// checks know that they were reported.
pub(crate) fn expand(index: Index, failed: bool) -> TokenStream {
    let index = &index;
    let paths = Paths::new(&index.runtime, TokenStream::new());
    let private = &paths.private;
    let (ident, local) = (&index.ident, index.local);
    let name = if failed { "" } else { index.name.as_str() };
    let table = index.table.as_ref().map_or_else(|| quote!(#private::NoTable), |table| quote!(#table));
    let partition_key = match index.local && !failed {
        true => quote!(&[<#table as #private::TableSchema>::PARTITION_KEY]),
        false => {
            let keys = index
                .partition_key
                .iter()
                .filter(|_| !failed)
                .map(|key| attribute_definition::value(key, &paths));
            quote!(&[#(#keys),*])
        }
    };
    let sort_key =
        index.sort_key.iter().filter(|_| !failed).map(|key| attribute_definition::value(key, &paths));
    let (projection, holds) = (projection(&index.projection), holds(&index.projection));
    let marker = |holds: bool, name: &str| {
        let name = format_ident!("{name}");
        holds.then(|| quote!(#[automatically_derived] impl #private::#name for #ident {}))
    };
    let projects_all = marker(matches!(index.projection, IndexProjection::All), "ProjectsAll");
    let consistent = marker(index.local, "ConsistentlyReadable");
    let unlisted = format!("`{ident}` is missing in the `indexes(..)` of its table, which creates it");
    let check = index.table.as_ref().map(|table| {
        quote_spanned! {index.span=>
            const _: () = ::core::assert!(#private::is_listed::<#table, #ident>(), #unlisted);
        }
    });
    let ide = editor_support::completions(&paths, index.options.names());
    block(&quote! {
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
    })
}

/// The variant of `IndexProjection`.
pub(super) fn projection(projection: &IndexProjection) -> TokenStream {
    match projection {
        IndexProjection::All => quote!(All),
        IndexProjection::KeysOnly => quote!(KeysOnly),
        IndexProjection::Include(names) => quote!(Include(&[#(#names),*])),
    }
}

/// The marker of an index with this projection.
pub(super) fn holds(projection: &IndexProjection) -> TokenStream {
    match projection {
        IndexProjection::All => quote!(HoldsAll),
        IndexProjection::KeysOnly | IndexProjection::Include(_) => quote!(HoldsSome),
    }
}
