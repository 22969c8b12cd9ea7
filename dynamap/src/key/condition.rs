use crate::error::KeyError;
use aws_sdk_dynamodb::types::AttributeValue;
use std::{fmt, marker::PhantomData};

/// The key condition of a query for entities `E` by the table or index `I`.
///
/// It asks for one partition, and for at most one interval of each sort key attribute. A key that cannot be
/// made leaves its error here, and the request fails with it before it is sent.
pub struct KeyCondition<E, I> {
    partition: Vec<(&'static str, AttributeValue)>,
    sort: Vec<(&'static str, SortKeyOperator)>,
    error: Option<KeyError>,
    of: PhantomData<fn() -> (E, I)>,
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
        Self { partition: Vec::with_capacity(1), sort: Vec::new(), error: None, of: PhantomData }
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
}

impl<E, I> Clone for KeyCondition<E, I> {
    fn clone(&self) -> Self {
        Self {
            partition: self.partition.clone(),
            sort: self.sort.clone(),
            error: self.error.clone(),
            of: PhantomData,
        }
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

/// What a query selects by: a [`KeyCondition`], or a step of one that `#[derive(Entity)]` generates.
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

impl<E, I> IntoKeyCondition for KeyCondition<E, I> {
    type Entity = E;
    type Source = I;

    fn into_key_condition(self) -> Self {
        self
    }
}
