//! Tokens that were changed, cut, extended, spliced and made up: each is refused, before any request.
//!
//! `DYNAMAP_CASES` sets how many there are, `DYNAMAP_SEED` repeats a run.

use super::{Lists, Thing, sealer, stocked};
use base64_simd::{Base64, URL_SAFE_NO_PAD};
use dynamap::cursor::SealedCursor;
use dynamap::error::{CursorError, CursorRefusal};
use dynamap::op::{Query, read::SealedPages};
use dynamap::{Error, Table};
use fastrand::Rng;
use std::collections::{BTreeMap, HashSet};

/// A million of them take half a minute of a core.
const CASES: u64 = 100_000;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The bytes before the ciphertext: version, key id and nonce; and those of its tag, at the end.
const NONCE: std::ops::Range<usize> = 5..29;
const TAG: usize = 16;

fn pages(lists: &Table<Lists>) -> SealedPages<Query<Thing, dynamap::schema::Primary>> {
    lists
        .query(Thing::partition(1).shelf(0).number(..=90))
        .limit(4)
        .sealed(&sealer())
        .principal("me")
        .keep_range()
}

fn bytes(token: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode_to_vec(token).unwrap()
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode_to_string(bytes)
}

/// One token of two, or of one, in one of the ways in which a token can be changed.
fn changed(random: &mut Rng, one: &str, other: &str) -> String {
    let (mut a, b) = (bytes(one), bytes(other));
    let at = random.usize(..a.len());
    match random.u8(..20) {
        // Bits and bytes.
        0 | 1 => a[at] ^= 1 << random.u8(..8),
        2 => (0..random.usize(2..9)).for_each(|_| {
            let at = random.usize(..a.len());
            a[at] ^= 1 << random.u8(..8);
        }),
        3 => a[at] = random.u8(..),
        4 => a[at..].iter_mut().for_each(|byte| *byte = random.u8(..)),
        // Cut and extended.
        5 => a.truncate(at),
        6 => drop(a.drain(..=at)),
        7 => drop(a.remove(at)),
        8 => a.insert(at, random.u8(..)),
        9 => a.extend((0..random.usize(1..40)).map(|_| random.u8(..))),
        10 => a.extend_from_slice(&b[random.usize(..b.len())..]),
        // The beginning of the one, and the end of the other; and a part of the other in the middle.
        11 => a = [&a[..at], b.get(at..).unwrap_or_default()].concat(),
        12 => {
            let end = random.usize(at..a.len()).min(b.len()) + 1;
            if end <= b.len() && at < end {
                a[at..end].copy_from_slice(&b[at..end]);
            }
        }
        // The nonce or the tag of the other.
        13 => a[NONCE].copy_from_slice(&b[NONCE]),
        14 => {
            let end = a.len() - TAG;
            a[end..].copy_from_slice(&b[b.len() - TAG..]);
        }
        // Two bytes or two halves that change places.
        15 => {
            let to = random.usize(..a.len());
            a.swap(at, to);
        }
        16 => a.rotate_left(at),
        _ => return changed_text(random, one, other),
    }
    text(&a)
}

/// The text of a token, changed in a way that is none of its bytes.
fn changed_text(random: &mut Rng, one: &str, other: &str) -> String {
    let mut letters = one.as_bytes().to_vec();
    let at = random.usize(..letters.len());
    match random.u8(..7) {
        0 => letters[at] = LETTERS[random.usize(..64)],
        1 => letters[at] = random.u8(32..127),
        2 => letters.insert(at, *b"=+/ .~\n\0%"[..].get(random.usize(..9)).unwrap()),
        3 => letters.truncate(at),
        4 => letters = [&letters[..at], other.as_bytes().get(at..).unwrap_or_default()].concat(),
        // The bits of the last letter that stand for nothing.
        5 => {
            let unused = [0, 0, 4, 2][letters.len() % 4];
            let last = letters.last_mut().unwrap();
            let value = LETTERS.iter().position(|letter| letter == last).unwrap();
            *last = LETTERS[value ^ random.usize(..1 << unused)];
        }
        // The other alphabet, and padding.
        _ => {
            let with: &Base64 = [&base64_simd::STANDARD, &base64_simd::URL_SAFE][random.usize(..2)];
            letters = with.encode_to_string(bytes(one)).into_bytes();
        }
    }
    String::from_utf8_lossy(&letters).into_owned()
}

