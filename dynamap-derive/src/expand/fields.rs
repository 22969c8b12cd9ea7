//! Code that reads and writes the fields of an item, a map or a struct variant.

mod finished;

use super::{Paths, field_types, local, stamps};
use crate::model::field::{Codec, Default, Field, Stamp};
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::{Ident, Index, Type, spanned::Spanned};

/// The fields of one struct or struct variant.
pub(crate) struct FieldSet<'m> {
    pub(crate) paths: &'m Paths,
    pub(crate) fields: &'m [Field],
    /// The default of the struct, from which fields are taken whose attributes are absent.
    pub(crate) default: Option<&'m (Default, Span)>,
    /// The name of the static that holds their table.
    pub(crate) table: Ident,
}

impl<'m> FieldSet<'m> {
    /// The fields that are attributes of their own, with their positions in the field table.
    fn stored(&self) -> impl Iterator<Item = (Index, &'m Field)> {
        self.fields
            .iter()
            .filter(|field| field.is_stored())
            .enumerate()
            .map(|(at, field)| (Index::from(at), field))
    }

    fn flattened(&self) -> impl Iterator<Item = &'m Field> {
        self.fields.iter().filter(|field| field.flatten)
    }

    /// The number of attributes in the field table before `reserved`.
    pub(crate) fn stored_count(&self) -> usize {
        self.stored().count() + usize::from(self.lineage().is_some()) + self.aliases().count()
    }

    /// The names that fields are read by as well, which stand behind all that are written.
    fn aliases(&self) -> impl Iterator<Item = (&'m Field, &'m String)> {
        self.stored().flat_map(|(_, field)| field.aliases.iter().map(move |alias| (field, alias)))
    }

    /// The attribute beside a version, which stands behind those of the fields: its position, the version, and its name.
    fn lineage(&self) -> Option<(Index, &'m Field, &'m String)> {
        let (version, name) = self.fields.iter().find_map(|field| Some((field, field.lineage.as_ref()?)))?;
        Some((Index::from(self.stored().count()), version, name))
    }

    /// The trait by which code reads and writes a version.
    fn version_of(&self, version: &Field) -> TokenStream {
        let (owner, version_of) = (&self.paths.owner, stamps::trait_of(version, Stamp::Version, self.paths));
        quote!(<#owner as #version_of>)
    }

    /// The static field table. `reserved` are names that are known but no fields.
    pub(crate) fn table_static(&self, reserved: &[TokenStream]) -> TokenStream {
        let lineage = self.lineage().map(|(_, _, name)| name);
        let names: Vec<&String> = self.stored().map(|(_, field)| &field.name).chain(lineage).collect();
        let aliases = self.aliases().map(|(_, alias)| alias);
        let names: Vec<&String> = names.into_iter().chain(aliases).collect();
        let quoted = names.iter().map(|name| format!("{}:", json_string(name)));
        let count = names.len() + reserved.len();
        let names = quote!(#(#names,)* #(#reserved),*);
        let table = field_table(&self.table, count, &names, &quote!(#(#quoted),*), self.paths);
        let one_each = self.one_each();
        quote! {
            #one_each
            #[allow(non_upper_case_globals)]
            #table
        }
    }

    /// Assertions that flattened documents have no name that stands beside them already.
    fn one_each(&self) -> TokenStream {
        if self.paths.is_generic() {
            return TokenStream::new();
        }
        let private = &self.paths.private;
        let own = self.stored().flat_map(|(_, field)| std::iter::once(&field.name).chain(&field.aliases));
        let own = quote!(&[#(#own),*]);
        let checks = self.flattened().map(|field| {
            let of = field_types::of(field, self.paths);
            let before = self.flattened().take_while(|before| before.position != field.position);
            let before = before.map(|before| {
                let of = field_types::of(before, self.paths);
                quote!(#of::NAMES)
            });
            let others = std::iter::once(own.clone()).chain(before);
            let message = format!(
                "a member of `{}` and what stands beside it have one name; rename one of them",
                field.ident
            );
            quote_spanned! {field.ty.span()=>
                #(const _: () = ::core::assert!(!#private::names_meet(#others, #of::NAMES), #message);)*
            }
        });
        checks.collect()
    }

    /// The members of the struct that collects fields while they are read.
    pub(crate) fn partial_members(&self) -> TokenStream {
        let Paths { private, owner, .. } = self.paths;
        let stored = self.stored().map(|(_, Field { ident, ty, .. })| quote!(#ident: #private::Option<#ty>));
        let flattened = self
            .flattened()
            .map(|Field { ident, position: (variant, at), .. }| quote!(#ident: #private::Flattened<#owner, #variant, #at>));
        let lineage = self.lineage().map(|_| quote!(__lineage: #private::Option<#private::Lineage>,));
        quote!(#(#stored,)* #(#flattened,)* #lineage)
    }

    /// The initial values of those members.
    pub(crate) fn partial_defaults(&self) -> TokenStream {
        let private = &self.paths.private;
        let stored = self.stored().map(|(_, Field { ident, .. })| quote!(#ident: #private::None));
        let flattened = self.flattened().map(|field| {
            let (ident, of) = (&field.ident, field_types::of(field, self.paths));
            quote!(#ident: #of::start())
        });
        let lineage = self.lineage().map(|_| quote!(__lineage: #private::None,));
        quote!(#(#stored,)* #(#flattened,)* #lineage)
    }

    /// The constant `OPEN` and the function `read_other`, where fields are flattened.
    pub(crate) fn read_other(&self) -> TokenStream {
        if self.flattened().next().is_none() {
            return TokenStream::new();
        }
        let private = &self.paths.private;
        let flattened: Vec<TokenStream> = self
            .flattened()
            .map(|field| {
                let (ident, of) = (&field.ident, field_types::of(field, self.paths));
                quote! {
                    if (!#of::TAKES_ANY || #of::knows(name)) && #of::offer(&mut partial.#ident, name, r)? {
                        return #private::Ok(true);
                    }
                }
            })
            .collect();
        // A map takes any name, so it is offered what no other field knows.
        let rest = self.flattened().map(|field| {
            let (ident, of) = (&field.ident, field_types::of(field, self.paths));
            quote! {
                if #of::TAKES_ANY && #of::offer(&mut partial.#ident, name, r)? {
                    return #private::Ok(true);
                }
            }
        });
        let of: Vec<TokenStream> = self.flattened().map(|field| field_types::of(field, self.paths)).collect();
        quote! {
            const OPEN: bool = true;
            const TAKES_ANY: bool = false #(|| #of::TAKES_ANY)*;
            fn each_name(name: &mut dyn #private::FnMut(&'static str)) {
                for known in <Self as #private::FromDocument>::FIELDS.names() {
                    name(known);
                }
                #(#of::each_name(name);)*
            }
            fn read_other<__R: #private::Reader>(
                partial: &mut Self::Partial,
                name: &str,
                r: &mut __R,
            ) -> #private::Result<bool, #private::DecodeError> {
                #(#flattened)*
                #(#rest)*
                #private::Ok(false)
            }
        }
    }

    /// The arms that read each stored field.
    pub(crate) fn read_arms(&self) -> TokenStream {
        let private = &self.paths.private;
        let arms = self.stored().map(|(at, field)| {
            let read = self.read_arm(field);
            quote!(#at => #read,)
        });
        let before = self.stored().count() + usize::from(self.lineage().is_some());
        let aliases = self.aliases().enumerate().map(|(at, (field, _))| {
            let (at, ident, read) = (Index::from(before + at), &field.ident, self.read_arm(field));
            // Where both are there, the name that is written today holds the value of today.
            quote! {
                #at => match #private::Option::is_some(&partial.#ident) {
                    true => r.skip(),
                    false => #read,
                },
            }
        });
        let lineage =
            self.lineage().map(|(at, ..)| quote!(#at => #private::read_field(&mut partial.__lineage, r),));
        quote!(#(#arms)* #lineage #(#aliases)*)
    }

    /// Reads the next value into the field: an expression of type `Result<(), _>`.
    fn read_arm(&self, field: &Field) -> TokenStream {
        let Paths { private, r, partial, .. } = self.paths;
        let (ident, value) = (&field.ident, read_value(self.paths, field));
        if self.has_default(field) {
            let span = match &field.codec {
                Codec::With(path) => path.span(),
                _ => Span::mixed_site(),
            };
            return quote_spanned! {span.resolved_at(Span::mixed_site())=>
                #private::read_or_null(&mut #partial.#ident, #r, |#r| #value)
            };
        }
        match &field.codec {
            Codec::Attribute | Codec::Serde => {
                let of = field_types::of(field, self.paths);
                quote!(#of::read_field(&mut partial.#ident, r))
            }
            Codec::With(path) => {
                quote_spanned!(path.span()=> #private::read_field_with(&mut #partial.#ident, #value))
            }
        }
    }

    /// Statements that write each field; `access` gives a reference to a field.
    pub(crate) fn write(&self, access: impl Fn(&Ident) -> TokenStream) -> TokenStream {
        let (Paths { private, w, .. }, table) = (self.paths, &self.table);
        let stored = self.stored().map(|(at, field)| {
            let value = access(&field.ident);
            let write = match &field.codec {
                Codec::Attribute | Codec::Serde => {
                    let of = field_types::of(field, self.paths);
                    quote!(#of::write_field(w, &#table, #at, #value)?;)
                }
                Codec::With(path) => {
                    let absent = is_absent(field, &value, self.paths);
                    quote_spanned! {path.span()=>
                        #private::write_field_with(#w, &#table, #at, #absent, |#w| #path::write(#value, #w))?;
                    }
                }
            };
            match &field.skip_if {
                Some(path) => quote_spanned!(path.span()=> if !#path(#value) { #write }),
                None => write,
            }
        });
        let flattened = self.flattened().map(|field| {
            let (value, of) = (access(&field.ident), field_types::of(field, self.paths));
            let others = self.flattened().filter(|other| other.position != field.position);
            let others = others.map(|other| field_types::of(other, self.paths));
            quote! {
                #of::write(#value, w, &|name| #table.find(name.as_bytes()).is_some() #(|| #others::knows(name))*)?;
            }
        });
        let lineage = self.lineage().map(|(at, version, _)| {
            let (value, of) = (access(&version.ident), self.version_of(version));
            quote!(#of::write_lineage(w, &#table, #at, #value)?;)
        });
        quote!(#(#stored)* #lineage #(#flattened)*)
    }

    /// The function by which flattened maps are checked against the names beside them, where there are any.
    pub(crate) fn check_beside(&self) -> TokenStream {
        let private = &self.paths.private;
        let checks: Vec<TokenStream> = self
            .flattened()
            .map(|field| {
                let (ident, of) = (&field.ident, field_types::of(field, self.paths));
                quote!(#of::check_beside(&self.#ident, taken)?;)
            })
            .collect();
        if checks.is_empty() {
            return TokenStream::new();
        }
        quote! {
            fn check_beside(&self, taken: &dyn #private::Fn(&str) -> bool) -> #private::Result<(), #private::EncodeError> {
                #(#checks)*
                #private::Ok(())
            }
        }
    }
}

/// A static field table of `count` names, and of the names `quoted` as the wire writes them.
pub(crate) fn field_table(
    table: &Ident,
    count: usize,
    names: &TokenStream,
    quoted: &TokenStream,
    paths: &Paths,
) -> TokenStream {
    let private = &paths.private;
    quote! {
        static #table: #private::FieldTable = {
            const NAMES: [&str; #count] = [#names];
            const HEADS: [#private::Head; #count] = #private::FieldTable::heads(&NAMES);
            #private::FieldTable::new(&NAMES, &[#quoted], &HEADS)
        };
    }
}

/// An expression that is true if a field which functions of the user map is left out of the item.
pub(crate) fn is_absent(field: &Field, value: &TokenStream, paths: &Paths) -> TokenStream {
    let optional = optional(&field.ty, paths);
    quote!(#optional::is_none(#value))
}

/// A type whose constant is true if `ty` is an `Option`, also under another name. Its code needs [`asks_optional`] in scope.
pub(crate) fn optional(ty: &Type, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    quote!(<#private::Optional<#ty>>)
}

/// The import that [`optional`] needs.
pub(crate) fn asks_optional(paths: &Paths) -> TokenStream {
    let private = &paths.private;
    quote!(#[allow(unused_imports)] use #private::NotOptional as _;)
}

/// Reads a value that stands alone, such as the content of a newtype: an expression of type `Result<T, _>`.
pub(crate) fn read_value(paths: &Paths, field: &Field) -> TokenStream {
    let (r, of) = (&paths.r, field_types::of(field, paths));
    match &field.codec {
        Codec::Attribute | Codec::Serde => quote!(#of::read(r)),
        Codec::With(path) => quote_spanned!(path.span()=> #path::read(#r)),
    }
}

/// Writes a value that stands alone: an expression of type `Result<(), _>`.
pub(crate) fn write_value(paths: &Paths, field: &Field, value: &TokenStream) -> TokenStream {
    let (w, of) = (&paths.w, field_types::of(field, paths));
    match &field.codec {
        Codec::Attribute | Codec::Serde => quote!(#of::write(#value, w)),
        Codec::With(path) => quote_spanned!(path.span()=> #path::write(#value, #w)),
    }
}

/// Reads a list of exactly these fields: an expression of type `Result<Self, _>`.
pub(crate) fn read_tuple(paths: &Paths, fields: &[Field], constructor: &TokenStream) -> TokenStream {
    let private = &paths.private;
    let (idents, values): (Vec<&Ident>, Vec<TokenStream>) =
        fields.iter().map(|field| (&field.ident, read_value(paths, field))).unzip();
    let at = 0..fields.len();
    let count = fields.len();
    quote!({
        let mut list = r.begin_list()?;
        #( let #idents = #private::read_element(r, &mut list, #at, #count, |r| #values)?; )*
        #private::end_elements(r, &mut list, #count)?;
        #private::Ok(#constructor(#(#idents),*))
    })
}

/// Writes a list of these fields, bound by reference to their names: an expression of type `Result<(), _>`.
pub(crate) fn write_tuple(paths: &Paths, fields: &[Field]) -> TokenStream {
    let private = &paths.private;
    let values = fields.iter().map(|field| {
        let ident = &field.ident;
        write_value(paths, field, &quote!(#ident))
    });
    let at = 0..fields.len();
    quote!({
        w.begin_list()?;
        #( #private::write_element(w, #at, |w| #values)?; )*
        w.end_list()
    })
}

/// The DynamoDB type of a Rust type, with the span of that type for errors in its bounds.
pub(crate) fn data_type(paths: &Paths, ty: &Type) -> TokenStream {
    let private = &paths.private;
    quote_spanned!(ty.span()=> <#ty as #private::AttributeType>::DataType)
}

/// `text` as a JSON string, escaped as the wire writes it.
fn json_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out + "\""
}
