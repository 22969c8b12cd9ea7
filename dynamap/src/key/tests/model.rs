//! Random components, made to meet where an encoding could go wrong.

use crate::{
    error::KeyError,
    key::{KeyBuilder, KeyCondition, KeyParser, PartialKey},
};
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
pub(super) enum ComponentKind {
    Text,
    Char,
    Unsigned,
    Signed,
    Bool,
    #[cfg(feature = "jiff")]
    Time,
}

impl ComponentKind {
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
pub(super) enum ModelComponent {
    Text(String),
    Char(char),
    Unsigned(u64),
    Signed(i32),
    Bool(bool),
    #[cfg(feature = "jiff")]
    Time(jiff::Timestamp),
}

impl ModelComponent {
    pub(super) fn random(random: &mut Rng, kind: ComponentKind) -> Self {
        match kind {
            ComponentKind::Text => {
                let mut value = String::new();
                (0..random.u8(..5)).for_each(|_| value.push(char(random)));
                Self::Text(value)
            }
            ComponentKind::Char => Self::Char(char(random)),
            ComponentKind::Unsigned => Self::Unsigned(match random.u8(..4) {
                0 => random.u64(..),
                1 => u64::MAX - random.u64(..3),
                _ => random.u64(..25),
            }),
            ComponentKind::Signed => Self::Signed(match random.u8(..4) {
                0 => random.i32(..),
                1 => i32::MAX - random.i32(0..3),
                2 => i32::MIN + random.i32(0..3),
                _ => random.i32(-12..12),
            }),
            ComponentKind::Bool => Self::Bool(random.bool()),
            #[cfg(feature = "jiff")]
            ComponentKind::Time => Self::Time(
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

    pub(super) fn read(kind: ComponentKind, key: &mut KeyParser<'_>) -> Result<Self, KeyError> {
        match kind {
            ComponentKind::Text => key.part().map(Self::Text),
            ComponentKind::Char => key.part().map(Self::Char),
            ComponentKind::Unsigned => key.part().map(Self::Unsigned),
            ComponentKind::Signed => key.part().map(Self::Signed),
            ComponentKind::Bool => key.part().map(Self::Bool),
            #[cfg(feature = "jiff")]
            ComponentKind::Time => key.part().map(Self::Time),
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
    kind: ComponentKind,
    from: &Bound<ModelComponent>,
    to: &Bound<ModelComponent>,
) -> KeyCondition<(), ()> {
    macro_rules! range_of {
        ($variant:ident) => {{
            let value = |component: ModelComponent| match component {
                ModelComponent::$variant(value) => value,
                _ => unreachable!("all components of a range are of one kind"),
            };
            key.range(from.clone().map(value), to.clone().map(value))
        }};
    }
    match kind {
        ComponentKind::Text => range_of!(Text),
        ComponentKind::Char => range_of!(Char),
        ComponentKind::Unsigned => range_of!(Unsigned),
        ComponentKind::Signed => range_of!(Signed),
        ComponentKind::Bool => range_of!(Bool),
        #[cfg(feature = "jiff")]
        ComponentKind::Time => range_of!(Time),
    }
}

fn char(random: &mut Rng) -> char {
    if random.u8(..16) == 0 { random.char(..) } else { ALPHABET[random.usize(..ALPHABET.len())] }
}
