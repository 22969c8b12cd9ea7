//! The mixes of what clients do, by their names.

use super::{
    actor, bank, counters, documents,
    recipe::{Focus, Recipe},
    shapes, slots,
    stage::Stage,
    trace::mix,
    world::{self, Outcome, World},
};
use std::{fmt, str::FromStr};

/// What the clients of a schedule do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mix {
    /// A document whose version is a number, to which each write adds a mark.
    Numbered,
    /// The same with a random version.
    Random,
    /// The same with a number that counts from 0.
    FromZero,
    /// Places at which items are created and deleted, by transactions.
    Slots,
    /// A counter that nobody reads before it counts, by transactions.
    Counters,
    /// Wallets, and transfers between them.
    Bank,
    /// Lists of marks, of programs that know different shapes of them, and backfills.
    Shapes,
    /// All kinds of versions, all writes, and whatever else can happen to them.
    Everything,
    /// Creates that are late, and deletes.
    LateCreates,
    /// Numbers without lineage, written by transactions.
    BareNumbers,
    /// Batches that put what has a version, beside saves.
    Overwrites,
    /// Transactions, while the clock jumps.
    Asleep,
    /// Batches of which parts are not processed, and answers that are emptied.
    Batches,
    /// Notes that expire and are logged out.
    Sessions,
    /// Writes that expect no version, beside those that do.
    Blind,
    /// Futures that are dropped, and clients that begin anew.
    Dropped,
    /// Notes without a version.
    Unversioned,
    /// Notes with unique names.
    Unique,
}

impl Mix {
    /// Those with a state of their own, which they check at their end.
    ///
    /// `Shapes` is not among them: updates of items without a version, of which it has many, often have an unknown outcome.
    pub const SCRIPTED: [Self; 6] =
        [Self::Numbered, Self::Random, Self::FromZero, Self::Slots, Self::Counters, Self::Bank];

    /// Those that are generated, of which an oracle below the faults judges each answer.
    pub const GENERATED: [Self; 11] = [
        Self::Everything,
        Self::LateCreates,
        Self::BareNumbers,
        Self::Overwrites,
        Self::Asleep,
        Self::Batches,
        Self::Sessions,
        Self::Blind,
        Self::Dropped,
        Self::Unversioned,
        Self::Unique,
    ];

    /// All of them.
    pub fn all() -> Vec<Self> {
        [&Self::SCRIPTED[..], &[Self::Shapes], &Self::GENERATED[..]].concat()
    }

    /// The name by which it is chosen.
    pub fn name(self) -> String {
        let spelled = format!("{self:?}");
        let mut name = String::new();
        for (at, letter) in spelled.char_indices() {
            if letter.is_uppercase() && at > 0 {
                name.push('-');
            }
            name.push(letter.to_ascii_lowercase());
        }
        name
    }

    fn focus(self) -> Option<Focus> {
        Some(match self {
            Self::Everything => Focus::Everything,
            Self::LateCreates => Focus::LateCreates,
            Self::BareNumbers => Focus::BareNumbers,
            Self::Overwrites => Focus::Overwrites,
            Self::Asleep => Focus::Asleep,
            Self::Batches => Focus::Batches,
            Self::Sessions => Focus::Sessions,
            Self::Blind => Focus::Blind,
            Self::Dropped => Focus::Dropped,
            Self::Unversioned => Focus::Unversioned,
            Self::Unique => Focus::Unique,
            _ => return None,
        })
    }

    /// Runs one schedule.
    pub(super) fn run(self, seed: u64, faults: f64, verbose: bool) -> Outcome {
        world::run(async {
            if let Some(focus) = self.focus() {
                fastrand::seed(mix(seed, 1));
                let stage = Stage::new(seed, Recipe::draw(focus, faults), verbose).await;
                actor::run(&stage).await;
                return stage.finish().await;
            }
            let world = World::new(seed, faults, verbose).await;
            match self {
                Self::Numbered => documents::run::<documents::Numbered>(&world).await,
                Self::Random => documents::run::<documents::Random>(&world).await,
                Self::FromZero => documents::run::<documents::FromZeroed>(&world).await,
                Self::Slots => slots::run(&world).await,
                Self::Counters => counters::run(&world).await,
                Self::Shapes => shapes::run(&world).await,
                _ => bank::run(&world).await,
            }
            world.finish()
        })
    }
}

impl fmt::Display for Mix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name())
    }
}

impl FromStr for Mix {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let names = || Self::all().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let found = Self::all().into_iter().find(|mix| mix.name() == name);
        found.ok_or_else(|| format!("it is none of {}", names()))
    }
}
