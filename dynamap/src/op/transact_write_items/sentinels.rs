//! The sentinel items of a transaction: those that its writes of unique fields put and delete.

use super::action::{ActionKind, ActionMembers};
use crate::{
    entity::{Item, OWNER, SENTINEL_TYPE, UniqueConstraint},
    error::ItemError,
    expr::Placeholders,
    op::write::unique::{UniqueRules, UniqueWrite},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// A write of unique fields in a transaction.
#[derive(Debug)]
pub(super) struct PlacedUnique {
    /// The place of its action in the transaction.
    pub(super) place: usize,
    /// The place of its members among those that are sent.
    pub(super) write: usize,
    pub(super) table: Arc<str>,
    pub(super) unique: UniqueWrite,
}

/// A sentinel item that a transaction writes.
#[derive(Debug, Clone)]
pub(super) struct Sentinel {
    /// The place of the action that it belongs to.
    pub(super) place: usize,
    pub(super) constraint: &'static UniqueConstraint,
    pub(super) id: SentinelId,
    /// False if it is deleted.
    pub(super) is_put: bool,
}

/// The table of a sentinel item, and its partition key.
pub(super) type SentinelId = (Arc<str>, String);

/// The changes of one sentinel item: an action may take it that another one gives up.
struct SentinelChange<'u> {
    id: SentinelId,
    taken: Option<(&'u PlacedUnique, &'static UniqueConstraint, Option<AttributeValue>)>,
    released: Option<(&'u PlacedUnique, &'static UniqueConstraint)>,
}

/// The reason why a transaction with unique fields cannot be sent, and the place of the action at fault.
pub(super) enum SentinelFault {
    Item(usize, ItemError),
    /// Another action of the same transaction takes the same values.
    Taken(usize, &'static UniqueConstraint),
}

/// The sentinel items that these writes change. Those that are `foreign` have another owner, and stay.
pub(super) fn sentinels(
    writes: &[PlacedUnique],
    foreign: &HashSet<SentinelId>,
) -> Result<Vec<(Sentinel, ActionMembers)>, SentinelFault> {
    let mut changes = SentinelChanges::default();
    for write in writes {
        changes.add(write)?;
    }
    let changes = changes.all.into_iter();
    Ok(changes.filter_map(|change| change.members(foreign)).collect())
}

#[derive(Default)]
struct SentinelChanges<'u> {
    all: Vec<SentinelChange<'u>>,
    places: HashMap<SentinelId, usize>,
}

impl<'u> SentinelChanges<'u> {
    fn add(&mut self, write: &'u PlacedUnique) -> Result<(), SentinelFault> {
        let rules = &write.unique.rules;
        // A write that its own condition refuses changes nothing.
        let Some(after) = write.unique.after() else { return Ok(()) };
        let before = write.unique.before();
        let expiry = |item: Option<&Item>| item.and_then(|item| rules.expiry(item)).cloned();
        let is_kept = expiry(before) == expiry(after.as_ref());
        for constraint in rules.constraints {
            // Values that were stored without a sentinel item, for their size or type, have none to give up, and are not to be
            // refused where they stay.
            let old = rules.text(constraint, before).ok().flatten();
            let new = match rules.text(constraint, after.as_ref()) {
                Err(_) if constraint.is_same(before, after.as_ref()) => continue,
                new => new.map_err(|error| SentinelFault::Item(write.place, error))?,
            };
            if old == new && is_kept {
                continue;
            }
            if let Some(old) = old.filter(|old| Some(old) != new.as_ref()) {
                self.of((write.table.clone(), old)).released = Some((write, constraint));
            }
            if let Some(new) = new {
                let change = self.of((write.table.clone(), new));
                if change.taken.is_some() {
                    return Err(SentinelFault::Taken(write.place, constraint));
                }
                change.taken = Some((write, constraint, expiry(after.as_ref())));
            }
        }
        Ok(())
    }

    fn of(&mut self, id: SentinelId) -> &mut SentinelChange<'u> {
        let all = &mut self.all;
        let place = *self.places.entry(id.clone()).or_insert_with(|| {
            all.push(SentinelChange { id, taken: None, released: None });
            all.len() - 1
        });
        &mut self.all[place]
    }
}

