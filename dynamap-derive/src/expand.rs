//! Models to code. Generated code names things; what they do is in the runtime.

/// As `quote::quote`, but its locals and the user's names never meet: a field may be called `w` or `key`.
macro_rules! quote {
    ($($tokens:tt)*) => { ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*) };
}

pub(crate) mod attribute;
mod docs;
pub(crate) mod entity;
mod enumeration;
mod field_types;
mod fields;
mod ide;
mod key;
mod key_condition;
pub(crate) mod projection;
pub(crate) mod schema;
mod stubs;

use proc_macro2::{Span, TokenStream};
use syn::Ident;

/// What all generated code names: paths into the runtime, and locals for code whose spans are the user's.
pub(crate) struct Paths {
    /// `::dynamap`
    runtime: TokenStream,
    /// `::dynamap::__private`
    private: TokenStream,
    /// The type by which code names the types of the fields.
    owner: TokenStream,
    /// The reader, the writer, and the fields read so far.
    r: Ident,
    w: Ident,
    partial: Ident,
}

impl Paths {
    pub(crate) fn new(runtime: &TokenStream, owner: TokenStream) -> Self {
        Self {
            runtime: runtime.clone(),
            private: quote!(#runtime::__private),
            owner,
            r: local("r"),
            w: local("w"),
            partial: local("partial"),
        }
    }
}

/// A local, as `quote!` makes it.
fn local(name: &str) -> Ident {
    local_at(name, Span::mixed_site())
}

/// The same, shown to the user at `span`.
fn local_at(name: &str, span: Span) -> Ident {
    Ident::new(name, Span::mixed_site().located_at(span))
}
