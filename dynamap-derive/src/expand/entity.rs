//! `#[derive(Entity)]`.

mod checks;
mod vector_checks;

use super::{
    Paths, attribute_constants, block, description, document_functions, editor_support, field_types,
    fields::{self, FieldSet},
    index_keys, into_key,
    key::{self, key_ident},
    key_attribute::KeyAttribute,
    key_condition,
    key_parse::{self, KeyRead},
    shapes, stamps, stubs, unique,
};
use crate::model::{entity::Entity, field::Field, key_spec::KeySpec};
use proc_macro2::TokenStream;
use quote::{format_ident, quote_spanned};
use syn::{Ident, spanned::Spanned};

/// The code of an entity. Where the input had mistakes (`failed`), it has the same surface without bodies, so
/// that code which uses the entity does not fail as well.
pub(crate) fn expand(entity: Entity, failed: bool) -> TokenStream {
    let entity = &entity.without_repeated_functions();
    let paths = Paths::new(&entity.runtime, quote!(__Fields));
    let table_keys = KeyAttribute::of_table(entity, &paths);
    let index_keys: Vec<Vec<KeyAttribute<'_>>> =
        (0..entity.indexes.len()).map(|at| KeyAttribute::of_index(entity, at, &paths)).collect();
    let expansion = EntityCode { entity, paths: &paths, table_keys: &table_keys, index_keys: &index_keys };

    let key_struct = key::key_struct(entity);
    let (mut declarations, mut implementations) = (TokenStream::new(), TokenStream::new());
    let mut add = |(declaration, implementation): (TokenStream, TokenStream)| {
        declarations.extend(declaration);
        implementations.extend(implementation);
    };
    add(key_condition::of_table(entity, &table_keys, &paths, failed));
    for (at, keys) in index_keys.iter().enumerate() {
        add(key_condition::of_index(entity, at, &table_keys, keys, &paths, failed));
    }
    let ide = editor_support::completions(&paths, &entity.option_names);
    let asks_optional = fields::asks_optional(&paths);
    let surface = expansion.surface();
    let comparisons = key::comparisons(entity, &paths);
    let key_impl = key::key_impl(entity, &table_keys, &paths, failed);
    let into_key = into_key::impls(entity, &paths);
    let types = if failed { TokenStream::new() } else { field_types::of_entity(entity, &paths) };
    let body = if failed { stubs::entity(entity, &paths) } else { expansion.body() };
    let code = block(&quote! {
        #ide
        #asks_optional
        #comparisons
        #types
        #surface
        #implementations
        #into_key
        #key_impl
        #body
    });
    quote!(#key_struct #declarations #code)
}

struct EntityCode<'m> {
    entity: &'m Entity,
    paths: &'m Paths,
    table_keys: &'m [KeyAttribute<'m>],
    index_keys: &'m [Vec<KeyAttribute<'m>>],
}

