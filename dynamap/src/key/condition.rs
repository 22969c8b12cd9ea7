use crate::error::KeyError;
use aws_sdk_dynamodb::types::AttributeValue;
use std::{
    fmt,
    marker::PhantomData,
    ops::Bound::{self, Excluded, Included, Unbounded},
};

/// The key condition of a query for entities `E` by the table or index `I`.
///
/// It asks for one partition, and for at most one interval of each sort key attribute. A key that cannot be
/// made leaves its error here, and the request fails with it before it is sent.
///
/// It belongs to no table value, so an access pattern can have a name, be compared and explained in a test, and be queried of
/// any table:
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema};
/// # use dynamap_local::Local;
/// use dynamap::{key::KeyCondition, schema::Primary};
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", sort_key = "sk")]
/// # pub struct Shop;
/// # #[derive(Debug, Clone, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{year}#{number}")]
/// # pub struct Order { pub customer_id: String, pub year: u16, pub number: u32 }
///
/// fn orders_of_a_year(customer_id: &str, year: u16) -> KeyCondition<Order, Primary> {
///     Order::partition(customer_id).year(year).into()
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let orders = orders_of_a_year("c-1", 2026);
/// assert_eq!(orders.expression()?, "pk = :v0 AND begins_with(sk, :v1)");
/// assert_eq!(orders.index_name(), None);
/// assert_eq!(orders, Order::partition("c-1").year(2026).number(..).into());
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// let page = shop.query(&orders).limit(20).send().await?;
/// # assert!(page.items.is_empty());
/// # Ok(())
/// # }
/// ```
pub struct KeyCondition<E, I> {
    partition: Vec<(&'static str, AttributeValue)>,
    sort: Vec<(&'static str, SortKeyOperator)>,
    error: Option<KeyError>,
    /// The form of the last of `sort`, if that is a range.
    range: Option<RangeForm>,
    of: PhantomData<fn() -> (E, I)>,
}

/// The form of a range, whatever the values of its bounds are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RangeForm {
    /// The text that all its keys begin with.
    pub(crate) prefix: Box<str>,
    /// The bounds that it has, as Rust writes them with `a` and `b`, such as `a..=b`.
    pub(crate) bounds: &'static str,
}

impl RangeForm {
    pub(super) fn of<T>(prefix: impl Into<Box<str>>, from: &Bound<T>, to: &Bound<T>) -> Self {
        let bounds = match (from, to) {
            (Unbounded, Unbounded) => "..",
            (Unbounded, Excluded(_)) => "..b",
            (Unbounded, Included(_)) => "..=b",
            (Included(_), Unbounded) => "a..",
            (Included(_), Excluded(_)) => "a..b",
            (Included(_), Included(_)) => "a..=b",
            (Excluded(_), Unbounded) => ">a..",
            (Excluded(_), Excluded(_)) => ">a..b",
            (Excluded(_), Included(_)) => ">a..=b",
        };
        Self { prefix: prefix.into(), bounds }
    }
}

/// The parts of a [`KeyCondition`], each with the name of its key attribute.
#[derive(Clone, PartialEq)]
pub struct KeyConditionParts {
    /// The partition key attributes: several for an index with a multi-attribute key.
    pub partition: Vec<(&'static str, AttributeValue)>,
    /// The sort key attributes that have a condition.
    pub sort: Vec<(&'static str, SortKeyOperator)>,
}

/// One condition on a sort key attribute.
#[derive(Clone, PartialEq)]
pub enum SortKeyOperator {
    /// `sk = :a`
    Equal(AttributeValue),
    /// `sk < :a`
    Less(AttributeValue),
    /// `sk <= :a`
    LessOrEqual(AttributeValue),
    /// `sk > :a`
    Greater(AttributeValue),
    /// `sk >= :a`
    GreaterOrEqual(AttributeValue),
    /// `sk BETWEEN :a AND :b`; both are included, and the first is not the greater one.
    Between(AttributeValue, AttributeValue),
    /// `begins_with(sk, :a)`
    BeginsWith(AttributeValue),
}

impl<E, I> KeyCondition<E, I> {
    pub(super) fn new() -> Self {
        let (partition, sort) = (Vec::with_capacity(1), Vec::new());
        Self { partition, sort, error: None, range: None, of: PhantomData }
    }

    /// The conditions on the key attributes.
    ///
    /// # Errors
    /// A key of the condition could not be made.
    pub fn into_parts(self) -> Result<KeyConditionParts, KeyError> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(KeyConditionParts { partition: self.partition, sort: self.sort }),
        }
    }

