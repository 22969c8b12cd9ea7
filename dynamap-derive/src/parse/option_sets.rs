//! The options of each place in which `#[dynamap(..)]` can stand.
//!
//! The page `attributes.md` of the guide has the same, which a test compares.

/// A place, and its options.
pub(crate) struct OptionSet {
    /// The name of the place, with its article, for messages.
    pub(crate) place: &'static str,
    /// The names of the options, in the order in which messages list them.
    pub(crate) names: &'static [&'static str],
}

impl OptionSet {
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
    }
}

pub(crate) static ENTITY: OptionSet = OptionSet {
    place: "an entity",
    names: &[
        "table",
        "pk",
        "sk",
        "index",
        "vector_index",
        "unique",
        "shape",
        "upgrade",
        "writes",
        "name",
        "rename_all",
        "transactional",
        "consistent_read",
        "default",
        "ignore_serde",
        "crate",
    ],
};

pub(crate) static ENTITY_INDEX: OptionSet =
    OptionSet { place: "an index of an entity", names: &["index", "pk", "sk", "returns_expired"] };

pub(crate) static ENTITY_VECTOR_INDEX: OptionSet = OptionSet {
    place: "a vector index of an entity",
    names: &["vector_index", "vector", "pk", "inline_filters", "returns_expired", "strict"],
};

pub(crate) static ENTITY_UNIQUE: OptionSet =
    OptionSet { place: "a unique constraint of an entity", names: &["unique", "fields"] };

pub(crate) static ENTITY_FIELD: OptionSet = OptionSet {
    place: "a field",
    names: &[
        "with",
        "serde",
        "ignore_serde",
        "rename",
        "default",
        "skip",
        "flatten",
        "skip_if",
        "alias",
        "key_only",
        "plain",
        "created_at",
        "updated_at",
        "counter",
        "version",
        "lineage",
        "ttl",
        "unique",
    ],
};

pub(crate) static DOCUMENT_FIELD: OptionSet = OptionSet {
    place: "a field",
    names: &["with", "serde", "ignore_serde", "rename", "default", "skip", "flatten", "skip_if", "alias"],
};

pub(crate) static UNNAMED_FIELD: OptionSet =
    OptionSet { place: "a field without a name", names: &["with", "serde", "ignore_serde"] };

/// A struct with named fields.
pub(crate) static DOCUMENT: OptionSet =
    OptionSet { place: "an attribute value", names: &["rename_all", "default", "ignore_serde", "crate"] };

pub(crate) static TUPLE_STRUCT: OptionSet =
    OptionSet { place: "an attribute value", names: &["rename_all", "ignore_serde", "crate"] };

pub(crate) static ENUM: OptionSet = OptionSet {
    place: "an attribute value",
    names: &["tag", "content", "untagged", "rename_all", "rename_all_fields", "ignore_serde", "crate"],
};

pub(crate) static VARIANT: OptionSet =
    OptionSet { place: "a variant", names: &["rename", "alias", "rename_all", "ignore_serde"] };

pub(crate) static TABLE_SCHEMA: OptionSet = OptionSet {
    place: "a table schema",
    names: &[
        "partition_key",
        "sort_key",
        "ttl",
        "entity_type",
        "shape",
        "indexes",
        "vector_indexes",
        "entities",
        "crate",
    ],
};

pub(crate) static INDEX: OptionSet = OptionSet {
    place: "an index",
    names: &["table", "name", "partition_key", "sort_key", "projection", "local", "crate"],
};

pub(crate) static VECTOR_INDEX: OptionSet = OptionSet {
    place: "a vector index",
    names: &[
        "table",
        "name",
        "vector",
        "dimensions",
        "distance",
        "partition_key",
        "inline_filters",
        "projection",
        "crate",
    ],
};

pub(crate) static PROJECTION: OptionSet =
    OptionSet { place: "a projection", names: &["entity", "index", "of", "ignore_serde", "crate"] };

pub(crate) static PROJECTED_FIELD: OptionSet =
    OptionSet { place: "a projected field", names: &["key", "nested", "ignore_serde"] };

pub(crate) static ITEM_COLLECTION: OptionSet =
    OptionSet { place: "an item collection", names: &["table", "index", "unknown", "overlap", "crate"] };

pub(crate) static MEMBER_VARIANT: OptionSet = OptionSet { place: "a variant", names: &["entity", "unknown"] };

