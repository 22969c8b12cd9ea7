mod compare;
mod evaluate;
mod node;
mod render;

pub(crate) use compare::equal;
pub(super) use compare::{data_type, number};
pub(super) use evaluate::{find, find_inside, matches as holds};
pub(super) use node::{Comparator, Node, check_order};

use super::{Attribute, Placeholders};
use crate::{
    error::{ExpressionError, ExpressionErrorKind},
    schema::IndexSchema,
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{
    collections::HashMap,
    fmt,
    marker::PhantomData,
    ops::{BitAnd, BitOr, Not},
};

/// A condition on an item of the entity `E`: the `ConditionExpression` of a conditional write, or the
/// `FilterExpression` of a query or scan.
///
/// It is made by the operators of [`Attribute`](super::Attribute) and [`Path`](super::Path). A condition
/// that DynamoDB would refuse does not compile, or holds an [`ExpressionError`] until it is used; then no request is sent.
///
/// ```
/// use dynamap::{Attribute, expr::Condition};
///
/// #[derive(Attribute)]
/// pub struct Order {
///     pub status: String,
///     pub total: u64,
///     pub note: Option<String>,
/// }
///
/// let open = Order::STATUS.eq("open") & (Order::TOTAL.ge(100) | Order::NOTE.exists());
/// assert_eq!(open.to_string(), "status = ? AND (total >= ? OR attribute_exists(note))");
///
/// let item = dynamap::wire::item_to_attribute_values(&Order { status: "open".into(), total: 120, note: None })?;
/// assert!(open.matches(&item)?);
/// assert!(!(!open).matches(&item)?);
///
/// let some = Condition::any(["open", "paid"].map(|status| Order::STATUS.eq(status)));
/// assert!(some.matches(&item)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a condition does nothing until a request has it"]
pub struct Condition<E> {
    node: Result<Node, ExpressionError>,
    of: PhantomData<fn() -> E>,
}

/// A condition as the members of a request.
#[derive(Debug, Clone)]
pub(crate) struct ConditionExpression {
    /// `ConditionExpression`
    pub(crate) text: String,
    /// `ExpressionAttributeNames`
    pub(crate) names: Option<HashMap<String, String>>,
    /// `ExpressionAttributeValues`
    pub(crate) values: Option<HashMap<String, AttributeValue>>,
}

impl<E> Condition<E> {
    pub(super) fn new(node: Result<Node, ExpressionError>) -> Self {
        Self { node: node.and_then(Node::checked), of: PhantomData }
    }

    /// A condition that is always true: the start of a list of conditions that are joined by `&`.
    ///
    /// With another it is that other one, and `|` makes it true. Alone it is no condition: nothing is rendered.
    ///
    /// ```
    /// # use dynamap::{Attribute, expr::Condition};
    /// # #[derive(Attribute)]
    /// # pub struct Order { pub total: u64, pub note: Option<String> }
    /// let (at_least, with_note) = (Some(100), false);
    /// let mut wanted = Condition::always();
    /// if let Some(total) = at_least {
    ///     wanted = wanted & Order::TOTAL.ge(total);
    /// }
    /// if with_note {
    ///     wanted = wanted & Order::NOTE.exists();
    /// }
    /// assert_eq!(wanted.to_string(), "total >= ?");
    /// ```
    pub fn always() -> Self {
        Self::new(Ok(Node::Constant(true)))
    }

    /// A condition that is never true: the start of a list of conditions that are joined by `|`.
    ///
    /// With another it is that other one, and `&` makes it false. Alone it is an error when the request is sent, as DynamoDB
    /// has no such condition.
    pub fn never() -> Self {
        Self::new(Ok(Node::Constant(false)))
    }

    /// All of the conditions are true: renders `.. AND ..`.
    ///
    /// None at all is an error when the request is sent.
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::new(nodes(conditions).and_then(Node::all))
    }

    /// One of the conditions is true, or more: renders `.. OR ..`.
    ///
    /// None at all is an error when the request is sent.
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::new(nodes(conditions).and_then(Node::any))
    }

    /// Both conditions are true: renders `.. AND ..`, as `&` does.
    pub fn and(self, other: Self) -> Self {
        Self::all([self, other])
    }

    /// One of the conditions is true, or both: renders `.. OR ..`, as `|` does.
    pub fn or(self, other: Self) -> Self {
        Self::any([self, other])
    }

    /// The condition is false: renders `NOT (..)`, as `!` does.
    #[expect(
        clippy::should_implement_trait,
        reason = "it stands beside `and` and `or`, and is what `!` does"
    )]
    pub fn not(self) -> Self {
        Self::new(self.node.map(Node::negated))
    }

    /// Returns true if DynamoDB would find the condition true of `item`, for tests without a database.
    ///
    /// # Errors
    /// DynamoDB would refuse the condition.
    pub fn matches(&self, item: &HashMap<String, AttributeValue>) -> Result<bool, ExpressionError> {
        let node = self.node()?;
        if !matches!(node, Node::Constant(_)) {
            self.render(&mut Placeholders::default())?;
        }
        Ok(evaluate::matches(node, item))
    }

    /// The number of operators and functions; DynamoDB takes 300.
    pub(crate) fn operators(&self) -> usize {
        self.node.as_ref().map_or(0, render::operators)
    }

    /// The expression with its placeholders, if DynamoDB would take it.
    pub(crate) fn render(&self, placeholders: &mut Placeholders) -> Result<String, ExpressionError> {
        render::expression(self.node()?, placeholders)
    }

    /// Two conditions that may be none, joined by `AND`; none as well if it is always true.
    pub(crate) fn both(first: Option<Self>, second: Option<Self>) -> Option<Self> {
        let both = match (first, second) {
            (Some(first), Some(second)) => Some(first.and(second)),
            (first, second) => first.or(second),
        };
        both.filter(|both| !matches!(both.node, Ok(Node::Constant(true))))
    }

    /// The members of the request that state the condition, if DynamoDB would take it.
    pub(crate) fn expression(&self) -> Result<ConditionExpression, ExpressionError> {
        let mut placeholders = Placeholders::default();
        let text = self.render(&mut placeholders)?;
        Ok(ConditionExpression { text, names: placeholders.take_names(), values: placeholders.take_values() })
    }

    /// Refuses a filter that asks for one of the key attributes.
    ///
    /// DynamoDB: a filter expression cannot contain primary key attributes of the table or index that is read.
    pub(crate) fn check_is_none_of(
        &self,
        keys: impl Iterator<Item = &'static str>,
    ) -> Result<(), ExpressionError> {
        let mut names = Vec::new();
        self.node()?.for_each_path(&mut |steps| names.push(&*steps.attribute));
        match keys.into_iter().find(|key| names.contains(key)) {
            Some(key) => Err(ExpressionError::new(ExpressionErrorKind::KeyAttribute(key))),
            None => Ok(()),
        }
    }

    /// Refuses a filter that asks for an attribute which the global index does not hold.
    ///
    /// DynamoDB: a request of a global index cannot name other attributes than the index has. A local index reads
    /// them from the table.
    pub(crate) fn check_is_held_by(
        &self,
        index: &'static IndexSchema,
        table_key: &[&'static str],
    ) -> Result<(), ExpressionError> {
        let mut absent = None;
        self.node()?.for_each_path(&mut |steps| {
            let name = &*steps.attribute;
            if absent.is_none() && !index.local && !index.holds(name) && !table_key.contains(&name) {
                absent = Some(steps.shown_attribute());
            }
        });
        match absent {
            Some(attribute) => {
                Err(ExpressionError::new(ExpressionErrorKind::NotInIndex { attribute, index: index.name }))
            }
            None => Ok(()),
        }
    }

    /// The same condition on the items of one entity, and true of all others: for an item collection `C`.
    ///
    /// Without an attribute that tells the entity it is an error.
    pub(crate) fn of_entity<C>(self, entity_type: Option<&'static str>, name: &str) -> Condition<C> {
        let condition = match entity_type {
            Some(attribute) => Attribute::<E, String>::new(attribute).ne(name).or(self),
            None => Self::new(Err(ExpressionError::new(ExpressionErrorKind::NoEntityType))),
        };
        Condition { node: condition.node, of: PhantomData }
    }

    fn node(&self) -> Result<&Node, ExpressionError> {
        self.node.as_ref().map_err(Clone::clone)
    }
}

fn nodes<E>(conditions: impl IntoIterator<Item = Condition<E>>) -> Result<Vec<Node>, ExpressionError> {
    let nodes: Vec<Node> =
        conditions.into_iter().map(|condition| condition.node).collect::<Result<_, _>>()?;
    if nodes.is_empty() { Err(ExpressionError::new(ExpressionErrorKind::Empty)) } else { Ok(nodes) }
}

impl<E> BitAnd for Condition<E> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        self.and(other)
    }
}

impl<E> BitOr for Condition<E> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl<E> Not for Condition<E> {
    type Output = Self;

    fn not(self) -> Self {
        Self::not(self)
    }
}

impl<E> Clone for Condition<E> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), of: PhantomData }
    }
}

/// The expression with its names, and `?` for every value.
impl<E> fmt::Display for Condition<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.node {
            Ok(node) => f.write_str(&render::shown(node)),
            Err(error) => write!(f, "({error})"),
        }
    }
}

/// Shows the same as `Display`: never a value.
impl<E> fmt::Debug for Condition<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Condition({self})")
    }
}

#[cfg(test)]
mod tests;
