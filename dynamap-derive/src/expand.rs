//! Models to code. Generated code names things; what they do is in the runtime.

/// As `quote::quote`, but its locals and the user's names never meet: a field may be called `w` or `key`.
macro_rules! quote {
    ($($tokens:tt)*) => { ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*) };
}

pub(crate) mod attribute;
pub(crate) mod collection;
mod complete_key;
mod constants;
mod docs;
pub(crate) mod entity;
mod enumeration;
mod field_types;
mod fields;
mod ide;
mod index_keys;
mod into_key;
mod key;
mod key_condition;
mod key_parse;
mod newtypes;
pub(crate) mod projection;
pub(crate) mod schema;
mod stamps;
mod stubs;
mod variants;

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

impl Paths {
    /// True if the types of the fields depend on parameters, so that a constant outside of an `impl` cannot name them.
    fn is_generic(&self) -> bool {
        self.owner.clone().into_iter().count() > 1
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

#[cfg(test)]
mod tests {
    use crate::{errors::Errors, model};
    use syn::parse_quote;

    #[test]
    fn code_names_the_runtime_by_the_path_that_was_given() {
        let errors = Errors::default();
        let table = model::schema::TableSchema::parse(
            &parse_quote! {
                #[dynamap(crate = here::there, partition_key = "pk", sort_key = "sk", indexes(ByNote))]
                struct Shop;
            },
            &errors,
        );
        let index = model::schema::Index::parse(
            &parse_quote! {
                #[dynamap(crate = here::there, table = Shop, name = "gsi1", partition_key = "gsi1pk")]
                struct ByNote;
            },
            &errors,
        );
        let entity = model::entity::Entity::parse(
            &parse_quote! {
                #[dynamap(crate = here::there, table = Shop, pk = "A#{a}", sk = b)]
                #[dynamap(index = ByNote, pk = "{note}")]
                struct Order {
                    #[dynamap(key_only)]
                    a: u8,
                    b: String,
                    note: Option<String>,
                    #[dynamap(serde)]
                    c: u8,
                    #[dynamap(flatten)]
                    d: Inner,
                    #[dynamap(plain, skip)]
                    e: u8,
                }
            },
            &errors,
        );
        let attribute = model::attribute::Attribute::parse(
            &parse_quote! {
                #[dynamap(crate = here::there, tag = "t")]
                enum Payment<T> { Cash, Card(T), Bank { account: T } }
            },
            &errors,
        );
        let projection = model::projection::Projection::parse(
            &parse_quote! {
                #[dynamap(crate = here::there, entity = Order, index = ByNote)]
                struct Note { #[dynamap(key)] a: u8, note: Option<String>, #[dynamap(nested)] d: Part }
            },
            &errors,
        );
        let part = model::projection::Projection::parse(
            &parse_quote! {
                #[dynamap(crate = here::there, of = Inner)]
                struct Part { note: Option<String>, #[dynamap(nested)] d: Option<Other> }
            },
            &errors,
        );
        let enumeration = model::collection::ItemCollection::parse(
            &parse_quote! {
                #[dynamap(crate = here::there, index = ByNote)]
                enum Notes { Order(Order), Other(Other), #[dynamap(unknown)] Unknown(Item) }
            },
            &errors,
        );
        let structure = model::collection::ItemCollection::parse(
            &parse_quote! {
                #[dynamap(crate = here::there)]
                struct Page { a: A, b: Option<B>, c: Vec<C>, #[dynamap(unknown)] others: Vec<Item> }
            },
            &errors,
        );
        for failed in [false, true] {
            let code = [
                super::schema::table(&table, failed),
                super::schema::index(&index, failed),
                super::entity::expand(&entity, failed),
                super::attribute::expand(&attribute, failed),
                super::projection::expand(&projection, failed),
                super::projection::expand(&part, failed),
                super::collection::expand(&enumeration, failed),
                super::collection::expand(&structure, failed),
            ];
            for code in code.map(|code| code.to_string()) {
                assert!(code.contains("here :: there"));
                assert!(!code.contains(":: dynamap"), "{code}");
            }
        }
    }
}
