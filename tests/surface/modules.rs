//! The modules of a crate, with its macros expanded, and where names lead.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, ImplItem, Item, TraitItem, UseTree, Visibility};

use crate::macros::Macro;
use crate::text::text;

/// The path of a name from the crate's root.
pub(crate) type Place = Vec<String>;

/// The sources of a crate.
pub(crate) struct Crate {
    pub(crate) modules: BTreeMap<Place, Module>,
}

/// A module, or the crate's root.
#[derive(Default)]
pub(crate) struct Module {
    pub(crate) items: Vec<Item>,
    pub(crate) uses: Vec<Use>,
    /// The `cfg` that the module stands under.
    pub(crate) cfg: Option<String>,
}

/// A name that a `use` brings in; `*` for all of a module.
pub(crate) struct Use {
    pub(crate) name: String,
    pub(crate) path: Place,
    pub(crate) is_public: bool,
}

/// The macros of a crate, by file and name.
type Macros = BTreeMap<(String, String), Macro>;

struct Reader<'a> {
    files: BTreeMap<String, syn::File>,
    macros: &'a Macros,
    modules: BTreeMap<Place, Module>,
}

impl Crate {
    pub(crate) fn read(src: &Path) -> Self {
        let mut files = Vec::new();
        collect(src, src, &mut files);
        Self::of(files)
    }

    pub(crate) fn made_up(files: &[(&str, &str)]) -> Self {
        Self::of(files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }

    fn of(files: Vec<(String, String)>) -> Self {
        let parse = |(name, text): (String, String)| {
            let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, file)
        };
        let files: BTreeMap<String, syn::File> = files.into_iter().map(parse).collect();
        let mut macros = Macros::new();
        files.iter().for_each(|(name, file)| define(name, &file.items, &mut macros));
        let mut reader = Reader { files, macros: &macros, modules: BTreeMap::new() };
        let root = reader.files.remove("lib.rs").unwrap();
        reader.module(Vec::new(), "lib.rs", root.items, None);
        Self { modules: reader.modules }
    }

    /// Where a path leads from a module: to an item, or else to a module. None if it leads out of the crate.
    pub(crate) fn resolve(&self, from: &[String], path: &[String]) -> Option<Place> {
        self.resolved(from, path, 0)
    }

    fn resolved(&self, from: &[String], path: &[String], depth: usize) -> Option<Place> {
        if depth > 12 {
            return None;
        }
        let mut at = from.to_vec();
        let mut rest = path;
        while let Some((first, others)) = rest.split_first() {
            match first.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" => {
                    at.pop()?;
                }
                _ => break,
            }
            rest = others;
        }
        for (index, name) in rest.iter().enumerate() {
            let is_last = index + 1 == rest.len();
            at = self.look_up(&at, name, is_last, depth)?;
        }
        Some(at)
    }

    fn look_up(&self, module: &[String], name: &str, is_last: bool, depth: usize) -> Option<Place> {
        let scope = self.modules.get(module)?;
        let child: Place = module.iter().cloned().chain([name.to_owned()]).collect();
        if is_last && scope.items.iter().any(|item| name_of(item).is_some_and(|own| own == name)) {
            return Some(child);
        }
        let is_module = |place: &Place| self.modules.contains_key(place);
        let fits = |place: &Place| if is_last { !is_module(place) } else { is_module(place) };
        let named = scope.uses.iter().filter(|import| import.name == name);
        // An import names itself where it is `use name::name`: what it begins with is then the module.
        let mut found = named.filter_map(|import| self.resolved(module, &import.path, depth + 1));
        if let Some(found) = found.find(fits) {
            return Some(found);
        }
        if is_module(&child) {
            return Some(child);
        }
        let globs = scope.uses.iter().filter(|import| import.name == "*");
        globs
            .filter_map(|glob| self.resolved(module, &glob.path, depth + 1))
            .find_map(|of| if of == module { None } else { self.look_up(&of, name, is_last, depth + 1) })
    }

    pub(crate) fn item(&self, place: &[String]) -> Option<&Item> {
        let (name, module) = place.split_last()?;
        let items = &self.modules.get(module)?.items;
        items.iter().find(|item| name_of(item).is_some_and(|own| own == name.as_str()))
    }
}

