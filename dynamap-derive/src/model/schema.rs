//! Tables and their indexes.

use super::runtime;
use crate::{
    attr::{Opt, Options, Value},
    errors::{Errors, did_you_mean},
};
use proc_macro2::{Span, TokenStream};
use syn::{Ident, LitStr, Path};

/// A key attribute of a table or index: its name and DynamoDB type.
pub(crate) struct KeyAttribute {
    pub(crate) name: String,
    /// `S`, `N` or `B`.
    pub(crate) data_type: &'static str,
}

pub(crate) struct TableSchema {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) partition_key: Option<KeyAttribute>,
    pub(crate) sort_key: Option<KeyAttribute>,
    pub(crate) ttl: Option<String>,
    /// `None` where `entity_type = none` was given.
    pub(crate) entity_type: Option<String>,
    pub(crate) indexes: Vec<Path>,
    /// The entities whose keys are compared.
    pub(crate) entities: Vec<Path>,
    pub(crate) options: Vec<Ident>,
}

pub(crate) struct Index {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) table: Option<Path>,
    pub(crate) name: String,
    pub(crate) local: bool,
    pub(crate) partition_key: Vec<KeyAttribute>,
    pub(crate) sort_key: Vec<KeyAttribute>,
    pub(crate) projection: Projection,
    pub(crate) span: Span,
    pub(crate) options: Vec<Ident>,
}

pub(crate) enum Projection {
    All,
    KeysOnly,
    Include(Vec<String>),
}

/// The name of the entity-type attribute of a table that gives none.
pub(crate) const ENTITY_TYPE: &str = "entity_type";

const TABLE_OPTIONS: [&str; 7] =
    ["partition_key", "sort_key", "ttl", "entity_type", "indexes", "entities", "crate"];
const INDEX_OPTIONS: [&str; 7] =
    ["table", "name", "partition_key", "sort_key", "projection", "local", "crate"];

impl TableSchema {
    pub(crate) fn parse(input: &syn::DeriveInput, errors: &Errors) -> Self {
        let options = Options::parse(&input.attrs, "a table schema", &TABLE_OPTIONS, errors);
        let schema = Self {
            runtime: runtime(&options),
            ident: input.ident.clone(),
            partition_key: one(key_attributes(&options, "partition_key"), &options, "partition_key"),
            sort_key: one(key_attributes(&options, "sort_key"), &options, "sort_key"),
            ttl: attribute_name(&options, "ttl"),
            entity_type: entity_type(&options),
            indexes: listed(
                &options,
                "indexes",
                "`indexes` takes the types that derive `Index`: `indexes(ByGroup)`",
            ),
            entities: listed(
                &options,
                "entities",
                "`entities` takes the types that derive `Entity`: `entities(Order)`",
            ),
            options: options.names().cloned().collect(),
        };
        if !options.is_given("partition_key") {
            errors
                .at(&input.ident, "a table needs a partition key; add `#[dynamap(partition_key = \"pk\")]`");
        }
        schema.check_distinct(&options);
        options.finish();
        schema
    }

    fn check_distinct(&self, options: &Options<'_>) {
        let names = [
            ("partition_key", self.partition_key.as_ref().map(|key| &key.name)),
            ("sort_key", self.sort_key.as_ref().map(|key| &key.name)),
            ("ttl", self.ttl.as_ref()),
            ("entity_type", self.entity_type.as_ref()),
        ];
        for (at, (option, name)) in names.iter().enumerate() {
            let earlier = names[..at].iter().find(|(_, other)| name.is_some() && other == name);
            if let (Some(name), Some((other, _))) = (name, earlier) {
                let span = options.get(option).map_or_else(|| self.ident.span(), |opt| opt.name.span());
                options
                    .errors()
                    .span(span, format_args!("`{other}` and `{option}` are both the attribute `{name}`"));
            }
        }
    }
}

impl Index {
    pub(crate) fn parse(input: &syn::DeriveInput, errors: &Errors) -> Self {
        let options = Options::parse(&input.attrs, "an index", &INDEX_OPTIONS, errors);
        let ident = &input.ident;
        let index = Self {
            runtime: runtime(&options),
            ident: ident.clone(),
            table: options.path("table"),
            name: index_name(&options),
            local: options.flag("local").is_some(),
            partition_key: key_attributes(&options, "partition_key"),
            sort_key: key_attributes(&options, "sort_key"),
            projection: projection(&options),
            span: ident.span(),
            options: options.names().cloned().collect(),
        };
        if !options.is_given("table") {
            errors.at(ident, "an index needs its table; add `table = ..` to `#[dynamap(..)]`");
        }
        if !options.is_given("name") {
            errors.at(ident, "an index needs its name in DynamoDB; add `name = \"..\"` to `#[dynamap(..)]`");
        }
        index.check_keys(&options);
        options.finish();
        index
    }

    fn check_keys(&self, options: &Options<'_>) {
        let (errors, ident) = (options.errors(), &self.ident);
        match (self.local, options.get("partition_key"), options.get("sort_key")) {
            (true, Some(partition_key), _) => errors.at(
                &partition_key.name,
                "a local index has the partition key of its table; leave `partition_key` out",
            ),
            (true, None, None) if !options.is_given("sort_key") => {
                errors.at(ident, "a local index needs a sort key; add `sort_key = \"..\"`")
            }
            (false, None, _) if !options.is_given("partition_key") => {
                errors.at(
                    ident,
                    "a global index needs a partition key; add `partition_key = \"..\"`, or `local`",
                );
            }
            _ => {}
        }
        if self.local && self.sort_key.len() > 1 {
            errors.at(ident, "a local index has one sort key attribute");
        }
    }
}

