//! The unique fields of a write: the values that the stored item has, and those that it will have.

use super::precondition::expiry_of;
use crate::{
    capacity::Billing,
    entity::{Entity, Item, KeyValues, SENTINEL_SORT_KEY, UniqueConstraint, attributes_of, is_same_value},
    error::ItemError,
    schema::TableSchema,
    value::Number,
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{collections::HashMap, fmt, sync::Arc};

/// The unique constraints of an entity, without its type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UniqueRules {
    pub(crate) entity: &'static str,
    pub(crate) constraints: &'static [UniqueConstraint],
    pub(crate) partition_key: &'static str,
    pub(crate) sort_key: Option<&'static str>,
    pub(crate) entity_type: Option<&'static str>,
    /// The time to live, if the entity stores one.
    pub(crate) ttl: Option<&'static str>,
    pub(crate) billing: Billing,
    pub(crate) read_key: fn(&Item) -> Option<KeyValues>,
}

impl UniqueRules {
    /// Those of an entity; `None` if it has no unique fields.
    pub(crate) fn of<E: Entity>() -> Option<Self> {
        (!E::UNIQUE.is_empty()).then(Self::of_any::<E>)
    }

    /// Those of an entity that may have no unique fields any more.
    pub(crate) fn of_any<E: Entity>() -> Self {
        Self {
            entity: E::NAME,
            constraints: E::UNIQUE,
            partition_key: E::Table::PARTITION_KEY.name,
            sort_key: E::Table::SORT_KEY.map(|attribute| attribute.name),
            entity_type: E::Table::ENTITY_TYPE,
            ttl: expiry_of::<E>().and(E::Table::TTL),
            billing: Billing::of::<E::Table>(),
            read_key: KeyValues::of_item::<E::Table>,
        }
    }

    /// The attributes that sentinel items are made of: those of the constraints, and the time to live.
    pub(crate) fn attributes(&self) -> Vec<&'static str> {
        let fields = self.constraints.iter().flat_map(|constraint| constraint.fields);
        let mut names: Vec<&'static str> = fields.map(|field| field.attribute).chain(self.ttl).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The partition key of the sentinel item of `item` for this constraint.
    pub(crate) fn text(
        &self,
        constraint: &UniqueConstraint,
        item: Option<&Item>,
    ) -> Result<Option<String>, ItemError> {
        item.map_or(Ok(None), |item| constraint.key_text(self.entity, self.partition_key, item))
    }

    /// True if it is the name of a key attribute of the table.
    pub(crate) fn is_key(&self, name: &str) -> bool {
        name == self.partition_key || self.sort_key == Some(name)
    }

    /// The value of the time to live, if there is one.
    pub(crate) fn expiry<'i>(&self, item: &'i Item) -> Option<&'i AttributeValue> {
        item.get(self.ttl?)
    }

    /// True if the item counts as one of the entity.
    pub(crate) fn is_alive(&self, item: &Item, now: i64) -> bool {
        let name = self.entity_type.and_then(|attribute| item.get(attribute)?.as_s().ok());
        let is_of_entity = name.is_none_or(|name| name == self.entity);
        is_of_entity && !self.is_expired(item, now)
    }

    /// True if the time to live of an item is over, of an entity or a sentinel item.
    pub(crate) fn is_expired(&self, item: &Item, now: i64) -> bool {
        let expires_at = self.expiry(item).and_then(|at| at.as_n().ok()?.parse::<Number>().ok());
        expires_at.is_some_and(|at| at <= Number::from(now))
    }

    /// The key of the sentinel item with this partition key.
    pub(crate) fn sentinel_key(&self, text: &str) -> Item {
        let partition_key = (self.partition_key.to_owned(), AttributeValue::S(text.to_owned()));
        let sort_key =
            self.sort_key.map(|name| (name.to_owned(), AttributeValue::S(SENTINEL_SORT_KEY.to_owned())));
        [Some(partition_key), sort_key].into_iter().flatten().collect()
    }

    /// The attributes of an item that sentinel items are made of.
    pub(crate) fn values_of(&self, item: &Item) -> Item {
        attributes_of(item, self.attributes())
    }

    /// The key attributes of an item.
    pub(crate) fn key_of(&self, item: &Item) -> Item {
        attributes_of(item, [Some(self.partition_key), self.sort_key].into_iter().flatten())
    }
}

/// A write of an item with unique fields, which changes its sentinel items in the same transaction.
#[derive(Clone)]
pub(crate) struct UniqueWrite {
    pub(crate) rules: UniqueRules,
    pub(crate) key: Item,
    pub(crate) change: UniqueChange,
    pub(crate) stored: StoredValues,
    /// The time, in seconds since 1970, at which items are alive or expired. It must not be later than that of the write's own
    /// condition: that would let through an item which has expired here, and is then written without its sentinel items.
    pub(crate) now: i64,
}

