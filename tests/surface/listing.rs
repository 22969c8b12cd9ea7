//! What a crate shows, a line for each item.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Fields, ImplItem, Item, ItemImpl, TraitItem, Type};

use crate::modules::{Crate, Module, Place, attributes, cfg, is_hidden, is_public};
use crate::text::text;

/// A line: the path that it is sorted by, its rank among those of one path, and its text.
type Line = (String, u8, String);

struct Listing<'a> {
    of: &'a Crate,
    /// The public paths of each item.
    exported: BTreeMap<Place, BTreeSet<Place>>,
    /// The public names that lead out of the crate.
    foreign: BTreeSet<(Place, Place)>,
    modules: BTreeSet<(Place, Place)>,
    lines: BTreeSet<Line>,
    name: &'a str,
}

/// The public surface of a crate.
pub(crate) fn of(name: &str, of: &Crate) -> Vec<String> {
    let mut listing = Listing {
        of,
        exported: BTreeMap::new(),
        foreign: BTreeSet::new(),
        modules: BTreeSet::new(),
        lines: BTreeSet::new(),
        name,
    };
    listing.export_module(&[], &[]);
    for (place, _) in listing.exported.clone() {
        listing.item(&place);
    }
    for (place, module) in &of.modules {
        listing.implementations(place, module);
    }
    for (path, of) in listing.foreign.clone() {
        listing.put(&path, 1, None, format!("pub use {}", of.join("::")));
    }
    listing.lines.into_iter().map(|(path, _, text)| format!("{path}: {text}")).collect()
}

/// The derive macros of a crate.
pub(crate) fn derives(of: &Crate) -> Vec<String> {
    let functions = of.modules[&Vec::new()].items.iter();
    let derives = functions.flat_map(|item| attributes(item).iter());
    let derives = derives.filter(|attribute| attribute.path().is_ident("proc_macro_derive"));
    let lines = derives.filter_map(|attribute| {
        let list = attribute.meta.require_list().ok()?;
        let name = list.tokens.clone().into_iter().next()?;
        Some(format!("dynamap_derive::{name}: {}", text(attribute)))
    });
    let lines: BTreeSet<String> = lines.collect();
    lines.into_iter().collect()
}

fn child(of: &[String], name: &str) -> Place {
    of.iter().cloned().chain([name.to_owned()]).collect()
}