impl Reader<'_> {
    fn module(&mut self, place: Place, file: &str, items: Vec<Item>, cfg: Option<String>) {
        let mut module = Module { cfg, ..Module::default() };
        self.fill(&mut module, &place, file, items);
        self.modules.insert(place, module);
    }

    fn fill(&mut self, module: &mut Module, place: &Place, file: &str, items: Vec<Item>) {
        for mut item in items {
            if is_for_tests(attributes(&item)) {
                continue;
            }
            match &mut item {
                Item::Mod(inner) => {
                    let name = inner.ident.to_string();
                    let child: Place = place.iter().cloned().chain([name]).collect();
                    let cfg = cfg(&inner.attrs).or_else(|| module.cfg.clone());
                    if let Some((_, items)) = inner.content.take() {
                        self.module(child, file, items, cfg);
                    } else {
                        let file = format!("{}.rs", child.join("/"));
                        let items = self.files.remove(&file).unwrap_or_else(|| panic!("no {file}")).items;
                        self.module(child, &file, items, cfg);
                    }
                }
                Item::Use(import) => {
                    let is_public = is_public(&import.vis) && !is_hidden(&import.attrs);
                    flatten(&import.tree, &mut Vec::new(), is_public, &mut module.uses);
                }
                Item::Macro(call) if call.ident.is_some() => continue,
                Item::Macro(call) => {
                    let items = parse_all(self.expand(file, &call.mac).unwrap_or_default());
                    self.fill(module, place, file, items);
                    continue;
                }
                Item::Impl(block) => {
                    let items = std::mem::take(&mut block.items);
                    block.items = self.impl_items(file, items);
                }
                Item::Trait(block) => {
                    let of_macro = |item: &TraitItem| matches!(item, TraitItem::Macro(_));
                    assert!(!block.items.iter().any(of_macro), "{file}: a macro in a trait");
                }
                _ => {}
            }
            module.items.push(item);
        }
    }

    fn impl_items(&self, file: &str, items: Vec<ImplItem>) -> Vec<ImplItem> {
        let items = items.into_iter().flat_map(|item| match item {
            ImplItem::Macro(call) => {
                let made = self.expand(file, &call.mac).unwrap_or_default();
                self.impl_items(file, parse_all(made))
            }
            item => vec![item],
        });
        items.collect()
    }

    /// What a macro makes; none if it is of another crate.
    fn expand(&self, file: &str, call: &syn::Macro) -> Option<TokenStream> {
        let name = call.path.segments.last().unwrap().ident.to_string();
        let known: Vec<_> = self.macros.iter().filter(|((_, known), _)| *known == name).collect();
        // The file's own, or that of the nearest file above it, or else the only one, which it imports.
        let above = |of: &str| of == file || file.starts_with(&format!("{}/", of.trim_end_matches(".rs")));
        let nearest = known.iter().filter(|((of, _), _)| above(of)).max_by_key(|((of, _), _)| of.len());
        let (_, found) = match (nearest, &known[..]) {
            (Some(nearest), _) => *nearest,
            (None, []) => return None,
            (None, [only]) => *only,
            (None, _) => panic!("{file}: several `{name}!`"),
        };
        let made = found.expand(call.tokens.clone());
        Some(made.unwrap_or_else(|| panic!("{file}: no rule of `{name}!` matches {}", call.tokens)))
    }
}

fn define(file: &str, items: &[Item], macros: &mut Macros) {
    for item in items {
        match item {
            Item::Macro(call) => {
                if let Some(name) = &call.ident {
                    macros.insert((file.to_owned(), name.to_string()), Macro::new(call.mac.tokens.clone()));
                }
            }
            Item::Mod(inner) => {
                let items = inner.content.iter().filter(|_| !is_for_tests(&inner.attrs));
                items.for_each(|(_, items)| define(file, items, macros));
            }
            _ => {}
        }
    }
}

fn parse_all<T: Parse>(tokens: TokenStream) -> Vec<T> {
    let all = |input: ParseStream<'_>| {
        let mut items = Vec::new();
        while !input.is_empty() {
            items.push(input.parse()?);
        }
        Ok(items)
    };
    all.parse2(tokens.clone()).unwrap_or_else(|error| panic!("{error}: {tokens}"))
}

fn collect(src: &Path, directory: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(src, &path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(src).unwrap().to_string_lossy().replace('\\', "/");
            files.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

fn flatten(tree: &UseTree, before: &mut Place, is_public: bool, uses: &mut Vec<Use>) {
    let mut put = |name: String, path: Place| uses.push(Use { name, path, is_public });
    let with = |last: String| before.iter().cloned().chain([last]).collect::<Place>();
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, is_public, uses);
            before.pop();
        }
        UseTree::Name(name) if name.ident == "self" => {
            put(before.last().unwrap().clone(), before.clone());
        }
        UseTree::Name(name) => put(name.ident.to_string(), with(name.ident.to_string())),
        UseTree::Rename(rename) => put(rename.rename.to_string(), with(rename.ident.to_string())),
        UseTree::Glob(_) => put("*".to_owned(), before.clone()),
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before, is_public, uses)),
    }
}

pub(crate) fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

pub(crate) fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| text(attribute) == "#[doc(hidden)]")
}

pub(crate) fn is_for_tests(attributes: &[Attribute]) -> bool {
    let is_for =
        |attribute: &Attribute| ["#[cfg(test)]", "#[cfg(doctest)]"].contains(&text(attribute).as_str());
    attributes.iter().any(is_for)
}

pub(crate) fn cfg(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find(|attribute| attribute.path().is_ident("cfg")).map(text)
}

/// The name of an item that is no module, `use`, implementation or macro.
fn name_of(item: &Item) -> Option<&syn::Ident> {
    match item {
        Item::Const(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Static(item) => Some(&item.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        Item::Union(item) => Some(&item.ident),
        _ => None,
    }
}

pub(crate) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
