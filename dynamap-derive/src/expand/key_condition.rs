//! Typed key conditions: a partition, then the components of the sort key, one step after another.

mod steps;

use super::{
    Paths,
    complete_key::CompleteKey,
    docs,
    key::{argument_bound, converted, parameter},
    key_attribute::{KeyAttribute, index_alias},
    vector_search,
};
use crate::model::{
    entity::Entity,
    field::Field,
    key_spec::{KeySpec, each_once},
};
use proc_macro2::TokenStream;
use quote::format_ident;
use syn::Ident;

/// A key condition of the table or of an index.
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
    /// The source as it is named outside of the block that the code is in.
    outer_source: TokenStream,
    /// The source by its own path, which differs from other sources even where it is misspelt.
    source_path: TokenStream,
    /// The components that make the condition a key once it is complete; `None` of an index.
    complete: Option<CompleteKey<'m>>,
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
        complete: CompleteKey::of(entity, paths),
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
    if let Some(search) = &index.vector {
        return vector_search::of_index(entity, at, search, keys, paths, failed);
    }
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
        complete: None,
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
        let kept = self.complete.as_ref().map(CompleteKey::kept);
        quote! {
            #[doc = #doc]
            #[allow(dead_code, deprecated)]
            #[must_use = "a key condition does nothing until a query uses it"]
            #vis struct #ident<const STEP: usize = 0, __Of = #entity>(#private::PartialKey<__Of, #source>, #kept);
        }
    }

    fn implementation(&self, partition_of_table: &[KeyAttribute<'_>]) -> TokenStream {
        let (private, ident) = (&self.paths.private, &self.ident);
        let source = &self.source;
        let (function, keyed_by, steps) =
            (self.function(partition_of_table), self.keyed_by(partition_of_table), self.steps());
        let name = ident.to_string();
        let copied = self.complete.as_ref().map(|_| quote!(#private::Clone::clone(&self.1)));
        let into_key = self.complete.as_ref().map(|complete| complete.key_impl(ident, self.failed));
        quote! {
            #[automatically_derived]
            impl<const STEP: usize, __Of> #private::IntoKeyCondition for #ident<STEP, __Of> {
                type Entity = __Of;
                type Source = #source;
                fn into_key_condition(self) -> #private::KeyCondition<__Of, #source> { self.0.into_condition() }
            }
            #[automatically_derived]
            impl<const STEP: usize, __Of> #private::IntoKeyCondition for &#ident<STEP, __Of> {
                type Entity = __Of;
                type Source = #source;
                fn into_key_condition(self) -> #private::KeyCondition<__Of, #source> {
                    #private::Clone::clone(&self.0).into_condition()
                }
            }
            #[automatically_derived]
            impl<const STEP: usize, __Of> #private::From<#ident<STEP, __Of>> for #private::KeyCondition<__Of, #source> {
                fn from(condition: #ident<STEP, __Of>) -> Self { condition.0.into_condition() }
            }
            #[automatically_derived]
            impl<const STEP: usize, __Of> #private::Clone for #ident<STEP, __Of> {
                fn clone(&self) -> Self { Self(#private::Clone::clone(&self.0), #copied) }
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
            #into_key
        }
    }

    fn partition_fields(&self, of_table: &[KeyAttribute<'_>]) -> Vec<&'m Field> {
        let fields = each_once(self.partition_keys(of_table).flat_map(|key| key.spec.components()));
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

    /// The body of a function: `code`, or a panic where the input had mistakes.
    fn body(&self, code: &TokenStream) -> TokenStream {
        let private = &self.paths.private;
        if self.failed { quote!(#private::derive_failed()) } else { code.clone() }
    }

    fn function(&self, of_table: &[KeyAttribute<'_>]) -> TokenStream {
        let (private, entity, source) = (&self.paths.private, &self.entity.ident, &self.source);
        let fields = self.partition_fields(of_table);
        let arguments: Vec<&Ident> = fields.iter().map(|field| &field.ident).collect();
        let signature = self.signature(of_table);
        let (conversions, partition, sort) =
            (self.conversions(&fields), self.partition(of_table), self.sort());
        let body = self.body(&match &self.complete {
            Some(complete) => {
                let (ident, kept) = (&self.ident, complete.begun(&fields));
                quote! {
                    #conversions
                    let key = #partition #sort;
                    #ident(key, #kept)
                }
            }
            None => quote! {
                let key = <Self as #private::PartitionedBy<#source, _>>::partition_key((#(#arguments),*));
                <Self as #private::KeyedBy<#source>>::sort_key(key)
            },
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

    /// The implementations that the function calls, and item collections too.
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
        let (conversions, partition, sort) =
            (self.conversions(&fields), self.partition(of_table), self.sort());
        let kept = self.complete.as_ref().map(|complete| complete.begun(&[]));
        let partition_key = self.body(&quote! {
            let (#(#idents),*) = components;
            #conversions
            #partition
        });
        let sort_key = self.body(&quote!(#ident(key #sort, #kept)));
        let parts = (!self.failed)
            .then(|| self.partition_keys(of_table).flat_map(|key| key.parts(self.entity, self.paths)));
        let parts = parts.into_iter().flatten();
        let sort_keys = self.keys.iter().filter(|key| !key.partition && !self.failed);
        let sort_parts = sort_keys.flat_map(|key| key.parts(self.entity, self.paths));
        quote! {
            #[automatically_derived]
            #[allow(unused_variables)]
            impl #private::KeyedBy<#path> for #entity {
                const PARTITION: &'static [#private::PartitionPart] = &[#(#parts),*];
                const SORT: &'static [#private::PartitionPart] = &[#(#sort_parts),*];
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

    /// The statements that make components of the arguments.
    fn conversions(&self, fields: &[&Field]) -> TokenStream {
        let conversions = fields.iter().map(|field| {
            let (ident, value) = (&field.ident, converted(self.entity, field, self.paths));
            quote!(let #ident = #value;)
        });
        quote!(#(#conversions)*)
    }

    /// The partial key of one partition, of its components.
    fn partition(&self, of_table: &[KeyAttribute<'_>]) -> TokenStream {
        let private = &self.paths.private;
        let partition = self.partition_keys(of_table).map(|key| {
            let name = &key.name;
            let value = key.value(&self.entity.fields, self.paths, |component| quote!(&#component));
            quote!(.partition(#name, #value))
        });
        quote!(#private::PartialKey::new() #(#partition)*)
    }

    /// The method call that begins the sort key, if it has a template.
    fn sort(&self) -> Option<TokenStream> {
        let key = self.keys.iter().find(|key| !key.partition)?;
        let (name, template) = (&key.name, &key.template);
        matches!(key.spec, KeySpec::Template { .. }).then(|| quote!(.sort_template(#name, &#template)))
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
}
