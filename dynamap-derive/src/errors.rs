//! The mistakes in an input, collected so that a user sees all of them at once.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use std::{cell::RefCell, fmt::Display};

/// Every mistake found so far, each at the place where it was typed.
#[derive(Default)]
pub(crate) struct Errors(RefCell<Vec<syn::Error>>);

impl Errors {
    /// Reports a mistake at the tokens of `at`.
    pub(crate) fn at(&self, at: &impl ToTokens, message: impl Display) {
        self.0.borrow_mut().push(syn::Error::new_spanned(at, message));
    }

    /// Reports a mistake at `span`.
    pub(crate) fn span(&self, span: Span, message: impl Display) {
        self.0.borrow_mut().push(syn::Error::new(span, message));
    }

    /// Reports what the parser found.
    pub(crate) fn syntax(&self, error: syn::Error) {
        self.0.borrow_mut().push(error);
    }

    /// True if there were mistakes.
    pub(crate) fn any(&self) -> bool {
        !self.0.borrow().is_empty()
    }

    /// The mistakes as `compile_error!` invocations.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        self.0.into_inner().iter().map(syn::Error::to_compile_error).collect()
    }
}

/// The hint `; did you mean `x`?` with the name in `known` that is nearest to `typed`; empty if none is near enough.
pub(crate) fn did_you_mean(typed: &str, known: &[&str]) -> String {
    closest(typed, known).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

/// The name in `known` that is nearest to `typed`, if it is near enough to be a typing error.
pub(crate) fn closest<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    let allowed = 1 + typed.chars().count() / 4;
    known
        .iter()
        .map(|name| (distance(typed, name), *name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The number of insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before_last = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let replaced = last[j] + usize::from(a[i] != b[j]);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = last;
        last = row;
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{closest, distance};

    #[test]
    fn slips_are_recognised_and_other_words_are_not() {
        assert_eq!(distance("nunber", "number"), 1);
        assert_eq!(distance("nubmer", "number"), 1);
        assert_eq!(closest("nunber", &["email", "number"]), Some("number"));
        assert_eq!(closest("custmer_id", &["customer_id", "order_id"]), Some("customer_id"));
        assert_eq!(closest("total", &["email", "number"]), None);
    }
}
