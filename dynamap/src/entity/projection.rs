use super::Entity;
use crate::{
    schema::{Primary, Source},
    value::FromDocument,
};

/// Some attributes of an entity, as a type of its own. Derived.
///
/// A projection can be read and not saved: what was not read cannot be lost.
///
/// ```
/// use dynamap::{Entity, Index, Projection, TableSchema};
///
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk", indexes(ByGroup))]
/// pub struct Shop;
///
/// #[derive(Index)]
/// #[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", projection = include("title"))]
/// pub struct ByGroup;
///
/// #[derive(Entity)]
/// #[dynamap(table = Shop, pk = "PRODUCT#{id}")]
/// #[dynamap(index = ByGroup, pk = "GROUP#{group}")]
/// pub struct Product {
///     pub id: u32,
///     pub group: u32,
///     pub title: String,
///     pub description: String,
/// }
///
/// #[derive(Debug, Projection)]
/// #[dynamap(entity = Product, index = ByGroup)]
/// pub struct ProductTitle {
///     #[dynamap(key)]
///     pub id: u32,
///     pub title: String,
/// }
/// ```
///
/// | option | meaning |
/// |---|---|
/// | `entity = Product` | the entity |
/// | `index = ByGroup` | an index it can be read from, which must hold its attributes; may be given several times |
/// | `key` (of a field) | taken from the primary key, which every index holds, instead of an attribute |
/// | `crate = path` | where dynamap is, if not at `::dynamap` |
///
/// Field names are the entity's; their types must be the entity's, too.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a projection",
    note = "derive `dynamap::Projection` for `{Self}`"
)]
pub trait Projection: FromDocument<Output = Self> + Sized + Send + Sync + 'static {
    /// The entity whose attributes these are.
    type Entity: Entity;
    /// The attributes to ask DynamoDB for.
    const ATTRIBUTES: &'static [&'static str];
}

/// A projection that can be read from the source `I`: the table, or an index that holds its attributes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from the index `{I}`",
    note = "add `index = {I}` to the `#[dynamap(..)]` of `{Self}`, if the index holds its attributes"
)]
pub trait ReadableFrom<I: Source>: Projection {}

impl<P: Projection> ReadableFrom<Primary> for P {}

/// The key type of a projection's entity.
pub type KeysOf<P> = <<P as Projection>::Entity as Entity>::Key;
