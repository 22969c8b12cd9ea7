//! Circles of files: each uses the next, and the last uses the first.
//!
//! A file uses another if it names something that the other defines, be it by `crate::`, `super::` or the name of a
//! module inside it. Names are followed through re-exports. A re-export itself uses nothing, unless its file names what
//! it re-exports.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use proc_macro2::{Delimiter, TokenTree};

use crate::tree::{SourceFile, Tree, code, group, ident, is, is_path_separator};

/// Files that use one another.
#[derive(Debug, PartialEq)]
pub(crate) struct Circle {
    files: Vec<String>,
    /// Each use among them: file, file, and a name for which it uses it.
    uses: Vec<(String, String, String)>,
}

impl Circle {
    /// Whether it is of these files.
    pub(crate) fn is_of(&self, files: &[&str]) -> bool {
        files.len() == self.files.len() && files.iter().all(|file| self.files.iter().any(|own| own == file))
    }
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.files.join(", "))?;
        self.uses.iter().try_for_each(|(from, to, name)| write!(f, "\n    {from} uses {to} for `{name}`"))
    }
}

/// The circles of a crate's files. Circles that share a file are one.
pub(crate) fn circles(tree: &Tree) -> Vec<Circle> {
    let contents: BTreeMap<&str, Content> =
        tree.files.iter().map(|file| (file.name.as_str(), Content::of(file, tree))).collect();
    let mut uses: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    for file in &tree.files {
        let content = &contents[file.name.as_str()];
        let names = content.imports.iter().filter(|import| content.needs(import)).map(|import| &import.path);
        for path in names.chain(&content.paths) {
            if let Some(to) = resolve(path, tree, &contents, 0).filter(|to| to.name != file.name) {
                let name = path.join("::");
                uses.entry(&file.name).or_default().entry(&to.name).or_insert(name);
            }
        }
    }
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        tree.files.iter().map(|file| (file.name.as_str(), reach(&file.name, &uses))).collect();
    let mut circles = Vec::new();
    let mut seen = BTreeSet::new();
    for (file, others) in &reached {
        if seen.contains(file) || !others.contains(file) {
            continue;
        }
        let files: Vec<&str> = others.iter().copied().filter(|other| reached[other].contains(file)).collect();
        seen.extend(files.iter().copied());
        let within = |from: &&str| {
            let to = uses.get(from).into_iter().flatten().filter(|(to, _)| files.contains(to));
            to.map(|(to, name)| ((*from).to_owned(), (*to).to_owned(), name.clone())).collect::<Vec<_>>()
        };
        let uses = files.iter().flat_map(within).collect();
        circles.push(Circle { files: files.into_iter().map(str::to_owned).collect(), uses });
    }
    circles
}

/// The files that one uses, and those that they use.
fn reach<'a>(from: &str, uses: &BTreeMap<&'a str, BTreeMap<&'a str, String>>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = vec![from];
    while let Some(file) = open.pop() {
        let next = uses.get(file).into_iter().flat_map(BTreeMap::keys).copied();
        open.extend(next.filter(|next| reached.insert(*next)).collect::<Vec<_>>());
    }
    reached
}

/// The names of a file that may be of another.
#[derive(Default)]
struct Content {
    imports: Vec<Import>,
    /// Paths in the code, each from the crate's root.
    paths: Vec<Vec<String>>,
    /// Every identifier outside `use`.
    words: BTreeSet<String>,
}

/// A name that `use` brings in.
struct Import {
    /// From the crate's root; with `*` at the end it is of everything in a module.
    path: Vec<String>,
    /// The module into which it brings it.
    into: Vec<String>,
    name: String,
    is_reexport: bool,
}

impl Content {
    fn of(file: &SourceFile, tree: &Tree) -> Self {
        let mut content = Self::default();
        content.read(&code(&file.tokens), &file.module, tree);
        content
    }

    /// Whether an import counts as a use: a re-export does only if its name is used here.
    fn needs(&self, import: &Import) -> bool {
        !import.is_reexport || self.words.contains(&import.name)
    }

