//! Lets editors complete and explain the options of `#[dynamap(..)]`.

use super::Paths;
use crate::{
    model::{
        entity::Entity,
        key_spec::{KeySpec, Segment},
    },
    used_names::UsedNames,
};
use proc_macro2::TokenStream;
use syn::Ident;

/// Imports, by the user's own tokens, a documented module for each option.
pub(crate) fn completions<'o>(paths: &Paths, options: impl IntoIterator<Item = &'o Ident>) -> TokenStream {
    let private = &paths.private;
    let mut used = UsedNames::default();
    // `crate` cannot name a module.
    let has_module = |option: &Ident| OPTIONS.iter().any(|known| option == known);
    let known = options.into_iter().filter(|option| has_module(option) && used.is_new(option));
    quote!(#( #[allow(unused_imports)] use #private::ide::#known as _; )*)
}

/// The modules in the runtime's `__private::ide`.
const OPTIONS: [&str; 30] = [
    "table",
    "pk",
    "sk",
    "index",
    "name",
    "rename_all",
    "partition_key",
    "sort_key",
    "ttl",
    "entity_type",
    "indexes",
    "projection",
    "local",
    "returns_expired",
    "tag",
    "content",
    "untagged",
    "rename_all_fields",
    "entity",
    "of",
    "unknown",
    "overlap",
    "entities",
    "vector_indexes",
    "vector_index",
    "vector",
    "dimensions",
    "distance",
    "inline_filters",
    "strict",
];

/// Gives the compiler the templates as the user typed them, so that editors find the fields in them.
pub(crate) fn templates(entity: &Entity, paths: &Paths) -> TokenStream {
    let (private, fields) = (&paths.private, &entity.fields);
    let ident = &entity.ident;
    let formats = entity.all_specs().filter_map(|spec| {
        let KeySpec::Template { literal, segments } = spec else { return None };
        let components = segments.iter().filter_map(|segment| match segment {
            Segment::Component(field) => Some(&fields[*field].ident),
            Segment::Text(_) => None,
        });
        let components: Vec<&Ident> = components.collect();
        // As seen from the literal: in a macro of the user, fields and template may come from different places.
        let shown = components.iter().map(|component| {
            let span = component.span().resolved_at(literal.span());
            crate::case::ident(&crate::case::name_of(component), span)
        });
        Some(quote! {{
            let #ident { #(#components,)* .. } = entity;
            #( let #shown = #private::shown(#components); )*
            let _ = ::core::format_args!(#literal);
        }})
    });
    quote! {
        #[allow(dead_code, clippy::all)]
        fn __templates(entity: &#ident) { #(#formats)* }
    }
}
