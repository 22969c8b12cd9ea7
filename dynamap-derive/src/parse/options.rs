//! The options of `#[dynamap(..)]` as they were typed.
//!
//! Quotes mean text and Rust is not quoted: `name = "Order"`, `table = Shop`, `pk = [region, year]`,
//! `projection = include("title", "price")`, `key_only`.

use super::option_sets::OptionSet;
use crate::errors::{Errors, closest};
use proc_macro2::{Span, TokenTree};
use std::cell::Cell;
use syn::{
    Ident, Lit, LitStr, Path, Token, bracketed, ext::IdentExt as _, parenthesized, parse::ParseStream,
    punctuated::Punctuated, spanned::Spanned, token,
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
    /// A number or another literal, which no option takes.
    Literal(Lit),
    /// Something that could not be parsed, which was reported.
    Wrong,
}

impl Value {
    fn span(&self, option: &Ident) -> Span {
        match self {
            Self::Flag | Self::Wrong => option.span(),
            Self::Text(text) => text.span(),
            Self::Name(path) => path.span(),
            Self::List(span, _) => *span,
            Self::Call(path, _) => path.span(),
            Self::Literal(literal) => literal.span(),
        }
    }
}

/// One option between the parentheses of `#[dynamap(..)]`.
pub(crate) struct Opt {
    pub(crate) name: Ident,
    pub(crate) value: Value,
    used: Cell<bool>,
}

/// Parses options up to the end. A mistake in one is reported, and the others are parsed all the same.
fn parse_options(input: ParseStream, errors: &Errors) -> syn::Result<Vec<Opt>> {
    let mut opts: Vec<Opt> = Vec::new();
    while !input.is_empty() {
        match Ident::parse_any(input) {
            Ok(name) => {
                let value =
                    parse_option_value(&name, input).and_then(|value| end_of_option(input, value, errors));
                let value = value.unwrap_or_else(|error| {
                    errors.syntax(error);
                    Value::Wrong
                });
                opts.push(Opt { name, value, used: Cell::new(false) });
            }
            Err(_) => errors.syntax(input.error("expected the name of an option")),
        }
        skip_to_comma(input)?;
    }
    Ok(opts)
}

fn parse_option_value(name: &Ident, input: ParseStream) -> syn::Result<Value> {
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        parse_value(input)
    } else if input.peek(token::Paren) {
        Ok(Value::Call(name.clone().into(), parse_arguments(input)?))
    } else {
        Ok(Value::Flag)
    }
}

/// Expects a comma after a value. One that is forgotten before the next option is reported, and both options are read.
fn end_of_option(input: ParseStream, value: Value, errors: &Errors) -> syn::Result<Value> {
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(value);
    }
    if is_option(input) {
        errors.syntax(input.error("expected `,` before the next option"));
        return Ok(value);
    }
    Err(input.error(match value {
        Value::Name(_) => "expected `,`; text goes in quotes",
        _ => "expected `,`",
    }))
}

/// True if `name =` or `name(` comes next.
fn is_option(input: ParseStream) -> bool {
    input.peek(Ident::peek_any) && (input.peek2(Token![=]) || input.peek2(token::Paren))
}

fn skip_to_comma(input: ParseStream) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) && !is_option(input) {
        input.parse::<TokenTree>()?;
    }
    input.parse::<Option<Token![,]>>().map(|_| ())
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
    if input.peek(Lit) {
        return Ok(Value::Literal(input.parse()?));
    }
    if input.is_empty() || input.peek(Token![,]) {
        return Err(input.error("expected a value after `=`"));
    }
    let path = parse_path(input)?;
    match input.peek(token::Paren) {
        true => Ok(Value::Call(path, parse_arguments(input)?)),
        false => Ok(Value::Name(path)),
    }
}