/// All tokens of a few pages, each of another place; and those that are valid elsewhere only.
async fn tokens(lists: &Table<Lists>) -> (Vec<String>, Vec<String>) {
    let (mut own, mut cursor) = (Vec::new(), None::<SealedCursor>);
    loop {
        let page = pages(lists).at(cursor).await.unwrap();
        own.extend(page.previous_cursor().map(ToString::to_string));
        cursor = page.next_cursor().cloned();
        own.extend(cursor.as_ref().map(ToString::to_string));
        own.extend(page.into_edges().unwrap().iter().map(|edge| edge.cursor.to_string()));
        if cursor.is_none() {
            break;
        }
    }
    let mut foreign = Vec::new();
    for (list, principal) in [(1, "you"), (2, "me"), (2, "you")] {
        let things = lists.query(Thing::partition(list)).limit(5).sealed(&sealer()).principal(principal);
        let edges = things.await.unwrap().into_edges().unwrap();
        foreign.extend(edges.iter().map(|edge| edge.cursor.to_string()));
    }
    assert!(own.len() > 20 && foreign.len() >= 5);
    (own, foreign)
}

#[tokio::test]
async fn no_changed_token_is_accepted() {
    let number = |name| std::env::var(name).ok().map(|value| value.parse::<u64>().unwrap());
    let seed = number("DYNAMAP_SEED").unwrap_or_else(|| fastrand::u64(..u64::MAX / 2));
    let cases = number("DYNAMAP_CASES").unwrap_or(CASES);
    eprintln!("DYNAMAP_SEED={seed} DYNAMAP_CASES={cases}");
    let (lists, requests) = stocked(40).await;
    let (own, foreign) = tokens(&lists).await;
    let valid: HashSet<&String> = own.iter().collect();
    requests.clear();
    let (mut random, mut tried, mut reasons) = (Rng::with_seed(seed), 0, BTreeMap::<_, u64>::new());
    let (mut accepted, base) = (Vec::new(), pages(&lists));
    while tried < cases {
        let one = &own[random.usize(..own.len())];
        let others = if random.bool() { &own } else { &foreign };
        let other = &others[random.usize(..others.len())];
        let mut token = changed(&mut random, one, other);
        // Once more, now and then.
        if token.len() > 40 && random.u8(..4) == 0 && URL_SAFE_NO_PAD.decode_to_vec(&token).is_ok() {
            token = changed(&mut random, &token, one);
        }
        // A change that changed nothing, or made the other one of two.
        if valid.contains(&token) {
            continue;
        }
        tried += 1;
        match base.clone().at(&token).into_sdk() {
            Err(Error::Cursor(CursorError::Refused(reason))) => {
                *reasons.entry(format!("{reason:?}")).or_default() += 1;
            }
            other => accepted.push((token, other.is_ok())),
        }
    }
    eprintln!("{tried} mutated tokens, {} accepted; refused: {reasons:?}", accepted.len());
    assert!(accepted.is_empty(), "{accepted:?}");
    assert!(cases < 1_000 || reasons.len() >= 3, "{reasons:?}");
    assert!(requests.take().is_empty());
    // What was changed is accepted as it was.
    assert!(own.iter().all(|token| base.clone().at(token).into_sdk().is_ok()));
    for token in &foreign {
        let error = base.clone().at(token).into_sdk().unwrap_err();
        assert!(matches!(error, Error::Cursor(CursorError::Refused(CursorRefusal::OtherQuery))), "{error:?}");
    }
}

/// Every bit, every byte less and every byte more of one token.
#[tokio::test]
async fn every_bit_of_a_token_counts() {
    let (lists, requests) = stocked(40).await;
    let token = pages(&lists).await.unwrap().page_info.end_cursor.unwrap().to_string();
    requests.clear();
    let refused = |token: &str| {
        let sent = pages(&lists).at(token).into_sdk();
        assert!(matches!(sent, Err(Error::Cursor(CursorError::Refused(_)))), "{token}");
    };
    let whole = bytes(&token);
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            refused(&text(&bytes));
        }
        refused(&text(&whole[..at]));
        refused(&text(&whole[at + 1..]));
    }
    for at in 0..token.len() {
        refused(&token[..at]);
        for letter in LETTERS.iter().chain(b"=+/ ") {
            let mut letters = token.clone().into_bytes();
            letters[at] = *letter;
            if letters != token.as_bytes() {
                refused(std::str::from_utf8(&letters).unwrap());
            }
        }
    }
    for end in ["=", "==", " ", "\n", "A", "AA", "AAAA"] {
        refused(&format!("{token}{end}"));
        refused(&format!("{end}{token}"));
    }
    assert!(pages(&lists).at(token).into_sdk().is_ok() && requests.take().is_empty());
}

/// The length is looked at before all else.
#[tokio::test]
async fn long_texts_are_refused_at_once() {
    let (lists, requests) = stocked(4).await;
    for length in [96 * 1024, 96 * 1024 + 1, 1 << 20, 1 << 26] {
        let error = pages(&lists).at("Q".repeat(length)).into_sdk().unwrap_err();
        assert!(matches!(error, Error::Cursor(CursorError::Refused(_))), "{error:?}");
    }
    assert!("Q".repeat(96 * 1024 + 1).parse::<SealedCursor>().is_err());
    assert!(serde_json::from_str::<SealedCursor>(&format!("\"{}\"", "Q".repeat(1 << 20))).is_err());
    assert!(requests.take().is_empty());
}