/// The attributes of `partition_key = "pk"`, `= number("year")` or `= ["region", number("year")]`.
fn key_attributes(options: &Options<'_>, option: &str) -> Vec<KeyAttribute> {
    let errors = options.errors();
    let Some(Opt { name, value, .. }) = options.get(option) else { return Vec::new() };
    match value {
        Value::List(span, values) => {
            if values.is_empty() || values.len() > 4 {
                errors.span(*span, "an index key has one to four attributes");
            }
            values.iter().filter_map(|value| typed_key(value, name, errors)).collect()
        }
        value => typed_key(value, name, errors).into_iter().collect(),
    }
}

/// `"pk"`, `string("pk")`, `number("year")` or `binary("hash")`.
fn typed_key(value: &Value, option: &Ident, errors: &Errors) -> Option<KeyAttribute> {
    const TYPES: [(&str, &str); 3] = [("string", "S"), ("number", "N"), ("binary", "B")];
    match value {
        Value::Text(text) => Some(KeyAttribute { name: key_name(text, errors)?, data_type: "S" }),
        Value::Call(path, arguments) => {
            let typed = path.get_ident().map(Ident::to_string).unwrap_or_default();
            let Some((_, data_type)) = TYPES.iter().find(|(name, _)| *name == typed) else {
                let hint = did_you_mean(&typed, &TYPES.map(|(name, _)| name));
                errors.at(path, format_args!("a key is `string(..)`, `number(..)` or `binary(..)`{hint}"));
                return None;
            };
            match arguments.as_slice() {
                [Value::Text(text)] => Some(KeyAttribute { name: key_name(text, errors)?, data_type }),
                _ => {
                    errors.at(
                        path,
                        format_args!("`{typed}` takes the name of one attribute: `{typed}(\"..\")`"),
                    );
                    None
                }
            }
        }
        _ => {
            errors.at(
                option,
                format_args!("`{option}` takes the name of an attribute: `{option} = \"..\"`, or its type too: `{option} = number(\"..\")`"),
            );
            None
        }
    }
}

fn key_name(text: &LitStr, errors: &Errors) -> Option<String> {
    let name = text.value();
    match name.len() {
        1..=255 => return Some(name),
        0 => errors.at(text, "an attribute name cannot be empty"),
        length => errors.at(
            text,
            format_args!("the name of a key attribute has at most 255 bytes, this one has {length}"),
        ),
    }
    None
}

fn one(mut attributes: Vec<KeyAttribute>, options: &Options<'_>, option: &str) -> Option<KeyAttribute> {
    if attributes.len() > 1 {
        options.errors().at(
            &options.get(option).map(|opt| &opt.name),
            format_args!("a table has one `{option}` attribute; several are for indexes"),
        );
    }
    attributes.drain(..).next()
}

fn attribute_name(options: &Options<'_>, option: &str) -> Option<String> {
    let text = options.text(option)?;
    if text.value().is_empty() {
        options.errors().at(&text, "an attribute name cannot be empty");
        return None;
    }
    Some(text.value())
}

/// DynamoDB: the name of an index has 3 to 255 letters, digits, `_`, `-` and `.`.
fn index_name(options: &Options<'_>) -> String {
    let Some(text) = options.text("name") else { return String::new() };
    let name = text.value();
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    if !(3..=255).contains(&name.len()) || !name.bytes().all(is_allowed) {
        options.errors().at(&text, "the name of an index has 3 to 255 letters, digits, `_`, `-` and `.`");
    }
    name
}

fn entity_type(options: &Options<'_>) -> Option<String> {
    match options.get("entity_type").map(|opt| &opt.value) {
        None => Some(ENTITY_TYPE.into()),
        Some(Value::Name(path)) if path.is_ident("none") => None,
        Some(Value::Text(_)) => attribute_name(options, "entity_type"),
        Some(_) => {
            let name = options.get("entity_type").map(|opt| &opt.name);
            options.errors().at(&name, "`entity_type` takes the name of an attribute, or `none`");
            None
        }
    }
}

/// The types of `indexes(..)` and `entities(..)`.
fn listed(options: &Options<'_>, option: &str, takes: &str) -> Vec<Path> {
    let errors = options.errors();
    let Some(opt) = options.get(option) else { return Vec::new() };
    let arguments = match &opt.value {
        Value::List(_, values) => values.as_slice(),
        Value::Call(path, arguments) if path.is_ident(option) => arguments.as_slice(),
        _ => &[],
    };
    let mut paths = Vec::new();
    for argument in arguments {
        match argument {
            Value::Name(path) => paths.push(path.clone()),
            _ => errors.at(&opt.name, takes),
        }
    }
    if arguments.is_empty() {
        errors.at(&opt.name, takes);
    }
    paths
}

fn projection(options: &Options<'_>) -> Projection {
    let errors = options.errors();
    let Some(opt) = options.get("projection") else { return Projection::All };
    match &opt.value {
        Value::Name(path) if path.is_ident("all") => return Projection::All,
        Value::Name(path) if path.is_ident("keys_only") => return Projection::KeysOnly,
        Value::Call(path, arguments) if path.is_ident("include") => {
            let names: Vec<String> = arguments
                .iter()
                .filter_map(|argument| match argument {
                    Value::Text(text) => Some(text.value()),
                    _ => None,
                })
                .collect();
            if names.len() == arguments.len() && !names.is_empty() {
                return Projection::Include(names);
            }
        }
        _ => {}
    }
    errors.at(&opt.name, "`projection` is `all`, `keys_only` or `include(\"..\", ..)`");
    Projection::All
}
