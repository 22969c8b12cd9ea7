//! The second stage: options to models, which hold what each derive was told.
//!
//! A model is made of input with mistakes too. What it cannot hold is reported here: a value of the wrong form, and
//! options of which it has place for one. Rules about what it holds are in `check`.

pub(crate) mod attribute;
pub(crate) mod attribute_definition;
pub(crate) mod entity;
pub(crate) mod field;
pub(crate) mod index;
pub(crate) mod item_collection;
pub(crate) mod key_spec;
pub(crate) mod normal_form;
pub(crate) mod projection;
pub(crate) mod role;
pub(crate) mod shapes;
pub(crate) mod table_schema;
pub(crate) mod unique;
pub(crate) mod vector_index;
pub(crate) mod vector_search;

use crate::{
    case::Case,
    errors::did_you_mean,
    parse::{
        options::Options,
        serde_options::{self, SerdeOption},
    },
};
use proc_macro2::{Span, TokenStream};
use quote::quote;

/// The path by which generated code names the runtime: `::dynamap`, or the one given as `crate = ..`.
pub(crate) fn runtime(options: &Options<'_>) -> TokenStream {
    match options.path("crate") {
        Some(path) => quote!(#path),
        None => quote!(::dynamap),
    }
}

/// The `default` of a struct, and where it is given.
fn default_option(options: &Options<'_>) -> Option<(field::Default, Span)> {
    let span = options.get("default")?.name.span();
    Some((field::default(options), span))
}

/// The options of `#[serde(..)]` of a type; none with `ignore_serde`.
fn serde_options(input: &syn::DeriveInput, options: &Options<'_>) -> Option<Vec<SerdeOption>> {
    options.flag("ignore_serde").is_none().then(|| serde_options::options(&input.attrs))
}

/// The rule of an option such as `rename_all`.
pub(crate) fn case_option(options: &Options<'_>, option: &str) -> Option<Case> {
    let text = options.text(option)?;
    let typed = text.value();
    let case = Case::from_name(&typed);
    if case.is_none() {
        let hint = match did_you_mean(&typed, &Case::names()) {
            hint if hint.is_empty() => format!("; expected one of `{}`", Case::names().join("`, `")),
            hint => hint,
        };
        options.errors().at(&text, format_args!("`{typed}` is no letter case{hint}"));
    }
    case
}

/// The fields of a struct with named fields; none of anything else, which was reported before.
pub(crate) fn named_fields(input: &syn::DeriveInput) -> impl Iterator<Item = &syn::Field> {
    let fields = match &input.data {
        syn::Data::Struct(syn::DataStruct { fields: syn::Fields::Named(fields), .. }) => Some(&fields.named),
        _ => None,
    };
    fields.into_iter().flatten()
}
