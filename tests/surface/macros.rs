//! `macro_rules!`: the macros of a crate, and what they make.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};

/// A macro: a pattern and what it makes, for each rule.
#[derive(Clone)]
pub(crate) struct Macro {
    rules: Vec<(Vec<Pattern>, TokenStream)>,
}

#[derive(Clone)]
enum Pattern {
    Token(TokenTree),
    Group(Delimiter, Vec<Self>),
    Fragment { name: String, kind: String },
    Repetition { of: Vec<Self>, separator: Vec<TokenTree>, at_most_once: bool, at_least_once: bool },
}

/// What a name of a pattern stands for.
#[derive(Clone)]
enum Bound {
    Tokens(Vec<TokenTree>),
    Each(Vec<Bound>),
}

type Bindings = BTreeMap<String, Bound>;

impl Macro {
    /// Reads the rules of a `macro_rules!`.
    pub(crate) fn new(tokens: TokenStream) -> Self {
        let groups: Vec<Group> = tokens
            .into_iter()
            .filter_map(|token| match token {
                TokenTree::Group(group) => Some(group),
                _ => None,
            })
            .collect();
        let rules = groups.chunks(2).map(|rule| (patterns(rule[0].stream()), rule[1].stream()));
        Self { rules: rules.collect() }
    }

    /// What it makes of these tokens.
    pub(crate) fn expand(&self, tokens: TokenStream) -> Option<TokenStream> {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        self.rules.iter().find_map(|(pattern, makes)| {
            let (bound, length) = matched(pattern, &tokens)?;
            (length == tokens.len()).then(|| transcribed(makes.clone(), &bound))
        })
    }
}

fn punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

fn patterns(tokens: TokenStream) -> Vec<Pattern> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut patterns = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match (token, tokens.get(at + 1)) {
            (dollar, Some(TokenTree::Ident(name)))
                if punct(Some(dollar), '$') && punct(tokens.get(at + 2), ':') =>
            {
                patterns.push(Pattern::Fragment { name: name.to_string(), kind: tokens[at + 3].to_string() });
                at += 4;
            }
            (dollar, Some(TokenTree::Group(group))) if punct(Some(dollar), '$') => {
                let (separator, operator, length) = repetition(&tokens[at + 2..]);
                patterns.push(Pattern::Repetition {
                    of: patterns_of(group),
                    separator,
                    at_most_once: operator == '?',
                    at_least_once: operator == '+',
                });
                at += 2 + length;
            }
            (TokenTree::Group(group), _) => {
                patterns.push(Pattern::Group(group.delimiter(), patterns_of(group)));
                at += 1;
            }
            (token, _) => {
                patterns.push(Pattern::Token(token.clone()));
                at += 1;
            }
        }
    }
    patterns
}

fn patterns_of(group: &Group) -> Vec<Pattern> {
    patterns(group.stream())
}

/// The separator and the operator behind `$(..)`, and how many tokens they are.
fn repetition(tokens: &[TokenTree]) -> (Vec<TokenTree>, char, usize) {
    let operator = |at: usize| ['*', '+', '?'].into_iter().find(|operator| punct(tokens.get(at), *operator));
    // A separator such as `=>` is two tokens.
    let found = (0..3).find_map(|at| Some((at, operator(at)?)));
    let (at, operator) = found.unwrap_or_else(|| panic!("no operator behind `$(..)`: {tokens:?}"));
    (tokens[..at].to_vec(), operator, at + 1)
}

/// What the names stand for, and how many tokens the pattern takes.
fn matched(patterns: &[Pattern], tokens: &[TokenTree]) -> Option<(Bindings, usize)> {
    let mut bound = Bindings::new();
    let mut at = 0;
    for pattern in patterns {
        let rest = &tokens[at..];
        match pattern {
            Pattern::Token(token) => {
                rest.first().filter(|found| is_same(found, token))?;
                at += 1;
            }
            Pattern::Group(delimiter, inner) => {
                let Some(TokenTree::Group(group)) = rest.first() else { return None };
                let content: Vec<TokenTree> = group.stream().into_iter().collect();
                let (found, length) = matched(inner, &content).filter(|_| group.delimiter() == *delimiter)?;
                if length < content.len() {
                    return None;
                }
                bound.extend(found);
                at += 1;
            }
            Pattern::Fragment { name, kind } => {
                let length = fragment(kind, rest)?;
                bound.insert(name.clone(), Bound::Tokens(rest[..length].to_vec()));
                at += length;
            }
            Pattern::Repetition { of, separator, at_most_once, at_least_once } => {
                let mut rounds: Vec<Bindings> = Vec::new();
                loop {
                    let mut from = at;
                    if !rounds.is_empty() {
                        let mut others = tokens[from..].iter();
                        if !separator
                            .iter()
                            .all(|token| others.next().is_some_and(|next| is_same(next, token)))
                        {
                            break;
                        }
                        from += separator.len();
                    }
                    let Some((found, length)) = matched(of, &tokens[from..]) else { break };
                    if length == 0 {
                        break;
                    }
                    rounds.push(found);
                    at = from + length;
                    if *at_most_once {
                        break;
                    }
                }
                if *at_least_once && rounds.is_empty() {
                    return None;
                }
                for name in names(of) {
                    let each = rounds.iter().map(|round| round[&name].clone()).collect();
                    bound.insert(name, Bound::Each(each));
                }
            }
        }
    }
    Some((bound, at))
}

