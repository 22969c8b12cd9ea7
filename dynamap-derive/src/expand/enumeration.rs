//! Enums as attribute values, in serde's four styles.

mod document;

use super::{
    field_types,
    fields::{FieldSet, read_tuple, read_value, write_tuple, write_value},
    target::Target,
};
use crate::model::attribute::{Tag, Variant, VariantFields};
use proc_macro2::TokenStream;
use quote::format_ident;
use syn::Ident;

pub(crate) fn expand(target: &Target<'_>, tag: &Tag, variants: &[Variant]) -> TokenStream {
    let private = &target.paths.private;
    let enumeration = Enumeration { target, variants };
    let documents = variants.iter().map(|variant| enumeration.document(variant, tag));
    let unit_only = variants.iter().all(Variant::is_unit);
    let (data_type, read, write) = match tag {
        Tag::External if unit_only => (quote!(S), enumeration.read_name(), enumeration.write_external()),
        Tag::External => (quote!(Any), enumeration.read_external(), enumeration.write_external()),
        Tag::Internal(tag) => {
            (quote!(M), enumeration.read_internal(&tag.value()), quote!(#private::write_document(self, w)))
        }
        Tag::Adjacent(tag, content) => {
            let (tag, content) = (tag.value(), content.value());
            (quote!(M), enumeration.read_adjacent(&tag, &content), quote!(#private::write_document(self, w)))
        }
        Tag::Untagged => (quote!(Any), enumeration.read_untagged(), enumeration.write_untagged()),
    };
    let value = target.value(&quote!(#private::marker::#data_type), &read, &write);
    let key_part = (unit_only && matches!(tag, Tag::External)).then(|| enumeration.key_part());
    let map_key = (unit_only && matches!(tag, Tag::External)).then(|| enumeration.map_key());
    let document = enumeration.as_document(tag);
    quote!(#(#documents)* #value #document #key_part #map_key)
}

impl Variant {
    /// The names that it is read by.
    fn names(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.name).chain(&self.aliases)
    }

    fn is_unit(&self) -> bool {
        matches!(self.fields, VariantFields::Unit)
    }
}

struct Enumeration<'m> {
    target: &'m Target<'m>,
    variants: &'m [Variant],
}

impl<'m> Enumeration<'m> {
    /// The hidden type that stands for a struct variant when it is read.
    fn marker(&self, variant: &Variant) -> Ident {
        format_ident!("__Variant{}", variant.ident)
    }

    fn field_set(&self, variant: &Variant, fields: &'m [crate::model::field::Field]) -> FieldSet<'m> {
        FieldSet {
            paths: self.target.paths,
            fields,
            default: None,
            table: format_ident!("__FIELDS_{}", variant.ident),
        }
    }

    /// A struct variant as a document. The tag beside its fields is known, so that no flattened map takes it.
    fn document(&self, variant: &'m Variant, tag: &Tag) -> TokenStream {
        let VariantFields::Struct(fields) = &variant.fields else { return TokenStream::new() };
        let (enumeration, ident, marker) = (self.target.ident, &variant.ident, self.marker(variant));
        let set = self.field_set(variant, fields);
        let table = match tag {
            Tag::Internal(tag) => set.table_static(&[quote!(#tag)]),
            _ => set.table_static(&[]),
        };
        let hidden = self.target.hidden_struct(&TokenStream::new(), &marker, &TokenStream::new());
        let partial = format_ident!("__Partial{ident}");
        let from_document =
            self.target.implement_from_document(&marker, &partial, &quote!(#enumeration::#ident), &set);
        quote!(#table #hidden #from_document)
    }

    /// Reads what a variant holds: an expression of type `Result<Self, _>`.
    fn read_content(&self, variant: &Variant, unit: &TokenStream) -> TokenStream {
        let (paths, private, ident) = (self.target.paths, &self.target.paths.private, &variant.ident);
        match &variant.fields {
            VariantFields::Unit => quote!({ #unit #private::Ok(Self::#ident) }),
            VariantFields::Newtype(field) => {
                let read = read_value(paths, field);
                quote!(#private::Result::map(#read, Self::#ident))
            }
            VariantFields::Tuple(fields) => read_tuple(paths, fields, &quote!(Self::#ident)),
            VariantFields::Struct(_) => {
                let marker = self.marker(variant);
                let (_, generics, _) = self.target.generics.split_for_impl();
                let generics = generics.as_turbofish();
                quote!(#private::read_document::<#marker #generics, __R>(r))
            }
        }
    }

    /// A pattern that binds what a variant holds, by reference.
    fn pattern(&self, variant: &Variant) -> TokenStream {
        let ident = &variant.ident;
        match &variant.fields {
            VariantFields::Unit => quote!(Self::#ident),
            VariantFields::Newtype(_) => quote!(Self::#ident(value)),
            VariantFields::Tuple(fields) => {
                let names = fields.iter().map(|field| &field.ident);
                quote!(Self::#ident(#(#names),*))
            }
            VariantFields::Struct(fields) => {
                let names = fields.iter().filter(|field| !field.skip).map(|field| &field.ident);
                quote!(Self::#ident { #(#names,)* .. })
            }
        }
    }

    /// Writes what a variant holds as a value: an expression of type `Result<(), _>`.
    fn write_content(&self, variant: &'m Variant, unit: &TokenStream) -> TokenStream {
        let private = &self.target.paths.private;
        match &variant.fields {
            VariantFields::Unit => unit.clone(),
            VariantFields::Newtype(field) => write_value(self.target.paths, field, &quote!(value)),
            VariantFields::Tuple(fields) => write_tuple(self.target.paths, fields),
            VariantFields::Struct(fields) => {
                let writes = self.field_set(variant, fields).write(|ident| quote!(#ident));
                quote!({
                    w.begin_map()?;
                    #writes
                    w.end_map()?;
                    #private::Result::<(), #private::EncodeError>::Ok(())
                })
            }
        }
    }

    /// `match name { "Card" => .. }` over all variants.
    fn match_names(&self, name: &TokenStream, arm: impl Fn(&Variant) -> TokenStream) -> TokenStream {
        let private = &self.target.paths.private;
        let arms = self.variants.iter().map(|variant| {
            let (name, aliases, value) = (&variant.name, &variant.aliases, arm(variant));
            quote!(#name #(| #aliases)* => #value,)
        });
        let enumeration = self.target.ident.to_string();
        quote!(match #name { #(#arms)* _ => #private::Err(#private::unknown_variant(#enumeration)) })
    }

    fn match_self(&self, arm: impl Fn(&'m Variant) -> TokenStream) -> TokenStream {
        let arms = self.variants.iter().map(|variant| {
            let (pattern, value) = (self.pattern(variant), arm(variant));
            quote!(#pattern => #value,)
        });
        quote!(match self { #(#arms)* })
    }

    /// An expression for the name of the variant that `self` is.
    fn own_name(&self) -> TokenStream {
        self.match_self(|variant| {
            let name = &variant.name;
            quote!(#name)
        })
    }

    /// Reads the name of a unit variant.
    fn read_name(&self) -> TokenStream {
        let private = &self.target.paths.private;
        self.match_names(&quote!(&*r.str()?), |variant| {
            let ident = &variant.ident;
            match variant.fields {
                VariantFields::Unit => quote!(#private::Ok(Self::#ident)),
                _ => {
                    let enumeration = self.target.ident.to_string();
                    quote!(#private::Err(#private::variant_without_content(#enumeration)))
                }
            }
        })
    }

    fn read_external(&self) -> TokenStream {
        let private = &self.target.paths.private;
        let names = self.read_name();
        let declared = self.variants.iter().flat_map(|variant| variant.names());
        let content =
            self.match_names(&quote!(name), |variant| self.read_content(variant, &quote!(r.skip()?;)));
        quote! {
            if r.data_type()? == #private::DataType::S {
                return #names;
            }
            #private::read_single_member(r, &[#(#declared),*], |name, r| #content)
        }
    }

    fn write_external(&self) -> TokenStream {
        self.match_self(|variant| {
            let name = &variant.name;
            if variant.is_unit() {
                return quote!(w.string(#name));
            }
            let content = self.write_content(variant, &TokenStream::new());
            let private = &self.target.paths.private;
            quote!({ w.begin_map()?; #private::write_member(w, #name, |w| #content)?; w.end_map() })
        })
    }

    fn read_internal(&self, tag: &str) -> TokenStream {
        let private = &self.target.paths.private;
        let content = self.match_names(&quote!(&*tag), |variant| match &variant.fields {
            VariantFields::Newtype(field) => {
                let (ident, of) = (&variant.ident, field_types::of(field, self.target.paths));
                quote!(#private::Result::map(#of::read_tagged(r, #tag), Self::#ident))
            }
            _ => self.read_content(variant, &quote!(r.skip()?;)),
        });
        quote! {
            let tag = #private::read_tag(r, #tag)?;
            #content
        }
    }

    /// Statements that write the tag, and the attributes of a variant beside it.
    fn write_beside_tag(&self, variant: &'m Variant, tag: &str) -> TokenStream {
        let name = &variant.name;
        let content = match &variant.fields {
            VariantFields::Unit | VariantFields::Tuple(_) => TokenStream::new(),
            VariantFields::Newtype(field) => {
                let of = field_types::of(field, self.target.paths);
                quote!(#of::write(value, w, &|name| name == #tag)?;)
            }
            VariantFields::Struct(fields) => self.field_set(variant, fields).write(|ident| quote!(#ident)),
        };
        quote!(w.key(#tag)?; w.string(#name)?; #content)
    }

    fn read_adjacent(&self, tag: &str, content: &str) -> TokenStream {
        let private = &self.target.paths.private;
        let read =
            self.match_names(&quote!(&*tag), |variant| self.read_content(variant, &quote!(r.skip()?;)));
        let without = self.match_names(&quote!(&*tag), |variant| {
            let ident = &variant.ident;
            match variant.fields {
                VariantFields::Unit => quote!(#private::Ok(Self::#ident)),
                _ => quote!(#private::Err(#private::absent_content(#content))),
            }
        });
        quote! {
            let tag = #private::read_tag(r, #tag)?;
            match #private::read_member(r, #content, |r| #read)? {
                #private::Some(value) => #private::Ok(value),
                #private::None => #without,
            }
        }
    }

    /// Statements that write the tag and the content of a variant.
    fn write_adjacent_members(&self, variant: &'m Variant, tag: &str, content: &str) -> TokenStream {
        let name = &variant.name;
        let write = match variant.is_unit() {
            true => TokenStream::new(),
            false => {
                let write = self.write_content(variant, &TokenStream::new());
                let private = &self.target.paths.private;
                quote!(#private::write_member(w, #content, |w| #write)?;)
            }
        };
        quote!(w.key(#tag)?; w.string(#name)?; #write)
    }

    fn read_untagged(&self) -> TokenStream {
        let private = &self.target.paths.private;
        let enumeration = self.target.ident.to_string();
        let attempts = self.variants.iter().map(|variant| {
            let read = self.read_content(variant, &quote!(#private::read_null(r)?;));
            quote! {
                if let #private::Ok(value) = r.attempt(|r| #read) {
                    return #private::Ok(value);
                }
            }
        });
        quote!(#(#attempts)* #private::Err(#private::no_variant_fits(#enumeration)))
    }

    fn write_untagged(&self) -> TokenStream {
        self.match_self(|variant| self.write_content(variant, &quote!(w.null())))
    }

    /// `KeyPart` of an enum of unit variants: the name of the variant.
    fn key_part(&self) -> TokenStream {
        let private = &self.target.paths.private;
        let names = self.own_name();
        let enumeration = self.target.ident.to_string();
        let parts = self
            .variants
            .iter()
            .map(|Variant { ident, name, .. }| quote!(#name => #private::Ok(Self::#ident),));
        let nothing = TokenStream::new();
        self.target.key_part(
            &nothing,
            (&quote!(false), &nothing),
            &quote!(#private::write_variant_part(#names, w)),
            &quote!(match text { #(#parts)* _ => #private::Err(#private::unknown_variant_part(#enumeration)) }),
        )
    }

    /// `MapKey` of an enum of unit variants: the name of the variant.
    fn map_key(&self) -> TokenStream {
        let private = &self.target.paths.private;
        let names = self.own_name();
        let variants = self.match_names(&quote!(&*text), |variant| {
            let ident = &variant.ident;
            quote!(#private::Ok(Self::#ident))
        });
        self.target.map_key(&TokenStream::new(), &quote!(#private::Cow::Borrowed(#names)), &variants)
    }
}
