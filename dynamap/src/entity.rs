//! Entities: structs that are stored as items.

mod any_key;
mod changed;
mod declared_names;
mod description;
mod identity;
mod into_key;
mod item_form;
mod key_text;
mod key_values;
mod keyed;
mod overlap;
mod projection;
mod raw_item;
mod shape;
mod stamp;
mod strict_search;
mod unique;
mod versioned;

#[doc(hidden)]
pub use any_key::AnyKey;
pub(crate) use changed::{AttributeChange, needs_stored_key};
#[doc(hidden)]
pub use changed::{Changed, IndexKeyChange};
pub(crate) use declared_names::declared_names;
pub(crate) use identity::{check_key, is_checked};
pub use into_key::IntoKey;
pub(crate) use item_form::{attributes_of, entity_type, read_item_of};
pub use item_form::{from_item, to_item, write_item};
pub use key_values::KeyBytes;
pub(crate) use key_values::KeyValues;
pub use keyed::{KeyedBy, PartitionPart, PartitionedBy};
pub(crate) use overlap::may_be_equal;
pub use projection::{
    KeysOf, Member, MemberIn, NestedProjection, ProjectedAttribute, Projection, ReadableFrom,
};
pub(crate) use raw_item::RawItem;
pub use raw_item::from_json;
#[doc(hidden)]
pub use shape::{EntityShape, OlderShape};
pub(crate) use stamp::Stamping;
#[doc(hidden)]
pub use stamp::{StampKind, StampedAttribute, VersionStamp, WholeWrite};
pub use strict_search::StrictSearch;
#[doc(hidden)]
pub use unique::{NormalForm, UniqueConstraint, UniqueField};
pub(crate) use unique::{OWNER, SENTINEL_SORT_KEY, SENTINEL_TYPE, is_same_value, sentinel_prefix};
#[doc(hidden)]
pub use versioned::{BlindlyChanged, ByStamps, ByVersion};
pub use versioned::{Changing, Unchanging, Unversioned, Versioned, WithoutUniqueFields};

use crate::{
    error::{DecodeError, EncodeError, ItemError, KeyError},
    schema::{AttributeSchema, EachName, EntityKey, TableSchema},
    value::{FromDocument, ToDocument, Writer},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{collections::HashMap, fmt::Debug, time::SystemTime};

/// An item as the SDK has it: attribute values by name.
pub type Item = HashMap<String, AttributeValue>;

/// An entity of the table `S`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity of the table `{S}`",
    label = "not in the table `{S}`",
    note = "`#[dynamap(table = ..)]` of an entity says its table, and a request goes to one table"
)]
pub trait EntityOf<S>: Entity<Table = S> {}

#[diagnostic::do_not_recommend]
impl<S: TableSchema, E: Entity<Table = S>> EntityOf<S> for E {}

