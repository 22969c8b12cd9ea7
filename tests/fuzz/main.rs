//! The fuzz targets on stable Rust: a million inputs, of which most are valid documents that were damaged.
//!
//! `DYNAMAP_SEED` repeats a run, `DYNAMAP_FUZZ_INPUTS` sets how many inputs there are. `fuzz` has the same targets
//! for libFuzzer.
#![allow(clippy::unwrap_used, clippy::panic)]

mod damage;
mod pieces;
mod seeds;
mod token;

use dynamap_tests::fuzz_target::{self, Everything};
use fastrand::Rng;
use std::io::Write;

const DEFAULT_INPUTS: u64 = 1_000_000;

/// One of the tests, which all together have the inputs that were asked for.
struct Run {
    seed: u64,
    inputs: u64,
    done: u64,
    input: Vec<u8>,
}

impl Run {
    /// A run with `percent` of the inputs.
    fn new(name: &str, percent: u64) -> Self {
        let number = |name| std::env::var(name).ok().map(|value| value.parse().unwrap());
        let seed = number("DYNAMAP_SEED").unwrap_or_else(|| fastrand::u64(..));
        let inputs = number("DYNAMAP_FUZZ_INPUTS").unwrap_or(DEFAULT_INPUTS) * percent / 100;
        // Not captured by the test harness: an input that overflows the stack leaves nothing but this line.
        let line = format!("fuzz {name}: {inputs} inputs, DYNAMAP_SEED={seed}\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
        Self { seed, inputs, done: 0, input: Vec::new() }
    }

    /// Gives each input, which `make` makes in an empty buffer, to `targets`.
    fn feed(mut self, mut make: impl FnMut(&mut Rng, &mut Vec<u8>), targets: &[fn(&[u8])]) {
        let mut random = Rng::with_seed(self.seed);
        while self.done < self.inputs {
            self.input.clear();
            make(&mut random, &mut self.input);
            for target in targets {
                target(&self.input);
            }
            self.done += 1;
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "input {} of DYNAMAP_SEED={}: b\"{}\"",
                self.done,
                self.seed,
                self.input.escape_ascii()
            );
        }
    }
}

#[test]
fn arbitrary_bytes() {
    let make = |random: &mut Rng, input: &mut Vec<u8>| {
        let length = random.usize(0..64);
        input.resize_with(length, || random.u8(..));
    };
    let targets =
        [fuzz_target::read_item, fuzz_target::read_value, fuzz_target::round_trip, fuzz_target::cursor];
    Run::new("arbitrary_bytes", 5).feed(make, &targets);
}

#[test]
fn arbitrary_tokens() {
    let make = |random: &mut Rng, input: &mut Vec<u8>| {
        for _ in 0..random.usize(1..12) {
            input.extend_from_slice(damage::token(random));
        }
    };
    let targets =
        [fuzz_target::read_item, fuzz_target::pass_over, fuzz_target::read_value, fuzz_target::round_trip];
    Run::new("arbitrary_tokens", 10).feed(make, &targets);
}

#[test]
fn damaged_entities() {
    let seeds = seeds::items();
    let make = |random: &mut Rng, input: &mut Vec<u8>| damage::damaged(&seeds, random, input);
    Run::new("damaged_entities", 15).feed(make, &[fuzz_target::read_item]);
}

#[test]
fn damaged_items() {
    let seeds = seeds::items();
    let make = |random: &mut Rng, input: &mut Vec<u8>| damage::damaged(&seeds, random, input);
    Run::new("damaged_items", 20).feed(make, &[fuzz_target::round_trip]);
}

#[test]
fn damaged_items_that_are_passed_over() {
    let seeds = seeds::items();
    let make = |random: &mut Rng, input: &mut Vec<u8>| damage::damaged(&seeds, random, input);
    Run::new("damaged_items_that_are_passed_over", 20).feed(make, &[fuzz_target::pass_over]);
}

#[test]
fn damaged_values() {
    let seeds = seeds::values();
    let make = |random: &mut Rng, input: &mut Vec<u8>| damage::damaged(&seeds, random, input);
    Run::new("damaged_values", 25).feed(make, &[fuzz_target::read_value]);
}

#[test]
fn damaged_cursors() {
    let seeds = seeds::cursor_keys();
    let make = |random: &mut Rng, input: &mut Vec<u8>| {
        let mut key = Vec::new();
        damage::damaged(&seeds, random, &mut key);
        input.extend_from_slice(fuzz_target::cursor_of(&key).as_bytes());
        if random.u8(..) < 64 {
            damage::flip_bit(random, input);
        }
    };
    Run::new("damaged_cursors", 5).feed(make, &[fuzz_target::cursor]);
}

/// Seeds that are refused at once would test little.
#[test]
fn seeds_are_valid() {
    for item in seeds::items() {
        let read = dynamap::wire::item_from_json::<Everything>(&item);
        assert!(read.is_ok(), "{}: {}", item.escape_ascii(), read.unwrap_err());
        fuzz_target::read_item(&item);
        fuzz_target::pass_over(&item);
        fuzz_target::round_trip(&item);
    }
    for value in seeds::values() {
        let read = dynamap::wire::from_json::<dynamap::value::Value>(&value);
        assert!(read.is_ok(), "{}: {}", value.escape_ascii(), read.unwrap_err());
        fuzz_target::read_value(&value);
    }
    for key in seeds::cursor_keys() {
        let text = fuzz_target::cursor_of(&key);
        assert!(text.parse::<dynamap::Cursor>().is_ok(), "{}", key.escape_ascii());
        fuzz_target::cursor(text.as_bytes());
    }
}
