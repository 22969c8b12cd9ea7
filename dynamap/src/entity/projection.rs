use super::Entity;
use crate::{
    error::DecodeError,
    schema::{HoldsAll, Source},
    value::{FromDocument, Reader},
};

/// Some attributes of an entity, as a type of its own. Derived.
///
/// A projection can be read and not saved: attributes that were not read cannot be lost.
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
/// | `index = ByGroup` | an index it can be read from, which must hold its attributes; may be given several times. An index that holds all attributes needs not be named |
/// | `of = Address` | instead of both: the struct of which this is a part, for a `nested` field of a projection |
/// | `key` (of a field) | taken from the primary key, which every index holds, instead of an attribute |
/// | `nested` (of a field) | a part of the struct that the attribute holds: a projection of that struct |
/// | `ignore_serde` (also of a field) | `#[serde(..)]` is for another format: without it, an option there that changes what serde reads does not compile |
/// | `crate = path` | where dynamap is, if not at `::dynamap` |
///
/// Field names are the entity's; their types must be the entity's, too.
///
/// # Parts of nested structs
///
/// ```
/// use dynamap::{Attribute, Entity, Projection, TableSchema};
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk")]
/// # pub struct Shop;
///
/// #[derive(Entity)]
/// #[dynamap(table = Shop, pk = "ORDER#{number}")]
/// pub struct Order {
///     pub number: u32,
///     pub ship_to: Option<Address>,
/// }
///
/// #[derive(Attribute)]
/// pub struct Address {
///     pub street: String,
///     pub city: String,
/// }
///
/// #[derive(Debug, Projection)]
/// #[dynamap(of = Address)]
/// pub struct City {
///     pub city: String,
/// }
///
/// #[derive(Debug, Projection)]
/// #[dynamap(entity = Order)]
/// pub struct OrderSummary {
///     pub number: u32,
///     #[dynamap(nested)]
///     pub ship_to: Option<City>,
/// }
/// ```
///
/// This asks for `number` and `ship_to.city`. The field is an `Option` or a `Box` where the attribute is one.
///
/// DynamoDB leaves out a map if the item has none of the parts that were asked for. Then an `Option` is `None`,
/// though the struct may be there, and any other field is read as a struct without attributes.
///
/// A list or a map of structs is read whole: DynamoDB projects one element by its index, not all of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a projection",
    note = "derive `dynamap::Projection` for `{Self}`"
)]
#[doc(alias = "ProjectionExpression")]
pub trait Projection: FromDocument<Output = Self> + Sized + Send + Sync + 'static {
    /// The entity whose attributes these are.
    type Entity: Entity;
    /// The attributes to ask DynamoDB for.
    const ATTRIBUTES: &'static [ProjectedAttribute];
}

/// Some attributes of a struct that an attribute holds. Derived as [`Projection`], with `of = Address`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a projection of a struct",
    label = "expected a part of the struct that the attribute holds",
    note = "derive `dynamap::Projection` for `{Self}`, with `#[dynamap(of = ..)]` for the struct; without `nested` the whole attribute is read",
    note = "a list or a map of structs is read whole: DynamoDB projects one element by its index, not all of them"
)]
pub trait NestedProjection: Sized {
    /// The type that the attribute holds: the struct, in the same `Option` or `Box` as the projection.
    type Attribute;
    /// The attributes of the struct to ask DynamoDB for.
    const ATTRIBUTES: &'static [ProjectedAttribute];

    /// Reads the map that is the next value.
    ///
    /// # Errors
    /// It does not have the form of the struct.
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError>;

    /// The value that is read where DynamoDB left the map out.
    ///
    /// # Errors
    /// The struct needs one of the attributes.
    fn absent() -> Result<Self, DecodeError>;
}

/// NULL is `None`, and so is a map of which DynamoDB has none of the attributes that were asked for.
impl<P: NestedProjection> NestedProjection for Option<P> {
    type Attribute = Option<P::Attribute>;
    const ATTRIBUTES: &'static [ProjectedAttribute] = P::ATTRIBUTES;

    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        if r.null()? { Ok(None) } else { P::read(r).map(Some) }
    }

    fn absent() -> Result<Self, DecodeError> {
        Ok(None)
    }
}

impl<P: NestedProjection> NestedProjection for Box<P> {
    type Attribute = Box<P::Attribute>;
    const ATTRIBUTES: &'static [ProjectedAttribute] = P::ATTRIBUTES;

    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        P::read(r).map(Box::new)
    }

    fn absent() -> Result<Self, DecodeError> {
        P::absent().map(Box::new)
    }
}

/// An attribute that a projection asks for: the whole, or parts of the struct in it.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProjectedAttribute {
    name: &'static str,
    parts: &'static [Self],
}

impl ProjectedAttribute {
    /// The whole attribute.
    pub const fn whole(name: &'static str) -> Self {
        Self { name, parts: &[] }
    }

    /// Attributes of the struct that the attribute holds; the whole attribute if there are none.
    pub const fn nested(name: &'static str, parts: &'static [Self]) -> Self {
        Self { name, parts }
    }

    /// The attribute's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The parts; none if it is the whole.
    pub const fn parts(&self) -> &'static [Self] {
        self.parts
    }
}

/// A projection that can be read from the source `I`: the table, or an index that holds its attributes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from the index `{I}`",
    note = "add `index = {I}` to the `#[dynamap(..)]` of `{Self}`, if the index holds its attributes"
)]
pub trait ReadableFrom<I: Source, H = <I as Source>::Holds>: Projection {}

#[diagnostic::do_not_recommend]
impl<P: Projection, I: Source<Holds = HoldsAll>> ReadableFrom<I, HoldsAll> for P {}

/// A member of an item collection as it is read: an entity, or a projection of one. Derived with both.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither an entity nor a projection of one",
    label = "no member of an item collection",
    note = "derive `dynamap::Entity` or `dynamap::Projection` for `{Self}`"
)]
pub trait Member: FromDocument<Output = Self> + Sized + Send + 'static {
    /// The entity.
    type Entity: Entity;
    /// The attributes to ask DynamoDB for; `None` for all.
    #[doc(hidden)]
    const ATTRIBUTES: Option<&'static [ProjectedAttribute]>;
}

/// A [`Member`] that can be read from the source `I`. Derived with it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from the index `{I}`",
    label = "the index does not hold all of `{Self}`",
    note = "an index that does not hold whole items is read as projections: make the member a type that derives `Projection` with `index = {I}`"
)]
pub trait MemberIn<I: Source>: Member {}

/// The key type of a projection's entity.
pub type KeysOf<P> = <<P as Projection>::Entity as Entity>::Key;
