//! The key attributes of tables and indexes as values.

use super::Paths;
use crate::model::attribute_definition::AttributeDefinition;
use proc_macro2::TokenStream;
use quote::format_ident;

/// An expression of type `KeyAttribute`.
pub(super) fn value(key: &AttributeDefinition, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let (name, data_type) = (&key.name, format_ident!("{}", key.data_type));
    quote!(#private::KeyAttribute { name: #name, data_type: #private::DataType::#data_type })
}
