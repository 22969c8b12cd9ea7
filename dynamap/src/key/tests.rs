#![allow(clippy::unwrap_used, clippy::panic)]

mod codec;
mod condition;
mod hostile;
mod interval;
mod limits;
mod model;
mod neighbor;
mod parts;
mod plain;

use super::{KeyTemplate, Segment};

/// A random test: the seed comes from `DYNAMAP_SEED` if that is set, the number of cases from `DYNAMAP_CASES`.
///
/// A failure prints the seed.
struct Cases {
    seed: u64,
    count: u64,
}

impl Cases {
    fn new(default_count: u64) -> Self {
        let number = |name| std::env::var(name).ok().map(|value| value.parse().unwrap());
        let seed = number("DYNAMAP_SEED").unwrap_or_else(|| fastrand::u64(..));
        Self { seed, count: number("DYNAMAP_CASES").unwrap_or(default_count) }
    }

    fn random(&self) -> fastrand::Rng {
        fastrand::Rng::with_seed(self.seed)
    }
}

impl Drop for Cases {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("run again with DYNAMAP_SEED={} DYNAMAP_CASES={}", self.seed, self.count);
        }
    }
}

const fn part(name: &'static str) -> Segment {
    Segment::Part { name, plain: false }
}

const fn plain(name: &'static str) -> Segment {
    Segment::Part { name, plain: true }
}

const fn text(text: &'static str) -> Segment {
    Segment::Text(text)
}

/// A template of three components with a text before each and one at the end.
macro_rules! template {
    ($text:literal: $first:literal, $second:literal, $third:literal, $end:literal) => {{
        const SEGMENTS: &[Segment] =
            &[text($first), part("a"), text($second), part("b"), text($third), part("c"), text($end)];
        const TEMPLATE: &KeyTemplate = &KeyTemplate::new($text, SEGMENTS);
        TEMPLATE
    }};
}

/// Every kind of separator and surrounding text.
const TEMPLATES: [&KeyTemplate; 8] = [
    template!("A#{a}#B#{b}#C#{c}": "A#", "#B#", "#C#", ""),
    template!("A:{a}:B:{b}:C:{c}": "A:", ":B:", ":C:", ""),
    template!("A|{a}|{b}|{c}": "A|", "|", "|", ""),
    template!("{a}{b}{c}": "", "", "", ""),
    template!("{a}#{b}#{c}": "", "#", "#", ""),
    template!("{a}:{b}|{c}": "", ":", "|", ""),
    template!("A{a}##{b}!{c}#END": "A", "##", "!", "#END"),
    template!("{a}9{b}#{c}:": "", "9", "#", ":"),
];
