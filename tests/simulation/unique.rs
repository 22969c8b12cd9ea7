//! Unique names: no two notes have one at any time, and sentinel items are as the notes are once all is quiet.

use serde_json::Value;
use std::collections::BTreeMap;

/// True of the key of a sentinel item.
pub(super) fn is_sentinel(key: &str) -> bool {
    key.starts_with("UNIQUE#")
}

/// True of the key of a note with a unique name.
pub(super) fn is_holder(key: &str) -> bool {
    key.starts_with("HOLDER")
}

fn expires_at(item: &Value) -> Option<i64> {
    item["expires_at"]["N"].as_str()?.parse().ok()
}

fn is_alive(item: &Value, now: i64) -> bool {
    expires_at(item).is_none_or(|at| at > now)
}

/// The name of a note, in its normal form.
fn name(item: &Value) -> Option<String> {
    Some(item["name"]["S"].as_str()?.to_lowercase())
}

/// The names that two living notes have.
pub(super) fn twice<'i>(items: impl Iterator<Item = (&'i str, &'i Value)>, now: i64) -> Vec<String> {
    let mut holders: BTreeMap<String, &str> = BTreeMap::new();
    let holding = items.filter(|(key, item)| is_holder(key) && is_alive(item, now));
    let twice = holding.filter_map(|(key, item)| {
        let name = name(item)?;
        let other = holders.insert(name.clone(), key)?;
        Some(format!("{key} and {other} have the name {name}"))
    });
    twice.collect()
}

/// Sentinel items that are missing, or behind.
pub(super) fn misheld<'i>(items: impl Iterator<Item = (&'i str, &'i Value)>, now: i64) -> Vec<String> {
    let items: BTreeMap<&str, &Value> = items.collect();
    let (mut misheld, sentinels) = (Vec::new(), items.iter().filter(|(key, _)| is_sentinel(key)));
    let name_of = |key: &str| key.rsplit('#').next().unwrap_or_default().to_owned();
    let mut held: BTreeMap<String, (&str, Option<i64>)> = BTreeMap::new();
    for (key, sentinel) in sentinels {
        let owner = sentinel["owner_partition_key"]["S"].as_str().unwrap_or_default();
        held.insert(name_of(key), (owner, expires_at(sentinel)));
        let owned = items.get(owner).and_then(|item| name(item));
        if is_alive(sentinel, now) && owned != Some(name_of(key)) {
            misheld.push(format!("{key} is an orphan: {owner} has the name {owned:?}"));
        }
    }
    for (key, item) in items.iter().filter(|(key, item)| is_holder(key) && is_alive(item, now)) {
        let Some(name) = name(item) else { continue };
        if held.get(&name) != Some(&(key, expires_at(item))) {
            misheld.push(format!("{key} does not hold its name {name}: {:?}", held.get(&name)));
        }
    }
    misheld
}
