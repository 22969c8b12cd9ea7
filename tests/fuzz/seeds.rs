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
