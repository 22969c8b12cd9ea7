//! `rename` and `rename_all`.

use crate::forms::stored;
use dynamap::Attribute;
use serde_json::{Value, json};

/// The same fields and variants in each letter case.
macro_rules! cases {
    ($($name:ident = $case:literal: $fields:expr, $variant:literal;)*) => { $(
        mod $name {
            use super::*;

            #[derive(Debug, PartialEq, Attribute)]
            #[dynamap(rename_all = $case)]
            struct Fields {
                placed_at: bool,
                id: bool,
                line_2: bool,
                r#type: bool,
                #[dynamap(rename = "as_It-is")]
                renamed_one: bool,
            }

            #[derive(Debug, PartialEq, Attribute)]
            #[dynamap(rename_all = $case)]
            enum Variants {
                PlacedAt,
                #[dynamap(rename = "as_It-is")]
                RenamedOne,
            }

            #[derive(Debug, PartialEq, Attribute)]
            enum VariantFields {
                #[dynamap(rename_all = $case)]
                One { placed_at: bool },
            }

            #[derive(Debug, PartialEq, Attribute)]
            #[dynamap(rename_all_fields = $case)]
            enum AllVariantFields {
                One { placed_at: bool },
                #[dynamap(rename_all = "camelCase")]
                Other { placed_at: bool },
            }

            #[test]
            fn fields() {
                let (placed_at, id, line_2, r#type, renamed_one) = (true, true, true, true, true);
                let stored = stored(&Fields { placed_at, id, line_2, r#type, renamed_one });
                let mut expected: Vec<&str> = $fields.to_vec();
                expected.push("as_It-is");
                expected.sort();
                assert_eq!(names(&stored["M"]), expected);
            }

            #[test]
            fn variants() {
                assert_eq!(stored(&Variants::PlacedAt), json!({ "S": $variant }));
                assert_eq!(stored(&Variants::RenamedOne), json!({ "S": "as_It-is" }));
            }

            #[test]
            fn fields_of_variants() {
                let one = stored(&VariantFields::One { placed_at: true });
                assert_eq!(names(&one["M"]["One"]["M"]), [$fields[0]]);
                let one = stored(&AllVariantFields::One { placed_at: true });
                assert_eq!(names(&one["M"]["One"]["M"]), [$fields[0]]);
                let other = stored(&AllVariantFields::Other { placed_at: true });
                assert_eq!(names(&other["M"]["Other"]["M"]), ["placedAt"]);
            }
        }
    )* };
}

cases! {
    lower = "lowercase": ["placed_at", "id", "line_2", "type"], "placedat";
    upper = "UPPERCASE": ["PLACED_AT", "ID", "LINE_2", "TYPE"], "PLACEDAT";
    pascal = "PascalCase": ["PlacedAt", "Id", "Line2", "Type"], "PlacedAt";
    camel = "camelCase": ["placedAt", "id", "line2", "type"], "placedAt";
    snake = "snake_case": ["placed_at", "id", "line_2", "type"], "placed_at";
    screaming_snake = "SCREAMING_SNAKE_CASE": ["PLACED_AT", "ID", "LINE_2", "TYPE"], "PLACED_AT";
    kebab = "kebab-case": ["placed-at", "id", "line-2", "type"], "placed-at";
    screaming_kebab = "SCREAMING-KEBAB-CASE": ["PLACED-AT", "ID", "LINE-2", "TYPE"], "PLACED-AT";
}

fn names(members: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = members.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort();
    names
}

#[derive(Debug, PartialEq, Attribute)]
struct Odd {
    #[dynamap(rename = "a \"quoted\" \\ name\n#$ é")]
    quoted: u8,
    #[dynamap(rename = "12345678")]
    eight: u8,
    #[dynamap(rename = "12345678x")]
    nine: u8,
    r#fn: u8,
}

#[test]
fn any_text_is_a_name() {
    assert_eq!(
        stored(&Odd { quoted: 1, eight: 2, nine: 3, r#fn: 4 }),
        json!({ "M": {
            "a \"quoted\" \\ name\n#$ é": { "N": "1" },
            "12345678": { "N": "2" },
            "12345678x": { "N": "3" },
            "fn": { "N": "4" },
        } })
    );
}
