//! Keys read back to their components.

use super::{Paths, field_types, key_attribute::KeyAttribute};
use crate::model::{entity::Entity, field::Field, key_spec::KeySpec};
use proc_macro2::TokenStream;
use syn::Ident;

/// Reads the components back from the key attributes.
pub(super) fn parse(entity: &Entity, keys: &[KeyAttribute<'_>], paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let mut seen: Vec<usize> = Vec::new();
    let reads: Vec<TokenStream> = keys
        .iter()
        .map(|key| {
            let name = &key.name;
            let value = if key.partition { quote!(partition_key) } else { quote!(sort_key) };
            if let KeySpec::Field { field, .. } = key.spec {
                let Field { ident, ty, .. } = &entity.fields[*field];
                seen.push(*field);
                return quote!(let #ident = #private::read_key_value::<#ty>(#value, #name)?;);
            }
            let (idents, parser) = parse_template(entity, key, &mut seen, paths);
            quote!(let (#(#idents,)*) = #private::read_key_text(#value, #name, #parser)?;)
        })
        .collect();
    let idents = entity.key_fields().into_iter().map(|field| &entity.fields[field].ident);
    quote!(#(#reads)* #private::Ok(Self { #(#idents),* }))
}

/// A key attribute of the table or of an index that holds fields which are stored nowhere else.
pub(crate) struct KeyRead {
    /// The member of the fields read so far that takes the attribute.
    pub(crate) member: Ident,
    /// The attribute's name.
    pub(crate) name: TokenStream,
    /// A statement that takes the fields out of it.
    pub(crate) statement: TokenStream,
}

/// The reads of the fields that are stored only inside a key.
pub(crate) fn key_reads<'k>(
    entity: &Entity,
    keys: impl Iterator<Item = &'k KeyAttribute<'k>>,
    paths: &Paths,
) -> Vec<KeyRead> {
    let private = &paths.private;
    let stored = entity.fields.iter().enumerate().filter(|(_, field)| field.key_only.is_none());
    let mut seen: Vec<usize> = stored.map(|(at, _)| at).collect();
    let mut reads = Vec::new();
    for key in keys.filter(|key| matches!(key.spec, KeySpec::Template { .. })) {
        let (idents, parser) = parse_template(entity, key, &mut seen, paths);
        if idents.is_empty() {
            continue;
        }
        let (member, name) = (key.function.clone(), key.name.clone());
        let statement =
            quote!(let (#(#idents,)*) = #private::read_key_text(partial.#member, #name, #parser)?;);
        reads.push(KeyRead { member, name, statement });
    }
    reads
}

/// A closure that reads the components of one key text, except those that were `seen` before.
fn parse_template<'m>(
    entity: &'m Entity,
    key: &KeyAttribute<'_>,
    seen: &mut Vec<usize>,
    paths: &Paths,
) -> (Vec<&'m Ident>, TokenStream) {
    let private = &paths.private;
    let template = &key.template;
    let mut idents = Vec::new();
    let mut steps = Vec::new();
    for at in key.spec.components() {
        let field = &entity.fields[at];
        let (ident, ty) = (&field.ident, field.part_type());
        if seen.contains(&at) {
            steps.push(quote!(parser.skip()?;));
            continue;
        }
        seen.push(at);
        idents.push(ident);
        steps.push(match field.plain {
            Some(_) => quote!(let #ident = parser.plain::<#ty>()?;),
            None => {
                let component = field_types::component(field, paths);
                quote!(let #ident = #component::read_part(&mut parser)?;)
            }
        });
    }
    let parser = quote! {
        |text| {
            #[allow(unused_mut)]
            let mut parser = #private::KeyParser::new(&#template, text)?;
            #(#steps)*
            parser.finish()?;
            #private::Ok((#(#idents,)*))
        }
    };
    (idents, parser)
}
