//! A secondary index of a table.

use super::{
    attribute_definition::{AttributeDefinition, key_attributes},
    runtime,
};
use crate::{
    errors::Errors,
    parse::{
        option_sets,
        options::{GivenOptions, Options, Value},
    },
};
use proc_macro2::{Span, TokenStream};
use syn::{Ident, Path};

pub(crate) struct Index {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) table: Option<Path>,
    pub(crate) name: String,
    pub(crate) local: bool,
    pub(crate) partition_key: Vec<AttributeDefinition>,
    pub(crate) sort_key: Vec<AttributeDefinition>,
    pub(crate) projection: IndexProjection,
    pub(crate) span: Span,
    pub(crate) options: GivenOptions,
}

pub(crate) enum IndexProjection {
    All,
    KeysOnly,
    Include(Vec<String>),
}

impl Index {
    pub(crate) fn parse(input: &syn::DeriveInput, errors: &Errors) -> Self {
        let options = Options::parse(&input.attrs, &option_sets::INDEX, errors);
        let ident = &input.ident;
        Self {
            runtime: runtime(&options),
            ident: ident.clone(),
            table: options.path("table"),
            name: index_name(&options),
            local: options.flag("local").is_some(),
            partition_key: key_attributes(&options, "partition_key"),
            sort_key: key_attributes(&options, "sort_key"),
            projection: projection(&options),
            span: ident.span(),
            options: options.close(),
        }
    }
}

/// DynamoDB: the name of an index has 3 to 255 letters, digits, `_`, `-` and `.`.
pub(super) fn index_name(options: &Options<'_>) -> String {
    let Some(text) = options.text("name") else { return String::new() };
    let name = text.value();
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    if !(3..=255).contains(&name.len()) || !name.bytes().all(is_allowed) {
        options.errors().at(&text, "the name of an index has 3 to 255 letters, digits, `_`, `-` and `.`");
    }
    name
}

pub(super) fn projection(options: &Options<'_>) -> IndexProjection {
    let errors = options.errors();
    let Some(opt) = options.get("projection") else { return IndexProjection::All };
    match &opt.value {
        Value::Name(path) if path.is_ident("all") => return IndexProjection::All,
        Value::Name(path) if path.is_ident("keys_only") => return IndexProjection::KeysOnly,
        Value::Call(path, arguments) if path.is_ident("include") => {
            let names: Vec<String> = arguments
                .iter()
                .filter_map(|argument| match argument {
                    Value::Text(text) => Some(text.value()),
                    _ => None,
                })
                .collect();
            if names.len() == arguments.len() && !names.is_empty() {
                return IndexProjection::Include(names);
            }
        }
        _ => {}
    }
    errors.at(&opt.name, "`projection` is `all`, `keys_only` or `include(\"..\", ..)`");
    IndexProjection::All
}
