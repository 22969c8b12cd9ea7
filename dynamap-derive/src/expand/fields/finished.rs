//! The struct that is made of the fields read, with defaults in the place of absent ones.

use super::{FieldSet, field_types, local, optional};
use crate::model::field::{Codec, Default, Field};
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

impl<'m> FieldSet<'m> {
    pub(super) fn has_default(&self, field: &Field) -> bool {
        !matches!(field.default, Default::Absent) || self.whole_default_of(field).is_some()
    }

    /// The struct's default, if the field takes its own from there.
    fn whole_default_of(&self, field: &Field) -> Option<&'m (Default, Span)> {
        let of_its_own = field.in_primary_key || field.flatten || !matches!(field.default, Default::Absent);
        self.default.filter(|_| !of_its_own)
    }

    /// A statement that makes the default of the struct, if it has one.
    pub(crate) fn whole_default(&self) -> TokenStream {
        let (private, default) = (&self.paths.private, local("default"));
        match self.default {
            Some((Default::Function(path), span)) => quote_spanned!(*span=> let #default: Self = #path();),
            Some((_, span)) => quote_spanned!(*span=> let #default = <Self as #private::Default>::default();),
            None => TokenStream::new(),
        }
    }

    /// `field: value` for each field of the finished struct. `key_only` says how fields inside keys are taken.
    pub(crate) fn finished(&self, key_only: impl Fn(&Field) -> TokenStream) -> TokenStream {
        let values = self.fields.iter().map(|field| {
            let ident = &field.ident;
            let value = match field {
                field if field.key_only.is_some() => key_only(field),
                Field { flatten: true, .. } => {
                    let of = field_types::of(field, self.paths);
                    quote!(#of::finish(partial.#ident)?)
                }
                field if field.skip => self.default_value(field),
                field => self.stored_value(field),
            };
            let value = match self.lineage().filter(|(_, version, _)| version.position == field.position) {
                Some((_, version, _)) => {
                    let of = self.version_of(version);
                    quote!(#of::with_lineage(#value, partial.__lineage))
                }
                None => value,
            };
            quote!(#ident: #value)
        });
        quote!(#(#values),*)
    }

    fn default_value(&self, field: &Field) -> TokenStream {
        let private = &self.paths.private;
        let ident = &field.ident;
        match &field.default {
            _ if self.whole_default_of(field).is_some() => quote!(default.#ident),
            Default::Function(path) => quote!(#path()),
            Default::Trait | Default::Absent => {
                let ty = &field.ty;
                quote!(<#ty as #private::Default>::default())
            }
        }
    }

    fn stored_value(&self, field: &Field) -> TokenStream {
        let private = &self.paths.private;
        let Field { ident, name, .. } = field;
        if self.whole_default_of(field).is_some() {
            return quote! {
                match partial.#ident {
                    #private::Some(value) => value,
                    #private::None => default.#ident,
                }
            };
        }
        match &field.default {
            Default::Function(path) => quote!(#private::take_or(partial.#ident, #path)),
            Default::Trait => quote!(#private::take_or(partial.#ident, #private::Default::default)),
            Default::Absent => match &field.codec {
                Codec::Attribute | Codec::Serde => {
                    let of = field_types::of(field, self.paths);
                    quote!(#of::take(partial.#ident, #name)?)
                }
                Codec::With(_) => {
                    let optional = optional(&field.ty, self.paths);
                    quote!(#private::take_with(partial.#ident, #optional::absent(), #name)?)
                }
            },
        }
    }
}