impl<'m> EntityCode<'m> {
    fn all_keys(&self) -> impl Iterator<Item = &'m KeyAttribute<'m>> + use<'m> {
        self.table_keys.iter().chain(self.index_keys.iter().flatten())
    }

    /// The constants and the function `key`.
    fn surface(&self) -> TokenStream {
        let (entity, vis) = (&self.entity.ident, &self.entity.vis);
        let roles = self.entity.roles();
        let role_of = |field: usize| roles.of_fields[field];
        let setter_of = |group: usize| self.entity.setter(&roles.groups[group]);
        let setter_names = index_keys::setter_names(self.entity, &roles);
        let constants = attribute_constants::of(
            &self.entity.fields,
            role_of,
            setter_of,
            vis,
            &quote!(#entity),
            self.paths,
        );
        let setters = index_keys::setters(self.entity, &roles, self.paths);
        let key_function = key::key_function(self.entity, self.paths);
        let functions = attribute_constants::functions(&self.entity.fields, false, self.paths);
        quote! {
            #functions
            #setter_names
            #[automatically_derived]
            #[allow(dead_code, private_interfaces, private_bounds, clippy::too_many_arguments)]
            impl #entity { #constants #key_function #setters }
        }
    }

    fn body(&self) -> TokenStream {
        let keys = self.all_keys().map(|key| key.items(&self.entity.fields, self.paths));
        let (document, entity, checks) = (self.document(), self.entity_impl(), self.checks());
        let templates = editor_support::templates(self.entity, self.paths);
        let version = stamps::version(self.entity, self.paths);
        let without_unique = unique::without(self.entity, self.paths);
        quote!(#(#keys)* #document #entity #version #without_unique #checks #templates)
    }

    /// The implementations that read and write the fields.
    fn document(&self) -> TokenStream {
        let private = &self.paths.private;
        let (entity, fields) = (&self.entity.ident, &self.entity.fields);
        let default = self.entity.default.as_ref();
        let set = FieldSet { paths: self.paths, fields, default, table: format_ident!("__FIELDS") };
        // An item that is not in a sparse index has no key attribute of it to read.
        let is_full = |at: &usize| self.entity.optional_components(&self.entity.indexes[*at]).is_empty();
        let of_indexes = (0..self.index_keys.len()).filter(is_full).flat_map(|at| &self.index_keys[at]);
        let reads = key_parse::key_reads(self.entity, self.table_keys.iter().chain(of_indexes), self.paths);
        let reserved = self.reserved(&reads, fields.iter().any(|field| field.flatten));
        let (table, count) = (set.table_static(&reserved), set.stored_count());
        let (key_members, key_statements): (Vec<_>, Vec<_>) =
            reads.iter().map(|read| (&read.member, &read.statement)).unzip();
        let key_at = count..count + reads.len();
        let (members, defaults) = (set.partial_members(), set.partial_defaults());
        let (arms, other, whole_default) = (set.read_arms(), set.read_other(), set.whole_default());
        let finished = set.finished(|field| {
            let ident = &field.ident;
            quote!(#ident)
        });
        let writes = set.write(|field| quote!(&self.#field));
        let partial = document_functions::partial(
            &quote!(#members #(#key_members: #private::Option<#private::AttributeValue>,)*),
            &quote!(#defaults #(#key_members: #private::None,)*),
            self.paths,
        );
        let arms = quote!(#arms #(#key_at => #private::read_field(&mut partial.#key_members, r),)*);
        let read_field = document_functions::read_field(&arms, self.paths);
        let read_item = shapes::read_item(self.entity, self.paths);
        let write_fields = document_functions::write_fields(&quote!(#writes #private::Ok(())), self.paths);
        quote! {
            #table
            #partial
            #[automatically_derived]
            impl #private::FromDocument for #entity {
                type Output = Self;
                type Partial = __Partial;
                const FIELDS: &'static #private::FieldTable = &__FIELDS;
                #other
                #[allow(unused_variables)]
                #read_field
                #read_item
                #[allow(unused_variables)]
                fn finish(partial: Self::Partial) -> #private::Result<Self, #private::DecodeError> {
                    #(#key_statements)*
                    #whole_default
                    #private::Ok(Self { #finished })
                }
            }
            #[automatically_derived]
            impl #private::ToDocument for #entity {
                #write_fields
            }
        }
    }

    /// Names beside the fields: the key attributes where they are read, and everything that dynamap writes
    /// where a flattened map would take it for its own.
    fn reserved(&self, reads: &[KeyRead], open: bool) -> Vec<TokenStream> {
        let (private, entity) = (&self.paths.private, &self.entity.ident);
        let mut reserved: Vec<TokenStream> = reads.iter().map(|read| read.name.clone()).collect();
        if open {
            reserved.push(quote!(<#entity as #private::InTable>::PARTITION_KEY.name));
            reserved.push(quote!(<#entity as #private::InTable>::SORT_KEY.name));
            reserved.push(quote!(<#entity as #private::InTable>::ENTITY_TYPE));
            reserved.push(quote!(<#entity as #private::InTable>::SHAPE));
            reserved.extend(self.index_keys.iter().flatten().map(|key| key.name.clone()));
        }
        reserved
    }

    fn entity_impl(&self) -> TokenStream {
        let private = &self.paths.private;
        let (entity, name, key) = (&self.entity.ident, &self.entity.name, key_ident(self.entity));
        let table = key::table_path(self.entity, self.paths);
        let members = self.entity.key_fields().into_iter().map(|field| {
            let Field { ident, ty, .. } = &self.entity.fields[field];
            let this = quote!(self);
            quote_spanned!(ty.span()=> #ident: #private::Clone::clone(&#this.#ident))
        });
        let writes =
            self.write_table_keys().chain((0..self.index_keys.len()).map(|at| self.write_index_key(at)));
        let writes: Vec<TokenStream> = writes.collect();
        let present = (!self.index_keys.is_empty()).then(|| self.present());
        let values = self.table_keys.iter().map(|key| {
            key.write_value(&self.entity.fields, self.paths, |component| quote!(&self.#component))
        });
        let checks_key = self.table_keys.iter().map(|key| key.is_checked(&self.entity.fields, self.paths));
        let stamps = stamps::members(self.entity, self.paths);
        let follow = index_keys::follow(self.entity, self.index_keys, self.paths);
        let strict_searches = index_keys::strict_searches(self.entity, self.index_keys, self.paths);
        let member = stubs::member(entity, private);
        let description = description::of(self.entity, self.table_keys, self.index_keys, self.paths);
        let consistent_read = self.entity.consistent_read.then(|| {
            quote! {
                const CONSISTENT_READ: bool = true;
            }
        });
        let transactional = self.entity.transactional.then(|| {
            quote!(
                const TRANSACTIONAL: bool = true;
            )
        });
        let (unique, shapes) =
            (unique::constant(self.entity, self.paths), shapes::members(self.entity, self.paths));
        let key_only_in_index = self.entity.has_key_only_in_index().then(|| {
            quote!(
                const KEY_ONLY_IN_INDEX: bool = true;
            )
        });
        quote! {
            #member
            #[automatically_derived]
            impl #private::Entity for #entity {
                #key_only_in_index
                type Table = #table;
                type Key = #key;
                const NAME: &'static str = #name;
                const KEY_ATTRIBUTES: &'static [&'static str] = &__KEY_NAMES;
                const CHECKS_KEY: bool = false #(|| #checks_key)*;
                #description
                fn to_key(&self) -> #key { #key { #(#members),* } }
                fn write_keys<__W: #private::Writer>(&self, w: &mut __W) -> #private::Result<(), #private::ItemError> {
                    #present
                    #(#writes)*
                    #private::Ok(())
                }
                fn write_key_values(&self, bytes: &mut #private::KeyBytes) -> #private::Result<(), #private::KeyError> {
                    #(#values)*
                    #private::Ok(())
                }
                #follow
                #stamps
                #strict_searches
                #transactional
                #consistent_read
                #unique
                #shapes
            }
        }
    }

    fn write_table_keys(&self) -> impl Iterator<Item = TokenStream> {
        self.table_keys.iter().map(|key| self.write_key(key, |component| quote!(&self.#component)))
    }

    /// A flag for each key attribute that is written: one of an index is if all components of its key are there.
    fn present(&self) -> TokenStream {
        let private = &self.paths.private;
        let of_table = self.table_keys.iter().map(|_| quote!(true));
        let of_indexes = self.index_keys.iter().enumerate().flat_map(|(at, keys)| {
            let optional = self.optional_components(at);
            keys.iter().map(move |_| quote!(true #(&& #private::Option::is_some(&self.#optional))*))
        });
        let present = of_table.chain(of_indexes);
        quote!(let __present = [#(#present),*];)
    }

    fn optional_components(&self, at: usize) -> Vec<&'m Ident> {
        let optional = self.entity.optional_components(&self.entity.indexes[at]).into_iter();
        optional.map(|field| &self.entity.fields[field].ident).collect()
    }

    /// The key in an index, which is left out if one of its optional components is `None`.
    fn write_index_key(&self, at: usize) -> TokenStream {
        let private = &self.paths.private;
        let keys = &self.index_keys[at];
        let optional = self.optional_components(at);
        let access = |component: &Ident| match optional.contains(&component) {
            true => quote!(#component),
            false => quote!(&self.#component),
        };
        let writes = keys.iter().map(|key| {
            let write = self.write_key(key, access);
            let position = self.all_keys().position(|other| other.function == key.function);
            quote! {
                const FIRST: bool = #private::is_first(&__KEY_NAMES, #position);
                if FIRST || !#private::was_written(&__KEY_NAMES, #position, &__present) { #write }
            }
        });
        let writes = writes.map(|write| quote!({ #write }));
        let writes = quote!(#(#writes)*);
        let otherwise = self.refuse_unsearched(at);
        match optional.is_empty() {
            true => writes,
            false => quote! {
                if let (#(#private::Some(#optional),)*) = (#(#private::Option::as_ref(&self.#optional),)*) { #writes } #otherwise
            },
        }
    }

    fn write_key(&self, key: &KeyAttribute<'_>, access: impl Fn(&Ident) -> TokenStream) -> TokenStream {
        let (private, name) = (&self.paths.private, &key.name);
        match key.spec {
            KeySpec::Template { .. } => {
                let text = key.text(&self.entity.fields, access);
                quote!(#private::write_key(w, #name, &#text?)?;)
            }
            KeySpec::Field { field, .. } => {
                let (role, value) = (key.role(self.paths), access(&self.entity.fields[*field].ident));
                quote!(#private::check_key_value(#value, #role, #name)?;)
            }
        }
    }
}
