//! `#[derive(ItemCollection)]`.

use super::{Paths, block, docs, editor_support};
use crate::{
    case::name_of,
    model::item_collection::{Holds, ItemCollection, Member, Unknown},
};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{Ident, spanned::Spanned};

/// The code of an item collection. Members with mistakes are left out, and without any there is no code.
pub(crate) fn expand(collection: ItemCollection, failed: bool) -> TokenStream {
    let collection = &collection;
    let ident = &collection.ident;
    let paths = Paths::new(&collection.runtime, quote!(#ident));
    if collection.members.is_empty() {
        return TokenStream::new();
    }
    let expansion = CollectionCode { collection, paths: &paths };
    let ide = editor_support::completions(&paths, collection.options.names());
    let (members, function, checks) = (expansion.members(), expansion.function(), expansion.checks());
    let (item, implementation) = (expansion.item(), expansion.implementation());
    let assemble = (!collection.is_enum).then(|| expansion.assemble(failed));
    block(&quote! {
        #ide
        #members
        #item
        #implementation
        #assemble
        #function
        #checks
    })
}

/// The entity of a member as the user wrote it, for messages.
fn entity_name(member: &Member) -> String {
    member.entity.to_token_stream().to_string()
}

struct CollectionCode<'m> {
    collection: &'m ItemCollection,
    paths: &'m Paths,
}

impl CollectionCode<'_> {
    /// The member at a position. Only [`CollectionCode::members`] names it by its path, so that a mistake in that is one
    /// error.
    fn member(&self, at: usize) -> TokenStream {
        let (private, ident) = (&self.paths.private, &self.collection.ident);
        quote!(<#ident as #private::MemberAt<#at>>::Member)
    }

    /// The entity of the member at a position.
    fn entity(&self, at: usize) -> TokenStream {
        let (private, member) = (&self.paths.private, self.member(at));
        quote!(<#member as #private::Member>::Entity)
    }

    fn source(&self) -> TokenStream {
        let (private, ident) = (&self.paths.private, &self.collection.ident);
        quote!(<#ident as #private::CollectionIn>::Source)
    }

    fn members(&self) -> TokenStream {
        let (private, ident) = (&self.paths.private, &self.collection.ident);
        let source = match &self.collection.index {
            Some(index) => quote!(#index),
            None => quote!(#private::Primary),
        };
        let members = self.collection.members.iter().enumerate().map(|(at, member)| {
            let (entity, span) = match &member.named {
                Some(named) => (named.to_token_stream(), named.span()),
                None => (self.entity(at), member.entity.span()),
            };
            let member = &member.entity;
            quote_spanned! {span=>
                #[automatically_derived]
                impl #private::MemberAt<#at> for #ident { type Member = #member; }
                #[automatically_derived]
                impl #private::MemberOf<#ident> for #entity { const MEMBER: usize = #at; }
                #[automatically_derived]
                impl #private::FilterOf<#ident> for #entity {
                    fn into_filter(condition: #private::Condition<Self>) -> #private::Condition<#ident> {
                        <#ident as #private::MemberAt<#at>>::into_filter(condition)
                    }
                }
            }
        });
        quote! {
            #[automatically_derived]
            impl #private::CollectionIn for #ident { type Source = #source; }
            #(#members)*
        }
    }

    /// The type of each item, and the functions that make one of a member: variants, of the enum itself or of one
    /// that stands for the fields of a struct.
    fn item_type(&self) -> TokenStream {
        let ident = &self.collection.ident;
        if self.collection.is_enum { quote!(#ident) } else { quote!(__Item) }
    }

    fn variant(&self, ident: &Ident) -> Ident {
        if self.collection.is_enum { ident.clone() } else { format_ident!("__{}", name_of(ident)) }
    }

    fn item(&self) -> Option<TokenStream> {
        if self.collection.is_enum {
            return None;
        }
        let private = &self.paths.private;
        let variants = self.collection.members.iter().enumerate().map(|(at, member)| {
            let (variant, held) = (self.variant(&member.ident), self.member(at));
            quote!(#variant(#held))
        });
        let unknown = self.unknown().map(|ident| {
            let variant = self.variant(ident);
            quote!(#variant(#private::Item))
        });
        Some(quote! {
            #[doc(hidden)]
            #[allow(
                unreachable_pub, missing_debug_implementations, missing_docs, non_camel_case_types,
                private_interfaces, clippy::large_enum_variant
            )]
            pub enum __Item { #(#variants,)* #unknown }
        })
    }

    fn unknown(&self) -> Option<&Ident> {
        match &self.collection.unknown {
            Unknown::Kept(ident) => Some(ident),
            _ => None,
        }
    }

    fn implementation(&self) -> TokenStream {
        let private = &self.paths.private;
        let ident = &self.collection.ident;
        let (item, source, first) = (self.item_type(), self.source(), self.entity(0));
        let name = name_of(ident);
        let count = self.collection.members.len();
        let arms = self.collection.members.iter().enumerate().map(|(at, member)| {
            let variant = self.variant(&member.ident);
            quote!(#at => <#ident as #private::MemberAt<#at>>::visit(visitor, #item::#variant),)
        });
        let unknown = match &self.collection.unknown {
            Unknown::Refused => quote!(Refused),
            Unknown::Skipped => quote!(Skipped),
            Unknown::Kept(kept) => {
                let variant = self.variant(kept);
                quote_spanned!(kept.span()=> Kept(#item::#variant))
            }
        };
        let reads = if self.collection.is_enum { quote!(Members) } else { quote!(Parts) };
        let members = (0..count).map(|at| self.member(at));
        let entities = (0..count).map(|at| self.entity(at));
        quote! {
            #[automatically_derived]
            impl #private::ItemCollection for #ident {
                type Table = <#first as #private::Entity>::Table;
                type Source = #source;
                type Item = #item;
                const NAME: &'static str = #name;
                const MEMBERS: usize = #count;
                const UNKNOWN: #private::Unknown<#item> = #private::Unknown::#unknown;
                fn visit<__V: #private::Visitor<#item>>(
                    member: usize,
                    visitor: __V,
                ) -> #private::Option<__V::Output> {
                    #private::Some(match member {
                        #(#arms)*
                        _ => return #private::None,
                    })
                }
            }
            #[automatically_derived]
            impl<__I: #private::Source> #private::CollectionFrom<__I> for #ident
            where
                #(#members: #private::MemberIn<__I>,)*
            {
            }
            #[automatically_derived]
            impl #private::Queryable for #ident {
                type Table = <#first as #private::Entity>::Table;
                type ReadShape = #private::#reads;
                type Key = #private::MemberKey<#ident>;
                const SUBJECT: &'static str = #name;
                const IS_CONSISTENT: bool = #(<#entities as #private::Entity>::CONSISTENT_READ)||*;
            }
        }
    }

    /// The function that begins a key condition.
    fn function(&self) -> TokenStream {
        let private = &self.paths.private;
        let (ident, vis) = (&self.collection.ident, &self.collection.vis);
        let Some((first, function)) = self.collection.members.first().zip(self.collection.function()) else {
            return TokenStream::new();
        };
        let doc = docs::collection_function(first, &function);
        let (source, entity) = (self.source(), self.entity(0));
        quote! {
            #[automatically_derived]
            #[allow(dead_code, private_interfaces, private_bounds)]
            impl #ident {
                #[doc = #doc]
                #vis fn #function<__A>(components: __A) -> #private::Partition<#ident, #source>
                where
                    #entity: #private::PartitionedBy<#source, __A>,
                {
                    #private::Partition::new(
                        <#entity as #private::PartitionedBy<#source, __A>>::partition_key(components)
                    )
                }
            }
        }
    }

    /// `Assemble`, which makes a struct of its items.
    fn assemble(&self, failed: bool) -> TokenStream {
        let private = &self.paths.private;
        let ident = &self.collection.ident;
        let members = self.collection.members.iter();
        let fields: Vec<_> = members.enumerate().map(|(at, member)| self.field(at, member)).collect();
        let (starts, arms, ends) = (
            fields.iter().map(|(start, ..)| start),
            fields.iter().map(|(_, arm, _)| arm),
            fields.iter().map(|(.., end)| end),
        );
        let unknown = self.unknown().into_iter();
        let (unknown, variants): (Vec<_>, Vec<_>) = unknown.map(|ident| (ident, self.variant(ident))).unzip();
        let body = match failed {
            true => quote!(#private::derive_failed()),
            false => quote! {
                #(#starts)*
                #(let mut #unknown = #private::Vec::new();)*
                for item in items {
                    match item {
                        #(#arms)*
                        #(__Item::#variants(item) => #unknown.push(item),)*
                    }
                }
                #private::Ok(Self { #(#ends,)* #(#unknown,)* })
            },
        };
        quote! {
            #[automatically_derived]
            #[allow(unused_variables)]
            impl #private::Assemble for #ident {
                fn assemble(
                    items: #private::Vec<__Item>,
                ) -> #private::Result<Self, #private::ItemCollectionError> {
                    #body
                }
            }
        }
    }

    /// The statement that begins a field, the arm that adds an item to it, and its value in the end.
    fn field(&self, at: usize, member: &Member) -> (TokenStream, TokenStream, TokenStream) {
        let private = &self.paths.private;
        let (field, variant) = (&member.ident, self.variant(&member.ident));
        let put_one = quote!(<Self as #private::MemberAt<#at>>::put_one(&mut #field, item)?);
        let none = quote!(let mut #field = #private::None;);
        match member.holds {
            Holds::Many => (
                quote!(let mut #field = #private::Vec::new();),
                quote!(__Item::#variant(item) => #field.push(item),),
                quote!(#field),
            ),
            Holds::OneOrNone => (none, quote!(__Item::#variant(item) => #put_one,), quote!(#field)),
            Holds::One => (
                none,
                quote!(__Item::#variant(item) => #put_one,),
                quote!(#field: <Self as #private::MemberAt<#at>>::required(#field)?),
            ),
        }
    }

    /// Assertions that the members are in one table, and that one partition can hold items of them all.
    fn checks(&self) -> TokenStream {
        let private = &self.paths.private;
        let collection = &self.collection.ident;
        let Some((first, others)) = self.collection.members.split_first() else { return TokenStream::new() };
        let first_entity = self.entity(0);
        let checks = others.iter().enumerate().map(|(before, member)| {
            let at = before + 1;
            let entity = self.spanned_entity(at, member);
            let partition = self.collection.table.is_none().then(|| self.partition_check(first, at, member));
            quote_spanned! {member.entity.span()=>
                const _: fn() = #private::assert_same_table::<#collection, #first_entity, #entity>;
                #partition
            }
        });
        // The table is named once, so that a mistake in its path is one error.
        let of_table = self.collection.table.iter().map(|table| {
            let entity = self.spanned_entity(0, first);
            quote_spanned! {first.entity.span()=>
                const _: fn() = #private::assert_in_table::<#collection, #table, #entity>;
            }
        });
        let overlaps = self.overlaps();
        quote!(#(#of_table)* #(#checks)* #(#overlaps)*)
    }

    /// The entity of a member, whose mistakes are reported where the member was typed.
    fn spanned_entity(&self, at: usize, member: &Member) -> TokenStream {
        let (private, collection) = (&self.paths.private, &self.collection.ident);
        quote_spanned!(member.entity.span()=> <<#collection as #private::MemberAt<#at>>::Member as #private::Member>::Entity)
    }

    /// The assertion that a partition can hold items of the first member and of the one at a position.
    fn partition_check(&self, first: &Member, at: usize, member: &Member) -> TokenStream {
        let private = &self.paths.private;
        let collection = &self.collection.ident;
        let message = format!(
            "the partition keys of `{}` and `{}` have different forms, so no partition of `{collection}` holds both",
            entity_name(first),
            entity_name(member)
        );
        quote_spanned! {member.entity.span()=>
            const _: () = ::core::assert!(
                #private::is_same_partition(
                    <#collection as #private::MemberAt<0>>::PARTITION,
                    <#collection as #private::MemberAt<#at>>::PARTITION,
                ),
                #message
            );
        }
    }

    /// Assertions that no key is of two members, unless the table stores the entity type of an item.
    fn overlaps(&self) -> Vec<TokenStream> {
        let (private, members) = (&self.paths.private, &self.collection.members);
        if self.collection.first_fits {
            return Vec::new();
        }
        let pairs = (0..members.len()).flat_map(|at| (0..at).map(move |before| (before, at)));
        let overlaps = pairs.map(|(before, at)| {
            let (one, other) = (entity_name(&members[before]), entity_name(&members[at]));
            let cure = format!("say `overlap = first` if it is of `{one}` then");
            let message = docs::shared_key(&one, &other, &cure);
            let (source, a, b) = (self.source(), self.entity(before), self.entity(at));
            quote_spanned! {members[at].entity.span()=>
                const _: () = ::core::assert!(!#private::may_share_a_key::<#source, #a, #b>(), #message);
            }
        });
        overlaps.collect()
    }
}
