//! Tables and their secondary indexes, as types.

pub mod distance;
mod entity_schema;
mod index_projection;
mod key_attribute;
mod vector_index;
mod vector_index_schema;

#[doc(hidden)]
pub use entity_schema::EachName;
pub use entity_schema::{AttributeSchema, EntityKey, EntitySchema};
pub use index_projection::IndexProjection;
pub use key_attribute::KeyAttribute;
pub use vector_index::{Provisionable, VectorIndex};
pub use vector_index_schema::{DistanceFunction, VectorIndexSchema};

/// A table: the attributes of its primary key, its indexes and its conventions. Derived.
///
/// ```
/// use dynamap::{Index, TableSchema};
///
/// /// The web shop's table.
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", indexes(ByGroup))]
/// pub struct Shop;
///
/// /// Products by group: holds their title and price.
/// #[derive(Index)]
/// #[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
/// #[dynamap(projection = include("title", "price"))]
/// pub struct ByGroup;
/// ```
///
/// | option | meaning |
/// |---|---|
/// | `partition_key = "pk"` | the partition key attribute; `number("id")` or `binary("id")` for the other types |
/// | `sort_key = "sk"` | the sort key attribute, if the table has one |
/// | `ttl = "expires_at"` | the attribute that holds the time to live, in seconds since 1970; entities have a field with `#[dynamap(ttl)]` for it |
/// | `entity_type = "type"` | the attribute that holds the name of the item's entity; `none` for tables without one. Default: `entity_type` |
/// | `shape = "shape"` | the attribute that holds the number of the shape that an item is stored in, of entities with `shape = ..` ([changing the shape of stored items](crate::guide::evolution)). Default: none |
/// | `indexes(ByGroup, ..)` | the types that derive [`Index`] for this table |
/// | `vector_indexes(ByEmbedding, ..)` | the types that derive [`VectorIndex`] for this table, at most five |
/// | `entities(Order, ..)` | the entities of the table, for its [exports](crate::export) and its [verification](crate::Table::verify); with `entity_type = none` the compiler checks that no two of them can have one key |
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    note = "derive `dynamap::TableSchema` for `{Self}`"
)]
pub trait TableSchema: Send + Sync + 'static {
    /// The partition key attribute.
    const PARTITION_KEY: KeyAttribute;
    /// The sort key attribute, if the table has one.
    const SORT_KEY: Option<KeyAttribute>;
    /// The attribute that holds the time to live (TTL).
    const TTL: Option<&'static str>;
    /// The attribute that holds the name of the entity.
    const ENTITY_TYPE: Option<&'static str>;
    /// The attribute that holds the number of the stored shape.
    const SHAPE: Option<&'static str> = None;
    /// The secondary indexes.
    const INDEXES: &'static [IndexSchema];
    /// The vector indexes.
    const VECTOR_INDEXES: &'static [VectorIndexSchema] = &[];
    /// The entities that the table names.
    const ENTITIES: &'static [EntitySchema] = &[];
}

/// The attributes of the primary key: the partition key, and the sort key if there is one.
pub(crate) fn primary_key<S: TableSchema>() -> impl Iterator<Item = KeyAttribute> {
    [Some(S::PARTITION_KEY), S::SORT_KEY].into_iter().flatten()
}

/// True of the attributes of the table's primary key.
pub(crate) fn is_primary_key<S: TableSchema>(name: &str) -> bool {
    name == S::PARTITION_KEY.name || S::SORT_KEY.is_some_and(|attribute| name == attribute.name)
}

/// True if a response that names a table means the one that was asked for.
///
/// DynamoDB: a request may name a table by its ARN, and nothing says how the answer names it then.
pub(crate) fn is_same_table(asked: &str, named: &str) -> bool {
    let of_arn = |table| str::split_once(table, ":table/").map(|(_, name)| name);
    asked == named || of_arn(asked) == Some(named) || of_arn(named) == Some(asked)
}

/// The table that a response names, of those that were asked for; `None` if it is none of them, or may be several.
pub(crate) fn named_table<'t>(
    mut asked: impl Iterator<Item = &'t str> + Clone,
    named: &str,
) -> Option<usize> {
    if let Some(exactly) = asked.clone().position(|table| table == named) {
        return Some(exactly);
    }
    let first = asked.clone().position(|table| is_same_table(table, named))?;
    asked.nth(first);
    (!asked.any(|table| is_same_table(table, named))).then_some(first)
}

/// The definition of a secondary index, as `CreateTable` sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexSchema {
    /// The name of the index.
    pub name: &'static str,
    /// True for a local secondary index, which has the table's partition key and allows strongly consistent reads.
    /// False for a global secondary index.
    pub local: bool,
    /// One to four partition key attributes.
    pub partition_key: &'static [KeyAttribute],
    /// Up to four sort key attributes.
    pub sort_key: &'static [KeyAttribute],
    /// The attributes that the index holds beside the keys.
    pub projection: IndexProjection,
}

