//! What the attributes mean: models without any `syn::Attribute` left.

pub(crate) mod attribute;
pub(crate) mod collection;
pub(crate) mod entity;
pub(crate) mod field;
pub(crate) mod key;
pub(crate) mod projection;
pub(crate) mod role;
pub(crate) mod schema;

use crate::{
    attr::{
        Options,
        serde::{self, SerdeOption},
    },
    case::Case,
    errors::{Errors, did_you_mean},
};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Ident;

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

/// What serde is told of a type; nothing if that is for another format.
fn serde_options(input: &syn::DeriveInput, options: &Options<'_>) -> Option<Vec<SerdeOption>> {
    options.flag("ignore_serde").is_none().then(|| serde::options(&input.attrs))
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

/// Reports anything but a struct with named fields and without generic parameters.
pub(crate) fn check_document(input: &syn::DeriveInput, derive: &str, errors: &Errors) {
    let ident = &input.ident;
    match &input.data {
        syn::Data::Struct(syn::DataStruct { fields: syn::Fields::Named(_), .. }) => {}
        syn::Data::Struct(_) => {
            errors.at(ident, format_args!("`{derive}` needs named fields: `struct {ident} {{ .. }}`"));
        }
        syn::Data::Enum(_) => errors.at(ident, enum_message(derive, ident)),
        syn::Data::Union(_) => {
            errors.at(ident, format_args!("`{derive}` needs a struct; a union has no attributes"));
        }
    }
    check_concrete(input, derive, errors);
}

/// Reports generic parameters where the derive needs one concrete type.
pub(crate) fn check_concrete(input: &syn::DeriveInput, derive: &str, errors: &Errors) {
    if !input.generics.params.is_empty() {
        let ident = &input.ident;
        errors.at(
            &input.generics,
            format_args!("`{derive}` needs one concrete type, but `{ident}` has generic parameters"),
        );
    }
}

fn enum_message(derive: &str, ident: &Ident) -> String {
    match derive {
        "Entity" => format!(
            "`Entity` needs a struct; derive it for the struct inside each variant of `{ident}` and store those"
        ),
        _ => format!("`{derive}` needs a struct; `{ident}` is an enum"),
    }
}
