//! What is done to valid documents: from changes that leave them valid to bytes that are no text.

use crate::pieces::{
    CONTAINERS, ESCAPES, NOT_UTF_8, NOT_WHITE_SPACE, NUMBERS, PLAIN_JSON, TEXTS, TOKENS, WHITE_SPACE,
};
use crate::token::{self, Member};
use fastrand::Rng;
use std::ops::Range;

/// Appends one of `seeds`, damaged up to three times, and now and then not at all.
pub(crate) fn damaged(seeds: &[Vec<u8>], random: &mut Rng, input: &mut Vec<u8>) {
    input.extend_from_slice(choose(random, seeds));
    for _ in 0..[0, 1, 1, 1, 1, 2, 2, 3][random.usize(..8)] {
        let other = choose(random, seeds);
        match random.u8(..17) {
            0 => flip_bit(random, input),
            1 => change_byte(random, input),
            2 => truncate(random, input),
            3 => cut(random, input),
            4 => splice(random, input, other),
            5 => exchange_member(random, input, other),
            6 => repeat_member(random, input),
            7 => remove_member(random, input),
            8 => swap_tokens(random, input),
            9 => insert_token(random, input),
            10 => insert_white_space(random, input),
            11 => deepen(random, input),
            12 => change_text(random, input, NUMBERS),
            13 => change_text(random, input, TEXTS),
            14 => replace_value(random, input),
            15 => insert_into_text(random, input, ESCAPES),
            _ => insert_into_text(random, input, NOT_UTF_8),
        }
    }
}

/// A piece of DynamoDB-JSON, whole or not.
pub(crate) fn token(random: &mut Rng) -> &'static [u8] {
    choose(random, TOKENS)
}

fn choose<'a, T: AsRef<[u8]>>(random: &mut Rng, of: &'a [T]) -> &'a [u8] {
    of[random.usize(..of.len())].as_ref()
}

pub(crate) fn flip_bit(random: &mut Rng, input: &mut [u8]) {
    if !input.is_empty() {
        input[random.usize(..input.len())] ^= 1 << random.u8(..8);
    }
}

fn change_byte(random: &mut Rng, input: &mut [u8]) {
    if !input.is_empty() {
        let at = random.usize(..input.len());
        input[at] = if random.bool() { random.u8(..) } else { b"{}[]\",:\\ 0SNM"[random.usize(..13)] };
    }
}

fn truncate(random: &mut Rng, input: &mut Vec<u8>) {
    input.truncate(random.usize(..=input.len()));
}

fn cut(random: &mut Rng, input: &mut Vec<u8>) {
    let from = random.usize(..=input.len());
    input.drain(from..random.usize(from..=input.len().min(from + 20)));
}

/// Goes on with the end of another document.
fn splice(random: &mut Rng, input: &mut Vec<u8>, other: &[u8]) {
    let at = |random: &mut Rng, json: &[u8]| {
        let tokens = token::tokens(json);
        if tokens.is_empty() { 0 } else { tokens[random.usize(..tokens.len())].start }
    };
    input.truncate(at(random, input));
    input.extend_from_slice(&other[at(random, other)..]);
}

/// Replaces the value of a member, or the whole of it, by one of another document.
fn exchange_member(random: &mut Rng, input: &mut Vec<u8>, other: &[u8]) {
    let Some(theirs) = any_member(random, other) else { return };
    let Some(ours) = any_member(random, input) else { return };
    if random.bool() {
        replace(input, ours.whole, &other[theirs.whole]);
    } else {
        replace(input, ours.value, &other[theirs.value]);
    }
}

/// Replaces the value of a member by what may stand only where it is passed over.
fn replace_value(random: &mut Rng, input: &mut Vec<u8>) {
    if let Some(member) = any_member(random, input) {
        replace(input, member.value, choose(random, PLAIN_JSON));
    }
}

/// Writes a member twice, the second time perhaps with the value of another.
fn repeat_member(random: &mut Rng, input: &mut Vec<u8>) {
    let (Some(member), Some(other)) = (any_member(random, input), any_member(random, input)) else { return };
    let name = &input[member.whole.start..member.value.start];
    let value = &input[if random.bool() { member.value } else { other.value }];
    let again = [name, value, b","].concat();
    insert(input, member.whole.start, &again);
}

/// Removes a member and the comma after it.
fn remove_member(random: &mut Rng, input: &mut Vec<u8>) {
    let Some(member) = any_member(random, input) else { return };
    let comma = usize::from(input.get(member.whole.end) == Some(&b','));
    replace(input, member.whole.start..member.whole.end + comma, b"");
}

fn swap_tokens(random: &mut Rng, input: &mut Vec<u8>) {
    let (Some(first), Some(second)) = (any_token(random, input), any_token(random, input)) else { return };
    if first.end <= second.start {
        let (left, right) = (input[first.clone()].to_vec(), input[second.clone()].to_vec());
        replace(input, second, &left);
        replace(input, first, &right);
    }
}

fn insert_token(random: &mut Rng, input: &mut Vec<u8>) {
    let token = token(random);
    insert_between(random, input, token);
}

fn insert_white_space(random: &mut Rng, input: &mut Vec<u8>) {
    for _ in 0..random.u8(1..4) {
        let known = if random.u8(..4) == 0 { NOT_WHITE_SPACE } else { WHITE_SPACE };
        let space = choose(random, known);
        insert_between(random, input, space);
    }
}

/// Puts a value into lists and maps, often about as deep as may be.
fn deepen(random: &mut Rng, input: &mut Vec<u8>) {
    let Some(member) = any_member(random, input) else { return };
    let levels = if random.bool() { random.usize(1..5) } else { random.usize(28..36) };
    let levels = if random.u8(..64) == 0 { 2_000 } else { levels };
    let (opening, closing) = CONTAINERS[random.usize(..CONTAINERS.len())];
    let deep = [&opening.repeat(levels), &input[member.value.clone()], &closing.repeat(levels)].concat();
    replace(input, member.value, &deep);
}

/// Replaces the text between two quotes.
fn change_text(random: &mut Rng, input: &mut Vec<u8>, by: &[&[u8]]) {
    if let Some(text) = any_text(random, input) {
        replace(input, text, choose(random, by));
    }
}

fn insert_into_text(random: &mut Rng, input: &mut Vec<u8>, what: &[&[u8]]) {
    if let Some(text) = any_text(random, input) {
        let at = random.usize(text.start..=text.end);
        insert(input, at, choose(random, what));
    }
}

fn insert_between(random: &mut Rng, input: &mut Vec<u8>, what: &[u8]) {
    let at = any_token(random, input).map_or(0, |token| if random.bool() { token.start } else { token.end });
    insert(input, at, what);
}

fn any_token(random: &mut Rng, json: &[u8]) -> Option<Range<usize>> {
    random.choice(token::tokens(json))
}

fn any_text(random: &mut Rng, json: &[u8]) -> Option<Range<usize>> {
    let is_text = |token: &Range<usize>| token.len() >= 2 && json[token.start] == b'"';
    let text = random.choice(token::tokens(json).into_iter().filter(is_text).collect::<Vec<_>>())?;
    Some(text.start + 1..text.end - 1)
}

fn any_member(random: &mut Rng, json: &[u8]) -> Option<Member> {
    random.choice(token::members(json, &token::tokens(json)))
}

fn insert(input: &mut Vec<u8>, at: usize, what: &[u8]) {
    replace(input, at..at, what);
}

fn replace(input: &mut Vec<u8>, range: Range<usize>, by: &[u8]) {
    input.splice(range, by.iter().copied());
}