    fn read(&mut self, tokens: &[TokenTree], module: &[String], tree: &Tree) {
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let word = ident(token);
            match word.as_deref() {
                Some("use") => {
                    let end =
                        tokens[at..].iter().position(|token| is(token, ';')).unwrap_or(tokens.len() - at);
                    let is_reexport = at > 0 && is_visibility(&tokens[..at]);
                    self.import(&tokens[at + 1..at + end], &mut Vec::new(), module, is_reexport, tree);
                    at += end;
                }
                Some("mod") if let Some(name) = tokens.get(at + 1).and_then(ident) => {
                    let content = tokens.get(at + 2).and_then(|token| group(token, Delimiter::Brace));
                    if let Some(content) = content {
                        let inner: Vec<String> = module.iter().cloned().chain([name]).collect();
                        self.read(&code(&content), &inner, tree);
                        at += 1;
                    }
                    at += 2;
                }
                // `pub(in crate::a)` names a module and uses nothing of it.
                Some("pub") => {
                    let scope = tokens.get(at + 1).and_then(|token| group(token, Delimiter::Parenthesis));
                    at += if scope.is_some() { 2 } else { 1 };
                }
                Some(_) => {
                    let begins = at < 2 || !is_path_separator(&tokens[at - 2..]);
                    let path = path(&tokens[at..]);
                    self.words.extend(path.iter().cloned());
                    let length = 3 * path.len() - 2;
                    if begins && path.len() > 1 {
                        self.paths.extend(absolute(&path, module, tree));
                    }
                    at += length;
                }
                None => {
                    if let TokenTree::Group(group) = token {
                        self.read(&code(&group.stream()), module, tree);
                    }
                    at += 1;
                }
            }
        }
    }

    /// One tree of a `use`: `before::{a, b::c as d}`.
    fn import(
        &mut self,
        tokens: &[TokenTree],
        before: &mut Vec<String>,
        module: &[String],
        is_reexport: bool,
        tree: &Tree,
    ) {
        for branch in tokens.split(|token| is(token, ',')) {
            let length = before.len();
            let mut at = 0;
            let mut alias = None;
            while let Some(token) = branch.get(at) {
                if let Some(inner) = group(token, Delimiter::Brace) {
                    let inner: Vec<TokenTree> = inner.into_iter().collect();
                    self.import(&inner, before, module, is_reexport, tree);
                    before.truncate(length);
                    break;
                }
                match ident(token).as_deref() {
                    Some("as") => {
                        alias = branch.get(at + 1).and_then(ident);
                        break;
                    }
                    Some("self") if !before.is_empty() => {}
                    Some(word) => before.push(word.to_owned()),
                    None if is(token, '*') => before.push("*".to_owned()),
                    None => {}
                }
                at += 1;
            }
            // Nothing is left of a branch whose braces have been read.
            let is_whole =
                before.len() > length || branch.iter().any(|token| ident(token).as_deref() == Some("self"));
            let name = alias.or(before.last().cloned()).filter(|_| is_whole);
            if let Some((path, name)) = absolute(before, module, tree).zip(name) {
                self.imports.push(Import { path, into: module.to_vec(), name, is_reexport });
            }
            before.truncate(length);
        }
    }
}

/// Whether `pub` or `pub(..)` stands last.
fn is_visibility(tokens: &[TokenTree]) -> bool {
    match tokens {
        [.., public, last] if group(last, Delimiter::Parenthesis).is_some() => {
            ident(public).as_deref() == Some("pub")
        }
        [.., last] => ident(last).as_deref() == Some("pub"),
        [] => false,
    }
}

/// The path that stands first.
fn path(tokens: &[TokenTree]) -> Vec<String> {
    let mut path: Vec<String> = tokens.first().and_then(ident).into_iter().collect();
    let mut at = 1;
    while tokens.get(at..).is_some_and(is_path_separator)
        && let Some(next) = tokens.get(at + 2).and_then(ident)
    {
        path.push(next);
        at += 3;
    }
    path
}

/// The path from the crate's root; none if it leads out of the crate, or is of something in scope.
fn absolute(path: &[String], module: &[String], tree: &Tree) -> Option<Vec<String>> {
    let mut rest = path;
    let mut base = module.to_vec();
    match rest.first()?.as_str() {
        "crate" => {
            base.clear();
            rest = &rest[1..];
        }
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first().is_some_and(|word| word == "super") {
                base.pop()?;
                rest = &rest[1..];
            }
        }
        first => {
            let child: Vec<String> = module.iter().cloned().chain([first.to_owned()]).collect();
            tree.file(&child)?;
        }
    }
    base.extend(rest.iter().cloned());
    Some(base)
}

