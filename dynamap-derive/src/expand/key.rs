//! The key of an entity: its type, its templates and the texts made from them.

use super::{Paths, docs, field_types, key_parse::parse, local};
use crate::model::{
    entity::Entity,
    field::{Codec, Field},
    key::{KeySpec, Segment},
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote_spanned};
use syn::{Ident, Index, Type, ext::IdentExt, spanned::Spanned};

/// One key attribute of an entity: of the table, or of an index.
pub(crate) struct KeyAttribute<'m> {
    pub(crate) spec: &'m KeySpec,
    /// An expression for the attribute's name.
    pub(crate) name: TokenStream,
    /// An expression for the attribute's data type.
    pub(crate) data_type: TokenStream,
    /// `PARTITION_KEY`, `BY_STATUS_SORT_KEY_0`: what the template and the function are called.
    pub(crate) template: Ident,
    pub(crate) function: Ident,
    pub(crate) partition: bool,
}

impl<'m> KeyAttribute<'m> {
    pub(crate) fn of_table(entity: &'m Entity, paths: &Paths) -> Vec<Self> {
        let private = &paths.private;
        let owner = &entity.ident;
        let key = |spec, partition: bool| {
            let (attribute, word) = match partition {
                true => (quote!(<#owner as #private::InTable>::PARTITION_KEY), "PARTITION_KEY"),
                false => (quote!(<#owner as #private::InTable>::SORT_KEY), "SORT_KEY"),
            };
            Self::new(spec, &attribute, word, partition)
        };
        let partition_key = entity.partition_key.iter().map(|spec| key(spec, true));
        partition_key.chain(entity.sort_key.iter().map(|spec| key(spec, false))).collect()
    }

    /// Whether an item can have another key than the entity that is read from it: a component has an attribute of its own, or
    /// its type reads several texts as one value.
    pub(crate) fn is_checked(&self, fields: &[Field], paths: &Paths) -> TokenStream {
        match self.spec {
            KeySpec::Template { .. } => {
                let differs = |at: usize| fields[at].key_only.is_none() || fields[at].plain.is_some();
                let differs = self.spec.components().into_iter().any(differs);
                quote!(#differs)
            }
            KeySpec::Field { field, .. } => match fields[*field].codec {
                Codec::Attribute => {
                    let of = field_types::of(&fields[*field], paths);
                    quote!(!#of::EXACT)
                }
                Codec::Serde | Codec::With(_) => quote!(true),
            },
        }
    }

    pub(crate) fn of_index(entity: &'m Entity, at: usize, paths: &Paths) -> Vec<Self> {
        let private = &paths.private;
        let keys = &entity.indexes[at];
        let index = index_alias(&keys.ident);
        let attribute = |position: usize, spec, partition: bool| {
            let part = if partition { "partition_key" } else { "sort_key" };
            let (member, position_index) = (format_ident!("{part}"), Index::from(position));
            let attribute =
                quote!(#private::key_at(<#index as #private::Index>::SCHEMA.#member, #position_index));
            Self::new(spec, &attribute, &format!("INDEX_{at}_{}_{position}", part.to_uppercase()), partition)
        };
        let partition_key = keys.partition_key.iter().enumerate().map(|(at, spec)| attribute(at, spec, true));
        let sort_key = keys.sort_key.iter().enumerate().map(|(at, spec)| attribute(at, spec, false));
        partition_key.chain(sort_key).collect()
    }

    fn new(spec: &'m KeySpec, attribute: &TokenStream, word: &str, partition: bool) -> Self {
        Self {
            spec,
            name: quote!(#attribute.name),
            data_type: quote!(#attribute.data_type),
            template: format_ident!("__{word}"),
            function: format_ident!("__{}", word.to_lowercase()),
            partition,
        }
    }

    pub(crate) fn role(&self, paths: &Paths) -> TokenStream {
        let private = &paths.private;
        if self.partition { quote!(#private::KeyRole::Partition) } else { quote!(#private::KeyRole::Sort) }
    }

    /// The static template and the function that makes the key text of its components, by reference.
    pub(crate) fn items(&self, fields: &[Field], paths: &Paths) -> TokenStream {
        let private = &paths.private;
        let KeySpec::Template { literal, segments } = self.spec else { return TokenStream::new() };
        let (template, function, role) = (&self.template, &self.function, self.role(paths));
        let text = literal.value();
        let pieces = segments.iter().map(|segment| match segment {
            Segment::Text(text) => quote!(#private::Segment::Text(#text)),
            Segment::Component(field) => {
                let (name, plain) =
                    (crate::case::name_of(&fields[*field].ident), fields[*field].plain.is_some());
                quote!(#private::Segment::Part { name: #name, plain: #plain })
            }
        });
        let components: Vec<&Field> =
            self.spec.components().into_iter().map(|field| &fields[field]).collect();
        let parameters = components.iter().map(|field| {
            let (ident, ty) = (&field.ident, field.part_type());
            quote!(#ident: &#ty)
        });
        let parts = components.iter().map(|field| write_part(field, paths));
        quote! {
            static #template: #private::KeyTemplate = #private::KeyTemplate::new(#text, &[#(#pieces),*]);
            #[allow(clippy::too_many_arguments)]
            fn #function(#(#parameters),*) -> #private::Result<#private::String, #private::KeyError> {
                #[allow(unused_mut)]
                let mut key = #private::KeyBuilder::new(&#template);
                #(#parts)*
                key.finish(#role)
            }
        }
    }

    /// The value of the key attribute as a `Result<AttributeValue, KeyError>`; `access` gives a reference to a
    /// component.
    pub(crate) fn value(
        &self,
        fields: &[Field],
        paths: &Paths,
        access: impl Fn(&Ident) -> TokenStream,
    ) -> TokenStream {
        let private = &paths.private;
        match self.spec {
            KeySpec::Template { .. } => {
                let text = self.text(fields, access);
                quote!(#private::Result::map(#text, #private::AttributeValue::S))
            }
            KeySpec::Field { field, .. } => {
                let (name, role, value) = (&self.name, self.role(paths), access(&fields[*field].ident));
                quote_spanned!(self.spec.span()=> #private::key_value(#value, #role, #name))
            }
        }
    }

    /// The statement that writes the value into `bytes`; `access` gives a reference to a component.
    pub(crate) fn write_value(
        &self,
        fields: &[Field],
        paths: &Paths,
        access: impl Fn(&Ident) -> TokenStream,
    ) -> TokenStream {
        let (private, bytes) = (&paths.private, local("bytes"));
        match self.spec {
            KeySpec::Template { .. } => {
                let text = self.text(fields, access);
                quote!(#bytes.text(&#text?);)
            }
            KeySpec::Field { field, .. } => {
                let (name, role, value) = (&self.name, self.role(paths), access(&fields[*field].ident));
                quote_spanned!(self.spec.span()=> #private::write_key_value(#bytes, #value, #role, #name)?;)
            }
        }
    }

    /// A call of the function that makes the key text.
    pub(crate) fn text(&self, fields: &[Field], access: impl Fn(&Ident) -> TokenStream) -> TokenStream {
        let function = &self.function;
        let components = self.spec.components();
        let arguments = components.iter().map(|field| access(&fields[*field].ident));
        quote!(#function(#(#arguments),*))
    }

    /// The form of the key attribute, for item collections.
    pub(crate) fn parts(&self, entity: &Entity, paths: &Paths) -> Vec<TokenStream> {
        let private = &paths.private;
        let KeySpec::Template { segments, .. } = self.spec else {
            return vec![quote!(#private::PartitionPart::Field)];
        };
        let part = |segment: &Segment| match segment {
            Segment::Text(text) => quote!(#private::PartitionPart::Text(#text)),
            Segment::Component(field) if entity.fields[*field].plain.is_some() => {
                quote!(#private::PartitionPart::Plain)
            }
            Segment::Component(field) => {
                let component = field_types::component(&entity.fields[*field], paths);
                quote!(#component::PARTITION_PART)
            }
        };
        segments.iter().map(part).collect()
    }

    /// The template's text, or `{field}` where the field is the key.
    pub(crate) fn template_text(&self, fields: &[Field]) -> String {
        match self.spec {
            KeySpec::Template { literal, .. } => literal.value(),
            KeySpec::Field { field, .. } => format!("{{{}}}", fields[*field].ident),
        }
    }
}

/// The type of the entity's table. Only `impl Entity` names it by its path, so that a mistake in that is one error.
pub(crate) fn table(entity: &Entity, paths: &Paths) -> TokenStream {
    let (private, ident) = (&paths.private, &entity.ident);
    quote!(<#ident as #private::Entity>::Table)
}

/// The name that stands for an index in the code of an entity.
pub(crate) fn index_alias(index: &Ident) -> Ident {
    format_ident!("__{index}")
}

/// The path of the entity's table.
pub(crate) fn table_path(entity: &Entity, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    entity.table.as_ref().map_or_else(|| quote!(#private::NoTable), |table| quote!(#table))
}

fn write_part(field: &Field, paths: &Paths) -> TokenStream {
    let (ident, key) = (&field.ident, local("key"));
    match field.plain {
        Some(_) => quote_spanned!(field.ty.span()=> #key.plain(#ident)?;),
        None => {
            let component = field_types::component(field, paths);
            quote!(#component::write_part(#ident, &mut key)?;)
        }
    }
}

/// `OrderKey`.
pub(crate) fn key_ident(entity: &Entity) -> Ident {
    format_ident!("{}Key", entity.ident)
}

/// The key struct, which stands beside the entity.
pub(crate) fn key_struct(entity: &Entity) -> TokenStream {
    let (vis, ident) = (&entity.vis, key_ident(entity));
    let doc = docs::key_struct(entity);
    let name = ident.unraw().to_string();
    let names = entity.key_fields().into_iter().map(|field| entity.fields[field].ident.unraw().to_string());
    let members = entity.key_fields().into_iter().map(|field| {
        let Field { ident, docs, .. } = &entity.fields[field];
        let (ty, doc) = (entity.fields[field].part_type(), docs::key_field(&entity.fields[field]));
        let docs = if docs.is_empty() { quote!(#[doc = #doc]) } else { quote!(#(#docs)*) };
        quote!(#docs #vis #ident: #ty)
    });
    quote! {
        #[doc = #doc]
        #[derive(Clone)]
        #[allow(dead_code, private_interfaces, unused_parens, deprecated)]
        #vis struct #ident { #(#members),* }

        /// Shows the components by their names, and no value.
        #[automatically_derived]
        impl ::core::fmt::Debug for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut shown = f.debug_struct(#name);
                #(shown.field(#names, &::core::format_args!(".."));)*
                shown.finish()
            }
        }
    }
}

/// `PartialEq`, `Eq` and `Hash` of the key struct, as far as its components have them. A plain component may be
/// a float.
pub(crate) fn comparisons(entity: &Entity, paths: &Paths) -> TokenStream {
    let (private, key) = (&paths.private, key_ident(entity));
    let fields: Vec<&Field> = entity.key_fields().into_iter().map(|field| &entity.fields[field]).collect();
    let idents: Vec<&Ident> = fields.iter().map(|field| &field.ident).collect();
    let types: Vec<&Type> = fields.iter().map(|field| field.part_type()).collect();
    quote! {
        #[automatically_derived]
        impl #private::PartialEq for #key where #(for<'any> #types: #private::PartialEq,)* {
            fn eq(&self, other: &Self) -> bool {
                true #(&& #private::PartialEq::eq(&self.#idents, &other.#idents))*
            }
        }
        #[automatically_derived]
        impl #private::Eq for #key where #(for<'any> #types: #private::Eq,)* {}
        #[automatically_derived]
        impl #private::Hash for #key where #(for<'any> #types: #private::Hash,)* {
            fn hash<__H: #private::Hasher>(&self, state: &mut __H) {
                #(#private::Hash::hash(&self.#idents, state);)*
            }
        }
    }
}

/// The functions `key` and `to_key` of the entity.
pub(crate) fn key_function(entity: &Entity, paths: &Paths) -> TokenStream {
    let (vis, key, private) = (&entity.vis, key_ident(entity), &paths.private);
    let doc = docs::key_function(entity);
    let fields: Vec<&Field> = entity.key_fields().into_iter().map(|field| &entity.fields[field]).collect();
    let parameters = fields.iter().map(|field| parameter(entity, field, paths));
    let members = fields.iter().map(|field| {
        let (ident, value) = (&field.ident, converted(entity, field, paths));
        quote!(#ident: #value)
    });
    quote! {
        #[doc = #doc]
        #[must_use]
        #vis fn key(#(#parameters),*) -> #key {
            #key { #(#members),* }
        }

        /// The primary key of this item.
        #[must_use]
        #vis fn to_key(&self) -> #key {
            #private::Entity::to_key(self)
        }
    }
}

/// A parameter that takes a component of a key.
pub(crate) fn parameter(entity: &Entity, field: &Field, paths: &Paths) -> TokenStream {
    let (ident, bound) = (&field.ident, argument_bound(entity, field, paths));
    quote_spanned!(field.part_type().span()=> #ident: impl #bound)
}

/// What an argument for a component of a key implements.
pub(crate) fn argument_bound(entity: &Entity, field: &Field, paths: &Paths) -> TokenStream {
    let (private, ty) = (&paths.private, field.part_type());
    match is_encoded(entity, field) {
        true => quote_spanned!(ty.span()=> #private::KeyValue<#ty>),
        false => quote_spanned!(ty.span()=> #private::PlainValue<#ty>),
    }
}

/// The component that such a parameter was given.
pub(crate) fn converted(entity: &Entity, field: &Field, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let ident = &field.ident;
    match is_encoded(entity, field) {
        true => quote!(#private::KeyValue::into_part(#ident)),
        false => quote!(#private::PlainValue::into_plain(#ident)),
    }
}

fn is_encoded(entity: &Entity, field: &Field) -> bool {
    entity.encoded_fields().any(|encoded| encoded.position == field.position)
}

/// `impl Key for OrderKey`.
pub(crate) fn key_impl(
    entity: &Entity,
    keys: &[KeyAttribute<'_>],
    paths: &Paths,
    failed: bool,
) -> TokenStream {
    let private = &paths.private;
    let (ident, key) = (&entity.ident, key_ident(entity));
    let stub = quote!(#private::derive_failed());
    let access = |component: &Ident| quote!(&self.#component);
    let value = |partition: bool| {
        keys.iter().find(|key| key.partition == partition).map(|key| key.value(&entity.fields, paths, access))
    };
    let writes = keys.iter().map(|key| key.write_value(&entity.fields, paths, access));
    let (partition_key, sort_key, written, parsed) = if failed {
        (stub.clone(), stub.clone(), stub.clone(), stub)
    } else {
        let sort_key = match value(false) {
            Some(value) => quote!(#private::Result::map(#value, #private::Some)),
            None => quote!(#private::Ok(#private::None)),
        };
        let written = quote!(#(#writes)* #private::Ok(()));
        (value(true).unwrap_or(stub), sort_key, written, parse(entity, keys, paths))
    };
    quote! {
        #[automatically_derived]
        impl #private::Key for #key {
            type Entity = #ident;
            fn partition_key(&self) -> #private::Result<#private::AttributeValue, #private::KeyError> {
                #partition_key
            }
            fn sort_key(&self) -> #private::Result<#private::Option<#private::AttributeValue>, #private::KeyError> {
                #sort_key
            }
            #[allow(unused_variables)]
            fn write_values(&self, bytes: &mut #private::KeyBytes) -> #private::Result<(), #private::KeyError> {
                #written
            }
            #[allow(unused_variables)]
            fn from_attributes(
                partition_key: #private::Option<#private::AttributeValue>,
                sort_key: #private::Option<#private::AttributeValue>,
            ) -> #private::Result<Self, #private::DecodeError> {
                #parsed
            }
        }
    }
}