/// A struct that is stored as an item of a table. Derived.
///
/// ```
/// use dynamap::{Attribute, Entity, TableSchema};
///
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk", sort_key = "sk")]
/// pub struct Shop;
///
/// #[derive(Debug, Clone, PartialEq, Entity)]
/// #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{order_id}")]
/// pub struct Order {
///     pub customer_id: String,
///     pub order_id: u32,
///     pub status: Status,
///     pub note: Option<String>,
/// }
///
/// #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
/// pub enum Status {
///     Open,
///     Shipped,
/// }
///
/// let key = Order::key("c-1", 7);
/// # use dynamap::entity::Key;
/// # use aws_sdk_dynamodb::types::AttributeValue;
/// assert_eq!(key.partition_key()?, AttributeValue::S("CUSTOMER#c-1".into()));
/// assert_eq!(key.sort_key()?, Some(AttributeValue::S("ORDER#0000000007".into())));
/// # Ok::<(), dynamap::error::KeyError>(())
/// ```
///
/// # Options of the struct
///
/// | option | meaning |
/// |---|---|
/// | `table = Shop` | the table, a type that derives [`TableSchema`] |
/// | `pk = "CUSTOMER#{customer_id}"` | the template of the partition key; `pk = customer_id` where the attribute itself is the key |
/// | `sk = "ORDER#{order_id}"` | the same for the sort key |
/// | `index = ByStatus, pk = .., sk = ..` | the key in a secondary index, in a `#[dynamap(..)]` of its own; `pk = [a, b]` for a key of several attributes |
/// | `vector_index = ByEmbedding, vector = .., pk = .., inline_filters(..)` | the vector in a [`VectorIndex`](crate::VectorIndex), with the partition key and the inline filters there |
/// | `index = .., returns_expired` | reads of the index return items that have expired and are not deleted yet: needed where the index does not hold the `ttl` |
/// | `name = "Order"` | the name in the entity-type attribute; default: the struct's own |
/// | `rename_all = "camelCase"` | the case of the attribute names |
/// | `default`, `default = path` | fields whose attributes are absent are taken from the struct's `Default::default()` or `path()`, except those of the primary key |
/// | `shape = 3` | the number of the shape of its items, in the attribute that the table's `shape` names ([changing the shape of stored items](crate::guide::evolution)) |
/// | `upgrade(OrderV1, OrderV2)` | the structs of older shapes, the last of which is `shape - 1`; each becomes the next by `From` or `TryFrom` when it is read |
/// | `writes = 2` | the older shape in which items are written, by `From<&Self>`, while programs run that do not know the newest |
/// | `unique = "name", fields(tenant, name(lowercase))` | no two items have the same values in these fields together ([unique fields](crate::guide::unique)); in a `#[dynamap(..)]` of its own |
/// | `transactional` | each single write is sent as a transaction of one action: twice the write capacity units, applied once ([when an answer is lost](crate::guide::lost_answers)) |
/// | `consistent_read` | gets, batch gets, and queries of the table and of local secondary indexes are strongly consistent reads by default, at twice the read capacity units; `eventually_consistent_read()` of a call opts out |
/// | `ignore_serde` | `#[serde(..)]` at the struct and its fields is for another format |
/// | `crate = path` | the path of dynamap, if it is not `::dynamap` |
///
/// # Options of a field
///
/// | option | meaning |
/// |---|---|
/// | `rename = "n"` | the attribute's name |
/// | `default`, `default = path` | an absent attribute, and NULL where the type has no value for it, is read as `Default::default()` or `path()` |
/// | `skip_if = path` | no attribute if `path(&value)` is true; needs `default` or an `Option` to be read back |
/// | `alias = "old"` | a name that is read as well, where the attribute is not there under its own; may be given several times |
/// | `skip` | not stored; read as its default |
/// | `serde` | mapped by serde instead of [`ToAttribute`](crate::value::ToAttribute) |
/// | `with = module` | mapped by `module::write` and `module::read` |
/// | `flatten` | a nested document or a map whose attributes stand beside the others; an `Option` of one is `None` where none of them is there |
/// | `key_only` | stored only inside the primary key, or the key in an index that every item of the entity is in, and read back from it |
/// | `created_at` | the time of the first write, which dynamap sets; a [`Timestamp`](crate::value::Timestamp) |
/// | `updated_at` | the time of the last write, which dynamap sets |
/// | `counter` | the number of writes, which dynamap counts; an integer |
/// | `version` | the version for optimistic locking, which every write checks and advances; a [`Version`](crate::value::Version) |
/// | `lineage = "ops"`, `lineage = none` | of a version: the attribute that holds the ids of the last writes, or none. Default: `lineage` |
/// | `unique`, `unique(trim, lowercase)` | no two items of the entity have the same value here ([unique fields](crate::guide::unique)), compared in a normal form: `trim`, `lowercase`, or functions of your own, in this order |
/// | `ttl` | the time to live, stored in the attribute that the table's `ttl` names; [`EpochSeconds`](crate::value::EpochSeconds), or an `Option` of it |
/// | `plain` | written into key templates as it displays: for tables that exist already |
/// | `ignore_serde` | `#[serde(..)]` at the field is for another format |
///
/// dynamap does not read `#[serde(..)]`. An option there that changes what serde writes, such as `#[serde(skip)]`, does not
/// compile without its equal in `#[dynamap(..)]` or `ignore_serde`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity",
    note = "derive `dynamap::Entity` for `{Self}`"
)]
pub trait Entity: FromDocument<Output = Self> + ToDocument + Sized + Send + Sync + 'static {
    /// The table that holds the items.
    type Table: TableSchema;
    /// The primary key.
    type Key: Key<Entity = Self>;
    /// The name in the entity-type attribute.
    const NAME: &'static str;

    /// The names of the key attributes, of the table and of the entity's indexes.
    #[doc(hidden)]
    const KEY_ATTRIBUTES: &'static [&'static str];

    /// The templates of the key in the table, then of those in the indexes.
    #[doc(hidden)]
    const KEYS: &'static [EntityKey] = &[];

    /// The attributes that are fields, but for those of flattened documents.
    #[doc(hidden)]
    const STORED: &'static [AttributeSchema] = &[];

    /// The functions that give the names of the attributes of each flattened document.
    #[doc(hidden)]
    const FLATTENED: &'static [EachName] = &[];

    /// True if a field is stored only in the key of an index, so that an item cannot be made of its attributes.
    #[doc(hidden)]
    const KEY_ONLY_IN_INDEX: bool = false;

    /// True if each write of the entity is sent as a transaction (`TransactWriteItems`), at twice the write capacity
    /// units.
    #[doc(hidden)]
    const TRANSACTIONAL: bool = false;

    /// True if reads of the entity are strongly consistent by default.
    #[doc(hidden)]
    const CONSISTENT_READ: bool = false;

    /// The constraints on values that no two items of the entity may share.
    #[doc(hidden)]
    const UNIQUE: &'static [UniqueConstraint] = &[];

    /// The shapes of the items, of an entity with `shape`.
    #[doc(hidden)]
    const SHAPE: Option<EntityShape> = None;

    /// False if items are written in an older shape than the entity's own.
    #[doc(hidden)]
    const WRITES_ITS_SHAPE: bool = match Self::SHAPE {
        Some(shape) => shape.written == shape.known,
        None => true,
    };

    /// Gives the names of the attributes that items of other shapes have.
    #[doc(hidden)]
    fn each_name_of_other_shapes(_name: &mut dyn FnMut(&'static str)) {}

    /// Writes the attributes that are fields, in the shape that is written.
    #[doc(hidden)]
    fn write_shape<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        self.write_fields(w)
    }

    /// True if each write of a whole entity, and each delete, is sent as a transaction.
    #[doc(hidden)]
    const WRITTEN_BY_TRANSACTION: bool = Self::TRANSACTIONAL || !Self::UNIQUE.is_empty();

    /// False if no item can have another key than the entity that is read from it.
    #[doc(hidden)]
    const CHECKS_KEY: bool = true;

    /// The primary key of this item.
    fn to_key(&self) -> Self::Key;

    /// Writes the key attributes that are no fields: the primary key and the keys of the indexes.
    #[doc(hidden)]
    fn write_keys<W: Writer>(&self, w: &mut W) -> Result<(), ItemError>;

    /// Writes the primary key, to be compared: as [`Key::write_values`] of [`to_key`](Self::to_key).
    #[doc(hidden)]
    fn write_key_values(&self, bytes: &mut KeyBytes) -> Result<(), KeyError>;

    /// The attributes that dynamap writes by itself.
    #[doc(hidden)]
    const STAMPS: &'static [StampedAttribute] = &[];

    /// The vector indexes that it is `strict` about.
    #[doc(hidden)]
    const STRICT_SEARCHES: &'static [StrictSearch] = &[];

    /// The entity with its stamps, for a write of the whole; `None` if it has none.
    #[doc(hidden)]
    fn stamped(&self, _now: SystemTime, _how: WholeWrite) -> Result<Option<Self>, EncodeError> {
        Ok(None)
    }

    /// Takes the stamps that the stored `item` has, as far as they are in it.
    #[doc(hidden)]
    fn restamp(&mut self, _item: &Item) {}

    /// Writes the keys of the indexes that follow the changes of an update.
    #[doc(hidden)]
    fn follow(key: &Self::Key, changed: &mut Changed<'_>) -> Result<(), ItemError>;
}

/// The primary key of an entity. Derived with it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the key of an entity",
    note = "make one with the entity's `key` function, such as `Order::key(..)`"
)]
pub trait Key: Clone + Debug + IntoKey<Of = <Self as Key>::Entity> + Send + Sync + 'static {
    /// The entity whose key this is.
    type Entity: Entity<Key = Self>;

    /// The value of the partition key attribute.
    ///
    /// # Errors
    /// The key is empty, too long (2,048 bytes), or a component cannot be written.
    fn partition_key(&self) -> Result<AttributeValue, KeyError>;

    /// The value of the sort key attribute, if the table has one.
    ///
    /// # Errors
    /// The key is empty, too long (1,024 bytes), or a component cannot be written.
    fn sort_key(&self) -> Result<Option<AttributeValue>, KeyError>;

    /// Writes the values of the key attributes, to be compared.
    #[doc(hidden)]
    fn write_values(&self, bytes: &mut KeyBytes) -> Result<(), KeyError>;

    /// Reads the key back from the key attributes of an item.
    ///
    /// # Errors
    /// The key attributes are absent, or do not follow the entity's templates.
    fn from_attributes(
        partition_key: Option<AttributeValue>,
        sort_key: Option<AttributeValue>,
    ) -> Result<Self, DecodeError>;

    /// Reads a key from the text of its attributes, such as one that an item of another entity keeps as a reference. No
    /// request is sent. The text of a number is the number, that of a binary key is base64.
    ///
    /// ```
    /// # use dynamap::{Entity, TableSchema};
    /// use dynamap::entity::Key;
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk", sort_key = "sk")]
    /// # pub struct Shop;
    ///
    /// #[derive(Entity)]
    /// #[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "ORDER#{number}")]
    /// pub struct Order {
    ///     pub customer: String,
    ///     pub number: u32,
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let order = OrderKey::from_text("CUSTOMER#ada", Some("ORDER#0000000007"))?;
    /// assert_eq!((order.customer.as_str(), order.number), ("ada", 7));
    /// assert_eq!(order.to_text()?, ("CUSTOMER#ada".to_owned(), Some("ORDER#0000000007".to_owned())));
    /// assert!(OrderKey::from_text("CUSTOMER#ada", Some("ORDER#7")).is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The text does not follow the entity's templates, or is that of the same values in another form, such as `ORDER#7` for
    /// `ORDER#0000000007`, which is the key of another item.
    fn from_text(partition_key: &str, sort_key: Option<&str>) -> Result<Self, DecodeError> {
        key_text::read(partition_key, sort_key)
    }

    /// The text of the partition key and, if the table has one, of the sort key, as [`from_text`](Self::from_text) reads it.
    ///
    /// # Errors
    /// As [`partition_key`](Self::partition_key) and [`sort_key`](Self::sort_key).
    fn to_text(&self) -> Result<(String, Option<String>), KeyError> {
        key_text::write(self)
    }
}

