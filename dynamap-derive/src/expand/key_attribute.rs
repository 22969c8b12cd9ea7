//! A key attribute of an entity: its template, and the texts that are made by it.

use super::{Paths, field_types, local};
use crate::{
    case::name_of,
    model::{
        entity::Entity,
        field::{Codec, Field},
        key_spec::{KeySpec, Segment},
    },
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote_spanned};
use syn::{Ident, Index, spanned::Spanned};

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

    /// An expression that is true if an item can have another key than the entity that is read from it: a component has an
    /// attribute of its own, or its type reads several texts as one value.
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
            if keys.vector.is_some() {
                let attribute = quote!(#private::vector_partition_key::<#index>());
                return Self::new(
                    spec,
                    &attribute,
                    &format!("INDEX_{at}_PARTITION_KEY_{position}"),
                    partition,
                );
            }
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
                let (name, plain) = (name_of(&fields[*field].ident), fields[*field].plain.is_some());
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

/// The name that stands for an index in the code of an entity.
pub(crate) fn index_alias(index: &Ident) -> Ident {
    format_ident!("__{index}")
}
