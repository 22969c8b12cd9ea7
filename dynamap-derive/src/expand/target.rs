//! The type that the code of `#[derive(Attribute)]` is for, and implementations of traits for it.

use super::{Paths, document_functions, fields::FieldSet};
use crate::model::attribute::Attribute;
use proc_macro2::TokenStream;
use syn::{Generics, Ident, parse_quote};

/// The type that an implementation is for.
pub(crate) struct Target<'m> {
    pub(crate) paths: &'m Paths,
    pub(crate) ident: &'m Ident,
    pub(crate) generics: Generics,
}

impl<'m> Target<'m> {
    pub(crate) fn new(paths: &'m Paths, attribute: &'m Attribute) -> Self {
        let private = &paths.private;
        let mut generics = attribute.generics.clone();
        for parameter in generics.type_params_mut() {
            parameter.default = None;
            parameter.bounds.push(parse_quote!(#private::ToAttribute));
            parameter.bounds.push(parse_quote!(#private::FromAttribute));
        }
        Self { paths, ident: &attribute.ident, generics }
    }

    /// `impl<..> trait_path for Self { body }`
    pub(crate) fn implement(&self, trait_path: &TokenStream, body: &TokenStream) -> TokenStream {
        self.implement_where(trait_path, &TokenStream::new(), body)
    }

    /// An implementation with further bounds.
    pub(crate) fn implement_where(
        &self,
        trait_path: &TokenStream,
        bounds: &TokenStream,
        body: &TokenStream,
    ) -> TokenStream {
        let ident = self.ident;
        let (impl_generics, type_generics, where_clause) = self.generics.split_for_impl();
        let predicates = where_clause.into_iter().flat_map(|clause| &clause.predicates);
        quote! {
            #[automatically_derived]
            impl #impl_generics #trait_path for #ident #type_generics where #(#predicates,)* #bounds { #body }
        }
    }

    /// The implementations of `AttributeType`, `ToAttribute` and `FromAttribute`.
    pub(crate) fn value(
        &self,
        data_type: &TokenStream,
        read: &TokenStream,
        write: &TokenStream,
    ) -> TokenStream {
        self.value_with(data_type, read, write, &TokenStream::new(), &TokenStream::new())
    }

    /// These implementations with further functions of `FromAttribute` and `ToAttribute`.
    pub(crate) fn value_with(
        &self,
        data_type: &TokenStream,
        read: &TokenStream,
        write: &TokenStream,
        from: &TokenStream,
        to: &TokenStream,
    ) -> TokenStream {
        let private = &self.paths.private;
        let attribute_type =
            self.implement(&quote!(#private::AttributeType), &quote!(type DataType = #data_type;));
        let from_attribute = self.implement(
            &quote!(#private::FromAttribute),
            &quote! {
                fn read<__R: #private::Reader>(r: &mut __R) -> #private::Result<Self, #private::DecodeError> { #read }
                #from
            },
        );
        let to_attribute = self.implement(
            &quote!(#private::ToAttribute),
            &quote! {
                fn write<__W: #private::Writer>(&self, w: &mut __W) -> #private::Result<(), #private::EncodeError> { #write }
                #to
            },
        );
        quote!(#attribute_type #from_attribute #to_attribute)
    }

    /// `KeyPart`. `bounds` are further bounds, `form` the constant `FORM` where it is not the default; `write` and `read` are the
    /// bodies of its functions.
    pub(crate) fn key_part(
        &self,
        bounds: &TokenStream,
        (fixed_width, form): (&TokenStream, &TokenStream),
        write: &TokenStream,
        read: &TokenStream,
    ) -> TokenStream {
        let private = &self.paths.private;
        self.implement_where(
            &quote!(#private::KeyPart),
            bounds,
            &quote! {
                const FIXED_WIDTH: bool = #fixed_width;
                #form
                fn write_part(&self, w: &mut #private::PartWriter<'_>) -> #private::Result<(), #private::InvalidPart> {
                    #write
                }
                fn read_part(text: &str) -> #private::Result<Self, #private::InvalidPart> { #read }
            },
        )
    }

    /// `MapKey`, with the bodies of its functions.
    pub(crate) fn map_key(&self, bounds: &TokenStream, to: &TokenStream, from: &TokenStream) -> TokenStream {
        let private = &self.paths.private;
        self.implement_where(
            &quote!(#private::MapKey),
            bounds,
            &quote! {
                fn to_key(&self) -> #private::Cow<'_, str> { #to }
                fn from_key(text: #private::Cow<'_, str>) -> #private::Result<Self, #private::DecodeError> { #from }
            },
        )
    }

    /// A struct with the generics of the target. It is public where an implementation for the target names it.
    pub(crate) fn hidden_struct(
        &self,
        vis: &TokenStream,
        name: &Ident,
        members: &TokenStream,
    ) -> TokenStream {
        let private = &self.paths.private;
        let (_, type_generics, where_clause) = self.generics.split_for_impl();
        let mut declared = self.generics.clone();
        declared.where_clause = None;
        let ident = self.ident;
        quote! {
            #[doc(hidden)]
            #[allow(dead_code, unreachable_pub, missing_debug_implementations, missing_docs)]
            #vis struct #name #declared #where_clause {
                #members
                __of: #private::PhantomData<fn() -> #ident #type_generics>,
            }
        }
    }

    /// `FromDocument` for `reader`, which is the target itself or stands for one of its variants.
    pub(crate) fn implement_from_document(
        &self,
        reader: &Ident,
        partial: &Ident,
        constructor: &TokenStream,
        set: &FieldSet<'_>,
    ) -> TokenStream {
        let private = &self.paths.private;
        let ident = self.ident;
        let (impl_generics, type_generics, where_clause) = self.generics.split_for_impl();
        let collected = self.hidden_struct(&quote!(pub), partial, &set.partial_members());
        let (defaults, arms, other) = (set.partial_defaults(), set.read_arms(), set.read_other());
        let (default, finished) = (set.whole_default(), set.finished(|_| TokenStream::new()));
        let (table, read_field) = (&set.table, document_functions::read_field(&arms, self.paths));
        quote! {
            #collected
            #[automatically_derived]
            impl #impl_generics #private::Default for #partial #type_generics #where_clause {
                fn default() -> Self { Self { #defaults __of: #private::PhantomData } }
            }
            #[automatically_derived]
            impl #impl_generics #private::FromDocument for #reader #type_generics #where_clause {
                type Output = #ident #type_generics;
                type Partial = #partial #type_generics;
                const FIELDS: &'static #private::FieldTable = &#table;
                #other
                #[allow(unused_variables)]
                #read_field
                #[allow(unused_variables)]
                fn finish(partial: Self::Partial) -> #private::Result<Self::Output, #private::DecodeError> {
                    #default
                    #private::Ok(#constructor { #finished })
                }
            }
        }
    }
}
