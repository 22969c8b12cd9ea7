//! Valid documents, which `fuzz/seeds` holds for libFuzzer as well.

use crate::token::{self, Member};
use std::collections::BTreeSet;
use std::path::Path;

/// The items.
pub(crate) fn items() -> Vec<Vec<u8>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds");
    let mut files: Vec<_> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    // In one order everywhere, so that a seed of random numbers means the same.
    files.sort();
    assert!(!files.is_empty());
    files.into_iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// The values of the items' attributes.
pub(crate) fn values() -> Vec<Vec<u8>> {
    let mut values = BTreeSet::new();
    for item in items() {
        let tokens = token::tokens(&item);
        for Member { value, .. } in token::members(&item, &tokens) {
            if item[value.clone()].starts_with(b"{\"") {
                values.insert(item[value].to_vec());
            }
        }
    }
    values
        .into_iter()
        .filter(|value| dynamap::wire::from_json::<dynamap::value::Value>(value).is_ok())
        .collect()
}

/// Keys of items, as cursors hold them.
pub(crate) fn cursor_keys() -> Vec<Vec<u8>> {
    let keys: [&[u8]; 3] = [
        br#"{"pk":{"S":"E#1"},"sk":{"S":"N#001#x"}}"#,
        br#"{"pk":{"N":"17"},"sk":{"B":"AQID"},"gsi1pk":{"S":"W#\u00fc"}}"#,
        br#"{"pk":{"S":"E#1"},"any":{"L":[{"SS":["a"]}]}}"#,
    ];
    keys.map(<[u8]>::to_vec).into()
}

/// Appends the text of a cursor: the version, the hash of the query and the key, in base64 for URLs.
pub(crate) fn push_cursor(key: &[u8], text: &mut Vec<u8>) {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bytes = [&[1, 0, 1, 2, 3, 4, 5, 6, 7], key].concat();
    for three in bytes.chunks(3) {
        let bits =
            three.iter().fold(0_usize, |bits, &byte| bits << 8 | usize::from(byte)) << (24 - 8 * three.len());
        let digits = [18, 12, 6, 0].map(|shift| LETTERS[bits >> shift & 63]);
        text.extend_from_slice(&digits[..=three.len()]);
    }
}
