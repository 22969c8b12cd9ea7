//! The names of types.

use std::collections::BTreeMap;
use std::fmt;

use proc_macro2::{Delimiter, TokenTree};

use crate::tree::{Tree, code, group, ident};

const KEYWORDS: [&str; 5] = ["struct", "enum", "union", "trait", "type"];

/// A name that several types have.
pub(crate) struct Shared {
    pub(crate) name: String,
    files: Vec<String>,
}

impl Shared {
    /// Whether it is this name, of types in these files: of types in any files if there are none.
    pub(crate) fn is(&self, name: &str, files: &[&str]) -> bool {
        self.name == name && (files.is_empty() || self.files == files)
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` in {}", self.name, self.files.join(", "))
    }
}

/// The names that more than one type of a crate has.
pub(crate) fn shared(tree: &Tree) -> Vec<Shared> {
    let mut types: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in &tree.files {
        for name in types_of(&code(&file.tokens)) {
            types.entry(name).or_default().push(file.name.clone());
        }
    }
    let shared = types.into_iter().filter(|(_, files)| files.len() > 1);
    shared.map(|(name, files)| Shared { name, files }).collect()
}

/// The types of a module and of those inside it; not those of a trait or of an implementation.
fn types_of(tokens: &[TokenTree]) -> Vec<String> {
    let mut types = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Some((keyword, name)) = ident(token).zip(tokens.get(at + 1).and_then(ident)) else { continue };
        if KEYWORDS.contains(&keyword.as_str()) {
            types.push(name);
        } else if keyword == "mod"
            && let Some(content) = tokens.get(at + 2).and_then(|token| group(token, Delimiter::Brace))
        {
            types.extend(types_of(&code(&content)));
        }
    }
    types
}

#[test]
fn types_of_one_name_are_found() {
    let tree = Tree::made_up(&[
        (
            "lib.rs",
            "pub struct Order; mod inside { enum Order {} } impl Iterator for Order { type Item = u8; }",
        ),
        ("a.rs", "type Item = u8; fn f() { struct Local; } /* struct Item; */"),
        ("b.rs", "struct Local; #[cfg(test)] mod tests { struct Item; struct Order; }"),
        ("c.rs", "pub(crate) trait Item {} const TEXT: &str = \"struct Local;\";"),
    ]);
    let shared = shared(&tree);
    let found: Vec<_> = shared.iter().map(ToString::to_string).collect();
    assert_eq!(found, ["`Item` in a.rs, c.rs", "`Order` in lib.rs, lib.rs"]);
    assert!(shared[0].is("Item", &[]) && shared[0].is("Item", &["a.rs", "c.rs"]));
    assert!(!shared[0].is("Item", &["a.rs"]) && !shared[0].is("Order", &[]));
}
