//! Parts of an index key that an update leaves as they are.

use super::{
    Attribute, AttributeTypes, Condition, Operand, RequestValue, Update,
    condition::{self, Comparator, Node},
    operand::{Term, TermKind},
    path::Steps,
    role,
    update::set,
    variant::VariantTag,
};
use crate::{
    entity::{AttributeChange, Item, StrictSearch},
    error::{ExpressionError, HIDDEN_KEY},
    value::AttributeType,
};
use std::{borrow::Cow, fmt, marker::PhantomData, sync::Arc};

/// Sets one attribute that an index key is made of, where the others are as given; made by
/// [`given`](Attribute::given).
#[must_use = "nothing is set without `set`"]
pub struct Given<E, T, F> {
    attribute: &'static str,
    parts: Result<Vec<Part>, ExpressionError>,
    of: AttributeTypes<E, T, F>,
}

/// An attribute and the value that an update takes it to have.
#[derive(Clone, PartialEq)]
pub(super) struct Part {
    attribute: Cow<'static, str>,
    stated: Stated,
}

#[derive(Clone, PartialEq)]
enum Stated {
    Holds(TermKind),
    /// The value at the path is this variant of an enum; without a path, the item is.
    Is(Option<Steps>, &'static VariantTag),
    /// The attribute is there, as the partition key of the vector index that searches this vector.
    Searches(&'static str),
}

/// A part that an item does not hold as stated.
pub(crate) enum Unmet {
    /// The attribute has another value.
    Given(&'static str),
    /// The item is not in the index that searches the vector.
    Searched(&'static str),
}

/// Attributes that an update does not change, with the values that it takes them to have.
#[derive(Clone)]
pub(crate) struct GivenParts(Arc<[Part]>);

impl<E, T: AttributeType, F> Attribute<E, T, role::PartOfJointIndexKey<F>> {
    /// States the value of another attribute of the same index key, so that this one can be set by itself:
    /// `Order::STATUS.given(Order::DAY, day).set(status)`.
    ///
    /// The key of the index is made of both. The update has the condition that the stored item holds this value, in its
    /// `ConditionExpression`, and fails where it does not: then the reason is
    /// [`NotAsGiven`](crate::outcome::ConditionFailure::NotAsGiven). For an `Option`, `None` states that there is no
    /// attribute, and then there is no key in the index.
    ///
    /// A part of the key that is not given is an error before any request. So is an upsert, which may find nothing stored.
    pub fn given<U, R, O>(self, other: Attribute<E, U, R>, value: O) -> Given<E, T, F>
    where
        R: role::GivenFor<F>,
        O: Operand<E, U, Kind: RequestValue>,
    {
        Given { attribute: self.name(), parts: Ok(Vec::new()), of: PhantomData }.given(other, value)
    }
}

impl<E, T, F> Given<E, T, F> {
    /// States the value of one more attribute, for a key of three or more.
    pub fn given<U, R, O>(self, other: Attribute<E, U, R>, value: O) -> Self
    where
        R: role::GivenFor<F>,
        O: Operand<E, U, Kind: RequestValue>,
    {
        let attribute = other.name();
        let part = value.into_term().map_err(|error| Steps::of(attribute).locate(error));
        let parts = self.parts.and_then(|mut parts| {
            let Term(value) = part?;
            parts.push(Part { attribute: Cow::Borrowed(attribute), stated: Stated::Holds(value) });
            Ok(parts)
        });
        Self { parts, ..self }
    }

    /// Sets the attribute to a value, and the index keys that are made of it and of the given values: renders `SET #n0 = :v0`.
    pub fn set<O>(self, operand: O) -> Update<E>
    where
        O: Operand<E, T, Kind: RequestValue>,
    {
        let update = Update::new(set(Steps::of(self.attribute), false, operand.into_term()));
        match self.parts {
            Ok(parts) => update.with_given(parts),
            Err(error) => Update::new(Err(error)),
        }
    }
}

impl<E, T, F> Clone for Given<E, T, F> {
    fn clone(&self) -> Self {
        Self { attribute: self.attribute, parts: self.parts.clone(), of: PhantomData }
    }
}

/// Shows which attributes are given: never a value.
impl<E, T, F> fmt::Debug for Given<E, T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.parts.as_ref().map_or(&[][..], |parts| parts);
        let given: Vec<&str> = parts.iter().map(Part::attribute).collect();
        f.debug_struct("Given").field("attribute", &self.attribute).field("given", &given).finish()
    }
}

impl Part {
    /// A statement that an attribute is a variant of an enum; without a base, that the item is.
    pub(super) fn of_variant(base: Option<Steps>, tag: &'static VariantTag) -> Self {
        let attribute = match (&base, tag.attribute()) {
            (Some(base), _) => base.attribute.clone(),
            (None, attribute) => Cow::Borrowed(attribute),
        };
        Self { attribute, stated: Stated::Is(base, tag) }
    }

    /// A statement that the item is in a vector index.
    pub(super) fn of_search(search: &StrictSearch) -> Self {
        Self { attribute: Cow::Borrowed(search.partition_key), stated: Stated::Searches(search.vector) }
    }

    /// The name as it was declared.
    fn declared(&self) -> Option<&'static str> {
        match &self.attribute {
            Cow::Borrowed(declared) => Some(declared),
            Cow::Owned(_) => None,
        }
    }

    pub(super) fn attribute(&self) -> &'static str {
        self.declared().unwrap_or(HIDDEN_KEY)
    }

    /// The state of the attribute, for the index keys that are made of it.
    pub(super) fn state(&self) -> Option<(&str, AttributeChange<'_>)> {
        let state = match &self.stated {
            Stated::Holds(TermKind::Value(value)) => AttributeChange::Value(value),
            Stated::Holds(_) => AttributeChange::Removed,
            Stated::Is(..) | Stated::Searches(_) => return None,
        };
        Some((&self.attribute, state))
    }

    /// The condition that the stored item is as stated.
    fn node(&self) -> Result<Node, ExpressionError> {
        let path = || Steps::of(self.attribute.clone());
        match &self.stated {
            Stated::Holds(value @ TermKind::Value(_)) => {
                Node::compare(Comparator::Equal, TermKind::Path(path()), value.clone())
            }
            Stated::Holds(_) => Ok(Node::NotExists(path())),
            Stated::Searches(_) => Ok(Node::Exists(path())),
            Stated::Is(base, tag) => Ok(tag.node(base.as_ref())),
        }
    }

    pub(super) fn condition<E>(&self) -> Condition<E> {
        Condition::new(self.node())
    }

    pub(super) fn is_met_by(&self, item: &Item) -> bool {
        self.node().is_ok_and(|node| condition::holds(&node, item))
    }
}

impl GivenParts {
    /// None where nothing is given.
    pub(super) fn of(parts: &[Part]) -> Option<Self> {
        (!parts.is_empty()).then(|| Self(parts.into()))
    }

    /// The failure by the first part that the item does not hold as stated.
    pub(crate) fn unmet(&self, item: &Item) -> Option<Unmet> {
        let unmet = self.0.iter().find(|part| !part.is_met_by(item))?;
        match unmet.stated {
            Stated::Searches(vector) => Some(Unmet::Searched(vector)),
            _ => unmet.declared().map(Unmet::Given),
        }
    }
}

/// Shows the attributes: never a value.
impl fmt::Debug for GivenParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(Part::attribute)).finish()
    }
}