pub(crate) static MEMBER_FIELD: OptionSet =
    OptionSet { place: "a part of an item collection", names: &["entity", "unknown"] };

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;
    use crate::{errors::Errors, parse::options::Options};
    use std::{collections::BTreeSet, fs, path::Path};
    use syn::parse::Parser as _;

    /// Each derive with its places, as the page calls them.
    fn derives() -> [(&'static str, Vec<(&'static str, &'static OptionSet)>); 7] {
        [
            (
                "Entity",
                vec![
                    ("struct", &ENTITY),
                    ("index", &ENTITY_INDEX),
                    ("vector index", &ENTITY_VECTOR_INDEX),
                    ("unique constraint", &ENTITY_UNIQUE),
                    ("field", &ENTITY_FIELD),
                ],
            ),
            (
                "Attribute",
                vec![
                    ("struct", &DOCUMENT),
                    ("tuple struct", &TUPLE_STRUCT),
                    ("enum", &ENUM),
                    ("variant", &VARIANT),
                    ("field", &DOCUMENT_FIELD),
                    ("unnamed field", &UNNAMED_FIELD),
                ],
            ),
            ("TableSchema", vec![("type", &TABLE_SCHEMA)]),
            ("Index", vec![("type", &INDEX)]),
            ("VectorIndex", vec![("type", &VECTOR_INDEX)]),
            ("Projection", vec![("struct", &PROJECTION), ("field", &PROJECTED_FIELD)]),
            (
                "ItemCollection",
                vec![("type", &ITEM_COLLECTION), ("variant", &MEMBER_VARIANT), ("field", &MEMBER_FIELD)],
            ),
        ]
    }

    /// A row of the page: an option, its places, and an example.
    struct Row<'p> {
        option: &'p str,
        places: Vec<&'p str>,
        example: &'p str,
    }

    /// The rows of each derive's table.
    fn tables(page: &str) -> Vec<(&str, Vec<Row<'_>>)> {
        let sections = page.split("\n## `").skip(1);
        let table = |section| -> (&str, Vec<Row<'_>>) {
            let (derive, section) = str::split_once(section, '`').unwrap();
            let rows = section.lines().filter(|line| line.starts_with("| `")).map(|line| {
                let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
                let [option, places, meaning, example] = cells[..] else { panic!("no four cells: {line}") };
                assert!(!meaning.is_empty(), "no meaning: {line}");
                let places = places.split(", ").collect();
                Row { option: option.trim_matches('`'), places, example: example.trim_matches('`') }
            });
            (derive, rows.collect())
        };
        sections.map(table).collect()
    }

    #[test]
    fn the_guide_has_each_option_of_each_place() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dynamap/guide/attributes.md");
        let page = fs::read_to_string(page).unwrap();
        let tables = tables(&page);
        let told: Vec<&str> = tables.iter().map(|(derive, _)| *derive).collect();
        assert_eq!(told, derives().map(|(derive, _)| derive));
        for ((derive, rows), (_, places)) in tables.iter().zip(derives()) {
            let known: BTreeSet<&str> = places.iter().map(|(place, _)| *place).collect();
            let told: BTreeSet<&str> = rows.iter().flat_map(|row| row.places.iter().copied()).collect();
            assert_eq!(told, known, "the places of `{derive}`");
            for (place, set) in places {
                let rows = || rows.iter().filter(|row| row.places.contains(&place));
                let mut told: Vec<&str> = rows().map(|row| row.option).collect();
                let mut names = set.names.to_vec();
                told.sort_unstable();
                names.sort_unstable();
                assert_eq!(told, names, "the options of `{derive}`, {place}");
                rows().for_each(|row| assert_is_read(row, set));
            }
        }
    }

    /// The example of a row has the option, and only options of the place.
    #[track_caller]
    fn assert_is_read(row: &Row<'_>, set: &'static OptionSet) {
        let attributes = syn::Attribute::parse_outer.parse_str(row.example).unwrap();
        let errors = Errors::default();
        let options = Options::parse(&attributes, set, &errors);
        let unknown: Vec<String> =
            options.names().map(ToString::to_string).filter(|name| !set.has(name)).collect();
        // An entity has the options of its indexes in groups of their own.
        let is_of_index = matches!(row.option, "index" | "vector_index" | "unique") && set.has("table");
        assert!(unknown.is_empty() || is_of_index, "{}: {unknown:?}", row.example);
        assert!(!errors.any() && options.close().is_given(row.option), "`{}`: {}", row.option, row.example);
    }
}
