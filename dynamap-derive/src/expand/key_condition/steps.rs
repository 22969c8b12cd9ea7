//! The methods of the steps of a key condition.

use super::{
    super::{docs, key::parameter},
    Condition,
};
use crate::model::field::Field;
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::{Ident, spanned::Spanned};

impl Condition<'_> {
    /// A statement that comes first, and the next step, an expression over the locals `key` (the partial key) and `value` (the
    /// component). `with` is the partial key with that component.
    fn advance(&self, field: &Field, with: &TokenStream) -> (TokenStream, TokenStream) {
        let (ident, private) = (&self.ident, &self.paths.private);
        let Some(at) = self.complete.as_ref().and_then(|complete| complete.position(field)) else {
            return (TokenStream::new(), quote!(#ident(#with, )));
        };
        let next = quote!({
            let key = #with;
            kept.#at = #private::Some(value);
            #ident(key, kept)
        });
        (quote!(let mut kept = self.1;), next)
    }

    fn next(&self, next: usize) -> (TokenStream, TokenStream) {
        let (ident, source) = (&self.ident, &self.source);
        (quote!(#ident<#next, __Of>), quote!(__Of, #source))
    }

    /// A component of a template.
    pub(super) fn step(&self, field: &Field, next: usize) -> TokenStream {
        let (private, vis) = (&self.paths.private, &self.entity.vis);
        let (ident, ty, doc) = (&field.ident, field.part_type(), docs::step(field));
        let (next, of) = self.next(next);
        let begins_with = self.begins_with(field);
        let (kept, next_step) = self.advance(field, &quote!(key.part(&value)));
        let range = quote!(#private::PartialKey::range);
        let body = self.body(&quote! {
            #kept
            #private::KeySelector::select_with(#ident, self.0, move |key, value| #next_step, #range)
        });
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
    pub(super) fn plain_step(&self, field: &Field, last: bool, next: usize) -> TokenStream {
        let (private, vis) = (&self.paths.private, &self.entity.vis);
        let (ident, ty) = (&field.ident, field.part_type());
        let (doc, range_doc) = (docs::equality_step(field), docs::step(field));
        let ((next, of), parameter) = (self.next(next), parameter(self.entity, field, self.paths));
        let begins_with = self.begins_with(field);
        let range = suffixed(ident, "range");
        let (kept, next_step) = self.advance(field, &quote!(key.plain(&value)));
        let body = self.body(&quote! {
            #kept
            let (key, value) = (self.0, #private::PlainValue::<#ty>::into_plain(#ident));
            #next_step
        });
        let range = last.then(|| {
            let body = self.body(&quote! {
                #kept
                #private::select_plain(#ident, self.0, move |key, value| #next_step)
            });
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
    pub(super) fn attribute_step(&self, field: &Field, attribute: &TokenStream, next: usize) -> TokenStream {
        let (private, vis) = (&self.paths.private, &self.entity.vis);
        let (ident, ty, doc) = (&field.ident, field.part_type(), docs::step(field));
        let (next, of) = self.next(next);
        let (kept, next_step) = self.advance(field, &quote!(key));
        let body = self.body(&quote! {
            #kept
            #private::select_attribute(#ident, self.0, #attribute, move |key, value| #next_step)
        });
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
