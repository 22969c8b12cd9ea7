//! The shapes in which the items of an entity are stored.

use super::{Paths, key};
use crate::model::{entity::Entity, field::Stamp, shapes::Shapes};
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

/// The function that reads an item by its shape; nothing where there is one shape without a number.
pub(crate) fn read_item(entity: &Entity, paths: &Paths) -> TokenStream {
    let Some(shapes) = &entity.shapes else { return TokenStream::new() };
    let private = &paths.private;
    let known = shapes.known;
    let is_versioned = entity.fields.iter().any(|field| matches!(field.stamp, Some((Stamp::Version, _))));
    let arms = shapes.older.iter().enumerate().map(|(at, oldest)| {
        let number = shapes.number(at);
        let mut older = quote!(#private::read_older::<#oldest, __R>(r)?);
        let mut last = oldest;
        for (next, number) in shapes.older[at..].iter().skip(1).zip(number + 1..) {
            older = quote!(#private::upgrade::<#last, #next>(#older, #number)?);
            last = next;
        }
        // What the conversion lacks is reported where the struct was typed.
        let this = quote_spanned!(last.span()=> Self);
        let upgraded = quote!(#private::upgrade::<#last, #this>(#older, #known));
        match is_versioned {
            true => quote! {
                #number => {
                    let __lineage = #private::stored_lineage::<Self, __R>(r)?;
                    #private::Ok(#private::with_lineage::<Self>(#upgraded?, __lineage))
                }
            },
            false => quote!(#number => #upgraded,),
        }
    });
    quote! {
        fn read_item<__R: #private::Reader>(r: &mut __R) -> #private::Result<Self, #private::DecodeError> {
            match #private::stored_shape::<Self, __R>(r)? {
                #known => #private::read_current::<Self, __R>(r),
                #(#arms)*
                other => #private::Err(#private::no_upgrade::<Self>(other)),
            }
        }
    }
}

/// The members of `Entity` about the shapes.
pub(crate) fn members(entity: &Entity, paths: &Paths) -> TokenStream {
    let Some(shapes) = &entity.shapes else { return TokenStream::new() };
    let private = &paths.private;
    let known = shapes.known;
    let written = shapes.written.map_or(known, |(written, _)| written);
    let names = shapes.older.iter().map(|path| quote!(#private::names_of_shape::<#path>(name);));
    let write_shape = shapes.written().map(|path| {
        quote! {
            fn write_shape<__W: #private::Writer>(&self, w: &mut __W) -> #private::Result<(), #private::EncodeError> {
                #private::write_older::<Self, #path, __W>(self, w)
            }
        }
    });
    quote! {
        const SHAPE: #private::Option<#private::EntityShape> =
            #private::Some(#private::shape_of::<Self>(#known, #written));
        fn each_name_of_other_shapes(name: &mut dyn #private::FnMut(&'static str)) {
            let _ = &name;
            #(#names)*
        }
        #write_shape
    }
}

/// Assertions about the table and the unique fields, which the compiler evaluates.
pub(crate) fn checks(entity: &Entity, paths: &Paths) -> TokenStream {
    let Some(Shapes { span, older, .. }) = &entity.shapes else { return TokenStream::new() };
    let private = &paths.private;
    let (ident, table) = (&entity.ident, key::table(entity, paths));
    let nowhere = format!(
        "the table of `{ident}` does not name the attribute that holds the shape of an item; add `shape = \"shape\"` to its `#[dynamap(..)]`"
    );
    let unique = entity.unique.iter().flat_map(|constraint| &constraint.fields).flat_map(|unique| {
        let field = &entity.fields[unique.field];
        older.iter().map(move |path| {
            let name = &field.name;
            let message = format!(
                "`{}` is unique, so each shape stores it under one name, and `{}` has no attribute `{name}`",
                field.ident,
                quote!(#path).to_string().replace(' ', "")
            );
            quote_spanned! {path.span()=>
                const _: () = ::core::assert!(#private::shape_holds::<#path>(#name), #message);
            }
        })
    });
    quote_spanned! {*span=>
        const _: () = ::core::assert!(#private::has_shape_attribute::<#table>(), #nowhere);
        #(#unique)*
    }
}
