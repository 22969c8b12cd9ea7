//! Models to code. Generated code names things; what they do is in the runtime.

pub(crate) mod attribute;
mod docs;
pub(crate) mod entity;
mod enumeration;
mod fields;
mod ide;
mod key;
mod key_condition;
pub(crate) mod projection;
pub(crate) mod schema;

use proc_macro2::TokenStream;
use quote::quote;

/// Paths into the runtime.
pub(crate) struct Paths {
    /// `::dynamap`
    runtime: TokenStream,
    /// `::dynamap::__private`
    private: TokenStream,
}

impl Paths {
    pub(crate) fn new(runtime: &TokenStream) -> Self {
        Self { runtime: runtime.clone(), private: quote!(#runtime::__private) }
    }
}
