//! `Order::STATUS`: the attributes of an entity or a document as constants.

use super::{Paths, docs, fields, local};
use crate::{
    case::{Case, ident_in},
    model::{
        field::{Codec, Field},
        role::Role,
    },
    used_names::UsedNames,
};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::{Ident, Visibility, spanned::Spanned};

/// A constant for each field that is an attribute of its own.
pub(crate) fn of(
    fields: &[Field],
    role_of: impl Fn(usize) -> Role,
    setter_of: impl Fn(usize) -> Ident,
    vis: &Visibility,
    owner: &TokenStream,
    paths: &Paths,
) -> TokenStream {
    let runtime = &paths.runtime;
    let stored = fields.iter().enumerate().filter(|(_, field)| field.has_constant());
    let mut names = UsedNames::default();
    // A second constant of one name was reported; left out, the compiler does not report it again.
    let stored = stored.filter(|(_, field)| names.is_new(&ident_in(Case::ScreamingSnake, &field.ident)));
    let constants = stored.map(|(at, field)| {
        let Field { name, docs, deprecated, .. } = field;
        let (constant, doc) = (ident_in(Case::ScreamingSnake, &field.ident), docs::attribute(field));
        // At the field, so that a name that the user's own code has as well is reported there.
        let span = Span::mixed_site().located_at(field.ident.span());
        if field.flatten {
            let ty = &field.ty;
            return quote_spanned! {span=>
                #[doc = #doc]
                #(#docs)*
                #deprecated
                #vis const #constant: #runtime::expr::FlattenedField<#owner, #ty> = #runtime::expr::FlattenedField::new();
            };
        }
        let ty = value_type(field, paths);
        let role = match role_of(at) {
            Role::Plain => TokenStream::new(),
            Role::PartOfPrimaryKey => quote!(, #runtime::expr::role::PartOfPrimaryKey),
            Role::PartOfIndexKey => quote!(, #runtime::expr::role::PartOfIndexKey),
            Role::Unique => quote!(, #runtime::expr::role::Unique),
            Role::Stamp => quote!(, #runtime::expr::role::Stamp),
            Role::BesideKeyOnly => quote!(, #runtime::expr::role::BesideKeyOnly),
            Role::PartOfJointIndexKey(group) => {
                let setter = setter_of(group);
                quote!(, #runtime::expr::role::PartOfJointIndexKey<#setter>)
            }
        };
        quote_spanned! {span=>
            #[doc = #doc]
            #(#docs)*
            #deprecated
            #vis const #constant: #runtime::Attribute<#owner, #ty #role> = #runtime::Attribute::new(#name);
        }
    });
    let constants: Vec<TokenStream> = constants.collect();
    let key_only = fields.iter().filter(|field| field.key_only.is_some()).filter_map(|field| {
        let (constant, private) = (ident_in(Case::ScreamingSnake, &field.ident), &paths.private);
        if !names.is_new(&constant) {
            return None;
        }
        let span = Span::mixed_site().located_at(field.ident.span());
        Some(quote_spanned! {span=>
            #[doc(hidden)]
            #vis const #constant: #private::KeyOnly<#owner> = #private::KeyOnly::new();
        })
    });
    let key_only: Vec<TokenStream> = key_only.collect();
    let aliased = fields.iter().filter(|field| !field.aliases.is_empty()).map(|field| &field.name);
    let aliased = quote! {
        #[doc(hidden)]
        #vis const __ALIASED: &'static [&'static str] = &[#(#aliased),*];
    };
    constants.into_iter().chain(key_only).chain([aliased]).collect()
}

/// The type that stands for the functions by which a field is mapped.
fn functions_ident(field: &Field) -> Ident {
    format_ident!("__With{}", field.position.1)
}

/// The types that stand for the functions of `with`, by which operators map values. A generic struct (`generic`) has no
/// implementation: its parameters are not known outside of it.
pub(crate) fn functions(fields: &[Field], generic: bool, paths: &Paths) -> TokenStream {
    let (private, runtime) = (&paths.private, &paths.runtime);
    let types = fields.iter().filter(|field| field.is_stored()).filter_map(|field| {
        let Codec::With(path) = &field.codec else { return None };
        let (ident, ty, w) = (functions_ident(field), &field.ty, &paths.w);
        let value = local("value");
        let absent = fields::is_absent(field, &quote!(#value), paths);
        let declaration = quote! {
            #[derive(Debug, Clone, Copy)]
            #[allow(unreachable_pub, missing_docs)]
            pub struct #ident;
        };
        let write = quote_spanned!(path.span()=> #path::write(#value, #w));
        let implementation = (!generic).then(|| {
            quote! {
                #[automatically_derived]
                impl #runtime::expr::WithCodec<#ty> for #ident {
                    fn write(
                        #value: &#ty,
                        w: &mut #private::AttributeValueWriter,
                    ) -> #private::Result<(), #private::EncodeError> {
                        #write
                    }
                    fn is_absent(#value: &#ty) -> bool { #absent }
                }
            }
        });
        Some(quote!(#declaration #implementation))
    });
    types.collect()
}

/// The type parameter of the attribute: the type of the field, wrapped where functions or serde map it.
pub(crate) fn value_type(field: &Field, paths: &Paths) -> TokenStream {
    let functions = functions_ident(field);
    value_type_with(field, &quote!(#functions), paths)
}

/// The same type with `functions` as the type that stands for the functions of `with`.
pub(crate) fn value_type_with(field: &Field, functions: &TokenStream, paths: &Paths) -> TokenStream {
    let (runtime, ty) = (&paths.runtime, &field.ty);
    match field.codec {
        Codec::Attribute => quote!(#ty),
        Codec::Serde => quote!(#runtime::expr::Serde<#ty>),
        Codec::With(_) => quote!(#runtime::expr::With<#ty, #functions>),
    }
}
