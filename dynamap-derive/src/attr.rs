//! Parses `#[dynamap(..)]`: what was typed, not yet what it means.
//!
//! Quotes mean text and Rust is not quoted: `name = "Order"`, `table = Shop`, `pk = [region, year]`,
//! `projection = include("title", "price")`, `key_only`.

use crate::errors::{Errors, did_you_mean};
use proc_macro2::Span;
use std::cell::Cell;
use syn::{
    Ident, LitStr, Path, Token, bracketed,
    ext::IdentExt as _,
    parenthesized,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
    spanned::Spanned,
    token,
};

/// The value of an option.
#[derive(Clone)]
pub(crate) enum Value {
    /// `key_only`
    Flag,
    /// `name = "Order"`
    Text(LitStr),
    /// `table = Shop`
    Name(Path),
    /// `pk = [region, year]`
    List(Span, Vec<Value>),
    /// `projection = include("title")`, and `indexes(ByGroup)` as a call of the option itself
    Call(Path, Vec<Value>),
}

impl Value {
    fn span(&self, option: &Ident) -> Span {
        match self {
            Self::Flag => option.span(),
            Self::Text(text) => text.span(),
            Self::Name(path) => path.span(),
            Self::List(span, _) => *span,
            Self::Call(path, _) => path.span(),
        }
    }
}

/// One option between the parentheses of `#[dynamap(..)]`.
pub(crate) struct Opt {
    pub(crate) name: Ident,
    pub(crate) value: Value,
    used: Cell<bool>,
}

impl Parse for Opt {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let name = Ident::parse_any(input)?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            parse_value(input)?
        } else if input.peek(token::Paren) {
            Value::Call(name.clone().into(), parse_arguments(input)?)
        } else {
            Value::Flag
        };
        Ok(Self { name, value, used: Cell::new(false) })
    }
}

fn parse_value(input: ParseStream) -> syn::Result<Value> {
    if input.peek(LitStr) {
        return Ok(Value::Text(input.parse()?));
    }
    if input.peek(token::Bracket) {
        let values;
        let bracket = bracketed!(values in input);
        return Ok(Value::List(bracket.span.join(), parse_values(&values)?));
    }
    if input.peek(syn::Lit) {
        return Err(input.error("expected text in quotes, a name or a list of names"));
    }
    let path = parse_path(input)?;
    match input.peek(token::Paren) {
        true => Ok(Value::Call(path, parse_arguments(input)?)),
        false => Ok(Value::Name(path)),
    }
}

fn parse_path(input: ParseStream) -> syn::Result<Path> {
    match input.peek(Ident::peek_any) && !input.peek2(Token![::]) {
        // A single name may be a keyword: `pk = type` names the field `r#type`.
        true => Ok(Ident::parse_any(input)?.into()),
        false => input.parse(),
    }
}

fn parse_arguments(input: ParseStream) -> syn::Result<Vec<Value>> {
    let arguments;
    parenthesized!(arguments in input);
    parse_values(&arguments)
}

fn parse_values(input: ParseStream) -> syn::Result<Vec<Value>> {
    Ok(Punctuated::<Value, Token![,]>::parse_terminated_with(input, parse_value)?.into_iter().collect())
}

/// The options of one place: a type, a field or a variant.
pub(crate) struct Options<'e> {
    groups: Vec<Group>,
    errors: &'e Errors,
}

/// The options of one `#[dynamap(..)]`.
pub(crate) struct Group {
    opts: Vec<Opt>,
}

impl Group {
    fn get(&self, name: &str) -> Option<&Opt> {
        self.opts.iter().find(|opt| opt.name == name)
    }
}

impl<'e> Options<'e> {
    /// Reads all `#[dynamap(..)]` among `attributes`.
    pub(crate) fn parse(attributes: &[syn::Attribute], errors: &'e Errors) -> Self {
        let mut groups = Vec::new();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("dynamap")) {
            match attribute.parse_args_with(Punctuated::<Opt, Token![,]>::parse_terminated) {
                Ok(opts) => groups.push(Group { opts: opts.into_iter().collect() }),
                Err(error) => errors.syntax(error),
            }
        }
        Self { groups, errors }
    }

    /// Takes the groups that have the option `name` out, each as options of its own.
    pub(crate) fn split_off(&mut self, name: &str) -> Vec<Options<'e>> {
        let (with, without) =
            std::mem::take(&mut self.groups).into_iter().partition(|group| group.get(name).is_some());
        self.groups = without;
        let with: Vec<Group> = with;
        with.into_iter().map(|group| Options { groups: vec![group], errors: self.errors }).collect()
    }

    /// The option `name`; giving it twice is a mistake.
    pub(crate) fn get(&self, name: &str) -> Option<&Opt> {
        let mut all = self.groups.iter().flat_map(|group| &group.opts).filter(|opt| opt.name == name);
        let first = all.next()?;
        first.used.set(true);
        for again in all {
            again.used.set(true);
            self.errors.at(&again.name, format_args!("`{name}` is given twice"));
        }
        Some(first)
    }

    /// Every option `name`, where it may be given several times.
    pub(crate) fn all<'o>(&'o self, name: &'o str) -> impl Iterator<Item = &'o Opt> {
        let named = move |opt: &&Opt| opt.name == name;
        self.groups.iter().flat_map(|group| &group.opts).filter(named).inspect(|opt| opt.used.set(true))
    }

    /// Where the flag `name` is given.
    pub(crate) fn flag(&self, name: &str) -> Option<Span> {
        let opt = self.get(name)?;
        match &opt.value {
            Value::Flag => {}
            value => self.errors.span(value.span(&opt.name), format_args!("`{name}` takes no value")),
        }
        Some(opt.name.span())
    }

    /// The text of the option `name`.
    pub(crate) fn text(&self, name: &str) -> Option<LitStr> {
        let opt = self.get(name)?;
        match &opt.value {
            Value::Text(text) => return Some(text.clone()),
            value => self.errors.span(
                value.span(&opt.name),
                format_args!("`{name}` takes text in quotes: `{name} = \"..\"`"),
            ),
        }
        None
    }

    /// The path of the option `name`.
    pub(crate) fn path(&self, name: &str) -> Option<Path> {
        let opt = self.get(name)?;
        match &opt.value {
            Value::Name(path) => return Some(path.clone()),
            Value::Text(text) => self.errors.at(
                text,
                format_args!("`{name}` takes a Rust name without quotes: `{name} = {}`", text.value()),
            ),
            value => self
                .errors
                .span(value.span(&opt.name), format_args!("`{name}` takes a Rust name: `{name} = ..`")),
        }
        None
    }

    /// Reports the options that nobody asked for.
    pub(crate) fn finish(self, place: &str, known: &[&str]) {
        for opt in self.groups.iter().flat_map(|group| &group.opts).filter(|opt| !opt.used.get()) {
            let typed = opt.name.to_string();
            let hint = match did_you_mean(&typed, known) {
                hint if hint.is_empty() => format!("; expected one of `{}`", known.join("`, `")),
                hint => hint,
            };
            self.errors.at(&opt.name, format_args!("{place} has no option `{typed}`{hint}"));
        }
    }

    /// The names of all options given here, for editors.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Ident> {
        self.groups.iter().flat_map(|group| &group.opts).map(|opt| &opt.name)
    }

    pub(crate) fn errors(&self) -> &'e Errors {
        self.errors
    }
}
