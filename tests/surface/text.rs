//! Tokens as text, spaced as people do.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// The text of a piece of code.
pub(crate) fn text(code: impl ToTokens) -> String {
    let mut out = String::new();
    write(code.into_token_stream(), &mut out, &mut Vec::new());
    out.trim_end_matches(',').to_owned()
}

/// The operators between which there are spaces.
const SPACED: [&str; 6] = ["->", "=>", "=", "+", "==", "|"];

/// Writes tokens; `before` has the last tokens as they are.
fn write(tokens: TokenStream, out: &mut String, before: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        let word = match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                write(group.stream(), out, before);
                continue;
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Parenthesis | Delimiter::None => ("(", ")"),
                };
                put(open, out, before);
                let is_one_of_a_tuple = is_one_of_a_tuple(group);
                write(group.stream(), out, before);
                if !is_one_of_a_tuple {
                    drop_comma(out, before);
                }
                put(close, out, before);
                continue;
            }
            TokenTree::Punct(punct) => {
                let mut word = punct.as_char().to_string();
                // `::`, `->` and the like are one, as is a lifetime; `>>` is two.
                let joins = |next: &TokenTree| match next {
                    TokenTree::Punct(next) => ["::", "->", "=>", "=="]
                        .contains(&format!("{}{}", punct.as_char(), next.as_char()).as_str()),
                    TokenTree::Ident(_) => punct.as_char() == '\'',
                    _ => false,
                };
                if punct.spacing() == Spacing::Joint
                    && let Some(next) = tokens.get(at).filter(|next| joins(next))
                {
                    word.push_str(&next.to_string());
                    at += 1;
                }
                word
            }
            token => token.to_string(),
        };
        // Whether an argument is `mut` is no one's business but the function's.
        if word == "mut" && before.last().is_some_and(|last| last == "(" || last == ",") {
            continue;
        }
        // `for<'a>` is of a lifetime, `for <A as B>::C` of a type.
        if word == "<" && before.last().is_some_and(|last| last == "for") && is_lifetime(tokens.get(at)) {
            out.push('<');
            before.push(word);
        } else {
            put(&word, out, before);
        }
    }
}

fn is_lifetime(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == '\'')
}

/// Whether it is `(A,)`, whose comma says that it is a tuple.
fn is_one_of_a_tuple(group: &Group) -> bool {
    let is = |token: &TokenTree, character| matches!(token, TokenTree::Punct(punct) if punct.as_char() == character);
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let commas = tokens.iter().filter(|token| is(token, ',')).count();
    let of_arguments = |pair: &[TokenTree]| is(&pair[0], ':') && !is(&pair[1], ':');
    commas == 1 && !tokens.windows(2).any(of_arguments)
}

/// Drops a comma behind the last of several, which is there or not as lines are broken.
fn drop_comma(out: &mut String, before: &mut Vec<String>) {
    if before.last().is_some_and(|last| last == ",") {
        before.pop();
        out.pop();
    }
}

fn put(word: &str, out: &mut String, before: &mut Vec<String>) {
    if matches!(word, ">" | "{") {
        drop_comma(out, before);
    }
    let last = before.last().map_or("", String::as_str);
    let is_word = |text: &str| text.starts_with(|c: char| c.is_alphanumeric() || "_'\"".contains(c));
    let space = match (last, word) {
        ("", _) => false,
        (_, "{" | "}") | ("{" | "}", _) => true,
        (last, word) if SPACED.contains(&last) || SPACED.contains(&word) => true,
        ("," | ";" | ":", _) => !matches!(word, ")"),
        // After generics, a word begins another part.
        (">" | ")" | "]", word) => is_word(word),
        (last, "(" | "[" | "<" | "&") if last.starts_with('\'') => true,
        (last, "(" | "[" | "<" | "&" | "::") => ["dyn", "in", "where", "mut", "as", "for"].contains(&last),
        (last, "*" | "#" | "?") => is_word(last),
        (last, word) => is_word(last) && is_word(word),
    };
    if space {
        out.push(' ');
    }
    out.push_str(word);
    before.push(word.to_owned());
}

#[test]
fn text_is_spaced() {
    for code in [
        "pub fn f<'a, T: ?Sized + Into<X<'a>>>(&'a mut self, of: (A, B)) -> Result<Vec<T>, E> where T: Fn(u8) -> u8",
        "impl<T> From<&'static [T; 2]> for <A as B>::C",
        "fn f(&self, by: impl for<'a> Fn(&'a str) -> Option<&'a str>) -> Box<dyn Any + Send + 'static>",
        "fn f(of: &(A,), by: impl Fn(u8, X::Y) -> u8) -> (A, B)",
        "impl A for (B, C) { type D = E<F>; }",
        "#[cfg(feature = \"gzip\")] const A: (dyn A, &dyn B)",
    ] {
        let tokens: TokenStream = code.parse().unwrap();
        assert_eq!(text(tokens), code);
    }
    let wrapped: TokenStream =
        "fn f<\n A,\n B,\n>(\n mut a: A,\n b: (B,),\n)\nwhere\n A: B,\n".parse().unwrap();
    assert_eq!(text(wrapped), "fn f<A, B>(a: A, b: (B,)) where A: B");
}