fn parse_path(input: ParseStream) -> syn::Result<Path> {
    match input.peek(Ident::peek_any) && !input.peek2(Token![::]) && !input.peek2(Token![<]) {
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
    set: &'static OptionSet,
    groups: Vec<Group>,
    /// True if a whole `#[dynamap(..)]` could not be parsed.
    broken: bool,
    errors: &'e Errors,
}

/// The options of one `#[dynamap(..)]`.
struct Group {
    opts: Vec<Opt>,
}

impl Group {
    fn get(&self, name: &str) -> Option<&Opt> {
        self.opts.iter().find(|opt| opt.name == name)
    }

    /// Reports misspelt names of options, and corrects them.
    fn mend_names(&mut self, set: &OptionSet, errors: &Errors) {
        let place = set.place;
        for at in 0..self.opts.len() {
            let typed = self.opts[at].name.to_string();
            if set.has(&typed) {
                continue;
            }
            let Some(meant) = closest(&typed, set.names) else { continue };
            let name = &self.opts[at].name;
            errors.at(name, format_args!("{place} has no option `{typed}`; did you mean `{meant}`?"));
            let mended = Ident::new(meant, name.span());
            match self.get(meant) {
                Some(_) => self.opts[at].used.set(true),
                // Read under the right name, the option makes no second error about what is missing.
                None => self.opts[at].name = mended,
            }
        }
    }
}

impl<'e> Options<'e> {
    /// Reads all `#[dynamap(..)]` among `attributes`, at the place of `set`.
    pub(crate) fn parse(attributes: &[syn::Attribute], set: &'static OptionSet, errors: &'e Errors) -> Self {
        let mut options = Self { set, groups: Vec::new(), broken: false, errors };
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("dynamap")) {
            match attribute.parse_args_with(|input: ParseStream| parse_options(input, errors)) {
                Ok(opts) => options.groups.push(Group { opts }),
                Err(error) => {
                    options.broken = true;
                    errors.syntax(error);
                }
            }
        }
        options.groups.iter_mut().for_each(|group| group.mend_names(set, errors));
        options
    }

    /// Removes the groups that have the option `name`, and returns each as options of its own.
    pub(crate) fn split_off(&mut self, name: &str, set: &'static OptionSet) -> Vec<Options<'e>> {
        let (with, without): (Vec<Group>, _) =
            std::mem::take(&mut self.groups).into_iter().partition(|group| group.get(name).is_some());
        self.groups = without;
        let (broken, errors) = (self.broken, self.errors);
        let options = |group| Options { set, groups: vec![group], broken, errors };
        with.into_iter().map(options).collect()
    }

    /// The option `name`. Reports it where it is given twice.
    pub(crate) fn get(&self, name: &str) -> Option<&Opt> {
        let mut all = self.groups.iter().flat_map(|group| &group.opts).filter(|opt| opt.name == name);
        let first = all.next()?;
        first.used.set(true);
        for again in all {
            if !again.used.replace(true) {
                self.errors.at(&again.name, format_args!("`{name}` is given twice"));
            }
        }
        (!matches!(first.value, Value::Wrong)).then_some(first)
    }

    /// True if the option `name` is given, rightly or wrongly.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.broken || self.groups.iter().any(|group| group.get(name).is_some())
    }

    /// Every option `name`, where it may be given several times.
    pub(crate) fn all<'o>(&'o self, name: &'o str) -> impl Iterator<Item = &'o Opt> {
        let named = move |opt: &&Opt| opt.name == name && !matches!(opt.value, Value::Wrong);
        self.groups.iter().flat_map(|group| &group.opts).filter(named).inspect(|opt| opt.used.set(true))
    }

    /// The span of the flag `name`, if it is given.
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

    /// Ends the reading of values, and keeps what a check can ask.
    pub(crate) fn close(self) -> GivenOptions {
        let given = |opt: Opt| GivenOption {
            is_read: opt.used.get(),
            is_wrong: matches!(opt.value, Value::Wrong),
            name: opt.name,
        };
        GivenOptions {
            set: self.set,
            options: self.groups.into_iter().flat_map(|group| group.opts).map(given).collect(),
            broken: self.broken,
        }
    }

    /// Ends the reading of values, and reports the options that the place does not have.
    pub(crate) fn finish(self) {
        let errors = self.errors;
        self.close().report_unknown(errors);
    }

    /// The names of all options given here, for editors.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Ident> {
        self.groups.iter().flat_map(|group| &group.opts).map(|opt| &opt.name)
    }

    pub(crate) fn errors(&self) -> &'e Errors {
        self.errors
    }
}

/// The options of one place after their values were read into a model.
pub(crate) struct GivenOptions {
    set: &'static OptionSet,
    options: Vec<GivenOption>,
    /// True if a whole `#[dynamap(..)]` could not be parsed.
    broken: bool,
}

struct GivenOption {
    name: Ident,
    /// True if the model has read its value.
    is_read: bool,
    /// True if its value could not be parsed, which was reported.
    is_wrong: bool,
}

impl GivenOptions {
    /// True if the option `name` is given, rightly or wrongly.
    pub(crate) fn is_given(&self, name: &str) -> bool {
        self.broken || self.options.iter().any(|option| option.name == name)
    }

    /// The name of the option as it was typed, if its value could be parsed.
    pub(crate) fn name(&self, name: &str) -> Option<&Ident> {
        let first = self.options.iter().find(|option| option.name == name)?;
        (!first.is_wrong).then_some(&first.name)
    }

    /// The names of all options, for editors.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Ident> {
        self.options.iter().map(|option| &option.name)
    }

    /// Reports the options that the place does not have: the model has not read them.
    pub(crate) fn report_unknown(&self, errors: &Errors) {
        let (place, known) = (self.set.place, self.set.names.join("`, `"));
        for option in self.options.iter().filter(|option| !option.is_read && !option.is_wrong) {
            let typed = &option.name;
            errors.at(typed, format_args!("{place} has no option `{typed}`; expected one of `{known}`"));
        }
    }
}
