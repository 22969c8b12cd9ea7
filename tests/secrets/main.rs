//! No secret is shown: neither by `Debug` and `Display` of any public type, nor by what dynamap logs.
//!
//! Secrets are planted wherever data can be: in keys, values, keys of maps, names of attributes that no entity declares, entity
//! types, conditions, updates, filters, cursors, tokens, files to load, credentials and a table's clock.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod capture;
mod errors;
mod lambda;
mod logs;
mod model;
mod operators;
mod requests;
mod sealed;
mod shard_reader;
mod streams;
mod types;

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Debug;

/// In every secret text, in one case or the other.
const WORD: &str = "hush";

/// Every secret number.
const NUMBER: u64 = 47_114_711;

/// True if a text shows a secret: as it is, in base64, or as a list of bytes.
fn leaks(text: &str) -> bool {
    let lower = text.to_lowercase();
    let number = NUMBER.to_string();
    [WORD, &number, "ahvzac", "ahvzaa", "104, 117, 115, 104"].iter().any(|secret| lower.contains(secret))
}

#[track_caller]
fn hides(what: &str, text: &str) {
    assert!(!leaks(text), "{what} shows a secret: {text}");
}

/// The types whose values were shown.
#[derive(Default)]
struct Shown(BTreeSet<&'static str>);

impl Shown {
    #[track_caller]
    fn debug(&mut self, name: &'static str, value: &dyn Debug) {
        self.0.insert(name);
        hides(name, &format!("{value:?}"));
        hides(name, &format!("{value:#?}"));
    }

    /// What was shown where the value was.
    #[track_caller]
    fn text(&mut self, name: &'static str, text: &str) {
        self.0.insert(name);
        hides(name, text);
    }

    #[track_caller]
    fn display(&mut self, name: &'static str, value: &(impl Debug + std::fmt::Display + ?Sized)) {
        self.0.insert(name);
        hides(name, &format!("{value} {value:#}"));
        hides(name, &format!("{value:?} {value:#?}"));
    }

    /// An error and its sources, as reports walk them.
    #[track_caller]
    fn error(&mut self, name: &'static str, error: &dyn Error) {
        let mut next = Some(error);
        while let Some(error) = next {
            self.display(name, error);
            next = error.source();
        }
    }
}

/// A new public type needs a case, or a reason why it needs none.
#[tokio::test(start_paused = true)]
async fn no_public_type_shows_a_secret() {
    let mut shown = Shown::default();
    requests::all(&mut shown).await;
    errors::all(&mut shown).await;
    operators::show(&mut shown);
    streams::all(&mut shown);
    shard_reader::all(&mut shown).await;
    lambda::all(&mut shown).await;
    types::all_are_covered(&shown.0);
}
