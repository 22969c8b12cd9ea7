use crate::{
    entity::{Entity, Item, Key, KeyBytes, check_key, entity_type, is_checked, key_attributes},
    error::{DecodeError, EncodeError},
    schema::{Source, TableSchema},
    value::{FieldTable, FromAttribute, FromDocument, Reader, Writer},
    wire::{self, JsonReader, JsonWriter, Marks},
};
use aws_sdk_dynamodb::types::AttributeValue;

/// The status of a stored item for the entity that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemStatus {
    /// The item counts as one of the entity.
    Present,
    /// Its time to live is over, though DynamoDB has not deleted it yet.
    Expired,
    /// The item is of another entity.
    OtherEntity,
    /// The item is of no member of an item collection, which makes it an error.
    Unknown,
}

/// The way an item was found, which tells its entity if it has no entity type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FoundBy {
    /// By a key of the entity: it is of the entity.
    Key,
    /// By a key of this member of an item collection: it is of the member.
    KeyOf(usize),
    /// On a page of a query or scan: it is of the entity if its key follows the entity's templates.
    Page,
}

impl ItemStatus {
    pub(crate) fn of<E: Entity>(item: &Item, found_by: FoundBy, now: i64) -> Self {
        let (key, expires_at) = (|| key_attributes::<E::Table>(item), || expires_at::<E::Table>(item));
        Self::new::<E>(entity_type::<E::Table>(item), found_by, key, expires_at, now)
    }

    /// The standing of the item that `r` read last, which has the marks of [`marks`].
    fn of_read<E: Entity>(r: &JsonReader<'_>, found_by: FoundBy, now: i64) -> Self {
        // Most items are of the entity, which is seen without reading what they are.
        if E::Table::TTL.is_none() && says_it_is::<E>(r) {
            return Self::Present;
        }
        let mut name = E::Table::ENTITY_TYPE.and_then(|_| r.marked(ENTITY_TYPE));
        let name = name.as_mut().and_then(|r| r.str().ok());
        let (key, expires_at) = (|| noted_key::<E::Table>(r), || noted_expires_at::<E::Table>(r));
        Self::new::<E>(name.as_deref(), found_by, key, expires_at, now)
    }

    fn new<E: Entity>(
        name: Option<&str>,
        found_by: FoundBy,
        key: impl FnOnce() -> KeyAttributes,
        expires_at: impl FnOnce() -> Option<i64>,
        now: i64,
    ) -> Self {
        let is_of_entity = match (name, found_by) {
            (Some(name), _) => name == E::NAME,
            (None, FoundBy::Key | FoundBy::KeyOf(_)) => true,
            (None, FoundBy::Page) => {
                let (partition_key, sort_key) = key();
                E::Key::from_attributes(partition_key, sort_key).is_ok()
            }
        };
        if !is_of_entity {
            Self::OtherEntity
        } else if expires_at().is_some_and(|at| at <= now) {
            Self::Expired
        } else {
            Self::Present
        }
    }
}

// The positions of marks.
const ENTITY_TYPE: usize = 0;
const TTL: usize = 1;
const PARTITION_KEY: usize = 2;
const SORT_KEY: usize = 3;
/// The position at which the other keys begin.
const KEYS: usize = PARTITION_KEY;

/// The attributes that tell the entity and the expiry of an item, then its keys and `more` keys, to be noted while items
/// are read by `fields`.
pub(crate) fn marks<S: TableSchema>(fields: &FieldTable, more: impl Iterator<Item = &'static str>) -> Marks {
    let own = [
        S::ENTITY_TYPE.unwrap_or(""),
        S::TTL.unwrap_or(""),
        S::PARTITION_KEY.name,
        S::SORT_KEY.map_or("", |attribute| attribute.name),
    ];
    Marks::new(own.into_iter().chain(more.filter(|name| !own[KEYS..].contains(name))), fields)
}

/// Writes the keys of the item that `r` read last as the JSON of an item: the key of a cursor after it.
pub(crate) fn write_keys(r: &JsonReader<'_>, w: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
    w.begin_item()?;
    for (name, mut value) in r.marked_from(KEYS) {
        w.key(name)?;
        w.raw(value.raw().map_err(|_| EncodeError::new("a key attribute is no attribute value"))?);
    }
    w.end_item()
}

/// True if the item that `r` read last says that it is of `E`, as DynamoDB writes that.
pub(crate) fn says_it_is<E: Entity>(r: &JsonReader<'_>) -> bool {
    E::Table::ENTITY_TYPE.is_some() && r.marked_is(ENTITY_TYPE, E::NAME)
}

/// The entity that the item which `r` read last says it is of.
pub(crate) fn noted_entity_type<S: TableSchema>(r: &JsonReader<'_>) -> Option<String> {
    S::ENTITY_TYPE?;
    r.marked(ENTITY_TYPE)?.string().ok()
}

/// The time at which the item that `r` read last expires.
pub(crate) fn noted_expires_at<S: TableSchema>(r: &JsonReader<'_>) -> Option<i64> {
    S::TTL?;
    seconds(&r.marked(TTL)?.number().ok()?)
}

/// The partition key and the sort key of an item.
pub(crate) type KeyAttributes = (Option<AttributeValue>, Option<AttributeValue>);

/// The keys of the item that `r` read last.
pub(crate) fn noted_key<S: TableSchema>(r: &JsonReader<'_>) -> KeyAttributes {
    (key_value(r, PARTITION_KEY), S::SORT_KEY.and_then(|_| key_value(r, SORT_KEY)))
}

