//! Typed key conditions: a partition, then the components of the sort key, one step after another.

use super::{
    Paths, docs,
    key::{KeyAttribute, argument_bound, converted, index_alias, parameter},
};
use crate::model::{entity::Entity, field::Field, key::KeySpec};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::{Ident, spanned::Spanned};

/// What a condition selects from: the table or an index.
struct Condition<'m> {
    entity: &'m Entity,
    paths: &'m Paths,
    keys: &'m [KeyAttribute<'m>],
    /// The struct that the steps are methods of.
    ident: Ident,
    struct_doc: String,
    /// The associated function of the entity that starts the condition.
    function: Ident,
    function_doc: String,
    /// The type of the source: `Primary` or the index.
    source: TokenStream,
    /// The same, outside of the block that the code is in.
    outer_source: TokenStream,
    /// The source by its own path, where that tells it from other sources even if it is misspelt.
    source_path: TokenStream,
    /// True if the input had mistakes: functions get no bodies.
    failed: bool,
}

/// `OrderPartition` and `Order::partition`: the struct, and what goes with it.
pub(crate) fn of_table(
    entity: &Entity,
    keys: &[KeyAttribute<'_>],
    paths: &Paths,
    failed: bool,
) -> (TokenStream, TokenStream) {
    let private = &paths.private;
    let condition = Condition {
        entity,
        paths,
        keys,
        ident: format_ident!("{}Partition", entity.ident),
        struct_doc: docs::partition_struct(entity),
        function: Ident::new("partition", entity.ident.span()),
        function_doc: docs::partition_function(entity),
        source: quote!(#private::Primary),
        outer_source: quote!(#private::Primary),
        source_path: quote!(#private::Primary),
        failed,
    };
    (condition.declaration(), condition.implementation(&[]))
}

/// `OrderByStatus` and `Order::by_status`.
pub(crate) fn of_index(
    entity: &Entity,
    at: usize,
    table_keys: &[KeyAttribute<'_>],
    keys: &[KeyAttribute<'_>],
    paths: &Paths,
    failed: bool,
) -> (TokenStream, TokenStream) {
    let index = &entity.indexes[at];
    let (path, alias) = (&index.index, index_alias(&index.ident));
    let (private, entity_ident) = (&paths.private, &entity.ident);
    let in_index = quote!(<#entity_ident as #private::KeyIn<#at>>::Index);
    let condition = Condition {
        entity,
        paths,
        keys,
        ident: format_ident!("{}{}", entity.ident, index.ident),
        struct_doc: docs::index_struct(entity, index),
        function: index.function(),
        function_doc: docs::index_function(entity, index),
        source: quote!(#alias),
        outer_source: in_index.clone(),
        source_path: quote!(#path),
        failed,
    };
    // A local index has the table's partition key.
    let partition_of_table = if index.partition_key.is_empty() { table_keys } else { &[] };
    let key_in = quote! {
        impl #private::KeyIn<#at> for #entity_ident { type Index = #path; }
        #[allow(dead_code)]
        type #alias = #in_index;
    };
    let implementation = condition.implementation(partition_of_table);
    (condition.declaration(), quote!(#key_in #implementation))
}

impl<'m> Condition<'m> {
    fn declaration(&self) -> TokenStream {
        let (private, vis, ident, doc) =
            (&self.paths.private, &self.entity.vis, &self.ident, &self.struct_doc);
        let (entity, source) = (&self.entity.ident, &self.outer_source);
        quote! {
            #[doc = #doc]
            #[allow(dead_code, deprecated)]
            #[must_use = "a key condition does nothing until a query uses it"]
            #vis struct #ident<const STEP: usize = 0, __Of = #entity>(#private::PartialKey<__Of, #source>);
        }
    }

    fn implementation(&self, partition_of_table: &[KeyAttribute<'_>]) -> TokenStream {
        let (private, ident) = (&self.paths.private, &self.ident);
        let source = &self.source;
        let (function, keyed_by, steps) =
            (self.function(partition_of_table), self.keyed_by(partition_of_table), self.steps());
        let name = ident.to_string();
        quote! {
            #[automatically_derived]
            impl<const STEP: usize, __Of> #private::From<#private::PartialKey<__Of, #source>> for #ident<STEP, __Of> {
                fn from(key: #private::PartialKey<__Of, #source>) -> Self { Self(key) }
            }
            #[automatically_derived]
            impl<const STEP: usize, __Of> #private::IntoKeyCondition for #ident<STEP, __Of> {
                type Entity = __Of;
                type Source = #source;
                fn into_key_condition(self) -> #private::KeyCondition<__Of, #source> { self.0.into_condition() }
            }
            #[automatically_derived]
            impl<const STEP: usize, __Of> #private::Clone for #ident<STEP, __Of> {
                fn clone(&self) -> Self { Self(#private::Clone::clone(&self.0)) }
            }
            #[automatically_derived]
            impl<const STEP: usize, __Of> ::core::fmt::Debug for #ident<STEP, __Of> {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.debug_tuple(#name).field(&self.0).finish()
                }
            }
            #function
            #keyed_by
            #steps
        }
    }

    fn partition_fields(&self, of_table: &[KeyAttribute<'_>]) -> Vec<&'m Field> {
        let mut fields: Vec<usize> = Vec::new();
        for field in self.partition_keys(of_table).flat_map(|key| key.spec.components()) {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        fields.into_iter().map(|field| &self.entity.fields[field]).collect()
    }

    fn partition_keys<'k>(
        &'k self,
        of_table: &'k [KeyAttribute<'k>],
    ) -> impl Iterator<Item = &'k KeyAttribute<'k>> {
        of_table.iter().chain(self.keys).filter(|key| key.partition)
    }

    fn signature(&self, of_table: &[KeyAttribute<'_>]) -> TokenStream {
        let (vis, function, doc, ident) = (&self.entity.vis, &self.function, &self.function_doc, &self.ident);
        let parameters = self
            .partition_fields(of_table)
            .into_iter()
            .map(|field| parameter(self.entity, field, self.paths));
        quote! {
            #[doc = #doc]
            #vis fn #function(#(#parameters),*) -> #ident
        }
    }

    /// The body of a function, if there is one.
    fn body(&self, code: &TokenStream) -> TokenStream {
        let private = &self.paths.private;
        if self.failed { quote!(#private::derive_failed()) } else { code.clone() }
    }

    fn function(&self, of_table: &[KeyAttribute<'_>]) -> TokenStream {
        let (private, entity, source) = (&self.paths.private, &self.entity.ident, &self.source);
        let arguments = self.partition_fields(of_table).into_iter().map(|field| &field.ident);
        let signature = self.signature(of_table);
        let body = self.body(&quote! {
            let key = <Self as #private::PartitionedBy<#source, _>>::partition_key((#(#arguments),*));
            <Self as #private::KeyedBy<#source>>::sort_key(key)
        });
        quote! {
            #[automatically_derived]
            #[allow(dead_code, unused_variables, private_interfaces, private_bounds, clippy::too_many_arguments)]
            impl #entity {
                #signature {
                    #body
                }
            }
        }
    }

    /// What the function is made of, which item collections share.
    fn keyed_by(&self, of_table: &[KeyAttribute<'_>]) -> TokenStream {
        let (private, ident) = (&self.paths.private, &self.ident);
        let (entity, source, path) = (&self.entity.ident, &self.source, &self.source_path);
        let fields = self.partition_fields(of_table);
        let idents: Vec<&Ident> = fields.iter().map(|field| &field.ident).collect();
        let arguments: Vec<Ident> = (0..fields.len()).map(|at| format_ident!("__A{at}")).collect();
        let bounds = fields.iter().zip(&arguments).map(|(field, argument)| {
            let bound = argument_bound(self.entity, field, self.paths);
            quote!(#argument: #bound)
        });
        let conversions = fields.iter().map(|field| {
            let (ident, value) = (&field.ident, converted(self.entity, field, self.paths));
            quote!(let #ident = #value;)
        });
        let partition = self.partition_keys(of_table).map(|key| {
            let name = &key.name;
            let value = key.value(&self.entity.fields, self.paths, |component| quote!(&#component));
            quote!(.partition(#name, #value))
        });
        let sort = self.keys.iter().find(|key| !key.partition).and_then(|key| match key.spec {
            KeySpec::Template { .. } => {
                let (name, template) = (&key.name, &key.template);
                Some(quote!(.sort_template(#name, &#template)))
            }
            KeySpec::Field { .. } => None,
        });
        let partition_key = self.body(&quote! {
            let (#(#idents),*) = components;
            #(#conversions)*
            #private::PartialKey::new() #(#partition)*
        });
        let sort_key = self.body(&quote!(#ident(key #sort)));
        let parts = (!self.failed).then(|| {
            self.partition_keys(of_table).flat_map(|key| key.partition_parts(self.entity, self.paths))
        });
        let parts = parts.into_iter().flatten();
        quote! {
            #[automatically_derived]
            #[allow(unused_variables)]
            impl #private::KeyedBy<#path> for #entity {
                const PARTITION: &'static [#private::PartitionPart] = &[#(#parts),*];
                type Steps<__Of> = #ident<0, __Of>;
                fn sort_key<__Of>(key: #private::PartialKey<__Of, #source>) -> #ident<0, __Of> { #sort_key }
            }
            #[automatically_derived]
            #[allow(unused_variables, unused_parens, clippy::let_unit_value)]
            impl<#(#bounds),*> #private::PartitionedBy<#path, (#(#arguments),*)> for #entity {
                fn partition_key<__Of>(components: (#(#arguments),*)) -> #private::PartialKey<__Of, #source> {
                    #partition_key
                }
            }
        }
    }

    /// One `impl` for each component of the sort key.
    fn steps(&self) -> TokenStream {
        let mut steps = TokenStream::new();
        let mut at = 0usize;
        for key in self.keys.iter().filter(|key| !key.partition) {
            let components = key.spec.components();
            for (position, field) in components.iter().enumerate() {
                let field = &self.entity.fields[*field];
                let last = position + 1 == components.len();
                let methods = match (key.spec, field.plain) {
                    (KeySpec::Field { .. }, _) => self.attribute_step(field, &key.name, at + 1),
                    (KeySpec::Template { .. }, Some(_)) => self.plain_step(field, last, at + 1),
                    (KeySpec::Template { .. }, None) => self.step(field, at + 1),
                };
                let ident = &self.ident;
                steps.extend(
                    quote!(#[automatically_derived] #[allow(dead_code, unused_variables, private_interfaces, private_bounds)] impl<__Of> #ident<#at, __Of> { #methods }),
                );
                at += 1;
            }
        }
        steps
    }

    fn next(&self, next: usize) -> (TokenStream, TokenStream) {
        let (ident, source) = (&self.ident, &self.source);
        (quote!(#ident<#next, __Of>), quote!(__Of, #source))
    }

    /// A component of a template.
    fn step(&self, field: &Field, next: usize) -> TokenStream {
        let (private, vis) = (&self.paths.private, &self.entity.vis);
        let (ident, ty, doc) = (&field.ident, field.part_type(), docs::step(field));
        let (next, of) = self.next(next);
        let begins_with = self.begins_with(field);
        let body = self.body(&quote!(#private::KeySelector::select(#ident, self.0)));
        let span = ty.span();
        let selector = quote_spanned!(span=> #private::KeySelector<#ty>);
        quote! {
            #[doc = #doc]
            #vis fn #ident<__A: #selector>(self, #ident: __A) -> __A::Next<#of, #next> {
                #body
            }
            #begins_with
        }
    }

    fn begins_with(&self, field: &Field) -> TokenStream {
        let (private, vis) = (&self.paths.private, &self.entity.vis);
        let (ty, doc) = (field.part_type(), docs::begins_with(field));
        let name = suffixed(&field.ident, "begins_with");
        let body = self.body(&quote!(self.0.begins_with(text)));
        let (_, of) = self.next(0);
        quote! {
            #[doc = #doc]
            #vis fn #name(self, text: &str) -> #private::KeyCondition<#of>
            where
                for<'any> #ty: #private::KeyText,
            {
                #body
            }
        }
    }

    /// A component that is written as it displays: its order is known only where it is text and comes last.
    fn plain_step(&self, field: &Field, last: bool, next: usize) -> TokenStream {
        let (private, vis) = (&self.paths.private, &self.entity.vis);
        let (ident, ty) = (&field.ident, field.part_type());
        let (doc, range_doc) = (docs::equality_step(field), docs::step(field));
        let ((next, of), parameter) = (self.next(next), parameter(self.entity, field, self.paths));
        let begins_with = self.begins_with(field);
        let range = suffixed(ident, "range");
        let plain = quote!(self.0.plain(&#private::PlainValue::<#ty>::into_plain(#ident)));
        let body = self.body(&quote!(#private::From::from(#plain)));
        let range = last.then(|| {
            let body = self.body(&quote!(#private::PlainSelector::select(#ident, self.0)));
            quote! {
                #[doc = #range_doc]
                #vis fn #range<__A: #private::PlainSelector<#ty>>(self, #ident: __A) -> __A::Next<#of, #next>
                where
                    for<'any> #ty: #private::KeyText,
                {
                    #body
                }
            }
        });
        quote! {
            #[doc = #doc]
            #vis fn #ident(self, #parameter) -> #next {
                #body
            }
            #range
            #begins_with
        }
    }

    /// A key attribute that is a field itself.
    fn attribute_step(&self, field: &Field, attribute: &TokenStream, next: usize) -> TokenStream {
        let (private, vis) = (&self.paths.private, &self.entity.vis);
        let (ident, ty, doc) = (&field.ident, field.part_type(), docs::step(field));
        let (next, of) = self.next(next);
        let body = self.body(&quote!(#private::select_attribute(#ident, self.0, #attribute)));
        let (begins_with, begins_with_doc) =
            (suffixed(ident, "begins_with"), docs::attribute_begins_with(field));
        let begins_with_body =
            quote!(#private::attribute_begins_with::<#ty, _, _, __B>(self.0, #attribute, beginning));
        let begins_with_body = self.body(&begins_with_body);
        quote! {
            #[doc = #doc]
            #vis fn #ident<__A: #private::PlainSelector<#ty>>(self, #ident: __A) -> __A::Next<#of, #next> {
                #body
            }
            #[doc = #begins_with_doc]
            #vis fn #begins_with<__B: #private::KeyBeginning<#ty> + ?::core::marker::Sized>(
                self,
                beginning: &__B,
            ) -> #private::KeyCondition<#of> {
                #begins_with_body
            }
        }
    }
}

/// `order_id_begins_with` for `order_id`.
fn suffixed(ident: &Ident, suffix: &str) -> Ident {
    let span: Span = ident.span();
    let name = crate::case::name_of(ident);
    Ident::new(&format!("{}_{suffix}", name.trim_end_matches('_')), span)
}