impl Listing<'_> {
    fn put(&mut self, path: &[String], rank: u8, cfg: Option<&str>, text: String) {
        let path = [&[self.name.to_owned()], path].concat().join("::");
        let cfg = cfg.map_or(String::new(), |cfg| format!("{cfg} "));
        self.lines.insert((path, rank, format!("{cfg}{text}")));
    }

    /// Notes what a module shows that is public as `path`.
    fn export_module(&mut self, place: &[String], path: &[String]) {
        if !self.modules.insert((place.to_vec(), path.to_vec())) {
            return;
        }
        let of = self.of;
        let Some(module) = of.modules.get(place) else { return };
        for item in module.items.iter().filter(|item| !is_hidden(attributes(item))) {
            let (visibility, name) = match item {
                Item::Mod(item) => (&item.vis, &item.ident),
                Item::Const(item) => (&item.vis, &item.ident),
                Item::Enum(item) => (&item.vis, &item.ident),
                Item::Fn(item) => (&item.vis, &item.sig.ident),
                Item::Static(item) => (&item.vis, &item.ident),
                Item::Struct(item) => (&item.vis, &item.ident),
                Item::Trait(item) => (&item.vis, &item.ident),
                Item::Type(item) => (&item.vis, &item.ident),
                _ => continue,
            };
            if is_public(visibility) {
                let name = name.to_string();
                let (place, path) = (child(place, &name), child(path, &name));
                match item {
                    Item::Mod(item) => {
                        self.put(&path, 0, cfg(&item.attrs).as_deref(), "pub mod".to_owned());
                        self.export_module(&place, &path);
                    }
                    _ => _ = self.exported.entry(place).or_default().insert(path),
                }
            }
        }
        for import in module.uses.iter().filter(|import| import.is_public) {
            let leads_to = of.resolve(place, &import.path);
            let path = if import.name == "*" { path.to_vec() } else { child(path, &import.name) };
            match leads_to {
                Some(to) if of.modules.contains_key(&to) && of.item(&to).is_none() => {
                    self.put(&path, 0, None, "pub mod".to_owned());
                    self.export_module(&to, &path);
                }
                Some(to) => _ = self.exported.entry(to).or_default().insert(path),
                None => _ = self.foreign.insert((path, import.path.clone())),
            }
        }
    }

    /// The path that an item is listed by: the shortest.
    fn path(&self, place: &[String]) -> Option<Place> {
        let paths = self.exported.get(place)?;
        paths.iter().min_by_key(|path| (path.len(), *path)).cloned()
    }

    fn item(&mut self, place: &Place) {
        let of = self.of;
        let (Some(path), Some(item)) = (self.path(place), of.item(place)) else { return };
        if is_hidden(attributes(item)) {
            return;
        }
        for other in self.exported[place].clone().iter().filter(|other| **other != path) {
            let shown = [&[self.name.to_owned()], &path[..]].concat().join("::");
            self.put(other, 1, None, format!("= {shown}"));
        }
        let under = cfg(attributes(item)).or_else(|| of.modules[&place[..place.len() - 1]].cfg.clone());
        let under = under.as_deref();
        let text = match item {
            Item::Const(item) => {
                let (name, ty) = (&item.ident, &item.ty);
                text(quote!(pub const #name: #ty))
            }
            Item::Static(item) => {
                let (name, ty) = (&item.ident, &item.ty);
                text(quote!(pub static #name: #ty))
            }
            Item::Fn(item) => format!("pub {}", text(&item.sig)),
            Item::Type(item) => {
                let (name, generics, ty) = (&item.ident, &item.generics, &item.ty);
                text(quote!(pub type #name #generics = #ty))
            }
            Item::Struct(item) => {
                let (name, generics, bounds) = (&item.ident, &item.generics, &item.generics.where_clause);
                let head = text(quote!(pub struct #name #generics));
                let exhaustive = exhaustive(&item.attrs);
                format!("{exhaustive}{head}{}{}", fields(&item.fields, false), behind(bounds))
            }
            Item::Enum(item) => {
                let (name, generics, bounds) = (&item.ident, &item.generics, &item.generics.where_clause);
                for variant in item.variants.iter().filter(|variant| !is_hidden(&variant.attrs)) {
                    let name = variant.ident.to_string();
                    let exhaustive = exhaustive(&variant.attrs);
                    let text = format!("{exhaustive}{name}{}", fields(&variant.fields, true));
                    self.put(&child(&path, &name), 1, cfg(&variant.attrs).as_deref(), text);
                }
                format!("{}{}", exhaustive(&item.attrs), text(quote!(pub enum #name #generics #bounds)))
            }
            Item::Trait(item) => {
                let (name, generics, colon) = (&item.ident, &item.generics, &item.colon_token);
                let (supertraits, bounds) = (&item.supertraits, &item.generics.where_clause);
                item.items.iter().for_each(|item| self.trait_item(&path, item));
                text(quote!(pub trait #name #generics #colon #supertraits #bounds))
            }
            _ => return,
        };
        self.put(&path, 0, under, text);
        let derives = derived(attributes(item));
        if !derives.is_empty() {
            self.put(&path, 2, None, format!("derive {}", derives.join(", ")));
        }
    }

    fn trait_item(&mut self, path: &[String], item: &TraitItem) {
        let (attributes, name, shown) = match item {
            TraitItem::Const(item) => {
                let (name, ty) = (&item.ident, &item.ty);
                let default = if item.default.is_some() { " = .." } else { "" };
                (&item.attrs, name, format!("{}{default}", text(quote!(const #name: #ty))))
            }
            TraitItem::Fn(item) => {
                let default = if item.default.is_some() { " { .. }" } else { "" };
                (&item.attrs, &item.sig.ident, format!("{}{default}", text(&item.sig)))
            }
            TraitItem::Type(item) => {
                let (name, generics, colon, bounds) =
                    (&item.ident, &item.generics, &item.colon_token, &item.bounds);
                let clause = &item.generics.where_clause;
                (&item.attrs, name, text(quote!(type #name #generics #colon #bounds #clause)))
            }
            _ => return,
        };
        if !is_hidden(attributes) {
            self.put(&child(path, &name.to_string()), 1, cfg(attributes).as_deref(), shown);
        }
    }

    fn implementations(&mut self, place: &[String], module: &Module) {
        for item in &module.items {
            let Item::Impl(block) = item else { continue };
            if is_hidden(&block.attrs) {
                continue;
            }
            let under = cfg(&block.attrs).or_else(|| module.cfg.clone());
            let own = self.exported_type(place, &block.self_ty);
            match &block.trait_ {
                None => {
                    if let Some(Some(path)) = own {
                        self.methods(&path, block, under.as_deref());
                    }
                }
                Some((name, _)) => self.implementation(place, name, own, block, under.as_deref()),
            }
        }
    }

    /// The public path of a type of the crate, `None` if it is not public. None at all if it is of another crate.
    fn exported_type(&self, place: &[String], ty: &Type) -> Option<Option<Place>> {
        match ty {
            Type::Path(ty) if ty.qself.is_none() => self.exported_path(place, &ty.path),
            Type::Reference(reference) => self.exported_type(place, &reference.elem),
            _ => None,
        }
    }

    fn exported_path(&self, place: &[String], path: &syn::Path) -> Option<Option<Place>> {
        let path: Place = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let found = self.of.resolve(place, &path)?;
        let is_shown = |place: &Place| self.of.item(place).is_some_and(|item| !is_hidden(attributes(item)));
        Some(Some(found).filter(is_shown).and_then(|found| self.path(&found)))
    }

    fn methods(&mut self, path: &[String], block: &ItemImpl, under: Option<&str>) {
        let (generics, ty, clause) = (&block.generics, &block.self_ty, &block.generics.where_clause);
        let is_plain = generics.params.is_empty() && clause.is_none() && !text(ty).contains('<');
        let head = if is_plain { String::new() } else { text(quote!(impl #generics #ty #clause)) + ": " };
        for item in &block.items {
            let (attributes, visibility, name, shown) = match item {
                ImplItem::Const(item) => {
                    let (name, ty) = (&item.ident, &item.ty);
                    (&item.attrs, &item.vis, name, text(quote!(const #name: #ty)))
                }
                ImplItem::Fn(item) => (&item.attrs, &item.vis, &item.sig.ident, text(&item.sig)),
                _ => continue,
            };
            if is_public(visibility) && !is_hidden(attributes) {
                let own = cfg(attributes);
                let under = own.as_deref().or(under);
                self.put(&child(path, &name.to_string()), 1, under, format!("{head}pub {shown}"));
            }
        }
    }

    fn implementation(
        &mut self,
        place: &[String],
        name: &syn::Path,
        own: Option<Option<Place>>,
        block: &ItemImpl,
        under: Option<&str>,
    ) {
        let of_trait = self.exported_path(place, name);
        // A private trait, or one of a private type, is of no use outside.
        let path = match (own, of_trait) {
            (Some(None), _) | (_, Some(None)) => return,
            (Some(Some(path)), _) | (None, Some(Some(path))) => path,
            // Such as `From` of a type of the crate for one of another.
            (None, None) => match self.exported_argument(place, name) {
                Some(path) => path,
                None => return,
            },
        };
        let (generics, ty, clause) = (&block.generics, &block.self_ty, &block.generics.where_clause);
        let unsafety = &block.unsafety;
        let types = block.items.iter().filter_map(|item| match item {
            ImplItem::Type(item) if !is_hidden(&item.attrs) => Some(item.to_token_stream()),
            _ => None,
        });
        let types: TokenStream = types.collect();
        let types = if types.is_empty() { types } else { quote!({ #types }) };
        let shown = text(quote!(#unsafety impl #generics #name for #ty #clause #types));
        self.put(&path, 3, under, shown);
    }

    fn exported_argument(&self, place: &[String], name: &syn::Path) -> Option<Place> {
        let syn::PathArguments::AngleBracketed(arguments) = &name.segments.last()?.arguments else {
            return None;
        };
        arguments.args.iter().find_map(|argument| match argument {
            syn::GenericArgument::Type(ty) => self.exported_type(place, ty).flatten(),
            _ => None,
        })
    }
}

fn exhaustive(attributes: &[Attribute]) -> &'static str {
    let is_open = attributes.iter().any(|attribute| attribute.path().is_ident("non_exhaustive"));
    if is_open { "#[non_exhaustive] " } else { "" }
}

fn behind(clause: &Option<syn::WhereClause>) -> String {
    clause.as_ref().map_or(String::new(), |clause| format!(" {}", text(clause)))
}

/// The fields that can be used; `..` for others.
fn fields(fields: &Fields, all: bool) -> String {
    let is_shown = |field: &&syn::Field| (all || is_public(&field.vis)) && !is_hidden(&field.attrs);
    let mut shown: Vec<String> = fields
        .iter()
        .filter(is_shown)
        .map(|field| {
            let (visibility, name, colon, ty) = (&field.vis, &field.ident, &field.colon_token, &field.ty);
            text(quote!(#visibility #name #colon #ty))
        })
        .collect();
    if shown.len() < fields.len() {
        shown.push("..".to_owned());
    }
    match fields {
        Fields::Named(_) => format!(" {{ {} }}", shown.join(", ")),
        Fields::Unnamed(_) => format!("({})", shown.join(", ")),
        Fields::Unit => String::new(),
    }
}

/// The traits that are derived, by their last names.
fn derived(attributes: &[Attribute]) -> Vec<String> {
    let derives = attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
    let lists = derives.filter_map(|attribute| Some(text(&attribute.meta.require_list().ok()?.tokens)));
    let names: BTreeSet<String> = lists
        .flat_map(|list| {
            let names =
                list.split(',').map(|path| path.rsplit("::").next().unwrap_or(path).trim().to_owned());
            names.filter(|name| !name.is_empty()).collect::<Vec<_>>()
        })
        .collect();
    names.into_iter().collect()
}