/// Reads the keys of an item, which come next: the attributes, and the JSON of their values, the second empty if the table
/// has one; `None` if they are not two plain strings, written as DynamoDB writes them.
pub(crate) fn read_plain_key<'a, S: TableSchema>(
    r: &mut JsonReader<'a>,
) -> Option<(KeyAttributes, [&'a str; 2])> {
    let (mut texts, mut json) = ([None; 2], [""; 2]);
    let mut first = true;
    r.scanner.expect(b'{', "the `{` of an item").ok()?;
    while r.scanner.next_member(&mut first, b'}').ok()? {
        let name = r.scanner.key().ok()?;
        let position = match S::SORT_KEY {
            _ if name == S::PARTITION_KEY.name => 0,
            Some(sort_key) if name == sort_key.name => 1,
            _ => return None,
        };
        let start = r.scanner.offset();
        let text = r.scanner.plain_scalar(b'S')?;
        json[position] = r.scanner.text().get(start..r.scanner.offset())?;
        if texts[position].replace(text).is_some() {
            return None;
        }
    }
    let [partition_key, sort_key] = texts.map(|text| text.map(|text| AttributeValue::S(text.to_owned())));
    let is_whole = partition_key.is_some() && sort_key.is_some() == S::SORT_KEY.is_some();
    is_whole.then_some(((partition_key, sort_key), json))
}

/// True if the values of the key attributes of the item that `r` read last are written as [`read_plain_key`] gave
/// them.
pub(crate) fn is_noted_key<S: TableSchema>(r: &JsonReader<'_>, [partition_key, sort_key]: [&str; 2]) -> bool {
    r.marked_begins(PARTITION_KEY, partition_key)
        && (S::SORT_KEY.is_none() || r.marked_begins(SORT_KEY, sort_key))
}

/// The key of the item that `r` read last, to be compared; `None` if it has none.
pub(crate) fn note_key<S: TableSchema>(r: &JsonReader<'_>, key: &mut KeyBytes) -> Option<()> {
    let sort = match S::SORT_KEY {
        Some(_) => Some(r.marked(SORT_KEY)?),
        None => None,
    };
    key.set_read(r.marked(PARTITION_KEY)?, sort)
}

/// Refuses the entity that was made of the item which `r` read last, if it has another key than the item.
pub(crate) fn check_read_key<E: Entity, O: 'static>(
    read: &O,
    r: &mut JsonReader<'_>,
) -> Result<(), DecodeError> {
    if !is_checked::<E, O>() {
        return Ok(());
    }
    let [own, stored] = std::mem::take(&mut r.memory).map(KeyBytes::in_memory);
    let (mut own, mut stored) = (own, stored);
    if note_key::<E::Table>(r, &mut stored).is_none() {
        stored = KeyBytes::default();
    }
    let checked = check_key::<E, O>(read, &mut own, &stored);
    r.memory = [own, stored].map(KeyBytes::into_memory);
    checked
}

pub(crate) fn expires_at<S: TableSchema>(item: &Item) -> Option<i64> {
    item.get(S::TTL?)?.as_n().ok().map(String::as_str).and_then(seconds)
}

fn key_value(r: &JsonReader<'_>, position: usize) -> Option<AttributeValue> {
    AttributeValue::read(&mut r.marked(position)?).ok()
}

/// DynamoDB: an attribute that is no number is no time to live.
fn seconds(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| text.parse::<f64>().ok().map(|seconds| seconds as i64))
}

/// The settings by which the items of `E` in a response are read.
#[derive(Debug, Clone, Copy)]
pub struct ReadFilter {
    pub(crate) found_by: FoundBy,
    pub(crate) include_expired: bool,
    pub(crate) now: i64,
}

impl ReadFilter {
    pub(crate) fn counts(self, standing: ItemStatus) -> bool {
        standing == ItemStatus::Present || standing == ItemStatus::Expired && self.include_expired
    }

    /// Reads the item that is the next value as `T` and gives it to `put`, if it counts.
    ///
    /// In most responses every item counts: it is read at once, and whether it counts is seen from what was
    /// noted on the way. Where that fails, and where the caller expects another entity, a first pass looks.
    pub(crate) fn read<E: Entity, T: FromDocument<Output: 'static>>(
        self,
        r: &mut JsonReader<'_>,
        expect_other: bool,
        put: impl FnOnce(T::Output),
    ) -> Result<ItemStatus, DecodeError> {
        let start = r.scanner.place();
        r.reset_marks();
        if !expect_other && let Ok(output) = wire::read_item::<T, _>(r) {
            let standing = ItemStatus::of_read::<E>(r, self.found_by, self.now);
            if self.counts(standing) {
                check_read_key::<E, _>(&output, r)?;
                put(output);
            }
            return Ok(standing);
        }
        r.go_back_to(start);
        let standing = self.look::<E>(r)?;
        if self.counts(standing) {
            r.go_back_to(start);
            r.reset_marks();
            let output = wire::read_item::<T, _>(r).map_err(|error| error.in_entity(E::NAME))?;
            check_read_key::<E, _>(&output, r)?;
            put(output);
        }
        Ok(standing)
    }

    /// Passes over the item that is the next value, and tells its standing.
    pub(crate) fn look<E: Entity>(self, r: &mut JsonReader<'_>) -> Result<ItemStatus, DecodeError> {
        r.reset_marks();
        r.skip_item().map_err(|error| error.in_entity(E::NAME))?;
        Ok(ItemStatus::of_read::<E>(r, self.found_by, self.now))
    }
}

/// True if the source holds the attribute, which is no key of the table.
pub(crate) fn holds<I: Source>(attribute: &str) -> bool {
    I::INDEX.is_none_or(|index| index.holds(attribute))
}
