//! Tokens that were damaged on their way: each is refused with a typed error, before any request.

use crate::model::{Branch, ByTotal, Order, Session, Status, order, stocked};
use dynamap::cursor::ParallelCursor;
use dynamap::error::CursorError;
use dynamap::value::EpochSeconds;
use dynamap::{Cursor, Repository, Table};
use dynamap_local::Local;
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::str::FromStr;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Every text with one character changed, cut, inserted, doubled or swapped, and more of that kind, but the text itself.
fn damaged(text: &str) -> BTreeSet<Vec<u8>> {
    let text = text.as_bytes();
    let mut all = BTreeSet::new();
    for at in 0..text.len() {
        let (before, after) = text.split_at(at);
        // Another character, of the alphabet or not.
        for letter in LETTERS.iter().chain(b"=+/ .~\n\0") {
            all.insert([before, &[*letter], &after[1..]].concat());
        }
        // Cut before and after, one character left out, and a run of them.
        all.insert(before.to_vec());
        all.insert(after.to_vec());
        for length in [1, 2, 3, 4, 8] {
            all.insert([before, after.get(length..).unwrap_or_default()].concat());
            // Doubled.
            all.insert([before, after.get(..length).unwrap_or(after), after].concat());
        }
        for letter in b"A_9 =" {
            all.insert([before, &[*letter], after].concat());
        }
        for distance in [1, 2, 3, 4, 5, 8, 16, 31] {
            let mut swapped = text.to_vec();
            if at + distance < text.len() {
                swapped.swap(at, at + distance);
                all.insert(swapped);
            }
        }
    }
    for end in ["A", "=", "==", " ", "\n", "AAAA"] {
        all.insert([text, end.as_bytes()].concat());
        all.insert([end.as_bytes(), text].concat());
    }
    all.insert([text, text].concat());
    // What it encodes, changed byte by byte.
    let bytes = base64_decoded(text);
    for at in 0..bytes.len() {
        for bits in (0..8).map(|bit| 1 << bit).chain([0xFF, 0x0F]) {
            let mut changed = bytes.clone();
            changed[at] ^= bits;
            all.insert(base64(&changed));
        }
        for value in [0, 1, 0x20, 0x22, 0xFF] {
            let mut changed = bytes.clone();
            changed[at] = value;
            all.insert(base64(&changed));
            changed.insert(at, value);
            all.insert(base64(&changed));
        }
        let mut changed = bytes.clone();
        changed.remove(at);
        all.insert(base64(&changed));
    }
    all.remove(text);
    all
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for three in bytes.chunks(3) {
        let bits =
            three.iter().fold(0_usize, |bits, &byte| bits << 8 | usize::from(byte)) << (24 - 8 * three.len());
        text.extend([18, 12, 6, 0].map(|shift| LETTERS[bits >> shift & 63]).iter().take(three.len() + 1));
    }
    text
}

fn base64_decoded(text: &[u8]) -> Vec<u8> {
    let value = |letter: &u8| LETTERS.iter().position(|other| other == letter).unwrap();
    let mut bytes = Vec::new();
    for four in text.chunks(4) {
        let bits = four.iter().fold(0, |bits, letter| bits << 6 | value(letter)) << (24 - 6 * four.len());
        bytes.extend([16, 8, 0].map(|shift| (bits >> shift) as u8).iter().take(four.len() - 1));
    }
    bytes
}

/// How many damages of these tokens were tried; none is accepted.
fn all_are_refused<C: FromStr<Err = CursorError> + Debug>(tokens: &[String]) -> usize {
    let mut tried = 0;
    for token in tokens {
        assert!(token.parse::<C>().is_ok(), "{token}");
        for damage in damaged(token) {
            tried += 1;
            let read = String::from_utf8(damage).unwrap();
            let error = read.parse::<C>();
            assert!(
                matches!(error, Err(CursorError::Malformed | CursorError::Version)),
                "{read}, which was {token}, is {error:?}"
            );
        }
    }
    tried
}

