//! The sentences in generated code: the docs of its items, and messages that several derives have.

use crate::model::{
    entity::{Entity, IndexKeys},
    field::Field,
    item_collection::Member,
    key_spec::{KeySpec, Segment},
};
use quote::ToTokens;
use std::fmt::Write as _;
use syn::Ident;

/// ``| Partition key | `CUSTOMER#{customer_id}` |`` for each key attribute.
fn key_table<'m>(specs: impl Iterator<Item = (&'static str, &'m KeySpec)>, fields: &[Field]) -> String {
    let mut table = String::from("\n\n | Key attribute | Template |\n |---|---|\n");
    for (word, spec) in specs {
        let _ = writeln!(table, " | {word} | `{}` |", template(spec, fields));
    }
    table
}

fn template(spec: &KeySpec, fields: &[Field]) -> String {
    match spec {
        KeySpec::Field { field, .. } => format!("{{{}}}", fields[*field].ident),
        KeySpec::Template { segments, .. } => segments
            .iter()
            .map(|segment| match segment {
                Segment::Text(text) => text.clone(),
                Segment::Component(field) => format!("{{{}}}", fields[*field].ident),
            })
            .collect(),
    }
}

fn primary(entity: &Entity) -> impl Iterator<Item = (&'static str, &KeySpec)> {
    let partition_key = entity.partition_key.iter().map(|spec| ("Partition key", spec));
    partition_key.chain(entity.sort_key.iter().map(|spec| ("Sort key", spec)))
}

pub(crate) fn key_struct(entity: &Entity) -> String {
    format!(" The primary key of a [`{}`].{}", entity.ident, key_table(primary(entity), &entity.fields))
}

pub(crate) fn key_function(entity: &Entity) -> String {
    format!(" Returns the primary key of the [`{}`] with these values.", entity.ident)
}

pub(crate) fn partition_function(entity: &Entity) -> String {
    format!(
        " Selects the items of [`{}`] in one partition of the table, for a query.\n\n The methods of the result narrow it by the sort key, component by component.",
        entity.ident
    )
}

pub(crate) fn partition_struct(entity: &Entity) -> String {
    format!(
        " A key condition for [`{}`] items of the table.{}",
        entity.ident,
        key_table(primary(entity), &entity.fields)
    )
}

pub(crate) fn index_function(entity: &Entity, index: &IndexKeys) -> String {
    format!(
        " Selects the items of [`{}`] in one partition of the index [`{}`], for a query.\n\n The methods of the result narrow it by the sort key, component by component.",
        entity.ident, index.ident
    )
}

pub(crate) fn index_struct(entity: &Entity, index: &IndexKeys) -> String {
    let partition_key = index.partition_key.iter().map(|spec| ("Partition key", spec));
    let keys = partition_key.chain(index.sort_key.iter().map(|spec| ("Sort key", spec)));
    format!(
        " A key condition for [`{}`] items of the index [`{}`].{}",
        entity.ident,
        index.ident,
        key_table(keys, &entity.fields)
    )
}

pub(crate) fn search_function(entity: &Entity, index: &IndexKeys) -> String {
    format!(
        " Selects the items of [`{}`] whose vectors are nearest to `vector` in the vector index [`{}`], for a search.\n\n The methods of the result are the inline filters of the index.",
        entity.ident, index.ident
    )
}

pub(crate) fn search_struct(entity: &Entity, index: &IndexKeys) -> String {
    let keys = index.partition_key.iter().map(|spec| ("Partition key", spec));
    format!(
        " A search for [`{}`] items of the vector index [`{}`].{}",
        entity.ident,
        index.ident,
        key_table(keys, &entity.fields)
    )
}

pub(crate) fn inline_filter(field: &Field) -> String {
    format!(" Finds only items with this `{}` (an inline filter). A second one is an error.", field.ident)
}

pub(crate) fn collection_function(first: &Member, function: &Ident) -> String {
    let entity = first.entity.to_token_stream().to_string();
    format!(
        " Selects all items of the collection in one partition, for a query.\n\n It takes what [`{entity}`]'s `{function}` takes: several components in parentheses, and `()` for none. `of` of the result narrows it by the sort key of one member."
    )
}

pub(crate) fn step(field: &Field) -> String {
    let ident = &field.ident;
    format!(
        " Narrows by `{ident}`: a value selects exactly that component, a range (`a..=b`, `..b`, `a..`) ends the condition."
    )
}

pub(crate) fn equality_step(field: &Field) -> String {
    format!(" Narrows to items with this `{}`.", field.ident)
}

pub(crate) fn begins_with(field: &Field) -> String {
    format!(" Narrows to items whose `{}` begins with `text`, which may be any part of it.", field.ident)
}

pub(crate) fn attribute_begins_with(field: &Field) -> String {
    format!(
        " Narrows to items whose `{}` begins with `beginning`: text, or bytes of a binary value.",
        field.ident
    )
}

pub(crate) fn attribute(field: &Field) -> String {
    if field.flatten {
        return format!(" The attributes of the flattened field `{}`.\n", field.ident);
    }
    format!(" The attribute `{}`.\n", field.name)
}

pub(crate) fn key_field(field: &Field) -> String {
    format!(" The `{}` in the key.", field.ident)
}

/// The message for two entities of which one key can be.
pub(crate) fn shared_key(one: &str, other: &str, cure: &str) -> String {
    format!(
        "one key can be of `{one}` and of `{other}`, and nothing else tells which entity an item is; begin their keys with different texts, or {cure}"
    )
}

/// The names of fields: `` `a`, `b` and `c` ``.
fn listed(fields: &[&Field]) -> String {
    let names: Vec<String> = fields.iter().map(|field| format!("`{}`", field.ident)).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

pub(crate) fn joint_setter(entity: &Entity, group: &[usize]) -> String {
    let fields: Vec<&Field> = group.iter().map(|field| &entity.fields[*field]).collect();
    let feeds = |index: &&IndexKeys| {
        index.specs().any(|spec| spec.components().iter().any(|field| group.contains(field)))
    };
    let indexes: Vec<String> =
        entity.indexes.iter().filter(feeds).map(|index| format!("[`{}`]", index.ident)).collect();
    format!(
        " Sets {} together, and with them the keys of {}, which are made of them.",
        listed(&fields),
        indexes.join(" and ")
    )
}
