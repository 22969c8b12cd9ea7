//! Assertions about an entity that need its table and its indexes, which the compiler evaluates.

use super::EntityCode;
use crate::{
    expand::{
        field_types, fields, key,
        key_attribute::{KeyAttribute, index_alias},
        shapes, unique,
    },
    model::{
        entity::IndexKeys,
        field::Field,
        key_spec::{KeySpec, Segment},
    },
};
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::{Ident, spanned::Spanned};

impl EntityCode<'_> {
    pub(super) fn checks(&self) -> TokenStream {
        let private = &self.paths.private;
        let (entity, table) = (&self.entity.ident, key::table(self.entity, self.paths));
        let key_names = self.all_keys().map(|key| &key.name);
        let key_count = self.all_keys().count();
        let sort_key = self.check_sort_key();
        let keys = self.all_keys().map(|key| self.check_key(key));
        let attributes = self.check_attributes();
        let templates = self.all_keys().map(|key| key.template_text(&self.entity.fields));
        let same =
            format!("`{entity}` gives one key attribute two different templates; an attribute has one value");
        let (vectors, unique) = (self.check_vectors(), unique::checks(self.entity, self.paths));
        let shapes = shapes::checks(self.entity, self.paths);
        let indexes = self.entity.indexes.iter().filter(|index| index.vector.is_none()).map(|index| {
            let name = &index.ident;
            let alias = Ident::new(&index_alias(name).to_string(), index.span);
            let (partition, sort) = (index.partition_key.len(), index.sort_key.len());
            let arity =
                format!("the key of `{entity}` in `{name}` has another number of attributes than the index");
            let expires = self.entity.fields.iter().any(|field| field.ttl.is_some()) && !index.returns_expired;
            let cannot_tell = format!(
                "`{name}` does not hold the time to live of `{entity}`, so that reads of it cannot hide what has expired; add the attribute to its `include(..)`, or say `index = {name}, .., returns_expired`"
            );
            let tells_expiry = expires.then(|| {
                quote_spanned! {index.span=>
                    const _: () = ::core::assert!(#private::tells_expiry::<#alias>(), #cannot_tell);
                }
            });
            quote_spanned! {index.span=>
                #tells_expiry
                const _: fn() = || #private::assert_index_of::<#alias, #table>();
                const _: () = ::core::assert!(#private::has_arity::<#alias>(#partition, #sort), #arity);
            }
        });
        quote! {
            const __KEY_NAMES: [&str; #key_count] = [#(#key_names),*];
            #sort_key
            #(#keys)*
            #attributes
            const _: () = ::core::assert!(#private::agree(&__KEY_NAMES, &[#(#templates),*]), #same);
            #(#indexes)*
            #vectors
            #unique
            #shapes
        }
    }

    fn check_sort_key(&self) -> TokenStream {
        let (private, entity) = (&self.paths.private, &self.entity.ident);
        match &self.entity.sort_key {
            Some(spec) => {
                let message = format!("`{entity}` has an `sk`, but its table has no sort key");
                quote_spanned!(spec.span()=> const _: () = ::core::assert!(#private::agrees_on_sort_key::<#entity>(true), #message);)
            }
            None => {
                let message =
                    format!("`{entity}` has no `sk`, but its table has a sort key; add `sk = \"..\"`");
                quote_spanned!(entity.span()=> const _: () = ::core::assert!(#private::agrees_on_sort_key::<#entity>(false), #message);)
            }
        }
    }

    fn check_key(&self, key: &KeyAttribute<'_>) -> TokenStream {
        let private = &self.paths.private;
        let (name, data_type) = (&key.name, &key.data_type);
        match key.spec {
            KeySpec::Template { literal, .. } => quote_spanned! {literal.span()=>
                const _: () = ::core::assert!(
                    #private::is_string(#data_type),
                    "a key template makes text, but this key attribute is no string; use `= field`"
                );
            },
            KeySpec::Field { field, span } => {
                let field = &self.entity.fields[*field];
                let (ident, attribute, ty) = (&field.ident, &field.name, field.part_type());
                let names = format!(
                    "`{ident}` is the key attribute itself, but has another name; add `rename` to it"
                );
                let types = format!("the type of `{ident}` is not the type of the key attribute");
                let optional = fields::optional(ty, self.paths);
                let behind = match self.entity.primary_specs().any(|primary| std::ptr::eq(primary, key.spec))
                {
                    true => format!("`{ident}` is part of the primary key, so it cannot be an `Option`"),
                    false => format!(
                        "`{ident}` is an `Option` under another name, which decides whether an item is in the index; write `Option<..>`"
                    ),
                };
                quote_spanned! {*span=>
                    const _: () = ::core::assert!(!#optional::IS, #behind);
                    const _: () = ::core::assert!(#private::is_key_attribute(#name, #attribute), #names);
                    const _: () = ::core::assert!(#private::has_type::<#ty>(#name, #data_type), #types);
                }
            }
        }
    }

    /// Assertions that no field is stored under the name of an attribute that dynamap writes.
    fn check_attributes(&self) -> TokenStream {
        let (private, entity) = (&self.paths.private, &self.entity.ident);
        let is_key = |ident: &Ident| {
            self.entity.all_specs().any(|spec| match spec {
                KeySpec::Field { field, .. } => self.entity.fields[*field].ident == *ident,
                KeySpec::Template { .. } => false,
            })
        };
        let stored = self.entity.fields.iter().filter(|field| field.is_stored() && !is_key(&field.ident));
        let checks = stored.map(|field| {
            let (ident, name) = (&field.ident, &field.name);
            let key = match self.template_of(&field.ident) {
                Some(option) => format!("`{ident}` is stored as `{name}`, which is a key attribute; write `{option} = {ident}` if it is that attribute itself, or rename one of them"),
                None => format!("`{ident}` is stored as `{name}`, which is a key attribute; rename one of them"),
            };
            let entity_type =
                format!("`{ident}` is stored as `{name}`, which is the entity-type attribute of the table");
            let shape = format!("`{ident}` is stored as `{name}`, which is the attribute of the table for the shape of an item");
            quote_spanned! {field.name_span=>
                const _: () = ::core::assert!(!#private::is_among(#name, &__KEY_NAMES), #key);
                const _: () =
                    ::core::assert!(!#private::same_name(<#entity as #private::InTable>::ENTITY_TYPE, #name), #entity_type);
                const _: () = ::core::assert!(!#private::same_name(<#entity as #private::InTable>::SHAPE, #name), #shape);
            }
        });
        let aliases = self.entity.fields.iter().flat_map(|field| {
            field.aliases.iter().map(move |alias| {
                let taken = self.is_reserved(&quote!(#alias));
                let message = format!(
                    "the alias `{alias}` of `{}` is a key attribute, the entity type or the time to live of the table",
                    field.ident
                );
                quote_spanned!(field.ident.span()=> const _: () = ::core::assert!(!#taken, #message);)
            })
        });
        let lineage = self.entity.fields.iter().filter_map(|field| Some((field, field.lineage.as_ref()?)));
        let lineage = lineage.map(|(field, name)| {
            let (ident, taken) = (&field.ident, self.is_reserved(&quote!(#name)));
            let message = format!(
                "the version `{ident}` keeps the ids of the last writes in the attribute `{name}`, which the table has for itself; give it another by `lineage = \"..\"`"
            );
            quote_spanned!(field.name_span=> const _: () = ::core::assert!(!(#taken), #message);)
        });
        let ttl =
            self.entity.fields.iter().filter(|field| field.is_stored()).map(|field| self.check_ttl(field));
        let flattened = self.entity.fields.iter().filter(|field| field.flatten).map(|field| {
            let of = field_types::of(field, self.paths);
            let message = format!(
                "a member of `{}` is stored under the name of a key attribute, the entity type or the time to live of the table",
                field.ident
            );
            quote_spanned! {field.ty.span()=>
                const _: () = {
                    let names = #of::NAMES;
                    let mut at = 0;
                    while at < names.len() {
                        ::core::assert!(!#private::is_reserved::<#entity>(names[at], &__KEY_NAMES), #message);
                        at += 1;
                    }
                };
            }
        });
        quote!(#(#checks)* #(#aliases)* #(#lineage)* #(#ttl)* #(#flattened)*)
    }

    /// The option whose template is this field alone.
    fn template_of(&self, ident: &Ident) -> Option<&'static str> {
        let is_alone = |spec: &KeySpec| match spec {
            KeySpec::Template { segments, .. } => {
                matches!(segments.as_slice(), [Segment::Component(field)] if self.entity.fields[*field].ident == *ident)
            }
            KeySpec::Field { .. } => false,
        };
        let in_index = |index: &IndexKeys, sort: bool| {
            let specs = if sort { &index.sort_key } else { &index.partition_key };
            specs.iter().any(is_alone)
        };
        let partition = self.entity.partition_key.iter().any(is_alone)
            || self.entity.indexes.iter().any(|index| in_index(index, false));
        let sort = self.entity.sort_key.iter().any(is_alone)
            || self.entity.indexes.iter().any(|index| in_index(index, true));
        match (partition, sort) {
            (true, _) => Some("pk"),
            (false, true) => Some("sk"),
            (false, false) => None,
        }
    }

    /// An expression that is true if the table has the name for a key, the entity type or the time to live.
    fn is_reserved(&self, name: &TokenStream) -> TokenStream {
        let (private, entity) = (&self.paths.private, &self.entity.ident);
        quote!(#private::is_reserved::<#entity>(#name, &__KEY_NAMES))
    }

    /// Assertions that the field with `ttl`, and no other, is the attribute that the table names, and counts in seconds.
    fn check_ttl(&self, field: &Field) -> TokenStream {
        let (private, entity) = (&self.paths.private, &self.entity.ident);
        let Field { ident, name, ty, .. } = field;
        let Some(span) = field.ttl else {
            let message = format!(
                "`{ident}` is stored as `{name}`, which is the time to live of the table; add `#[dynamap(ttl)]` to it, or rename it"
            );
            return quote_spanned! {field.name_span=>
                const _: () = ::core::assert!(!#private::same_name(<#entity as #private::InTable>::TTL, #name), #message);
            };
        };
        let message = format!(
            "`{ident}` is the time to live and stored as `{name}`, but the table has another attribute for it, or none; add `ttl = \"{name}\"` to the table, or `rename` the field"
        );
        quote_spanned! {span=>
            const _: () = ::core::assert!(#private::is_ttl::<#entity>(#name), #message);
            const _: fn() = || #private::assert_ttl::<#ty>();
        }
    }
}
