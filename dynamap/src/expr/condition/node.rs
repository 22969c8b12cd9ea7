use super::{
    super::{
        named::check_name,
        operand::TermKind,
        path::Steps,
        text::{MAX_DEPTH, check_operators},
    },
    compare::{data_type, order},
};
use crate::{
    error::{ExpressionError, ExpressionErrorKind},
    value::DataType,
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::cmp::Ordering;

/// DynamoDB: the most values in an `IN`.
const MAX_OPERANDS: usize = 100;

/// A condition as a tree. `All` and `Any` hold at least two conditions, none of their own kind and no constant; `Not` holds
/// no constant.
#[derive(Clone)]
pub(in crate::expr) enum Node {
    /// Always true, or never. DynamoDB has no such condition: alone, it is none.
    Constant(bool),
    Compare(TermKind, Comparator, TermKind),
    Between(TermKind, TermKind, TermKind),
    In(TermKind, Vec<TermKind>),
    Exists(Steps),
    NotExists(Steps),
    IsType(Steps, DataType),
    BeginsWith(TermKind, TermKind),
    Contains(TermKind, TermKind),
    All(Vec<Self>, Depth),
    Any(Vec<Self>, Depth),
    Not(Box<Self>, Depth),
}

/// The number of levels of conditions inside a condition.
type Depth = usize;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::expr) enum Comparator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparator {
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// Refuses a value that has no order, where one is asked for.
pub(in crate::expr) fn check_order(comparator: Comparator, term: &TermKind) -> Result<(), ExpressionError> {
    match comparator {
        Comparator::Equal | Comparator::NotEqual => Ok(()),
        _ => check_ordered(comparator.symbol(), term),
    }
}

fn check_ordered(operator: &'static str, term: &TermKind) -> Result<(), ExpressionError> {
    match term {
        TermKind::Value(AttributeValue::S(_) | AttributeValue::N(_) | AttributeValue::B(_)) => Ok(()),
        TermKind::Value(value) => {
            let found = data_type(value).map_or("an unknown data type", DataType::phrase);
            Err(ExpressionError::new(ExpressionErrorKind::DataType { operator, found }))
        }
        _ => Ok(()),
    }
}

/// DynamoDB: the first operand must be distinct from the remaining operands.
fn check_distinct(subject: &TermKind, operands: &[TermKind]) -> Result<(), ExpressionError> {
    match operands.contains(subject) {
        true => Err(ExpressionError::new(ExpressionErrorKind::SameOperands)),
        false => Ok(()),
    }
}

impl Node {
    pub(in crate::expr) fn compare(
        left: Comparator,
        subject: TermKind,
        operand: TermKind,
    ) -> Result<Self, ExpressionError> {
        check_distinct(&subject, std::slice::from_ref(&operand))?;
        Ok(Self::Compare(subject, left, operand))
    }

    pub(in crate::expr) fn between(
        subject: TermKind,
        lower: TermKind,
        upper: TermKind,
    ) -> Result<Self, ExpressionError> {
        check_ordered("BETWEEN", &lower)?;
        check_ordered("BETWEEN", &upper)?;
        if let (TermKind::Value(lower), TermKind::Value(upper)) = (&lower, &upper) {
            match order(lower, upper) {
                Some(Ordering::Greater) => {
                    return Err(ExpressionError::new(ExpressionErrorKind::BoundsSwapped));
                }
                Some(Ordering::Less | Ordering::Equal) => {}
                // DynamoDB: the bounds have the same data type.
                None => {
                    let found = data_type(upper).map_or("an unknown data type", DataType::phrase);
                    let kind = ExpressionErrorKind::DataType { operator: "BETWEEN", found };
                    return Err(ExpressionError::new(kind));
                }
            }
        }
        let operands = [lower, upper];
        check_distinct(&subject, &operands)?;
        let [lower, upper] = operands;
        Ok(Self::Between(subject, lower, upper))
    }

    pub(in crate::expr) fn is_in(
        subject: TermKind,
        operands: Vec<TermKind>,
    ) -> Result<Self, ExpressionError> {
        let count = operands.len();
        if count == 0 {
            return Err(ExpressionError::new(ExpressionErrorKind::NoValues));
        }
        if count > MAX_OPERANDS {
            let kind = ExpressionErrorKind::TooManyOperands { count, limit: MAX_OPERANDS };
            return Err(ExpressionError::new(kind));
        }
        check_distinct(&subject, &operands)?;
        Ok(Self::In(subject, operands))
    }

    pub(in crate::expr) fn begins_with(
        subject: TermKind,
        beginning: TermKind,
    ) -> Result<Self, ExpressionError> {
        check_distinct(&subject, std::slice::from_ref(&beginning))?;
        Ok(Self::BeginsWith(subject, beginning))
    }

    pub(in crate::expr) fn contains(subject: TermKind, element: TermKind) -> Result<Self, ExpressionError> {
        check_distinct(&subject, std::slice::from_ref(&element))?;
        Ok(Self::Contains(subject, element))
    }

    pub(super) fn all(nodes: Vec<Self>) -> Result<Self, ExpressionError> {
        match without_constant(nodes, true) {
            Ok(nodes) => Self::joined(flat(nodes, |node| matches!(node, Self::All(..))), Self::All),
            Err(truth) => Ok(Self::Constant(truth)),
        }
    }

    pub(in crate::expr) fn any(nodes: Vec<Self>) -> Result<Self, ExpressionError> {
        match without_constant(nodes, false) {
            Ok(nodes) => Self::joined(flat(nodes, |node| matches!(node, Self::Any(..))), Self::Any),
            Err(truth) => Ok(Self::Constant(truth)),
        }
    }

    /// A chain of one is its only member.
    fn joined(mut members: Vec<Self>, join: fn(Vec<Self>, Depth) -> Self) -> Result<Self, ExpressionError> {
        // Each member has an operator, and there is one between two: what is too much already does not grow.
        check_operators((2 * members.len()).saturating_sub(1))?;
        let depth = 1 + members.iter().map(Self::depth).max().unwrap_or_default();
        match (members.len(), members.pop()) {
            (1, Some(only)) => Ok(only),
            (_, last) => {
                members.extend(last);
                Ok(join(members, depth))
            }
        }
    }

    pub(super) fn negated(self) -> Self {
        match self {
            Self::Not(inner, _) => *inner,
            Self::Constant(truth) => Self::Constant(!truth),
            other => {
                let depth = 1 + other.depth();
                Self::Not(Box::new(other), depth)
            }
        }
    }

    fn depth(&self) -> Depth {
        match self {
            Self::All(_, depth) | Self::Any(_, depth) | Self::Not(_, depth) => *depth,
            _ => 0,
        }
    }

    /// The node, unless it or a path in it is too deep. Its members were checked when they were made.
    pub(super) fn checked(self) -> Result<Self, ExpressionError> {
        let too_deep = match &self {
            Self::All(_, depth) | Self::Any(_, depth) | Self::Not(_, depth) => *depth > MAX_DEPTH,
            operator => {
                let (mut too_deep, mut named) = (false, Ok(()));
                operator.for_each_path(&mut |steps| {
                    too_deep |= 1 + steps.inner.len() > MAX_DEPTH;
                    named = std::mem::replace(&mut named, Ok(())).and_then(|()| check_name(steps));
                });
                named?;
                too_deep
            }
        };
        match too_deep {
            true => Err(ExpressionError::new(ExpressionErrorKind::TooDeep { limit: MAX_DEPTH })),
            false => Ok(self),
        }
    }

    pub(super) fn for_each_path<'n>(&'n self, see: &mut impl FnMut(&'n Steps)) {
        let mut term = |term: &'n TermKind| match term {
            TermKind::Path(steps) | TermKind::Size(steps) => see(steps),
            _ => {}
        };
        match self {
            Self::Compare(left, _, right) | Self::BeginsWith(left, right) | Self::Contains(left, right) => {
                [left, right].into_iter().for_each(term);
            }
            Self::Between(subject, lower, upper) => [subject, lower, upper].into_iter().for_each(term),
            Self::In(subject, operands) => {
                term(subject);
                operands.iter().for_each(term);
            }
            Self::Exists(steps) | Self::NotExists(steps) | Self::IsType(steps, _) => see(steps),
            Self::All(members, _) | Self::Any(members, _) => {
                for member in members {
                    member.for_each_path(see);
                }
            }
            Self::Not(inner, _) => inner.for_each_path(see),
            Self::Constant(_) => {}
        }
    }
}

/// The nodes of a chain without the constant that changes nothing in it, which is `neutral`; or what the chain is, if it is
/// a constant.
fn without_constant(mut nodes: Vec<Node>, neutral: bool) -> Result<Vec<Node>, bool> {
    if nodes.iter().any(|node| matches!(node, Node::Constant(truth) if *truth != neutral)) {
        return Err(!neutral);
    }
    nodes.retain(|node| !matches!(node, Node::Constant(_)));
    if nodes.is_empty() { Err(neutral) } else { Ok(nodes) }
}

/// The nodes, with the members of such chains in their place.
fn flat(nodes: Vec<Node>, is_chain: fn(&Node) -> bool) -> Vec<Node> {
    let mut flat: Vec<Node> = Vec::new();
    for node in nodes {
        let in_chain = is_chain(&node);
        match node {
            // The first chain keeps its place in memory: `a & b & c & ..` takes no time for what is there already.
            Node::All(members, _) | Node::Any(members, _) if in_chain && flat.is_empty() => flat = members,
            Node::All(members, _) | Node::Any(members, _) if in_chain => flat.extend(members),
            other => flat.push(other),
        }
    }
    flat
}
