//! Enums whose values are named attributes, so that they can be flattened. Only all attributes together tell the variant, so
//! they are collected before one is read.

use super::{Enumeration, field_types};
use crate::{
    expand::{document_functions, fields::field_table, local},
    model::{
        attribute::{Tag, Variant, VariantFields},
        field::{Codec, Field},
    },
};
use proc_macro2::TokenStream;

impl<'m> Enumeration<'m> {
    /// `Document` and its supertraits; nothing if this style does not store each variant as named attributes.
    pub(super) fn as_document(&self, tag: &Tag) -> TokenStream {
        if !self.variants.iter().all(|variant| is_named(variant, tag)) {
            return TokenStream::new();
        }
        let private = &self.target.paths.private;
        // An untagged newtype is named attributes if its content is.
        let contents = self.untagged_contents(tag).map(|field| &field.ty);
        let when = quote!(#(for<'any> #contents: #private::Document,)*);
        let (names, inner) = (self.names(tag), self.inner(tag));
        let (count, quoted_names) = (names.len(), quote!(#(#names),*));
        let nothing = TokenStream::new();
        let table = field_table(&local("__DOCUMENT"), count, &quoted_names, &nothing, self.target.paths);
        let (writes, check_beside) = (self.write_fields(tag), self.check_beside(tag));
        let write_fields = document_functions::write_fields(&writes, self.target.paths);
        let from_document = self.target.implement_where(
            &quote!(#private::FromDocument),
            &when,
            &quote! {
                type Output = Self;
                type Partial = #private::FlatMembers;
                const FIELDS: &'static #private::FieldTable = &__DOCUMENT;
                const OPEN: bool = true;
                const TAKES_ANY: bool = false #(|| #inner::TAKES_ANY)*;
                fn each_name(name: &mut dyn #private::FnMut(&'static str)) {
                    for known in __DOCUMENT.names() {
                        name(known);
                    }
                    #(#inner::each_name(name);)*
                }
                fn read_field<__R: #private::Reader>(
                    partial: &mut #private::FlatMembers,
                    index: usize,
                    r: &mut __R,
                ) -> #private::Result<(), #private::DecodeError> {
                    partial.read(__DOCUMENT.name(index), r)
                }
                fn read_other<__R: #private::Reader>(
                    partial: &mut #private::FlatMembers,
                    name: &str,
                    r: &mut __R,
                ) -> #private::Result<bool, #private::DecodeError> {
                    partial.offer::<Self, __R>(name, r)
                }
                fn finish(partial: #private::FlatMembers) -> #private::Result<Self, #private::DecodeError> {
                    partial.finish()
                }
            },
        );
        let to_document = self.target.implement_where(
            &quote!(#private::ToDocument),
            &when,
            &quote! {
                #[allow(unused_variables)]
                #write_fields
                #[allow(unused_variables)]
                fn check_beside(&self, taken: &dyn #private::Fn(&str) -> bool) -> #private::Result<(), #private::EncodeError> {
                    #check_beside
                }
            },
        );
        let document = self.target.implement_where(&quote!(#private::Document), &when, &TokenStream::new());
        quote! {
            #table
            #from_document
            #to_document
            #document
        }
    }

    fn untagged_contents(&self, tag: &Tag) -> impl Iterator<Item = &'m Field> {
        let untagged = matches!(tag, Tag::Untagged);
        self.variants.iter().filter(move |_| untagged).filter_map(|variant| match &variant.fields {
            VariantFields::Newtype(field) => Some(&**field),
            _ => None,
        })
    }

    /// The names that some variant writes, each once.
    fn names(&self, tag: &Tag) -> Vec<String> {
        let mut names: Vec<String> = match tag {
            Tag::External => {
                return self.variants.iter().flat_map(|variant| variant.names()).cloned().collect();
            }
            Tag::Adjacent(tag, content) => return vec![tag.value(), content.value()],
            Tag::Internal(tag) => vec![tag.value()],
            Tag::Untagged => Vec::new(),
        };
        for variant in self.variants {
            let VariantFields::Struct(fields) = &variant.fields else { continue };
            for field in fields.iter().filter(|field| field.is_stored()) {
                for name in std::iter::once(&field.name).chain(&field.aliases) {
                    if !names.contains(name) {
                        names.push(name.clone());
                    }
                }
            }
        }
        names
    }

    /// The documents whose attributes stand beside those.
    fn inner(&self, tag: &Tag) -> Vec<TokenStream> {
        let (paths, private) = (self.target.paths, &self.target.paths.private);
        let beside = matches!(tag, Tag::Internal(_) | Tag::Untagged);
        let variants = self.variants.iter().filter(|_| beside);
        variants
            .flat_map(|variant| match &variant.fields {
                VariantFields::Newtype(field) if field.tagged => vec![field_types::of(field, paths)],
                VariantFields::Newtype(field) => {
                    let ty = &field.ty;
                    vec![quote!(<#ty as #private::FromDocument>)]
                }
                VariantFields::Struct(fields) => fields
                    .iter()
                    .filter(|field| field.flatten)
                    .map(|field| field_types::of(field, paths))
                    .collect(),
                VariantFields::Unit | VariantFields::Tuple(_) => Vec::new(),
            })
            .collect()
    }

    /// Writes the attributes without a map around them.
    fn write_fields(&self, tag: &Tag) -> TokenStream {
        let private = &self.target.paths.private;
        self.match_self(|variant| {
            let name = &variant.name;
            let write = match (tag, &variant.fields) {
                (Tag::External, _) => {
                    let content = self.write_content(variant, &TokenStream::new());
                    quote!(#private::write_member(w, #name, |w| #content)?;)
                }
                (Tag::Internal(tag), _) => self.write_beside_tag(variant, &tag.value()),
                (Tag::Adjacent(tag, content), _) => {
                    self.write_adjacent_members(variant, &tag.value(), &content.value())
                }
                (Tag::Untagged, VariantFields::Newtype(field)) => {
                    let ty = &field.ty;
                    quote!(<#ty as #private::ToDocument>::write_fields(value, w)?;)
                }
                (Tag::Untagged, VariantFields::Struct(fields)) => {
                    self.field_set(variant, fields).write(|ident| quote!(#ident))
                }
                (Tag::Untagged, VariantFields::Unit | VariantFields::Tuple(_)) => TokenStream::new(),
            };
            quote!({ #write #private::Ok(()) })
        })
    }

    /// Refuses maps that hold a name beside the enum.
    fn check_beside(&self, tag: &Tag) -> TokenStream {
        let (paths, private) = (self.target.paths, &self.target.paths.private);
        let beside = matches!(tag, Tag::Internal(_) | Tag::Untagged);
        self.match_self(|variant| {
            let checks: Vec<TokenStream> = match &variant.fields {
                _ if !beside => Vec::new(),
                VariantFields::Newtype(field) if field.tagged => {
                    let of = field_types::of(field, paths);
                    vec![quote!(#of::check_beside(value, taken)?;)]
                }
                VariantFields::Newtype(field) => {
                    let ty = &field.ty;
                    vec![quote!(<#ty as #private::ToDocument>::check_beside(value, taken)?;)]
                }
                VariantFields::Struct(fields) => {
                    let flattened = fields.iter().filter(|field| field.flatten);
                    let check = flattened.map(|field| {
                        let (ident, of) = (&field.ident, field_types::of(field, paths));
                        quote!(#of::check_beside(#ident, taken)?;)
                    });
                    check.collect()
                }
                VariantFields::Unit | VariantFields::Tuple(_) => Vec::new(),
            };
            quote!({ #(#checks)* #private::Ok(()) })
        })
    }
}

/// True if the variant is written as named attributes.
fn is_named(variant: &Variant, tag: &Tag) -> bool {
    match (tag, &variant.fields) {
        (Tag::Internal(_) | Tag::Adjacent(..), _) | (_, VariantFields::Struct(_)) => true,
        (Tag::External, fields) => !matches!(fields, VariantFields::Unit),
        (Tag::Untagged, VariantFields::Newtype(field)) => matches!(field.codec, Codec::Attribute),
        (Tag::Untagged, VariantFields::Unit | VariantFields::Tuple(_)) => false,
    }
}
