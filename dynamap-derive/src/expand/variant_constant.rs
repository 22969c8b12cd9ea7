//! `Payment::VARIANT`: the variants of an enum, for conditions and updates.

use super::{Paths, attribute_constants, target::Target};
use crate::{
    case::{Case, ident_in},
    model::{
        attribute::{Tag, Variant, VariantFields},
        field::{Codec, Field},
    },
    used_names::UsedNames,
};
use proc_macro2::TokenStream;
use quote::format_ident;
use syn::{Ident, Visibility};

/// The constant, and the types of its members. An untagged enum has none: nothing stored tells its variant. An enum of names
/// only has none either: conditions compare it with its values.
pub(crate) fn constant(
    target: &Target<'_>,
    tag: &Tag,
    variants: &[Variant],
    vis: &Visibility,
) -> TokenStream {
    let is_name = |variant: &Variant| matches!(variant.fields, VariantFields::Unit);
    let says_nothing = match tag {
        Tag::Untagged => true,
        Tag::External => variants.iter().all(is_name),
        Tag::Internal(_) | Tag::Adjacent(..) => false,
    };
    // A variant that is called so hides the constant.
    if says_nothing || variants.iter().any(|variant| variant.ident == "VARIANT") {
        return TokenStream::new();
    }
    let runtime = &target.paths.runtime;
    let ident = target.ident;
    let (impl_generics, type_generics, where_clause) = target.generics.split_for_impl();
    let turbofish = type_generics.as_turbofish();
    let mut members_used = UsedNames::default();
    let (mut types, mut members, mut values) = (TokenStream::new(), TokenStream::new(), TokenStream::new());
    for variant in variants {
        let name = ident_in(Case::Snake, &variant.ident);
        // Two variants can have one name in snake case; the first becomes the member.
        if !members_used.is_new(&name) {
            continue;
        }
        let tag = variant_tag(variant, tag, target.paths);
        let (declared, ty, value) = match &variant.fields {
            VariantFields::Struct(fields) => of_fields(target, variant, fields, &tag),
            fields => {
                let content = content(fields, tag_is_beside(&tag, fields), target.paths);
                let ty = quote!(#runtime::expr::Variant<#ident #type_generics, #content>);
                (TokenStream::new(), ty, quote!(#runtime::expr::Variant::new(&#tag)))
            }
        };
        types.extend(declared);
        members.extend(quote!(pub #name: #ty,));
        values.extend(quote!(#name: #value,));
    }
    let declared = declaration(target, &format_ident!("__Variants"), &members);
    let tagged = target.implement(&quote!(#runtime::expr::Tagged), &TokenStream::new());
    let private = &target.paths.private;
    quote! {
        #types
        #declared
        #tagged
        #[automatically_derived]
        #[allow(dead_code, private_interfaces, private_bounds)]
        impl #impl_generics #ident #type_generics #where_clause {
            /// The variants, to ask which one a value is (`is`), and for what it holds (`at`).
            #vis const VARIANT: __Variants #type_generics = __Variants #turbofish { #values __of: #private::PhantomData };
        }
    }
}

/// The tag of a variant as an expression, and its style.
struct TagOf {
    expression: TokenStream,
    is_internal: bool,
}

impl quote::ToTokens for TagOf {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.expression.to_tokens(tokens);
    }
}

fn variant_tag(variant: &Variant, tag: &Tag, paths: &Paths) -> TagOf {
    let runtime = &paths.runtime;
    let style = quote!(#runtime::expr::TagStyle);
    let style = match tag {
        Tag::External | Tag::Untagged if matches!(variant.fields, VariantFields::Unit) => {
            quote!(#style::Name)
        }
        Tag::External | Tag::Untagged => quote!(#style::External),
        Tag::Internal(tag) => quote!(#style::Internal(#tag)),
        Tag::Adjacent(tag, content) => quote!(#style::Adjacent(#tag, #content)),
    };
    let Variant { name, aliases, .. } = variant;
    let expression =
        quote!(#runtime::expr::VariantTag { name: #name, aliases: &[#(#aliases),*], style: #style });
    TagOf { expression, is_internal: matches!(tag, Tag::Internal(_)) }
}

fn tag_is_beside(tag: &TagOf, fields: &VariantFields) -> bool {
    tag.is_internal && matches!(fields, VariantFields::Newtype(_))
}

/// The type of the content of a variant without named fields.
fn content(fields: &VariantFields, beside: bool, paths: &Paths) -> TokenStream {
    let runtime = &paths.runtime;
    // The functions of `with` have no type here, so there are no operators with values.
    let value = |field: &Field| attribute_constants::value_type_with(field, &quote!(()), paths);
    match fields {
        VariantFields::Newtype(field) if beside => {
            let value = value(field);
            quote!(#runtime::expr::Beside<#value>)
        }
        VariantFields::Newtype(field) => value(field),
        VariantFields::Tuple(fields) => {
            let elements = fields.iter().map(value);
            quote!((#(#elements,)*))
        }
        VariantFields::Unit | VariantFields::Struct(_) => quote!(()),
    }
}

/// The type that has the fields of a variant as members, its name, and its value.
fn of_fields(
    target: &Target<'_>,
    variant: &Variant,
    fields: &[Field],
    tag: &TagOf,
) -> (TokenStream, TokenStream, TokenStream) {
    let (runtime, private, ident) = (&target.paths.runtime, &target.paths.private, target.ident);
    let (_, type_generics, _) = target.generics.split_for_impl();
    let turbofish = type_generics.as_turbofish();
    let name = format_ident!("__In{}", variant.ident);
    let fields = || fields.iter().filter(|field| field.is_stored() && !matches!(field.codec, Codec::With(_)));
    let members = fields().map(|field| {
        let (member, ty) = (&field.ident, attribute_constants::value_type(field, target.paths));
        let docs = &field.docs;
        quote!(#(#docs)* pub #member: #runtime::expr::VariantField<#ident #type_generics, #ty>,)
    });
    let declared = declaration(target, &name, &members.collect());
    let values = fields().map(|field| {
        let (member, name) = (&field.ident, &field.name);
        quote!(#member: #runtime::expr::VariantField::new(&#tag, #name),)
    });
    let value = quote!(#name #turbofish { #(#values)* __of: #private::PhantomData });
    let of_any = {
        let mut generics = target.generics.clone();
        generics.params.push(syn::parse_quote!(__Of));
        let (impl_generics, ..) = generics.split_for_impl();
        let (_, _, where_clause) = target.generics.split_for_impl();
        let predicates = where_clause.into_iter().flat_map(|clause| &clause.predicates);
        let whole = quote!(#runtime::expr::Variant<#ident #type_generics, ()>);
        quote! {
            #[automatically_derived]
            impl #impl_generics #runtime::expr::VariantOf<__Of> for #name #type_generics
            where #(#predicates,)* #whole: #runtime::expr::VariantOf<__Of>
            {
                fn tag(self) -> &'static #runtime::expr::VariantTag { &#tag }
            }
        }
    };
    (quote!(#declared #of_any), quote!(#name #type_generics), value)
}

/// A struct with the generics of the enum.
fn declaration(target: &Target<'_>, name: &Ident, members: &TokenStream) -> TokenStream {
    let declared = target.hidden_struct(&quote!(pub), name, members);
    quote!(#[allow(private_interfaces, private_bounds)] #declared)
}
