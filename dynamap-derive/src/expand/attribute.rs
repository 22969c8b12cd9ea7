//! `#[derive(Attribute)]`.

use super::{
    Paths, attribute_constants, block, document_functions, editor_support, enumeration, field_types,
    fields::{self, FieldSet},
    newtype_operators,
    target::Target,
    variant_constant,
};
use crate::model::{
    attribute::{Attribute, Shape},
    field::{Codec, Default, Field},
};
use proc_macro2::{Span, TokenStream};
use quote::format_ident;
use syn::Visibility;

/// The code of an attribute value; without bodies where the input had mistakes (`failed`).
pub(crate) fn expand(attribute: Attribute, failed: bool) -> TokenStream {
    let attribute = &attribute;
    let (_, generics, _) = attribute.generics.split_for_impl();
    let paths = Paths::new(&attribute.runtime, quote!(__Fields #generics));
    let target = Target::new(&paths, attribute);
    let body = match &attribute.shape {
        _ if failed => stubs(&target),
        Shape::Struct(fields) => document(&target, fields, attribute.default.as_ref()),
        Shape::Newtype(field) => newtype(&target, field),
        Shape::Tuple(fields) => tuple(&target, fields),
        Shape::Enum { tag, variants } => enumeration::expand(&target, tag, variants),
    };
    let ide = editor_support::completions(&paths, attribute.options.names());
    let asks_optional = fields::asks_optional(&paths);
    let fields = attribute.shape.fields();
    let types = if failed { TokenStream::new() } else { field_type_impls(&target, &fields) };
    let constants = match &attribute.shape {
        Shape::Struct(fields) => constants(&target, fields, &attribute.vis),
        Shape::Enum { tag, variants } => variant_constant::constant(&target, tag, variants, &attribute.vis),
        Shape::Newtype(_) | Shape::Tuple(_) => TokenStream::new(),
    };
    block(&quote! { #ide #asks_optional #constants #types #body })
}

/// The implementation with the constants of the attributes.
fn constants(target: &Target<'_>, fields: &[Field], vis: &Visibility) -> TokenStream {
    let ident = target.ident;
    let (impl_generics, type_generics, where_clause) = target.generics.split_for_impl();
    let constants = attribute_constants::of(
        fields,
        |_| crate::model::role::Role::Plain,
        |_| unreachable!("only fields of an entity are in keys"),
        vis,
        &quote!(#ident #type_generics),
        target.paths,
    );
    let generic = !target.generics.params.is_empty();
    let functions = attribute_constants::functions(fields, generic, target.paths);
    quote! {
        #functions
        #[automatically_derived]
        #[allow(dead_code, private_interfaces, private_bounds)]
        impl #impl_generics #ident #type_generics #where_clause { #constants }
    }
}

/// The implementations that declare the types of the fields.
fn field_type_impls(target: &Target<'_>, fields: &[&Field]) -> TokenStream {
    let types = fields.iter().filter_map(|field| field_types::declaration(field, target.paths));
    let owner = format_ident!("__Fields");
    let declared = target.hidden_struct(&TokenStream::new(), &owner, &TokenStream::new());
    let fields = Target { paths: target.paths, ident: &owner, generics: target.generics.clone() };
    let types = types.map(|(trait_path, member)| fields.implement(&trait_path, &member));
    declared.into_iter().chain(types.flatten()).collect()
}

/// Implementations without bodies.
fn stubs(target: &Target<'_>) -> TokenStream {
    let private = &target.paths.private;
    let stub = quote!(#private::derive_failed());
    let value = target.value(&quote!(#private::marker::Any), &stub, &stub);
    let nothing = TokenStream::new();
    let key_part = target.key_part(&nothing, (&quote!(false), &nothing), &stub, &stub);
    quote!(#[allow(unused_variables)] const _: () = { #value #key_part };)
}

/// The implementations of a struct with named fields, which is a map.
fn document(target: &Target<'_>, fields: &[Field], default: Option<&(Default, Span)>) -> TokenStream {
    let private = &target.paths.private;
    let ident = target.ident;
    let set = FieldSet { paths: target.paths, fields, default, table: format_ident!("__FIELDS") };
    let table = set.table_static(&[]);
    let from_document =
        target.implement_from_document(ident, &format_ident!("__Partial"), &quote!(#ident), &set);
    let (writes, check_beside) = (set.write(|field| quote!(&self.#field)), set.check_beside());
    let write_fields = document_functions::write_fields(&quote!(#writes #private::Ok(())), target.paths);
    let to_document = target.implement(
        &quote!(#private::ToDocument),
        &quote! {
            #write_fields
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

/// The implementations of a struct around one value, which is stored as that value.
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
    // The newtype can be part of a key exactly if its content can. A bound without parameters that does not hold is an error at
    // once; `for<'any>` defers it to the use of the trait.
    let when = |trait_path: &TokenStream| quote!(for<'any> #ty: #trait_path);
    let key_part = quote!(#private::KeyPart);
    let key_part_impl = target.key_part(
        &when(&key_part),
        (
            &quote!(<#ty as #private::KeyPart>::FIXED_WIDTH),
            &quote!(const FORM: #private::Option<&'static str> = <#ty as #private::KeyPart>::FORM;),
        ),
        &quote!(#private::KeyPart::write_part(&self.0, w)),
        &quote!(#private::Result::map(<#ty as #private::KeyPart>::read_part(text), #ident)),
    );
    let map_key_impl = target.map_key(
        &when(&quote!(#private::MapKey)),
        &quote!(#private::MapKey::to_key(&self.0)),
        &quote!(#private::Result::map(<#ty as #private::MapKey>::from_key(text), #ident)),
    );
    let key_text = quote!(#private::KeyText);
    let key_text_impl = target.implement_where(&key_text, &when(&key_text), &TokenStream::new());
    let operators = newtype_operators::operators(target, ty);
    quote!(#value #key_part_impl #key_text_impl #map_key_impl #operators)
}

/// The implementations of a struct of several values without names, which is a list.
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
    let newtype = newtype_operators::of_tuple(target, fields);
    quote!(#value #newtype)
}
