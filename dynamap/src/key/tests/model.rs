//! Random components, made to meet where an encoding could go wrong.

use crate::error::KeyError;
use crate::key::{KeyBuilder, KeyCondition, KeyParser, PartialKey};
use fastrand::Rng;
use std::ops::Bound;

const ALPHABET: [char; 26] = [
    '\0',
    '\u{1}',
    ' ',
    '!',
    '"',
    '#',
    '$',
    '%',
    '&',
    '/',
    '0',
    '1',
    '9',
    'A',
    'T',
    'a',
    'b',
    ':',
    '|',
    '~',
    '\u{7f}',
    'é',
    '€',
    '\u{ffff}',
    '😀',
    '\u{10ffff}',
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Char,
    Unsigned,
    Signed,
    Bool,
    #[cfg(feature = "jiff")]
    Time,
}

impl Kind {
    pub(super) fn random(random: &mut Rng) -> Self {
        match random.u8(..10) {
            0 => Self::Unsigned,
            1 => Self::Signed,
            2 => Self::Char,
            3 => Self::Bool,
            #[cfg(feature = "jiff")]
            4 => Self::Time,
            _ => Self::Text,
        }
    }
}

/// A component; values of one kind are ordered as their keys should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Component {
    Text(String),
    Char(char),
    Unsigned(u64),
    Signed(i32),
    Bool(bool),
    #[cfg(feature = "jiff")]
    Time(jiff::Timestamp),
}

impl Component {
    pub(super) fn random(random: &mut Rng, kind: Kind) -> Self {
        match kind {
            Kind::Text => {
                let mut value = String::new();
                (0..random.u8(..5)).for_each(|_| value.push(char(random)));
                Self::Text(value)
            }
            Kind::Char => Self::Char(char(random)),
            Kind::Unsigned => Self::Unsigned(match random.u8(..4) {
                0 => random.u64(..),
                1 => u64::MAX - random.u64(..3),
                _ => random.u64(..25),
            }),
            Kind::Signed => Self::Signed(match random.u8(..4) {
                0 => random.i32(..),
                1 => i32::MAX - random.i32(0..3),
                2 => i32::MIN + random.i32(0..3),
                _ => random.i32(-12..12),
            }),
            Kind::Bool => Self::Bool(random.bool()),
            #[cfg(feature = "jiff")]
            Kind::Time => Self::Time(
                jiff::Timestamp::new(
                    random.i64(-62_000_000_000..250_000_000_000),
                    random.i32(0..1_000_000_000),
                )
                .unwrap(),
            ),
        }
    }

    /// A value near this one: a text that goes on or ends otherwise, a number beside it.
    pub(super) fn neighbor(&self, random: &mut Rng) -> Self {
        match self {
            Self::Text(value) => {
                let mut value = value.clone();
                if random.bool() {
                    value.pop();
                }
                if random.u8(..3) > 0 {
                    value.push(char(random));
                }
                Self::Text(value)
            }
            Self::Char(c) => Self::Char(if random.bool() { *c } else { char(random) }),
            Self::Unsigned(value) => Self::Unsigned(value.saturating_add(random.u64(..3)).saturating_sub(1)),
            Self::Signed(value) => Self::Signed(value.saturating_add(random.i32(0..3)).saturating_sub(1)),
            Self::Bool(value) => Self::Bool(!value),
            #[cfg(feature = "jiff")]
            Self::Time(value) => Self::Time(*value + jiff::SignedDuration::from_nanos(random.i64(0..3) - 1)),
        }
    }

    pub(super) fn write(&self, key: &mut KeyBuilder) -> Result<(), KeyError> {
        match self {
            Self::Text(value) => key.part(value),
            Self::Char(value) => key.part(value),
            Self::Unsigned(value) => key.part(value),
            Self::Signed(value) => key.part(value),
            Self::Bool(value) => key.part(value),
            #[cfg(feature = "jiff")]
            Self::Time(value) => key.part(value),
        }
    }

    pub(super) fn read(kind: Kind, key: &mut KeyParser<'_>) -> Result<Self, KeyError> {
        match kind {
            Kind::Text => key.part().map(Self::Text),
            Kind::Char => key.part().map(Self::Char),
            Kind::Unsigned => key.part().map(Self::Unsigned),
            Kind::Signed => key.part().map(Self::Signed),
            Kind::Bool => key.part().map(Self::Bool),
            #[cfg(feature = "jiff")]
            Kind::Time => key.part().map(Self::Time),
        }
    }

    pub(super) fn fix(&self, key: PartialKey<(), ()>) -> PartialKey<(), ()> {
        match self {
            Self::Text(value) => key.part(value),
            Self::Char(value) => key.part(value),
            Self::Unsigned(value) => key.part(value),
            Self::Signed(value) => key.part(value),
            Self::Bool(value) => key.part(value),
            #[cfg(feature = "jiff")]
            Self::Time(value) => key.part(value),
        }
    }
}

/// The condition for a range of components, all of one kind.
pub(super) fn range(
    key: PartialKey<(), ()>,
    kind: Kind,
    from: &Bound<Component>,
    to: &Bound<Component>,
) -> KeyCondition<(), ()> {
    macro_rules! range_of {
        ($variant:ident) => {{
            let value = |component: Component| match component {
                Component::$variant(value) => value,
                _ => unreachable!("all components of a range are of one kind"),
            };
            key.range(from.clone().map(value), to.clone().map(value))
        }};
    }
    match kind {
        Kind::Text => range_of!(Text),
        Kind::Char => range_of!(Char),
        Kind::Unsigned => range_of!(Unsigned),
        Kind::Signed => range_of!(Signed),
        Kind::Bool => range_of!(Bool),
        #[cfg(feature = "jiff")]
        Kind::Time => range_of!(Time),
    }
}

fn char(random: &mut Rng) -> char {
    if random.u8(..16) == 0 { random.char(..) } else { ALPHABET[random.usize(..ALPHABET.len())] }
}
