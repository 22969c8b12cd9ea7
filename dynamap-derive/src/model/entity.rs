//! An entity: a struct that is stored as an item.

use super::{
    case_option, default_option,
    field::{self, Field, FieldOwner},
    key_spec::{self, KeySpec, Place, each_once},
    named_fields, runtime, serde_options,
    shapes::Shapes,
    unique::{self, UniqueConstraint},
    vector_search::VectorSearch,
};
use crate::{
    case::{Case, ident_in, name_of},
    errors::Errors,
    parse::{
        option_sets,
        options::{GivenOptions, Options},
        serde_options::SerdeOption,
    },
    used_names::UsedNames,
};
use proc_macro2::{Span, TokenStream};
use quote::format_ident;
use syn::{Ident, Path, Visibility, spanned::Spanned};

pub(crate) struct Entity {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    /// The value of the entity-type attribute.
    pub(crate) name: String,
    pub(crate) table: Option<Path>,
    pub(crate) partition_key: Option<KeySpec>,
    pub(crate) sort_key: Option<KeySpec>,
    pub(crate) indexes: Vec<IndexKeys>,
    pub(crate) fields: Vec<Field>,
    pub(crate) unique: Vec<UniqueConstraint>,
    /// The shapes in which the items are stored, if they are numbered.
    pub(crate) shapes: Option<Shapes>,
    /// The default of the struct, from which absent fields are taken, and its span.
    pub(crate) default: Option<(field::Default, Span)>,
    /// True if each write is a transaction of its own.
    pub(crate) transactional: bool,
    pub(crate) consistent_read: bool,
    /// The options that are not of an index.
    pub(crate) options: GivenOptions,
    /// The names of all options, in the order in which they were typed.
    pub(crate) option_names: Vec<Ident>,
    pub(crate) serde: Option<Vec<SerdeOption>>,
}

/// The key of an entity in a secondary index or vector index.
pub(crate) struct IndexKeys {
    pub(crate) index: Path,
    /// The last segment of `index`, which names what is generated for it.
    pub(crate) ident: Ident,
    /// Empty for a local index, which has the table's partition key, and for a vector index without one.
    pub(crate) partition_key: Vec<KeySpec>,
    pub(crate) sort_key: Vec<KeySpec>,
    /// True if a query of the index may return expired items, as the index does not hold their time to live.
    pub(crate) returns_expired: bool,
    /// The fields that a vector index searches; `None` of a secondary index.
    pub(crate) vector: Option<VectorSearch>,
    pub(crate) span: Span,
}

impl Entity {
    pub(crate) fn parse(input: &syn::DeriveInput, errors: &Errors) -> Self {
        let mut options = Options::parse(&input.attrs, &option_sets::ENTITY, errors);
        let option_names = options.names().cloned().collect();
        let index_options = options.split_off("index", &option_sets::ENTITY_INDEX);
        let vector_options = options.split_off("vector_index", &option_sets::ENTITY_VECTOR_INDEX);
        let unique_options = options.split_off("unique", &option_sets::ENTITY_UNIQUE);
        let case = case_option(&options, "rename_all");
        let fields: Vec<Field> = named_fields(input)
            .enumerate()
            .map(|(index, field)| Field::parse((0, index), field, case, FieldOwner::Entity, errors))
            .collect();
        let key = |option| {
            key_spec::parse(&options, option, Place::Table, &input.ident, &fields).into_iter().next()
        };
        let mut entity = Self {
            default: default_option(&options),
            runtime: runtime(&options),
            name: options
                .text("name")
                .map_or_else(|| crate::case::name_of(&input.ident), |name| name.value()),
            table: options.path("table"),
            partition_key: key("pk"),
            sort_key: key("sk"),
            indexes: index_options
                .into_iter()
                .filter_map(|options| IndexKeys::parse(options, &input.ident, &fields))
                .chain(
                    vector_options
                        .into_iter()
                        .filter_map(|options| IndexKeys::parse_vector(options, &input.ident, &fields)),
                )
                .collect(),
            unique: unique::of_fields(&fields)
                .chain(
                    unique_options
                        .into_iter()
                        .filter_map(|options| unique::of_entity(options, &input.ident, &fields)),
                )
                .collect(),
            shapes: Shapes::parse(&options),
            ident: input.ident.clone(),
            vis: input.vis.clone(),
            fields,
            transactional: options.flag("transactional").is_some(),
            consistent_read: options.flag("consistent_read").is_some(),
            serde: serde_options(input, &options),
            option_names,
            options: options.close(),
        };
        for field in entity.key_fields() {
            entity.fields[field].in_primary_key = true;
        }
        entity
    }

