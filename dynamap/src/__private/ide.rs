//! A module for each option of `#[dynamap(..)]`, so that editors complete and explain it.

/// The table of an entity or an index: `table = Shop`.
pub mod table {}
/// The partition key: `pk = "ORDER#{order_id}"`, `pk = order_id`, or in an index `pk = [region, year]`.
pub mod pk {}
/// The sort key: `sk = "LINE#{number}"`, or `sk = number`.
pub mod sk {}
/// A secondary index that an entity is in: `index = ByStatus, pk = "STATUS#{status}"`.
pub mod index {}
/// The name of an entity in the entity-type attribute, or of an index in DynamoDB.
pub mod name {}
/// The letter case of attribute names: `rename_all = "camelCase"`.
pub mod rename_all {}
/// The letter case of the attribute names in struct variants.
pub mod rename_all_fields {}
/// The partition key attribute: `partition_key = "pk"`, `partition_key = number("id")`.
pub mod partition_key {}
/// The sort key attribute: `sort_key = "sk"`.
pub mod sort_key {}
/// The attribute that holds the time to live, in seconds since 1970.
pub mod ttl {}
/// The attribute that holds the name of the entity; `none` for tables without.
pub mod entity_type {}
/// The indexes of a table: `indexes(ByStatus)`.
pub mod indexes {}
/// The attributes that an index holds beside the keys: `all`, `keys_only` or `include("title")`.
pub mod projection {}
/// Marks a local index.
pub mod local {}
/// An index that returns items whose time to live is over, as it does not hold that.
pub mod returns_expired {}
/// The vector indexes of a table: `vector_indexes(ByEmbedding)`.
pub mod vector_indexes {}
/// The vector index that an entity is in, with its field for the vector and its partition key there.
pub mod vector_index {}
/// The attribute or field that holds the vector.
pub mod vector {}
/// The number of dimensions of the vectors, 1 to 4096.
pub mod dimensions {}
/// The distance function: `cosine`, `euclidean` or `dot_product`.
pub mod distance {}
/// The attributes that a search of the vector index can ask to be equal to a value.
pub mod inline_filters {}
/// An item with a vector and without the partition key of the vector index is an error.
pub mod strict {}
/// The attribute that holds the name of an enum's variant.
pub mod tag {}
/// The attribute that holds what a variant holds.
pub mod content {}
/// An enum that is read as the first variant that fits.
pub mod untagged {}
/// The entity of a projection.
pub mod entity {}
/// The struct in an attribute of which a projection is a part, for a `nested` field of another.
pub mod of {}
/// The treatment of items that are of no member of an item collection: `error` or `skip`.
pub mod unknown {}
/// An item whose key fits several members of an item collection: `first`.
pub mod overlap {}
/// The entities of a table whose keys are compared: `entities(Order)`.
pub mod entities {}
