//! The work of a worker, told as it happens.

use dynamap::stream::{ChangeRecord, EffectOutcome};
use webshop::model::ShopItem;

use crate::{model::DeadLetter, told::Told};

/// A change that a worker has recorded, or a record that it has stored as poison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// The sequence number.
    pub number: String,
    /// The outcome.
    pub done: &'static str,
    /// The change in words.
    pub text: String,
}

impl Live {
    /// A change that was recorded.
    #[must_use]
    pub fn change(record: &ChangeRecord<ShopItem>, outcome: EffectOutcome) -> Self {
        let Told { item, event, what, .. } = Told::of(record);
        let behind = if what.is_empty() { String::new() } else { format!(": {what}") };
        Self {
            number: record.sequence_number().to_string(),
            done: match outcome {
                EffectOutcome::Applied => "recorded",
                EffectOutcome::AlreadyApplied => "recorded before",
            },
            text: format!("{event} {item}{behind}"),
        }
    }

    /// A record that was stored.
    #[must_use]
    pub fn poison(letter: &DeadLetter) -> Self {
        let number = letter.number.trim_start_matches('0').to_owned();
        Self { number, done: "stored as poison", text: letter.reason.clone() }
    }
}

/// Such as `21 recorded: MODIFY stock of product 22: 5 in stock -> 4 in stock`.
impl std::fmt::Display for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { number, done, text } = self;
        write!(f, "{number} {done}: {text}")
    }
}
