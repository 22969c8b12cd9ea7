//! The public surface of `dynamap`, as `dynamap.txt` has it: a change of it is seen in the diff.
//!
//! `UPDATE_EXPECT=1 cargo test -p dynamap-tests --test surface` writes the file anew. The sources are read, with the
//! macros that they define expanded. What is `#[doc(hidden)]` is left out.
#![allow(clippy::unwrap_used, clippy::panic)]

mod listing;
mod macros;
mod modules;
mod text;

use std::path::{Path, PathBuf};
use std::{env, fs};

use modules::Crate;

/// The surface of what is made up.
fn surface(files: &[(&str, &str)]) -> Vec<String> {
    listing::of("made_up", &Crate::made_up(files))
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

#[test]
fn the_public_surface_is_as_it_was() {
    let mut lines = listing::of("dynamap", &Crate::read(&workspace().join("dynamap/src")));
    lines.extend(listing::derives(&Crate::read(&workspace().join("dynamap-derive/src"))));
    let file = workspace().join("tests/surface/dynamap.txt");
    if env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&file, lines.join("\n") + "\n").unwrap();
    }
    let committed = fs::read_to_string(&file).unwrap();
    let committed: Vec<&str> = committed.lines().collect();
    let gone = committed
        .iter()
        .filter(|line| !lines.iter().any(|now| now == *line))
        .map(|line| format!("- {line}\n"));
    let come =
        lines.iter().filter(|line| !committed.contains(&line.as_str())).map(|line| format!("+ {line}\n"));
    let changes: String = gone.chain(come).collect();
    assert!(changes.is_empty(), "the public surface has changed; UPDATE_EXPECT=1 writes it anew:\n{changes}");
    assert_eq!(lines, committed, "the lines are in another order; UPDATE_EXPECT=1 writes them anew");
}

#[test]
fn what_is_public_is_listed() {
    let lines = surface(&[
        (
            "lib.rs",
            "pub mod a; mod b; #[doc(hidden)] pub mod c; pub use b::Order; pub use other::Foreign; \
             pub(crate) use b::Inner;",
        ),
        (
            "a.rs",
            "/// A trait.\npub trait Named: Send { const NAME: &'static str; type Of; fn name(&self) -> String; \
             fn short(&self) -> u8 { 1 } #[doc(hidden)] fn hidden(&self); }\n\
             pub const MAX: usize = 7; pub fn free<T>(mut value: T) -> Option<T> where T: Clone { None } fn private() {} \
             pub(crate) struct Internal; impl<T: Copy> Named for Vec<T> { type Of = T; }",
        ),
        (
            "b.rs",
            "use crate::a; pub mod deep;\n#[derive(Debug, Clone)] #[non_exhaustive] pub struct Order { pub id: u8, text: String }\n\
             impl Order { pub async fn send(mut self, by: &mut Inner) -> Result<(), Error> { Ok(()) } fn own() {} \
             #[doc(hidden)] pub fn hidden() {} #[cfg(feature = \"x\")] pub const A: u8 = 1; }\n\
             impl a::Named for Order { type Of = u8; fn name(&self) -> String {} } impl From<Order> for String {} \
             impl Private for Order {} trait Private {} pub struct Inner; impl Inner { pub fn inner() {} } #[cfg(test)] \
             mod tests { impl super::Order { pub fn test() {} } }",
        ),
        ("b/deep.rs", "impl super::Order { pub fn deep(&self) {} }"),
        ("c.rs", "pub struct Hidden;"),
    ]);
    let expected = expect_test::expect![[r#"
        made_up::Foreign: pub use other::Foreign
        made_up::Order: #[non_exhaustive] pub struct Order { pub id: u8, .. }
        made_up::Order: derive Clone, Debug
        made_up::Order: impl From<Order> for String
        made_up::Order: impl a::Named for Order { type Of = u8; }
        made_up::Order::A: #[cfg(feature = "x")] pub const A: u8
        made_up::Order::deep: pub fn deep(&self)
        made_up::Order::send: pub async fn send(self, by: &mut Inner) -> Result<(), Error>
        made_up::a: pub mod
        made_up::a::MAX: pub const MAX: usize
        made_up::a::Named: pub trait Named: Send
        made_up::a::Named: impl<T: Copy> Named for Vec<T> { type Of = T; }
        made_up::a::Named::NAME: const NAME: &'static str
        made_up::a::Named::Of: type Of
        made_up::a::Named::name: fn name(&self) -> String
        made_up::a::Named::short: fn short(&self) -> u8 { .. }
        made_up::a::free: pub fn free<T>(value: T) -> Option<T> where T: Clone"#]];
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn what_macros_make_is_listed() {
    let lines = surface(&[
        (
            "lib.rs",
            "mod words; pub struct Query<E>(E); pub enum Kind<'a> { Plain, #[doc(hidden)] Own, Of(&'a u8, Vec<u8>), \
             With { at: usize } } words::methods!(Query, [String], limit page_size); each! { Kind: u8, u16 }",
        ),
        (
            "words.rs",
            "macro_rules! methods { ($type:ident, [$($of:ty),*], $($name:ident)+) => { impl<E: Send> $type<E> { \
             $(/// A method.\npub fn $name(mut self, value: &[u8; 2], of: ($($of,)*)) -> $crate::Query<E> { self })+ \
             $crate::words::more!(); } }; }\n\
             macro_rules! more { () => { pub(crate) fn internal() {} pub fn more() -> impl Fn(u8) -> u8 {} }; }\n\
             macro_rules! each { ($type:ident: $($from:ty),+ $(,)?) => { $(impl From<$from> for $type<'_> \
             { fn from(_: $from) -> Self { loop {} } })+ }; } pub(crate) use {each, methods, more};",
        ),
    ]);
    let expected = expect_test::expect![[r#"
        made_up::Kind: pub enum Kind<'a>
        made_up::Kind: impl From<u16> for Kind<'_>
        made_up::Kind: impl From<u8> for Kind<'_>
        made_up::Kind::Of: Of(&'a u8, Vec<u8>)
        made_up::Kind::Plain: Plain
        made_up::Kind::With: With { at: usize }
        made_up::Query: pub struct Query<E>(..)
        made_up::Query::limit: impl<E: Send> Query<E>: pub fn limit(self, value: &[u8; 2], of: ()) -> crate::Query<E>
        made_up::Query::more: impl<E: Send> Query<E>: pub fn more() -> impl Fn(u8) -> u8
        made_up::Query::page_size: impl<E: Send> Query<E>: pub fn page_size(self, value: &[u8; 2], of: (String,)) -> crate::Query<E>"#]];
    expected.assert_eq(&lines.join("\n"));
}
