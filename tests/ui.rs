//! Mistakes, each with the message that the user gets for it.
//!
//! `TRYBUILD=overwrite cargo test -p dynamap-tests --test ui` writes the messages anew: read them before they
//! are committed.
#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

#[test]
fn every_mistake_is_reported_where_it_was_typed() {
    trybuild::TestCases::new().compile_fail("ui/*/*.rs");
}

/// Mistakes with more than one error, and why.
const SEVERAL: &[(&str, usize, &str)] = &[
    ("collection/member_that_is_no_entity", 5, "the compiler asks for the entity of what is no member"),
    ("collection/part_of_a_struct", 3, "the compiler asks for the entity of what is no member"),
    ("collection/whole_and_projection_of_one_entity", 2, "an entity is a member once, and its filter is one"),
    ("option/several_mistakes", 5, "it has five"),
    ("shapes/attribute_of_another", 2, "a table and an entity"),
    ("shapes/no_struct", 2, "the compiler asks for what reads the items, and for its names"),
    ("shapes/numbers", 8, "mistakes of shapes, each where it was typed"),
    ("unique/batch", 3, "three batches"),
    ("unique/computed", 3, "three updates"),
    ("unique/field", 15, "mistakes of fields, each where it was typed"),
    ("unique/types_and_table", 4, "two entities and their types"),
    ("field/no_serde", 2, "two traits of serde are missing"),
    ("field/flattened_enum_of_names", 2, "the compiler looks into the fields read so far"),
    ("field/flattened_name_twice", 2, "two fields"),
    ("field/flattened_scalar", 2, "the compiler looks into the fields read so far"),
    ("condition/step_of_another_type", 2, "the compiler asks for the argument and for what it leads to"),
    ("operation/get_projected_as_another_entity", 2, "the compiler asks for the entity again to send it"),
    ("operation/part_of_a_struct_projected", 2, "the compiler asks for the projection again to send it"),
    (
        "projection/nested_not_marked",
        2,
        "the compiler asks for the type and compares it with the attribute's",
    ),
    ("projection/nested_struct_that_is_whole", 3, "the compiler asks for what is no projection at each use"),
    ("operation/projection_saved", 3, "the compiler asks for the type and for its argument"),
    ("operation/nested_projection_saved", 2, "as the one before"),
    ("transaction/read_as_another_entity", 2, "the compiler asks for the keys again to send them"),
    ("transaction/read_as_too_few", 2, "as the one before"),
    ("transaction/read_of_two_tables", 2, "the compiler asks for the keys again to send them"),
    (
        "version/version_of_text",
        2,
        "the compiler asks for the field's type and for what the version is made of",
    ),
    ("version/version_that_is_a_number", 2, "as the one before"),
    ("transaction/put_of_an_entity_with_a_version", 2, "it is put blindly, and by a shared reference"),
    ("version/update_without_a_choice", 3, "the compiler asks again for what the future needs"),
    ("version/delete_without_a_choice", 3, "as the one before"),
    ("field/alias_that_is_a_name", 4, "it has four mistakes"),
    ("key/left_out", 2, "it has two mistakes"),
    ("key/table_is_no_schema", 3, "the compiler asks for the table at each use"),
    ("field/deprecated", 3, "a field and two constants"),
    ("key/option_under_another_name", 3, "it has three mistakes"),
    ("name/index_called_as_a_function", 2, "both functions are there already"),
    ("name/two_fields_one_constant", 2, "an entity and a document"),
    ("serde/options_of_a_projection", 3, "it has three mistakes"),
    ("serde/options_of_fields", 10, "it has ten mistakes"),
    ("serde/options_of_types", 11, "it has ten mistakes, one of them in two options"),
    ("serde/options_of_variants", 5, "it has five mistakes"),
    ("vector/field_of_a_filter_of_another_type", 2, "an inline filter and a partition key"),
    ("vector/index_as_a_vector_index", 7, "the compiler asks for the index at each use"),
    ("vector/listed_as_a_secondary_index", 2, "it is in the wrong list, and not in the right one"),
    (
        "vector/search_without_the_partition",
        2,
        "the compiler asks for the type and for the number of arguments",
    ),
    ("vector/several_left_out", 3, "it has three mistakes"),
    ("operation/scan_before_a_cursor", 2, "it has two mistakes"),
    ("schema/index_without_table", 2, "the compiler compares the missing table with the entity's"),
];

#[test]
fn one_mistake_is_one_error() {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let mut wrong = Vec::new();
    for kind in fs::read_dir(&ui).unwrap() {
        let kind = kind.unwrap().path();
        for file in fs::read_dir(&kind).unwrap() {
            let file = file.unwrap().path();
            if file.extension().is_none_or(|extension| extension != "stderr") {
                continue;
            }
            let stem = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
            let name = format!("{}/{}", stem(&kind), stem(&file));
            let expected =
                SEVERAL.iter().find(|(several, ..)| *several == name).map_or(1, |(_, count, _)| *count);
            let text = fs::read_to_string(&file).unwrap();
            let (errors, warnings) = (count(&text, "error"), count(&text, "warning"));
            if (errors, warnings) != (expected, 0) {
                wrong.push(format!("{name}: {errors} errors, {warnings} warnings"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn count(text: &str, word: &str) -> usize {
    text.lines().filter(|line| line.starts_with(word)).count()
}