impl SentinelChange<'_> {
    fn members(self, foreign: &HashSet<SentinelId>) -> Option<(Sentinel, ActionMembers)> {
        let Self { id, taken, released } = self;
        let (write, constraint, is_put, members) = match taken {
            Some((write, constraint, expiry)) => {
                let from = released.map(|(released, _)| released);
                (write, constraint, true, put(write, &id.1, expiry, from))
            }
            None => {
                let (write, constraint) = released.filter(|_| !foreign.contains(&id))?;
                (write, constraint, false, delete(write, &id.1))
            }
        };
        Some((Sentinel { place: write.place, constraint, id, is_put }, members))
    }
}

/// A put of the sentinel item with this partition key, which is free, expired, or already its own; or that of another write, which gives
/// it up.
fn put(
    write: &PlacedUnique,
    text: &str,
    expiry: Option<AttributeValue>,
    from: Option<&PlacedUnique>,
) -> ActionMembers {
    let rules = &write.unique.rules;
    let mut condition = SentinelCondition::default();
    condition.absent(rules);
    condition.expired(rules, write.unique.now);
    condition.owned_by(&write.unique);
    from.into_iter().for_each(|from| condition.owned_by(&from.unique));
    let mut item = sentinel_item(rules, text, &write.unique.key);
    item.extend(rules.ttl.zip(expiry).map(|(name, at)| (name.to_owned(), at)));
    condition.members(ActionKind::Put, rules, item)
}

/// A delete of the sentinel item with this partition key, if it is there.
fn delete(write: &PlacedUnique, text: &str) -> ActionMembers {
    let rules = &write.unique.rules;
    let mut condition = SentinelCondition::default();
    condition.absent(rules);
    condition.owned_by(&write.unique);
    condition.members(ActionKind::Delete, rules, rules.sentinel_key(text))
}

/// The repair of a sentinel item.
pub(super) enum SentinelMend {
    /// A put with this time to live.
    Put(Option<AttributeValue>),
    Delete,
}

impl SentinelMend {
    pub(super) fn members(self, write: &PlacedUnique, text: &str) -> ActionMembers {
        match self {
            Self::Put(expiry) => put(write, text, expiry, None),
            Self::Delete => delete(write, text),
        }
    }
}

/// A sentinel item of this owner, without the time to live.
fn sentinel_item(rules: &UniqueRules, text: &str, owner: &Item) -> Item {
    let mut item = rules.sentinel_key(text);
    item.extend(owner_values(rules, owner).map(|(name, value)| (name.to_owned(), value.clone())));
    if let Some(entity_type) = rules.entity_type {
        item.insert(entity_type.to_owned(), AttributeValue::S(SENTINEL_TYPE.to_owned()));
    }
    item
}

/// The attributes by which a sentinel item names its owner.
fn owner_values<'k>(
    rules: &UniqueRules,
    key: &'k Item,
) -> impl Iterator<Item = (&'static str, &'k AttributeValue)> {
    let names = [Some(rules.partition_key), rules.sort_key].into_iter().zip(OWNER);
    names.filter_map(|(name, owner)| Some((owner, key.get(name?)?)))
}

/// The condition on a sentinel item: one of these is true.
#[derive(Default)]
struct SentinelCondition {
    terms: Vec<String>,
    operators: usize,
    placeholders: Placeholders,
}

impl SentinelCondition {
    fn absent(&mut self, rules: &UniqueRules) {
        let name = self.placeholders.name(rules.partition_key);
        self.add(format!("attribute_not_exists({name})"), 1);
    }

    /// DynamoDB: an expired item stays for up to a few days.
    fn expired(&mut self, rules: &UniqueRules, now: i64) {
        let Some(ttl) = rules.ttl else { return };
        let (name, now) =
            (self.placeholders.name(ttl), self.placeholders.value(AttributeValue::N(now.to_string())));
        self.add(format!("{name} <= {now}"), 1);
    }

    fn owned_by(&mut self, write: &UniqueWrite) {
        let placeholders = &mut self.placeholders;
        let values = owner_values(&write.rules, &write.key).map(|(name, value)| {
            let (name, value) = (placeholders.name(name), placeholders.value(value.clone()));
            format!("{name} = {value}")
        });
        let values: Vec<String> = values.collect();
        self.add(format!("({})", values.join(" AND ")), 2 * values.len());
    }

    fn members(self, kind: ActionKind, rules: &UniqueRules, attributes: Item) -> ActionMembers {
        let identity = ((rules.read_key)(&attributes), rules.billing);
        let condition = (self.terms.join(" OR "), self.operators);
        ActionMembers::of_no_entity(kind, identity, attributes, condition, self.placeholders)
    }

    fn add(&mut self, term: String, operators: usize) {
        self.terms.push(term);
        self.operators += operators + 1;
    }
}