/// The changes of attributes that sentinel items are made of.
pub(crate) type UniqueChanges = Result<Vec<(String, Option<AttributeValue>)>, ItemError>;

/// The change of the attributes that are unique.
#[derive(Clone)]
pub(crate) enum UniqueChange {
    /// The item is replaced by this one.
    Put(Item),
    /// Attributes are set, or removed; of an item that is created, if `true`.
    Update(Vec<(String, Option<AttributeValue>)>, bool),
    Delete,
}

/// The knowledge about the stored item.
#[derive(Clone)]
pub(crate) enum StoredValues {
    /// None so far: it is read before the write is sent.
    Unread,
    /// The condition of the write itself demands that there is no item.
    MustBeAbsent,
    /// There was no item.
    Absent,
    /// The item as it was read, or as it is taken to be.
    Item(Item),
}

impl StoredValues {
    /// The values that will be stored, where they are taken to be there already.
    pub(crate) fn guessed(is_known: bool, values: &Item) -> Self {
        if is_known { Self::Item(values.clone()) } else { Self::Unread }
    }
}

impl UniqueWrite {
    /// The item before the write, if it counts.
    pub(crate) fn before(&self) -> Option<&Item> {
        match &self.stored {
            StoredValues::Item(item) => Some(item).filter(|item| self.rules.is_alive(item, self.now)),
            _ => None,
        }
    }

    /// The attributes of the item after the write, if it counts then; `None` if the write is refused by its own condition.
    pub(crate) fn after(&self) -> Option<Option<Item>> {
        Some(self.written()?.filter(|item| !self.rules.is_expired(item, self.now)))
    }

    fn written(&self) -> Option<Option<Item>> {
        match (&self.change, &self.stored) {
            (UniqueChange::Put(item), _) => Some(Some(item.clone())),
            (UniqueChange::Delete, _) => Some(None),
            (UniqueChange::Update(changes, _), StoredValues::Item(_)) => {
                Some(Some(changed(self.before()?.clone(), changes)))
            }
            // Where it is only explained, nothing is known of the item.
            (UniqueChange::Update(changes, may_be_new), stored) => {
                let is_written = *may_be_new || matches!(stored, StoredValues::Unread);
                is_written.then(|| Some(changed(self.key.clone(), changes)))
            }
        }
    }

    /// The condition that the stored item is as it is known.
    pub(crate) fn guard(&self) -> Option<Guard> {
        let values = match &self.stored {
            StoredValues::Unread | StoredValues::MustBeAbsent => return None,
            StoredValues::Absent => vec![(self.rules.partition_key, None)],
            StoredValues::Item(item) => {
                let names = self.rules.attributes().into_iter();
                names.map(|name| (name, item.get(name).cloned())).collect()
            }
        };
        Some(Guard(values.into()))
    }
}

/// The item with these changes.
pub(crate) fn changed(mut item: Item, changes: &[(String, Option<AttributeValue>)]) -> Item {
    for (name, value) in changes {
        match value {
            Some(value) => item.insert(name.clone(), value.clone()),
            None => item.remove(name),
        };
    }
    item
}

/// The attributes that a write takes the stored item to have.
#[derive(Clone)]
pub(crate) struct Guard(Arc<[(&'static str, Option<AttributeValue>)]>);

impl Guard {
    /// The first attribute that the item does not have as it is taken to.
    pub(crate) fn unmet(&self, item: Option<&Item>) -> Option<&'static str> {
        let mut values = self.0.iter();
        let unmet = values
            .find(|(name, value)| !is_same_value(item.and_then(|item| item.get(*name)), value.as_ref()));
        unmet.map(|(name, _)| *name)
    }

    /// The condition, with placeholders that no other expression has.
    pub(crate) fn render(
        &self,
        names: &mut HashMap<String, String>,
        values: &mut HashMap<String, AttributeValue>,
    ) -> String {
        let conditions = self.0.iter().enumerate().map(|(at, (name, value))| {
            let name_key = format!("#u{at}");
            names.insert(name_key.clone(), (*name).to_owned());
            match value {
                Some(value) => {
                    values.insert(format!(":u{at}"), value.clone());
                    format!("{name_key} = :u{at}")
                }
                None => format!("attribute_not_exists({name_key})"),
            }
        });
        Vec::from_iter(conditions).join(" AND ")
    }

    /// True if it demands nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of operators and functions of the condition.
    pub(crate) fn operators(&self) -> usize {
        2 * self.0.len()
    }
}

/// Shows no value.
impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Shows no value.
impl fmt::Debug for UniqueWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UniqueWrite").field("entity", &self.rules.entity).finish_non_exhaustive()
    }
}
