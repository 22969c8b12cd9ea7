//! Letter cases of names.

use proc_macro2::Span;

/// A rule of `rename_all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

const CASES: [(&str, Case); 8] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

impl Case {
    /// The names of all cases, as serde spells them.
    pub(crate) fn names() -> [&'static str; 8] {
        CASES.map(|(name, _)| name)
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        CASES.iter().find(|(known, _)| *known == name).map(|(_, case)| *case)
    }

    /// The name of a field or variant in this case.
    pub(crate) fn apply(self, name: &str) -> String {
        let words = words(name);
        let joined = |separator: &str| words.join(separator);
        match self {
            // serde changes the letters only and keeps the underscores of a field.
            Self::Lower => name.to_lowercase(),
            Self::Upper => name.to_uppercase(),
            Self::Pascal => words.iter().map(|word| capitalized(word)).collect(),
            Self::Camel => match words.split_first() {
                Some((first, rest)) => {
                    first.clone() + &rest.iter().map(|word| capitalized(word)).collect::<String>()
                }
                None => String::new(),
            },
            Self::Snake => joined("_"),
            Self::ScreamingSnake => joined("_").to_uppercase(),
            Self::Kebab => joined("-"),
            Self::ScreamingKebab => joined("-").to_uppercase(),
        }
    }
}

/// The lower-case words of a name in `snake_case` or `PascalCase`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut boundary = true;
    for c in name.chars() {
        if c == '_' {
            boundary = true;
            continue;
        }
        match words.last_mut() {
            Some(word) if !boundary && !c.is_uppercase() => word.push(c),
            _ => words.push(c.to_lowercase().collect()),
        }
        boundary = false;
    }
    words
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// `identifier` in `case`, with its span; raw identifiers lose their `r#`.
pub(crate) fn ident_in(case: Case, identifier: &syn::Ident) -> syn::Ident {
    ident(&case.apply(&name_of(identifier)), identifier.span())
}

/// The name of an identifier without `r#`.
pub(crate) fn name_of(identifier: &syn::Ident) -> String {
    let name = identifier.to_string();
    name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
}

/// The identifier `name`: raw where `name` is a keyword, with `_` before it where an identifier cannot begin so.
pub(crate) fn ident(name: &str, span: Span) -> syn::Ident {
    if !name.starts_with(|c: char| c == '_' || c.is_alphabetic()) {
        let name = if name.is_empty() { "_" } else { name };
        return syn::Ident::new(&format!("_{name}"), span);
    }
    match syn::parse_str::<syn::Ident>(name) {
        Ok(_) => syn::Ident::new(name, span),
        Err(_) if matches!(name, "self" | "Self" | "super" | "crate") => {
            syn::Ident::new(&format!("{name}_"), span)
        }
        Err(_) => syn::Ident::new_raw(name, span),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::Case;

    #[test]
    fn fields_and_variants_in_every_case() {
        let expected = [
            ("placed_at", "placedat"),
            ("PLACED_AT", "PLACEDAT"),
            ("PlacedAt", "PlacedAt"),
            ("placedAt", "placedAt"),
            ("placed_at", "placed_at"),
            ("PLACED_AT", "PLACED_AT"),
            ("placed-at", "placed-at"),
            ("PLACED-AT", "PLACED-AT"),
        ];
        for (name, (field, variant)) in Case::names().into_iter().zip(expected) {
            let case = Case::from_name(name).unwrap();
            assert_eq!(case.apply("placed_at"), field);
            assert_eq!(case.apply("PlacedAt"), variant);
        }
        assert_eq!(Case::from_name("Snake"), None);
        assert_eq!(Case::Snake.apply("ByURL2"), "by_u_r_l2");
    }
}