/// The file that defines what a path names.
fn resolve<'a>(
    path: &[String],
    tree: &'a Tree,
    contents: &BTreeMap<&str, Content>,
    depth: usize,
) -> Option<&'a SourceFile> {
    let length = (0..=path.len()).rev().find(|length| tree.file(&path[..*length]).is_some())?;
    let file = tree.file(&path[..length])?;
    let Some(name) = path.get(length).filter(|name| *name != "*") else { return Some(file) };
    // What is deeper than any chain of re-exports is one that bites its tail.
    if depth > 8 {
        return None;
    }
    let content = &contents[file.name.as_str()];
    let imports = || content.imports.iter().filter(|import| import.into == file.module);
    if let Some(import) = imports().find(|import| import.name == *name) {
        let path: Vec<String> = import.path.iter().chain(&path[length + 1..]).cloned().collect();
        return resolve(&path, tree, contents, depth + 1);
    }
    if defines(file, name) {
        return Some(file);
    }
    let globs = imports().filter(|import| import.path.last().is_some_and(|last| last == "*"));
    let through = globs.filter_map(|glob| {
        let module = &glob.path[..glob.path.len() - 1];
        let path: Vec<String> = module.iter().chain(&path[length..]).cloned().collect();
        resolve(&path, tree, contents, depth + 1)
    });
    through.into_iter().next().or(Some(file))
}

fn defines(file: &SourceFile, name: &str) -> bool {
    const ITEMS: [&str; 9] =
        ["struct", "enum", "union", "trait", "type", "fn", "const", "static", "macro_rules"];
    let code = code(&file.tokens);
    code.iter().enumerate().any(|(at, token)| {
        let is_item = ident(token).is_some_and(|word| ITEMS.contains(&word.as_str()));
        let behind = code.get(at + 1..).unwrap_or_default().iter().filter(|token| !is(token, '!'));
        is_item && behind.filter_map(ident).next().is_some_and(|word| word == name)
    })
}

#[test]
fn circles_are_found() {
    let tree = Tree::made_up(&[
        ("lib.rs", "mod a; mod b; mod c; mod d; mod e; pub use a::A; pub use d::deep::Deep; pub use e::*;"),
        // a -> b -> d/deep -> a, each by another kind of name.
        ("a.rs", "use crate::b::{self, B}; pub struct A(B); fn f() { b::g() }"),
        ("b.rs", "use std::fmt; pub struct B; pub fn g() { let _ = crate::Deep::new(); }"),
        ("d.rs", "pub mod deep; // use crate::a::A;\n/// [`A`](crate::A)\npub(crate) use deep::Deep;"),
        (
            "d/deep.rs",
            "use super::super::a as first; pub struct Deep(first::A); const TEXT: &str = \"crate::c::C\";",
        ),
        // c uses the circle, and is not in it; e is used through a glob.
        ("c.rs", "use crate::A; struct C(A, crate::E); #[cfg(test)] mod tests { use crate::d::Deep; }"),
        ("e.rs", "pub struct E;"),
    ]);
    let found = circles(&tree);
    let [circle] = &found[..] else { panic!("{found:?}") };
    assert!(circle.is_of(&["a.rs", "b.rs", "d/deep.rs"]), "{circle}");
    assert!(!circle.is_of(&["a.rs", "b.rs"]));
    let shown = circle.to_string();
    assert!(shown.contains("b.rs uses d/deep.rs for `Deep::new`"), "{shown}");
    assert!(shown.contains("d/deep.rs uses a.rs for `a`"), "{shown}");
}

#[test]
fn a_parent_that_uses_its_child_and_is_used_by_it_is_a_circle() {
    let child = ("outer/inner.rs", "use super::Outer; pub(super) fn make() -> Outer { Outer }");
    let uses = Tree::made_up(&[
        ("lib.rs", "mod outer;"),
        ("outer.rs", "mod inner; struct Outer; fn f() { inner::make(); }"),
        child,
    ]);
    assert!(circles(&uses)[0].is_of(&["outer.rs", "outer/inner.rs"]));
    // To list a child's names is not to use them.
    let lists = Tree::made_up(&[
        ("lib.rs", "mod outer;"),
        ("outer.rs", "mod inner; pub(crate) use inner::make; struct Outer;"),
        child,
    ]);
    assert_eq!(circles(&lists), []);
    let uses_what_it_lists = Tree::made_up(&[
        ("lib.rs", "mod outer;"),
        ("outer.rs", "mod inner; pub use inner::make; struct Outer; fn f() { make() }"),
        child,
    ]);
    assert_eq!(circles(&uses_what_it_lists).len(), 1);
}

#[test]
fn names_lead_to_the_file_that_defines_them() {
    // A private import is seen by the modules inside.
    let tree = Tree::made_up(&[
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "mod inside; use crate::b::B; fn f(_: B) {}"),
        ("a/inside.rs", "use super::B; mod more { use super::super::B; use super::C; } struct C;"),
        ("b.rs", "use crate::a::inside; pub struct B;"),
    ]);
    let found = circles(&tree);
    let [circle] = &found[..] else { panic!("{found:?}") };
    assert!(circle.is_of(&["a/inside.rs", "b.rs"]), "{circle}");
}