impl IndexSchema {
    /// True if the index holds the attribute as a key of its own or by its projection. It holds the table's key
    /// as well.
    pub(crate) fn holds(&self, attribute: &str) -> bool {
        let mut keys = self.partition_key.iter().chain(self.sort_key);
        let projected = match self.projection {
            IndexProjection::All => true,
            IndexProjection::KeysOnly => false,
            IndexProjection::Include(names) => names.contains(&attribute),
        };
        projected || keys.any(|key| key.name == attribute)
    }
}

/// A global or local secondary index of a table. Derived; see [`TableSchema`].
///
/// | option | meaning |
/// |---|---|
/// | `table = Shop` | the table |
/// | `name = "gsi1"` | the index's name in DynamoDB |
/// | `partition_key = "gsi1pk"` | the partition key attribute; `["region", number("year")]` for several |
/// | `sort_key = "gsi1sk"` | the sort key attribute or attributes |
/// | `projection = include("title")` | the projection: `all` (the default), `keys_only` or `include(..)` |
/// | `local` | a local secondary index, with the partition key of the table. Default: a global secondary index |
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a secondary index",
    note = "derive `dynamap::Index` for `{Self}`"
)]
#[doc(alias("GSI", "LSI", "GlobalSecondaryIndex", "LocalSecondaryIndex"))]
pub trait Index: Send + Sync + 'static {
    /// The table of the index.
    type Table: TableSchema;
    /// The marker of the index's projection: [`HoldsAll`] or [`HoldsSome`].
    #[doc(hidden)]
    type Holds;
    /// The definition of the index.
    const SCHEMA: IndexSchema;
}

/// The marker of a table, and of an index that holds all attributes of an item.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum HoldsAll {}

/// The marker of an index that holds some attributes of an item.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum HoldsSome {}

/// The table itself, in the place of a secondary index: the source of a query without an index.
#[derive(Debug, Clone, Copy)]
pub enum Primary {}

/// A source of a query or scan: the table or one of its secondary indexes.
pub trait Source: Send + Sync + 'static {
    /// The marker of the source's projection: [`HoldsAll`] or [`HoldsSome`].
    #[doc(hidden)]
    type Holds;
    /// The index, or `None` for the table itself.
    const INDEX: Option<&'static IndexSchema>;
}

impl Source for Primary {
    type Holds = HoldsAll;
    const INDEX: Option<&'static IndexSchema> = None;
}

impl<I: Index> Source for I {
    type Holds = I::Holds;
    const INDEX: Option<&'static IndexSchema> = Some(&I::SCHEMA);
}

/// An index with a projection: a secondary index or a vector index.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an index",
    note = "derive `dynamap::Index` or `dynamap::VectorIndex` for `{Self}`"
)]
pub trait ProjectingIndex: Source {
    /// The table of the index.
    type Table: TableSchema;
}

#[diagnostic::do_not_recommend]
impl<I: Index> ProjectingIndex for I {
    type Table = I::Table;
}

/// A source that holds whole items: the table, and indexes that project all attributes.
#[diagnostic::on_unimplemented(
    message = "the index `{Self}` does not hold whole items",
    label = "this reads an index that holds only some attributes",
    note = "ask for a type that derives `Projection` with `index = {Self}`: `.project::<Summary>()`"
)]
pub trait ProjectsAll: Source {}

impl ProjectsAll for Primary {}

/// A source that allows strongly consistent reads: the table and its local secondary indexes.
#[diagnostic::on_unimplemented(
    message = "the global index `{Self}` cannot be read consistently",
    label = "DynamoDB updates a global index a moment after its table",
    note = "read the table or a local index, or accept an eventually consistent read"
)]
pub trait ConsistentlyReadable: Source {}

impl ConsistentlyReadable for Primary {}

#[cfg(test)]
mod tests {
    use super::{is_same_table, named_table};

    #[test]
    fn a_table_is_named_by_its_name_or_its_arn() {
        let arn = "arn:aws:dynamodb:eu-north-1:123456789012:table/shop";
        assert!(is_same_table("shop", "shop") && is_same_table(arn, arn));
        assert!(is_same_table(arn, "shop") && is_same_table("shop", arn));
        for other in
            ["", "sho", "shop2", "table/shop", "arn:aws:dynamodb:eu-north-1:123456789012:table/shop2"]
        {
            assert!(!is_same_table("shop", other) && !is_same_table(other, "shop"), "{other}");
        }
    }

    #[test]
    fn a_response_names_one_of_the_tables() {
        let [ours, theirs] =
            [1, 2].map(|account| format!("arn:aws:dynamodb:eu-north-1:{account}:table/shop"));
        let asked = ["audit", &ours, &theirs, "log"];
        let named = |named: &str| named_table(asked.into_iter(), named);
        assert_eq!((named("audit"), named("log"), named("other")), (Some(0), Some(3), None));
        assert_eq!((named(&ours), named(&theirs)), (Some(1), Some(2)));
        assert_eq!(named("shop"), None, "it may be either");
        assert_eq!(named_table(asked[..2].iter().copied(), "shop"), Some(1));
        assert_eq!(named_table(["shop", ours.as_str()].into_iter(), "shop"), Some(0));
    }
}
