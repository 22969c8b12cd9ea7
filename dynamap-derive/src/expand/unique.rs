//! Unique constraints.

use super::{Paths, key};
use crate::model::{
    entity::Entity,
    field::Field,
    normal_form::NormalForm,
    unique::{UniqueConstraint, UniqueField},
};
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

/// The constant that lists the constraints; nothing where there are none.
pub(crate) fn constant(entity: &Entity, paths: &Paths) -> TokenStream {
    if entity.unique.is_empty() {
        return TokenStream::new();
    }
    let private = &paths.private;
    let constraints = entity.unique.iter().map(|UniqueConstraint { name, fields, .. }| {
        let fields = fields.iter().map(|unique| {
            let Field { ident, name, .. } = &entity.fields[unique.field];
            let (ident, forms) = (crate::case::name_of(ident), normal_forms(unique, paths));
            quote!(#private::UniqueField { field: #ident, attribute: #name, normal_forms: &[#(#forms),*] })
        });
        quote!(#private::UniqueConstraint { name: #name, fields: &[#(#fields),*] })
    });
    quote!(const UNIQUE: &'static [#private::UniqueConstraint] = &[#(#constraints),*];)
}

fn normal_forms<'m>(unique: &'m UniqueField, paths: &'m Paths) -> impl Iterator<Item = TokenStream> + 'm {
    let private = &paths.private;
    unique.normal_forms.iter().map(move |form| match form {
        NormalForm::Lowercase => quote!(#private::lowercase),
        NormalForm::Trim => quote!(#private::trim),
        NormalForm::Function(path) => quote_spanned!(path.span()=> #path),
    })
}

/// The trait of entities without unique fields.
pub(crate) fn without(entity: &Entity, paths: &Paths) -> TokenStream {
    let (private, ident) = (&paths.private, &entity.ident);
    match entity.unique.is_empty() {
        true => quote!(#[automatically_derived] impl #private::WithoutUniqueFields for #ident {}),
        false => TokenStream::new(),
    }
}

/// Assertions about the table and the types of the fields, which the compiler evaluates.
pub(crate) fn checks(entity: &Entity, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let (ident, table) = (&entity.ident, key::table(entity, paths));
    let cannot_hold = format!(
        "the unique fields of `{ident}` need a table whose keys are strings and that stores the entity type"
    );
    let table = entity.unique.first().map(|constraint| {
        quote_spanned! {constraint.span=>
            const _: () = ::core::assert!(#private::can_hold_sentinels::<#table>(), #cannot_hold);
        }
    });
    let fields = entity.unique.iter().flat_map(|constraint| &constraint.fields).map(|unique| {
        let field = &entity.fields[unique.field];
        let (name, ty) = (&field.ident, &field.ty);
        let no_type = format!("`{name}` cannot be unique: its type is no string, number or binary value");
        let no_text = format!("`{name}` has a normal form, and its type is no text");
        let form = (!unique.normal_forms.is_empty()).then(|| {
            quote_spanned! {unique.span=>
                const _: () = ::core::assert!(#private::has_normal_forms::<#ty>(), #no_text);
            }
        });
        quote_spanned! {unique.span=>
            const _: () = ::core::assert!(#private::can_be_unique::<#ty>(), #no_type);
            #form
        }
    });
    quote!(#table #(#fields)*)
}