#[tokio::test]
async fn of_queries_and_scans() {
    let (shop, orders) = stocked().await;
    let mut tokens = Vec::new();
    let mut items = orders.query(Order::partition("c-1")).page_size(3).items();
    while let Some(item) = items.next().await {
        item.unwrap();
        tokens.push(items.cursor().unwrap().to_string());
    }
    let mut of_index =
        orders.query(Order::by_status(Status::Open)).project::<crate::model::OrderNote>().items();
    for _ in 0..5 {
        of_index.next().await.unwrap().unwrap();
        tokens.push(of_index.cursor().unwrap().to_string());
    }
    tokens.push(cursor_after_one(orders.scan().index::<ByTotal>().limit(1).send().await.unwrap().cursor));
    others(&shop).await;
    tokens.push(cursor_after_one(shop.scan::<Session>().limit(1).send().await.unwrap().cursor));
    tokens.push(cursor_after_one(shop.scan::<Branch>().limit(1).send().await.unwrap().cursor));
    let tried = all_are_refused::<Cursor>(&tokens);
    println!("{} tokens, {tried} damages, 0 accepted", tokens.len());
    assert!(tokens.len() >= 28 && tried > 400_000, "{tried}");
    // One kind of token is never the other.
    assert!(tokens.iter().all(|token| token.parse::<ParallelCursor>() == Err(CursorError::Version)));
}

fn cursor_after_one(cursor: Option<Cursor>) -> String {
    cursor.unwrap().to_string()
}

/// Items with keys of other forms: long, with quotes and letters outside ASCII, and in an index of four attributes.
async fn others(shop: &Table<crate::model::Shop>) {
    for token in ["ü\"\\ 日本", &"x".repeat(900)] {
        let expires_at = EpochSeconds(4_000_000_000);
        shop.put(&Session { customer_id: "c-7".into(), token: token.into(), expires_at })
            .send()
            .await
            .unwrap();
    }
    for id in 0..2 {
        let [country, city, street] = ["de", "Köln", "Ring"].map(str::to_owned);
        shop.put(&Branch { id, country, city, street, house: id }).send().await.unwrap();
    }
}

#[tokio::test]
async fn of_parallel_scans() {
    let orders: Repository<Order> = crate::model::table(&Local::memory().unwrap()).await.repository();
    let all = (0..60).map(|number| order(&format!("c-{number}"), 2024, number));
    orders.batch_write().put_all(all).send().await.unwrap();
    let mut tokens = Vec::new();
    for (segments, concurrency) in [(1, 1), (3, 3), (8, 2), (1_000_000, 1)] {
        let mut items =
            orders.scan().page_size(4).parallel(segments).concurrency(concurrency).items().unwrap();
        tokens.push(items.cursor().to_string());
        if segments > 8 {
            continue;
        }
        for number in 0.. {
            let Some(item) = items.next().await else { break };
            item.unwrap();
            if number % 7 == 0 {
                tokens.push(items.cursor().to_string());
            }
        }
        tokens.push(items.cursor().to_string());
    }
    let tried = all_are_refused::<ParallelCursor>(&tokens);
    println!("{} parallel tokens, {tried} damages, 0 accepted", tokens.len());
    assert!(tokens.len() > 30 && tried > 400_000, "{tried}");
    assert!(tokens.iter().all(|token| token.parse::<Cursor>() == Err(CursorError::Version)));
}

/// A client's damage stays a client's mistake all the way: nothing is sent.
#[tokio::test]
async fn nothing_is_sent() {
    let (local, requests) = Local::memory().unwrap().recording();
    let orders: Repository<Order> = crate::model::table(&local).await.repository();
    orders.batch_write().put_all((0..9).map(|number| order("c-1", 2024, number))).send().await.unwrap();
    let token =
        orders.query(Order::partition("c-1")).limit(3).send().await.unwrap().cursor.unwrap().to_string();
    requests.clear();
    let page = |token: &str| {
        let cursor = token.parse::<Cursor>().map_err(dynamap::Error::from);
        let query = cursor.map(|cursor| orders.query(Order::partition("c-1")).start_after(cursor));
        async move { query?.send().await }
    };
    for damage in damaged(&token) {
        let error = page(std::str::from_utf8(&damage).unwrap()).await.unwrap_err();
        assert!(matches!(error, dynamap::Error::Cursor(_)), "{error}");
    }
    assert!(requests.take().is_empty());
    assert_eq!(page(&token).await.unwrap().items.len(), 6);
}