    /// Leaves out indexes whose function has the name of an earlier one, which was reported: the compiler would report it again.
    pub(crate) fn without_repeated_functions(mut self) -> Self {
        let mut functions: UsedNames = self.functions().into_iter().collect();
        self.indexes.retain(|index| functions.is_new(&index.function()));
        self
    }

    /// The functions that every entity has.
    pub(crate) fn functions(&self) -> [&'static str; 2] {
        ["key", "partition"]
    }

    /// The function that sets the fields of a group together.
    pub(crate) fn setter(&self, group: &[usize]) -> Ident {
        let names: Vec<String> = group.iter().map(|field| name_of(&self.fields[*field].ident)).collect();
        format_ident!("set_{}", names.join("_and_"))
    }

    /// The components of the primary key, partition key first, each once.
    pub(crate) fn key_fields(&self) -> Vec<usize> {
        each_once(self.primary_specs().flat_map(KeySpec::components))
    }

    /// The fields whose types must be key parts: the components of key templates, without `plain` ones.
    pub(crate) fn encoded_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields
            .iter()
            .enumerate()
            .filter(|(at, field)| {
                let is_component = |spec: &KeySpec| {
                    matches!(spec, KeySpec::Template { .. }) && spec.components().contains(at)
                };
                field.plain.is_none() && self.all_specs().any(is_component)
            })
            .map(|(_, field)| field)
    }

    /// The partition key and the sort key, without those that could not be read.
    pub(crate) fn primary_specs(&self) -> impl Iterator<Item = &KeySpec> {
        self.partition_key.iter().chain(&self.sort_key)
    }

    /// True if a field is stored only in the key of an index, which no update sets.
    pub(crate) fn has_key_only_in_index(&self) -> bool {
        let is_primary = |field| self.primary_specs().any(|spec| spec.components().contains(&field));
        (0..self.fields.len()).any(|field| self.fields[field].key_only.is_some() && !is_primary(field))
    }

    /// True if sentinel items of unique constraints are made of the field.
    pub(crate) fn is_in_sentinels(&self, field: usize) -> bool {
        let mut unique = self.unique.iter().flat_map(|constraint| &constraint.fields);
        !self.unique.is_empty() && self.fields[field].ttl.is_some()
            || unique.any(|unique| unique.field == field)
    }

    /// Every key attribute that was given.
    pub(crate) fn all_specs(&self) -> impl Iterator<Item = &KeySpec> {
        self.primary_specs().chain(self.indexes.iter().flat_map(IndexKeys::specs))
    }
}

impl IndexKeys {
    pub(crate) fn specs(&self) -> impl Iterator<Item = &KeySpec> {
        self.partition_key.iter().chain(&self.sort_key)
    }

    /// The function that begins a key condition.
    pub(crate) fn function(&self) -> Ident {
        ident_in(Case::Snake, &self.ident)
    }

    fn parse(options: Options<'_>, entity: &Ident, fields: &[Field]) -> Option<Self> {
        let index = options.path("index");
        let key = |option| key_spec::parse(&options, option, Place::Index, entity, fields);
        let returns_expired = options.flag("returns_expired").is_some();
        let keys = index.and_then(|index| {
            let ident = index.segments.last()?.ident.clone();
            let span = index.span();
            let (partition_key, sort_key, vector) = (key("pk"), key("sk"), None);
            Some(Self { partition_key, sort_key, returns_expired, vector, index, ident, span })
        });
        if keys.is_none() {
            // Read all the same: an option that is not read would be reported as unknown too.
            key("pk");
            key("sk");
        }
        options.finish();
        keys
    }

    fn parse_vector(options: Options<'_>, entity: &Ident, fields: &[Field]) -> Option<Self> {
        let index = options.path("vector_index");
        let partition_key = key_spec::parse(&options, "pk", Place::VectorIndex, entity, fields);
        let returns_expired = options.flag("returns_expired").is_some();
        let vector = Some(VectorSearch::parse(&options, entity, fields));
        options.finish();
        let index = index?;
        let ident = index.segments.last()?.ident.clone();
        let (sort_key, span) = (Vec::new(), index.span());
        Some(Self { partition_key, sort_key, returns_expired, vector, index, ident, span })
    }
}
