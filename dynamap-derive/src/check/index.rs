//! The rules of a secondary index.
//!
//! 1. An index has a table and a name.
//! 2. A global index has a partition key.
//! 3. A local index has the partition key of its table, and one sort key attribute.

use crate::{errors::Errors, model::index::Index};

pub(crate) fn check(index: &Index, errors: &Errors) {
    let ident = &index.ident;
    if !index.options.is_given("table") {
        errors.at(ident, "an index needs its table; add `table = ..` to `#[dynamap(..)]`");
    }
    if !index.options.is_given("name") {
        errors.at(ident, "an index needs its name in DynamoDB; add `name = \"..\"` to `#[dynamap(..)]`");
    }
    keys(index, errors);
    index.options.report_unknown(errors);
}

fn keys(index: &Index, errors: &Errors) {
    let (ident, options) = (&index.ident, &index.options);
    match (index.local, options.name("partition_key")) {
        (true, Some(partition_key)) => errors
            .at(partition_key, "a local index has the partition key of its table; leave `partition_key` out"),
        (true, None) if !options.is_given("sort_key") => {
            errors.at(ident, "a local index needs a sort key; add `sort_key = \"..\"`");
        }
        (false, None) if !options.is_given("partition_key") => {
            errors
                .at(ident, "a global index needs a partition key; add `partition_key = \"..\"`, or `local`");
        }
        _ => {}
    }
    if index.local && index.sort_key.len() > 1 {
        errors.at(ident, "a local index has one sort key attribute");
    }
}
