//! `#[derive(Attribute)]`.

use super::{
    Paths, constants, enumeration, field_types,
    fields::{self, FieldSet},
    ide, newtypes, variants,
};
use crate::model::{
    attribute::{Attribute, Shape},
    field::{Codec, Default, Field},
};
use proc_macro2::{Span, TokenStream};
use quote::format_ident;
use syn::{Generics, Ident, Visibility, parse_quote};

/// The code of an attribute value; without bodies where the input had mistakes (`failed`).
pub(crate) fn expand(attribute: &Attribute, failed: bool) -> TokenStream {
    let (_, generics, _) = attribute.generics.split_for_impl();
    let paths = Paths::new(&attribute.runtime, quote!(__Fields #generics));
    let target = Target::new(&paths, attribute);
    let body = match &attribute.shape {
        _ if failed => target.stubs(),
        Shape::Struct(fields) => document(&target, fields, attribute.default.as_ref()),
        Shape::Newtype(field) => newtype(&target, field),
        Shape::Tuple(fields) => tuple(&target, fields),
        Shape::Enum { tag, variants } => enumeration::expand(&target, tag, variants),
    };
    let ide = ide::completions(&paths, &attribute.options);
    let asks_optional = fields::asks_optional(&paths);
    let fields = attribute.shape.fields();
    let types = if failed { TokenStream::new() } else { target.field_types(&fields) };
    let constants = match &attribute.shape {
        Shape::Struct(fields) => target.constants(fields, &attribute.vis),
        Shape::Enum { tag, variants } => variants::constant(&target, tag, variants, &attribute.vis),
        Shape::Newtype(_) | Shape::Tuple(_) => TokenStream::new(),
    };
    quote! {
        #[allow(unused_qualifications, unused_parens, deprecated)]
        const _: () = { #ide #asks_optional #constants #types #body };
    }
}

/// The type that an implementation is for.
pub(crate) struct Target<'m> {
    pub(crate) paths: &'m Paths,
    pub(crate) ident: &'m Ident,
    pub(crate) generics: Generics,
}

impl<'m> Target<'m> {
    fn new(paths: &'m Paths, attribute: &'m Attribute) -> Self {
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

    /// The same with further bounds.
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

    /// The same with further functions of the traits.
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

    /// The attributes as constants.
    fn constants(&self, fields: &[Field], vis: &Visibility) -> TokenStream {
        let ident = self.ident;
        let (impl_generics, type_generics, where_clause) = self.generics.split_for_impl();
        let constants = constants::of(
            fields,
            |_| crate::model::role::Role::Plain,
            |_| unreachable!("only fields of an entity are in keys"),
            vis,
            &quote!(#ident #type_generics),
            self.paths,
        );
        let generic = !self.generics.params.is_empty();
        let functions = constants::functions(fields, generic, self.paths);
        quote! {
            #functions
            #[automatically_derived]
            #[allow(dead_code, private_interfaces, private_bounds)]
            impl #impl_generics #ident #type_generics #where_clause { #constants }
        }
    }

    /// The types of the fields.
    fn field_types(&self, fields: &[&Field]) -> TokenStream {
        let types = fields.iter().filter_map(|field| field_types::declaration(field, self.paths));
        let owner = format_ident!("__Fields");
        let declared = self.hidden_struct(&TokenStream::new(), &owner, &TokenStream::new());
        let fields = Target { paths: self.paths, ident: &owner, generics: self.generics.clone() };
        let types = types.map(|(trait_path, member)| fields.implement(&trait_path, &member));
        declared.into_iter().chain(types.flatten()).collect()
    }

    /// The traits without bodies.
    fn stubs(&self) -> TokenStream {
        let private = &self.paths.private;
        let stub = quote!(#private::derive_failed());
        let value = self.value(&quote!(#private::marker::Any), &stub, &stub);
        let key_part = self.implement(
            &quote!(#private::KeyPart),
            &quote! {
                const FIXED_WIDTH: bool = false;
                fn write_part(&self, w: &mut #private::PartWriter<'_>) -> #private::Result<(), #private::InvalidPart> {
                    #stub
                }
                fn read_part(text: &str) -> #private::Result<Self, #private::InvalidPart> { #stub }
            },
        );
        quote!(#[allow(unused_variables)] const _: () = { #value #key_part };)
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
        let table = &set.table;
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
                fn read_field<__R: #private::Reader>(
                    partial: &mut Self::Partial,
                    index: usize,
                    r: &mut __R,
                ) -> #private::Result<(), #private::DecodeError> {
                    match index { #arms _ => r.skip() }
                }
                #[allow(unused_variables)]
                fn finish(partial: Self::Partial) -> #private::Result<Self::Output, #private::DecodeError> {
                    #default
                    #private::Ok(#constructor { #finished })
                }
            }
        }
    }
}

/// A struct with named fields: a map.
fn document(target: &Target<'_>, fields: &[Field], default: Option<&(Default, Span)>) -> TokenStream {
    let private = &target.paths.private;
    let ident = target.ident;
    let set = FieldSet { paths: target.paths, fields, default, table: format_ident!("__FIELDS") };
    let table = set.table_static(&[]);
    let from_document =
        target.implement_from_document(ident, &format_ident!("__Partial"), &quote!(#ident), &set);
    let (writes, check_beside) = (set.write(|field| quote!(&self.#field)), set.check_beside());
    let to_document = target.implement(
        &quote!(#private::ToDocument),
        &quote! {
            fn write_fields<__W: #private::Writer>(&self, w: &mut __W) -> #private::Result<(), #private::EncodeError> {
                #writes
                #private::Ok(())
            }
            #check_beside
        },
    );
    let document = target.implement(&quote!(#private::Document), &TokenStream::new());
    let value = target.value(
        &quote!(#private::marker::M),
        &quote!(#private::read_document::<Self, __R>(r)),
        &quote!(#private::write_document(self, w)),
    );
    quote!(#table #from_document #to_document #document #value)
}

/// A struct around one value: stored as that value.
fn newtype(target: &Target<'_>, field: &Field) -> TokenStream {
    let private = &target.paths.private;
    let (ident, ty) = (target.ident, &field.ty);
    let (read, write) =
        (fields::read_value(target.paths, field), fields::write_value(target.paths, field, &quote!(&self.0)));
    let read = quote!(#private::Result::map(#read, #ident));
    if !matches!(field.codec, Codec::Attribute) {
        return target.value(&quote!(#private::marker::Any), &read, &write);
    }
    let of = field_types::of(field, target.paths);
    let (absent, is_absent) = (quote!(#of::absent), quote!(#of::is_absent));
    let value = target.value_with(
        &fields::data_type(target.paths, ty),
        &read,
        &write,
        &quote! {
            fn absent() -> #private::Option<Self> {
                #private::Option::map(#absent(), #ident)
            }
        },
        &quote!(fn is_absent(&self) -> bool { #is_absent(&self.0) }),
    );
    // `for<'any>` puts the question off: the newtype can be part of a key exactly if its content can.
    let when = |trait_path: &TokenStream| quote!(for<'any> #ty: #trait_path);
    let key_part = quote!(#private::KeyPart);
    let key_part_impl = target.implement_where(
        &key_part,
        &when(&key_part),
        &quote! {
            const FIXED_WIDTH: bool = <#ty as #private::KeyPart>::FIXED_WIDTH;
            const FORM: #private::Option<&'static str> = <#ty as #private::KeyPart>::FORM;
            fn write_part(&self, w: &mut #private::PartWriter<'_>) -> #private::Result<(), #private::InvalidPart> {
                #private::KeyPart::write_part(&self.0, w)
            }
            fn read_part(text: &str) -> #private::Result<Self, #private::InvalidPart> {
                #private::Result::map(<#ty as #private::KeyPart>::read_part(text), #ident)
            }
        },
    );
    let map_key = quote!(#private::MapKey);
    let map_key_impl = target.implement_where(
        &map_key,
        &when(&map_key),
        &quote! {
            fn to_key(&self) -> #private::Cow<'_, str> { #private::MapKey::to_key(&self.0) }
            fn from_key(text: #private::Cow<'_, str>) -> #private::Result<Self, #private::DecodeError> {
                #private::Result::map(<#ty as #private::MapKey>::from_key(text), #ident)
            }
        },
    );
    let key_text = quote!(#private::KeyText);
    let key_text_impl = target.implement_where(&key_text, &when(&key_text), &TokenStream::new());
    let operators = newtypes::operators(target, ty);
    quote!(#value #key_part_impl #key_text_impl #map_key_impl #operators)
}

/// A struct of several values without names: a list.
fn tuple(target: &Target<'_>, fields: &[Field]) -> TokenStream {
    let ident = target.ident;
    let names = fields.iter().map(|field| &field.ident);
    let read = fields::read_tuple(target.paths, fields, &quote!(#ident));
    let write = fields::write_tuple(target.paths, fields);
    let private = &target.paths.private;
    let value = target.value(
        &quote!(#private::marker::L),
        &read,
        &quote!({ let #ident(#(#names),*) = self; #write }),
    );
    let newtype = newtypes::of_tuple(target, fields);
    quote!(#value #newtype)
}
