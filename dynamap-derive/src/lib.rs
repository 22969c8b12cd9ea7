//! The derive macros of dynamap.
//!
//! Each goes through four stages: the input is parsed (`parse`) and becomes a model (`model`), the model is checked (`check`)
//! and expanded to code (`expand`). Mistakes are collected (`errors`) and reported all at once, each at the tokens where it was
//! typed.

mod case;
mod check;
mod errors;
mod expand;
mod model;
mod parse;
mod used_names;

use errors::Errors;
use parse::{self_type, shape};
use proc_macro::TokenStream;
use quote::quote;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct an item of a table. Documented at the trait `dynamap::Entity`.
#[proc_macro_derive(Entity, attributes(dynamap))]
pub fn entity(input: TokenStream) -> TokenStream {
    let stages = Stages {
        parse: shape::entity,
        model: model::entity::Entity::parse,
        check: check::entity::check,
        expand: expand::entity::expand,
    };
    stages.run(parse_macro_input!(input))
}

/// Makes a struct or an enum an attribute value. Documented at the traits `dynamap::value::ToAttribute`.
#[proc_macro_derive(Attribute, attributes(dynamap))]
pub fn attribute(input: TokenStream) -> TokenStream {
    let stages = Stages {
        parse: shape::attribute,
        model: model::attribute::Attribute::parse,
        check: check::attribute::check,
        expand: expand::attribute::expand,
    };
    stages.run(parse_macro_input!(input))
}

/// Makes a type stand for a table. Documented at the trait `dynamap::TableSchema`.
#[proc_macro_derive(TableSchema, attributes(dynamap))]
pub fn table_schema(input: TokenStream) -> TokenStream {
    let stages = Stages {
        parse: shape::table_schema,
        model: model::table_schema::TableSchema::parse,
        check: check::table_schema::check,
        expand: expand::table_schema::expand,
    };
    stages.run(parse_macro_input!(input))
}

/// Makes a type stand for a secondary index. Documented at the trait `dynamap::Index`.
#[proc_macro_derive(Index, attributes(dynamap))]
pub fn index(input: TokenStream) -> TokenStream {
    let stages = Stages {
        parse: shape::index,
        model: model::index::Index::parse,
        check: check::index::check,
        expand: expand::index::expand,
    };
    stages.run(parse_macro_input!(input))
}

/// Makes a type stand for a vector index. Documented at the trait `dynamap::VectorIndex`.
#[proc_macro_derive(VectorIndex, attributes(dynamap))]
pub fn vector_index(input: TokenStream) -> TokenStream {
    let stages = Stages {
        parse: shape::vector_index,
        model: model::vector_index::VectorIndex::parse,
        check: check::vector_index::check,
        expand: expand::vector_index::expand,
    };
    stages.run(parse_macro_input!(input))
}

/// Makes a struct some attributes of an entity. Documented at the trait `dynamap::Projection`.
#[proc_macro_derive(Projection, attributes(dynamap))]
pub fn projection(input: TokenStream) -> TokenStream {
    let stages = Stages {
        parse: shape::projection,
        model: model::projection::Projection::parse,
        check: check::projection::check,
        expand: expand::projection::expand,
    };
    stages.run(parse_macro_input!(input))
}

/// Makes an enum or a struct an item collection. Documented at the trait `dynamap::ItemCollection`.
#[proc_macro_derive(ItemCollection, attributes(dynamap))]
pub fn item_collection(input: TokenStream) -> TokenStream {
    let stages = Stages {
        parse: shape::item_collection,
        model: model::item_collection::ItemCollection::parse,
        check: check::item_collection::check,
        expand: expand::item_collection::expand,
    };
    stages.run(parse_macro_input!(input))
}

/// The stages of one derive, whose model is `M`.
struct Stages<M> {
    /// Reports an input of a kind that the derive does not take, which ends it.
    parse: fn(&DeriveInput, &Errors),
    /// Reads the options into a model.
    model: fn(&DeriveInput, &Errors) -> M,
    /// Reports the rules that the model breaks.
    check: fn(&M, &Errors),
    /// Makes the code. With mistakes (`true`) it has the same surface without bodies, so that code which uses the type does not
    /// fail as well.
    expand: fn(M, bool) -> proc_macro2::TokenStream,
}

impl<M> Stages<M> {
    fn run(self, mut input: DeriveInput) -> TokenStream {
        let errors = Errors::default();
        // First, as both the model and the code repeat the types of fields.
        self_type::name(&mut input);
        (self.parse)(&input, &errors);
        if errors.any() {
            return errors.into_compile_errors().into();
        }
        let model = (self.model)(&input, &errors);
        (self.check)(&model, &errors);
        let code = (self.expand)(model, errors.any());
        let errors = errors.into_compile_errors();
        quote!(#errors #code).into()
    }
}
