//! The options of `#[serde(..)]`, which dynamap does not obey but compares with its own.

use proc_macro2::TokenTree;
use syn::{Ident, LitStr, Token, ext::IdentExt as _, meta::ParseNestedMeta, parse::ParseStream, token};

/// One option of `#[serde(..)]`.
pub(crate) struct SerdeOption {
    pub(crate) name: Ident,
    value: SerdeValue,
}

enum SerdeValue {
    /// `skip`
    Flag,
    /// `rename = "x"`
    Text(LitStr),
    /// `rename(serialize = "x", deserialize = "y")`: either of them, or both.
    Directions(Option<LitStr>, Option<LitStr>),
}

impl SerdeOption {
    /// The texts by which serde writes and reads.
    pub(crate) fn directions(&self) -> [Option<String>; 2] {
        match &self.value {
            SerdeValue::Flag => [None, None],
            SerdeValue::Text(text) => [Some(text.value()), Some(text.value())],
            SerdeValue::Directions(write, read) => [write, read].map(|text| text.as_ref().map(LitStr::value)),
        }
    }

    /// The text of the option, if it is the same in both directions.
    pub(crate) fn text(&self) -> Option<String> {
        match &self.value {
            SerdeValue::Text(text) => Some(text.value()),
            SerdeValue::Directions(Some(write), Some(read)) if write.value() == read.value() => {
                Some(write.value())
            }
            _ => None,
        }
    }

    /// The option as it was typed.
    pub(crate) fn shown(&self) -> String {
        let name = &self.name;
        match &self.value {
            SerdeValue::Flag => name.to_string(),
            SerdeValue::Text(text) => format!("{name} = {:?}", text.value()),
            SerdeValue::Directions(..) => format!("{name}(..)"),
        }
    }
}

/// The options of all `#[serde(..)]` among `attributes`, as far as they can be read: serde reports what is wrong.
pub(crate) fn options(attributes: &[syn::Attribute]) -> Vec<SerdeOption> {
    let mut options = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let _ = attribute.parse_nested_meta(|meta| {
            options.extend(option(&meta)?);
            Ok(())
        });
    }
    options
}

fn option(meta: &ParseNestedMeta<'_>) -> syn::Result<Option<SerdeOption>> {
    let value = if meta.input.peek(Token![=]) {
        meta.input.parse::<Token![=]>()?;
        match meta.input.peek(LitStr) {
            true => SerdeValue::Text(meta.input.parse()?),
            false => {
                skip_value(meta.input)?;
                SerdeValue::Flag
            }
        }
    } else if meta.input.peek(token::Paren) {
        let (mut write, mut read) = (None, None);
        meta.parse_nested_meta(|direction| {
            let text: LitStr = direction.value()?.parse()?;
            match direction.path.is_ident("serialize") {
                true => write = Some(text),
                false => read = Some(text),
            }
            Ok(())
        })?;
        SerdeValue::Directions(write, read)
    } else {
        SerdeValue::Flag
    };
    Ok(meta.path.get_ident().map(|name| SerdeOption { name: name.unraw(), value }))
}

fn skip_value(input: ParseStream) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}
