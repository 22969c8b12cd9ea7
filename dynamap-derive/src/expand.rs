//! The fourth stage: models to code. Generated code names things; what they do is in the runtime.

/// `quote::quote` with hygiene: its locals and the user's names never meet, so that a field may be called `w` or `key`.
macro_rules! quote {
    ($($tokens:tt)*) => { ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*) };
}

pub(crate) mod attribute;
mod attribute_constants;
mod attribute_definition;
mod complete_key;
mod description;
mod docs;
mod document_functions;
mod editor_support;
pub(crate) mod entity;
mod enumeration;
mod field_types;
mod fields;
pub(crate) mod index;
mod index_keys;
mod into_key;
pub(crate) mod item_collection;
mod key;
mod key_attribute;
mod key_condition;
mod key_parse;
mod newtype_operators;
pub(crate) mod projection;
mod shapes;
mod stamps;
mod stubs;
pub(crate) mod table_schema;
mod target;
mod unique;
mod variant_constant;
pub(crate) mod vector_index;
mod vector_search;

use proc_macro2::{Span, TokenStream};
use syn::Ident;

/// The names that all generated code uses: paths into the runtime, and locals for code whose spans are the user's.
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

    /// True if the types of the fields depend on parameters, so that a constant outside of an `impl` cannot name them.
    fn is_generic(&self) -> bool {
        self.owner.clone().into_iter().count() > 1
    }

    /// An expression of type `Option<_>`.
    fn option(&self, value: Option<TokenStream>) -> TokenStream {
        let private = &self.private;
        match value {
            Some(value) => quote!(#private::Some(#value)),
            None => quote!(#private::None),
        }
    }
}

/// A block of items that have no names outside of it.
fn block(items: &TokenStream) -> TokenStream {
    quote! {
        #[allow(unused_qualifications, unused_parens, deprecated)]
        const _: () = { #items };
    }
}

/// A local, as `quote!` makes it.
fn local(name: &str) -> Ident {
    local_at(name, Span::mixed_site())
}

/// A local that errors show at `span`.
fn local_at(name: &str, span: Span) -> Ident {
    Ident::new(name, Span::mixed_site().located_at(span))
}

#[cfg(test)]
mod tests {
    use crate::{
        errors::Errors,
        model::{
            attribute::Attribute, entity::Entity, index::Index, item_collection::ItemCollection,
            projection::Projection, table_schema::TableSchema, vector_index::VectorIndex,
        },
    };
    use proc_macro2::TokenStream;
    use syn::{DeriveInput, parse_quote};

    #[test]
    fn code_names_the_runtime_by_the_path_that_was_given() {
        all_name_the_given_path(
            TableSchema::parse,
            super::table_schema::expand,
            [parse_quote! {
                #[dynamap(crate = here::there, partition_key = "pk", sort_key = "sk", indexes(ByNote), vector_indexes(ByVector))]
                struct Shop;
            }],
        );
        all_name_the_given_path(
            Index::parse,
            super::index::expand,
            [parse_quote! {
                #[dynamap(crate = here::there, table = Shop, name = "gsi1", partition_key = "gsi1pk")]
                struct ByNote;
            }],
        );
        all_name_the_given_path(
            VectorIndex::parse,
            super::vector_index::expand,
            [parse_quote! {
                #[dynamap(crate = here::there, table = Shop, name = "vec1", vector = "v", dimensions = 2, distance = cosine)]
                #[dynamap(partition_key = "vec1pk", inline_filters("b"))]
                struct ByVector;
            }],
        );
        all_name_the_given_path(
            Entity::parse,
            super::entity::expand,
            [parse_quote! {
                #[dynamap(crate = here::there, table = Shop, pk = "A#{a}", sk = b)]
                #[dynamap(index = ByNote, pk = "{note}")]
                #[dynamap(vector_index = ByVector, vector = v, pk = "{note}", inline_filters(b))]
                struct Order {
                    #[dynamap(key_only)]
                    a: u8,
                    b: String,
                    v: Vector<2>,
                    note: Option<String>,
                    #[dynamap(serde)]
                    c: u8,
                    #[dynamap(flatten)]
                    d: Inner,
                    #[dynamap(plain, skip)]
                    e: u8,
                }
            }],
        );
        all_name_the_given_path(
            Attribute::parse,
            super::attribute::expand,
            [parse_quote! {
                #[dynamap(crate = here::there, tag = "t")]
                enum Payment<T> { Cash, Card(T), Bank { account: T } }
            }],
        );
        let of_entity = parse_quote! {
            #[dynamap(crate = here::there, entity = Order, index = ByNote)]
            struct Note { #[dynamap(key)] a: u8, note: Option<String>, #[dynamap(nested)] d: Part }
        };
        let of_struct = parse_quote! {
            #[dynamap(crate = here::there, of = Inner)]
            struct Part { note: Option<String>, #[dynamap(nested)] d: Option<Other> }
        };
        all_name_the_given_path(Projection::parse, super::projection::expand, [of_entity, of_struct]);
        let enumeration = parse_quote! {
            #[dynamap(crate = here::there, index = ByNote)]
            enum Notes { Order(Order), Other(Other), #[dynamap(unknown)] Unknown(Item) }
        };
        let structure = parse_quote! {
            #[dynamap(crate = here::there)]
            struct Page { a: A, b: Option<B>, c: Vec<C>, #[dynamap(unknown)] others: Vec<Item> }
        };
        let expand = super::item_collection::expand;
        all_name_the_given_path(ItemCollection::parse, expand, [enumeration, structure]);
    }

    #[track_caller]
    fn all_name_the_given_path<M, const N: usize>(
        model: fn(&DeriveInput, &Errors) -> M,
        expand: fn(M, bool) -> TokenStream,
        inputs: [DeriveInput; N],
    ) {
        for input in &inputs {
            for failed in [false, true] {
                let code = expand(model(input, &Errors::default()), failed).to_string();
                assert!(code.contains("here :: there"));
                assert!(!code.contains(":: dynamap"), "{code}");
            }
        }
    }
}