fn is_same(found: &TokenTree, wanted: &TokenTree) -> bool {
    !matches!(found, TokenTree::Group(_)) && found.to_string() == wanted.to_string()
}

fn names(patterns: &[Pattern]) -> Vec<String> {
    let names = patterns.iter().flat_map(|pattern| match pattern {
        Pattern::Token(_) => Vec::new(),
        Pattern::Group(_, inner) | Pattern::Repetition { of: inner, .. } => names(inner),
        Pattern::Fragment { name, .. } => vec![name.clone()],
    });
    names.collect()
}

/// How many tokens a fragment takes; none if it does not match.
fn fragment(kind: &str, tokens: &[TokenTree]) -> Option<usize> {
    fn parsed<T: syn::parse::Parse>(tokens: &[TokenTree]) -> Option<usize> {
        by(tokens, T::parse)
    }
    fn by<T>(tokens: &[TokenTree], parse: impl FnOnce(ParseStream<'_>) -> syn::Result<T>) -> Option<usize> {
        let both = |input: ParseStream<'_>| {
            parse(input)?;
            input.parse::<TokenStream>()
        };
        let rest = both.parse2(tokens.iter().cloned().collect()).ok()?;
        Some(tokens.len() - rest.into_iter().count())
    }
    let first = tokens.first();
    match kind {
        "ident" => matches!(first?, TokenTree::Ident(_)).then_some(1),
        "tt" => Some(if punct(first, '\'') { 2 } else { first.map(|_| 1)? }),
        "lifetime" => punct(first, '\'').then_some(2),
        "literal" => parsed::<syn::Lit>(tokens),
        "ty" => parsed::<syn::Type>(tokens),
        "path" => parsed::<syn::Path>(tokens),
        "expr" => parsed::<syn::Expr>(tokens),
        "vis" => parsed::<syn::Visibility>(tokens),
        "item" => parsed::<syn::Item>(tokens),
        "meta" => parsed::<syn::Meta>(tokens),
        "block" => parsed::<syn::Block>(tokens),
        "pat" => by(tokens, syn::Pat::parse_multi_with_leading_vert),
        kind => panic!("a fragment of the kind `{kind}`"),
    }
}

fn transcribed(tokens: TokenStream, bound: &Bindings) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut made = TokenStream::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match (token, tokens.get(at + 1)) {
            (dollar, Some(TokenTree::Ident(name))) if punct(Some(dollar), '$') => {
                match bound.get(&name.to_string()) {
                    Some(Bound::Tokens(tokens)) => made.extend(tokens.iter().cloned()),
                    Some(Bound::Each(_)) => panic!("`${name}` stands for several"),
                    // `$crate`
                    None => made.extend([TokenTree::Ident(name.clone())]),
                }
                at += 2;
            }
            (dollar, Some(TokenTree::Group(group))) if punct(Some(dollar), '$') => {
                let (separator, _, length) = repetition(&tokens[at + 2..]);
                for (round, bound) in rounds(group.stream(), bound).iter().enumerate() {
                    made.extend(separator.iter().filter(|_| round > 0).cloned());
                    made.extend(transcribed(group.stream(), bound));
                }
                at += 2 + length;
            }
            (TokenTree::Group(group), _) => {
                let content = transcribed(group.stream(), bound);
                Group::new(group.delimiter(), content).to_tokens(&mut made);
                at += 1;
            }
            (token, _) => {
                made.extend([token.clone()]);
                at += 1;
            }
        }
    }
    made
}

/// What the names stand for in each round of a repetition of these tokens.
fn rounds(tokens: TokenStream, bound: &Bindings) -> Vec<Bindings> {
    let used = used(tokens);
    let each = bound.iter().filter(|(name, _)| used.contains(name));
    let each: Vec<(&String, &Vec<Bound>)> = each
        .filter_map(|(name, bound)| match bound {
            Bound::Each(each) => Some((name, each)),
            Bound::Tokens(_) => None,
        })
        .collect();
    let count = each.iter().map(|(_, each)| each.len()).max().unwrap_or(0);
    let round = |at: usize| {
        let mut bound = bound.clone();
        bound.extend(each.iter().filter_map(|(name, each)| Some(((*name).clone(), each.get(at)?.clone()))));
        bound
    };
    (0..count).map(round).collect()
}

/// The names that stand behind a `$`.
fn used(tokens: TokenStream) -> Vec<String> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut names = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => names.extend(used(group.stream())),
            TokenTree::Ident(name) if at > 0 && punct(tokens.get(at - 1), '$') => {
                names.push(name.to_string())
            }
            _ => {}
        }
    }
    names
}
