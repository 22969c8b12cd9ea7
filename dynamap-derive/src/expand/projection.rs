//! `#[derive(Projection)]`.

use super::{Paths, ide, local_at};
use crate::{
    case::{Case, ident_in},
    model::projection::{Projection, Source},
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote_spanned};
use syn::{Ident, Path, spanned::Spanned};

/// The code of a projection; without bodies where the input had mistakes (`failed`).
pub(crate) fn expand(projection: &Projection, failed: bool) -> TokenStream {
    let paths = Paths::new(&projection.runtime, quote!(__Fields));
    let private = &paths.private;
    let Some(entity) = &projection.entity else { return TokenStream::new() };
    let ident = &projection.ident;
    if failed {
        return stubs(projection, entity, private);
    }
    let key = quote!(<#entity as #private::Entity>::Key);
    let table = quote!(<#entity as #private::Entity>::Table);

    let attributes: Vec<_> =
        projection.fields.iter().filter(|field| field.source == Source::Attribute).collect();
    let reads_key = attributes.len() < projection.fields.len();
    let constants: Vec<Ident> = (0..attributes.len()).map(|at| format_ident!("__FIELD_{at}")).collect();
    let declarations = attributes.iter().zip(&constants).map(|(field, name)| {
        let (constant, ty, runtime) =
            (ident_in(Case::ScreamingSnake, &field.ident), &field.ty, &paths.runtime);
        quote_spanned!(ty.span()=> const #name: #runtime::Attribute<#entity, #ty> = <#entity>::#constant.of_any_role();)
    });
    let key_names = reads_key.then(
        || quote!(<#entity as #private::InTable>::PARTITION_KEY.name, <#entity as #private::InTable>::SORT_KEY.name),
    );
    let types = attributes.iter().enumerate().map(|(at, field)| {
        let ty = &field.ty;
        quote!(#[automatically_derived] impl #private::FieldOf<0, #at> for __Fields { type Type = #ty; })
    });
    let members = attributes.iter().map(|field| {
        let (ident, ty) = (&field.ident, &field.ty);
        quote!(#ident: #private::Option<#ty>)
    });
    let defaults = attributes.iter().map(|field| {
        let ident = &field.ident;
        quote!(#ident: #private::None)
    });
    let arms = attributes.iter().enumerate().map(|(at, field)| {
        let ident = &field.ident;
        quote!(#at => <__Fields as #private::FieldOf<0, #at>>::read_field(&mut partial.#ident, r),)
    });
    let (partition_at, sort_at) = (attributes.len(), attributes.len() + 1);
    let key_arms = reads_key.then(|| {
        quote! {
            #partition_at => #private::read_field(&mut partial.__partition_key, r),
            #sort_at => #private::read_field(&mut partial.__sort_key, r),
        }
    });
    let read_key = reads_key.then(|| {
        quote!(let key = <#key as #private::Key>::from_attributes(partial.__partition_key, partial.__sort_key)?;)
    });
    let (mut constant, mut at) = (constants.iter(), 0usize);
    let finished = projection.fields.iter().map(|field| {
        let ident = &field.ident;
        match field.source {
            Source::Key => {
                let key = local_at("key", field.ty.span());
                quote_spanned!(field.ty.span()=> #ident: #private::Clone::clone(&#key.#ident))
            }
            Source::Attribute => {
                let constant = constant.next();
                let take = quote!(<__Fields as #private::FieldOf<0, #at>>::take);
                at += 1;
                quote!(#ident: #take(partial.#ident, #constant.name())?)
            }
        }
    });
    let count = constants.len() + if reads_key { 2 } else { 0 };
    let key_names = key_names.into_iter();
    let all_names = quote!(#(#constants.name(),)* #(#key_names)*);
    let indexes = projection.indexes.iter().map(|index| {
        let held = attributes.iter().zip(&constants).map(|(field, constant)| {
            let (name, index_name) = (&field.ident, quote!(#index).to_string());
            let message = format!(
                "the index `{index_name}` does not hold `{name}`; add its attribute to the `projection` of the index, or mark the field `key` if it is in the primary key"
            );
            quote_spanned! {name.span()=>
                const _: () = ::core::assert!(#private::holds::<#index>(#constant.name()), #message);
            }
        });
        quote_spanned! {index.span()=>
            #[automatically_derived]
            impl #private::ReadableFrom<#index> for #ident {}
            const _: fn() = || #private::assert_index_of::<#index, #table>();
            #(#held)*
        }
    });
    let key_checks = attributes.iter().zip(&constants).filter(|_| reads_key).map(|(field, constant)| {
        let name = &field.ident;
        let message = format!("`{name}` is a key attribute itself; mark it `key` as well");
        quote_spanned! {name.span()=>
            const _: () = ::core::assert!(
                !#private::is_among(#constant.name(), &[
                    <#entity as #private::InTable>::PARTITION_KEY.name,
                    <#entity as #private::InTable>::SORT_KEY.name,
                ]),
                #message
            );
        }
    });
    let ide = ide::completions(&paths, &projection.options);
    quote! {
        #[allow(unused_qualifications)]
        const _: () = {
            #ide
            struct __Fields;
            #(#types)*
            #(#declarations)*
            const __NAMES: [&str; #count] = [#all_names];
            const HEADS: [#private::Head; #count] = #private::FieldTable::heads(&__NAMES);
            static __FIELDS: #private::FieldTable = #private::FieldTable::new(&__NAMES, &[], &HEADS);
            #[doc(hidden)]
            #[allow(unreachable_pub, missing_debug_implementations, missing_docs)]
            pub struct __Partial {
                #(#members,)*
                __partition_key: #private::Option<#private::AttributeValue>,
                __sort_key: #private::Option<#private::AttributeValue>,
            }
            #[automatically_derived]
            impl #private::Default for __Partial {
                fn default() -> Self {
                    Self { #(#defaults,)* __partition_key: #private::None, __sort_key: #private::None }
                }
            }
            #[automatically_derived]
            impl #private::FromDocument for #ident {
                type Output = Self;
                type Partial = __Partial;
                const FIELDS: &'static #private::FieldTable = &__FIELDS;
                fn read_field<__R: #private::Reader>(
                    partial: &mut Self::Partial,
                    index: usize,
                    r: &mut __R,
                ) -> #private::Result<(), #private::DecodeError> {
                    match index { #(#arms)* #key_arms _ => r.skip() }
                }
                fn finish(partial: Self::Partial) -> #private::Result<Self, #private::DecodeError> {
                    #read_key
                    #private::Ok(Self { #(#finished),* })
                }
            }
            #[automatically_derived]
            impl #private::Projection for #ident {
                type Entity = #entity;
                const ATTRIBUTES: &'static [&'static str] = &__NAMES;
            }
            #(#key_checks)*
            #(#indexes)*
        };
    }
}

/// The traits without bodies.
fn stubs(projection: &Projection, entity: &Path, private: &TokenStream) -> TokenStream {
    let (ident, indexes) = (&projection.ident, &projection.indexes);
    let document = super::stubs::from_document(ident, private);
    quote! {
        #[allow(unused_qualifications)]
        const _: () = {
            #document
            #[automatically_derived]
            impl #private::Projection for #ident {
                type Entity = #entity;
                const ATTRIBUTES: &'static [&'static str] = &[];
            }
            #(#[automatically_derived] impl #private::ReadableFrom<#indexes> for #ident {})*
        };
    }
}
