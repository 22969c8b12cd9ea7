//! The derive macros of dynamap.
//!
//! Each goes the same way: attributes are parsed (`attr`), become a model (`model`), the model is checked
//! (`check`) and expanded (`expand`). Mistakes are collected (`errors`) and reported all at once.

mod attr;
mod case;
mod check;
mod errors;
mod expand;
mod model;
mod self_type;
mod template;

use errors::Errors;
use proc_macro::TokenStream;
use quote::quote;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct an item of a table. Documented at the trait `dynamap::Entity`.
#[proc_macro_derive(Entity, attributes(dynamap))]
pub fn entity(input: TokenStream) -> TokenStream {
    let check = |input: &DeriveInput, errors: &Errors| model::check_document(input, "Entity", errors);
    derive(parse_macro_input!(input), check, model::entity::Entity::parse, expand::entity::expand)
}

/// Makes a struct or an enum an attribute value. Documented at the traits `dynamap::value::ToAttribute`.
#[proc_macro_derive(Attribute, attributes(dynamap))]
pub fn attribute(input: TokenStream) -> TokenStream {
    use model::attribute::Attribute;
    derive(parse_macro_input!(input), Attribute::check_shape, Attribute::parse, expand::attribute::expand)
}

/// Makes a type stand for a table. Documented at the trait `dynamap::TableSchema`.
#[proc_macro_derive(TableSchema, attributes(dynamap))]
pub fn table_schema(input: TokenStream) -> TokenStream {
    let check = |input: &DeriveInput, errors: &Errors| model::check_concrete(input, "TableSchema", errors);
    derive(parse_macro_input!(input), check, model::schema::TableSchema::parse, expand::schema::table)
}

/// Makes a type stand for a secondary index. Documented at the trait `dynamap::Index`.
#[proc_macro_derive(Index, attributes(dynamap))]
pub fn index(input: TokenStream) -> TokenStream {
    let check = |input: &DeriveInput, errors: &Errors| model::check_concrete(input, "Index", errors);
    derive(parse_macro_input!(input), check, model::schema::Index::parse, expand::schema::index)
}

/// Makes a struct some attributes of an entity. Documented at the trait `dynamap::Projection`.
#[proc_macro_derive(Projection, attributes(dynamap))]
pub fn projection(input: TokenStream) -> TokenStream {
    let check = |input: &DeriveInput, errors: &Errors| model::check_document(input, "Projection", errors);
    derive(parse_macro_input!(input), check, model::projection::Projection::parse, expand::projection::expand)
}

/// Makes an enum or a struct an item collection. Documented at the trait `dynamap::ItemCollection`.
#[proc_macro_derive(ItemCollection, attributes(dynamap))]
pub fn item_collection(input: TokenStream) -> TokenStream {
    use model::collection::ItemCollection;
    let check = ItemCollection::check_shape;
    derive(parse_macro_input!(input), check, ItemCollection::parse, expand::collection::expand)
}

/// Checks what the input is at all, then parses, checks and expands. `expand` is told whether there were
/// mistakes; the code that it makes of them keeps those who use the type from failing as well.
fn derive<M>(
    mut input: DeriveInput,
    check_shape: impl FnOnce(&DeriveInput, &Errors),
    parse: impl FnOnce(&DeriveInput, &Errors) -> M,
    expand: impl FnOnce(&M, bool) -> proc_macro2::TokenStream,
) -> TokenStream {
    let errors = Errors::default();
    self_type::name(&mut input);
    check_shape(&input, &errors);
    if errors.any() {
        return errors.into_compile_errors().into();
    }
    let model = parse(&input, &errors);
    let code = expand(&model, errors.any());
    let errors = errors.into_compile_errors();
    quote!(#errors #code).into()
}
