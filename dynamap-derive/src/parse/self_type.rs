//! Replaces `Self` by the name of its type: generated code repeats the types of fields where `Self` is another type.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Data, DeriveInput, Generics, Ident, Meta, parse::Parse};

/// Puts the type's own name in the place of `Self`, in the types of its fields, its bounds and its options.
pub(crate) fn name(input: &mut DeriveInput) {
    let own = SelfType { ident: input.ident.clone(), generics: input.generics.clone() };
    own.replace_in_generics(&mut input.generics);
    own.replace_in_options(&mut input.attrs);
    match &mut input.data {
        Data::Struct(data) => own.replace_in_fields(&mut data.fields),
        Data::Enum(data) => {
            for variant in &mut data.variants {
                own.replace_in_options(&mut variant.attrs);
                own.replace_in_fields(&mut variant.fields);
            }
        }
        // `parse::shape` refuses it.
        Data::Union(_) => {}
    }
}

struct SelfType {
    ident: Ident,
    generics: Generics,
}

impl SelfType {
    fn replace_in_fields(&self, fields: &mut syn::Fields) {
        for field in fields {
            self.replace_in_options(&mut field.attrs);
            self.replace_in(&mut field.ty);
        }
    }

    fn replace_in_options(&self, attributes: &mut [syn::Attribute]) {
        for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("dynamap")) {
            if let Meta::List(list) = &mut attribute.meta {
                list.tokens = self.replaced(list.tokens.clone());
            }
        }
    }

    fn replace_in_generics(&self, generics: &mut Generics) {
        let mut where_clause = generics.where_clause.take();
        self.replace_in(generics);
        if let Some(clause) = &mut where_clause {
            self.replace_in(clause);
        }
        generics.where_clause = where_clause;
    }

    fn replace_in<T: ToTokens + Parse>(&self, part: &mut T) {
        let tokens = part.to_token_stream();
        if !names_self(tokens.clone()) {
            return;
        }
        if let Ok(replaced) = syn::parse2(self.replaced(tokens)) {
            *part = replaced;
        }
    }

    fn replaced(&self, tokens: TokenStream) -> TokenStream {
        let replaced = tokens.into_iter().map(|token| match token {
            TokenTree::Ident(ident) if ident == "Self" => {
                let (_, generics, _) = self.generics.split_for_impl();
                // `Node::<T>` is right in a type and in a path such as `Node::<T>::new`; `Node<T>` is in a type only.
                let generics = generics.as_turbofish();
                let mut own = self.ident.clone();
                own.set_span(ident.span());
                quote!(#own #generics)
            }
            TokenTree::Group(group) => {
                let mut replaced = Group::new(group.delimiter(), self.replaced(group.stream()));
                replaced.set_span(group.span());
                TokenTree::from(replaced).into()
            }
            token => token.into(),
        });
        replaced.collect()
    }
}

fn names_self(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "Self",
        TokenTree::Group(group) => names_self(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