/// The table of the entity that `K` is the key of.
pub(crate) type TableOf<K> = <<K as Key>::Entity as Entity>::Table;

/// The name of the entity that `K` is the key of.
pub(crate) const fn name_of<K: Key>() -> &'static str {
    <K::Entity as Entity>::NAME
}

/// The key attributes of `key` by name, as requests want them.
pub(crate) fn key_item<K: Key>(key: &K) -> Result<Item, KeyError> {
    let mut item = Item::with_capacity(2);
    item.insert(<TableOf<K>>::PARTITION_KEY.name.into(), key.partition_key()?);
    if let (Some(attribute), Some(value)) = (<TableOf<K>>::SORT_KEY, key.sort_key()?) {
        item.insert(attribute.name.into(), value);
    }
    Ok(item)
}

/// The values of the key attributes of a table in `item`.
pub(crate) fn key_attributes<S: TableSchema>(
    item: &Item,
) -> (Option<AttributeValue>, Option<AttributeValue>) {
    let value = |name: &str| item.get(name).cloned();
    (value(S::PARTITION_KEY.name), S::SORT_KEY.and_then(|attribute| value(attribute.name)))
}

/// The primary key of the entity that `item` stores.
pub(crate) fn key_of<E: Entity>(item: &Item) -> Result<E::Key, DecodeError> {
    let (partition_key, sort_key) = key_attributes::<E::Table>(item);
    E::Key::from_attributes(partition_key, sort_key).map_err(|error| error.in_entity(E::NAME))
}
