//! The rules of a table.
//!
//! 1. A table has a partition key.
//! 2. Its keys, its time to live, its entity type and its shape are different attributes.

use crate::{errors::Errors, model::table_schema::TableSchema};

pub(crate) fn check(schema: &TableSchema, errors: &Errors) {
    if !schema.options.is_given("partition_key") {
        errors.at(&schema.ident, "a table needs a partition key; add `#[dynamap(partition_key = \"pk\")]`");
    }
    distinct_attributes(schema, errors);
    schema.options.report_unknown(errors);
}

fn distinct_attributes(schema: &TableSchema, errors: &Errors) {
    let names = [
        ("partition_key", schema.partition_key.as_ref().map(|key| &key.name)),
        ("sort_key", schema.sort_key.as_ref().map(|key| &key.name)),
        ("ttl", schema.ttl.as_ref()),
        ("entity_type", schema.entity_type.as_ref()),
        ("shape", schema.shape.as_ref()),
    ];
    for (at, (option, name)) in names.iter().enumerate() {
        let earlier = names[..at].iter().find(|(_, other)| name.is_some() && other == name);
        if let (Some(name), Some((other, _))) = (name, earlier) {
            // The entity type has a name of its own if none is given.
            let typed = schema.options.name(option).unwrap_or(&schema.ident);
            let message = format_args!("`{other}` and `{option}` are both the attribute `{name}`");
            errors.span(typed.span(), message);
        }
    }
}