    pub(super) fn is_failed(&self) -> bool {
        self.error.is_some()
    }

    pub(super) fn add_partition(&mut self, attribute: &'static str, value: AttributeValue) {
        self.partition.push((attribute, value));
    }

    pub(super) fn add_sort(&mut self, attribute: &'static str, operator: SortKeyOperator) {
        self.sort.push((attribute, operator));
    }

    /// Adds the condition for a range.
    pub(super) fn add_range(&mut self, attribute: &'static str, operator: SortKeyOperator, form: RangeForm) {
        self.add_sort(attribute, operator);
        self.range = Some(form);
    }

    /// The range and its form; `None` if there is no range.
    #[cfg(feature = "cursor")]
    pub(crate) fn range(&mut self) -> Option<(&RangeForm, &mut SortKeyOperator)> {
        let (_, operator) = self.sort.last_mut()?;
        Some((self.range.as_ref()?, operator))
    }

    /// Keeps the first error.
    pub(super) fn fail(&mut self, error: KeyError) {
        self.error.get_or_insert(error);
    }
}

impl SortKeyOperator {
    /// The operator or function in a key condition expression, such as `BETWEEN`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Equal(_) => "=",
            Self::Less(_) => "<",
            Self::LessOrEqual(_) => "<=",
            Self::Greater(_) => ">",
            Self::GreaterOrEqual(_) => ">=",
            Self::Between(..) => "BETWEEN",
            Self::BeginsWith(_) => "begins_with",
        }
    }

    pub(crate) fn operands(&self) -> Vec<&AttributeValue> {
        match self {
            Self::Between(from, to) => vec![from, to],
            Self::Equal(value)
            | Self::Less(value)
            | Self::LessOrEqual(value)
            | Self::Greater(value)
            | Self::GreaterOrEqual(value)
            | Self::BeginsWith(value) => vec![value],
        }
    }
}

impl<E, I> Clone for KeyCondition<E, I> {
    fn clone(&self) -> Self {
        Self {
            partition: self.partition.clone(),
            sort: self.sort.clone(),
            error: self.error.clone(),
            range: self.range.clone(),
            of: PhantomData,
        }
    }
}

/// Conditions are equal if they have the same attributes, operators and values, or the same error. Two that are written
/// differently may select the same items and not be equal: `..=2` and `..3`.
impl<E, I> PartialEq for KeyCondition<E, I> {
    fn eq(&self, other: &Self) -> bool {
        self.partition == other.partition && self.sort == other.sort && self.error == other.error
    }
}

/// Shows attributes and operators, not the values.
impl<E, I> fmt::Debug for KeyCondition<E, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyCondition")
            .field("partition", &names(&self.partition))
            .field("sort", &self.sort)
            .field("error", &self.error)
            .finish()
    }
}

/// Shows attributes and operators, not the values.
impl fmt::Debug for KeyConditionParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyConditionParts")
            .field("partition", &names(&self.partition))
            .field("sort", &self.sort)
            .finish()
    }
}

/// Shows the operator, not the values.
impl fmt::Debug for SortKeyOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn names(attributes: &[(&'static str, AttributeValue)]) -> Vec<&'static str> {
    attributes.iter().map(|(name, _)| *name).collect()
}

/// A selection of a query: a [`KeyCondition`], or a step of one that `#[derive(Entity)]` generates.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key condition",
    note = "start one with the entity's `partition` function or that of an index: `Order::partition(..)`, `Order::by_status(..)`"
)]
pub trait IntoKeyCondition {
    /// The entity.
    type Entity;
    /// The table ([`Primary`](crate::schema::Primary)) or the index.
    type Source;

    /// The key condition for all items that this selects.
    fn into_key_condition(self) -> KeyCondition<Self::Entity, Self::Source>;
}

/// So that a condition with a name is queried again and again: `shop.query(&open_orders)`.
impl<E, I> IntoKeyCondition for &KeyCondition<E, I> {
    type Entity = E;
    type Source = I;

    fn into_key_condition(self) -> KeyCondition<E, I> {
        self.clone()
    }
}

impl<E, I> IntoKeyCondition for KeyCondition<E, I> {
    type Entity = E;
    type Source = I;

    fn into_key_condition(self) -> Self {
        self
    }
}
