//! The operators of attributes and paths.

use super::{
    Attribute, Condition, Path,
    condition::{Comparator, Node, check_order},
    data_types::{Container, HasBeginning, HasSize, Ordered},
    operand::{ConditionOperand, Operand, Term, TermKind},
    path::Steps,
};
use crate::{
    error::ExpressionError,
    value::{AttributeType, DataType, marker},
};
use std::{fmt, marker::PhantomData};

/// The size of an attribute, as a number that is compared; made by `size`.
///
/// DynamoDB counts the UTF-16 code units of a string, the bytes of a binary value, and the members of a set, list or
/// map.
///
/// ```
/// use dynamap::Attribute;
///
/// #[derive(Attribute)]
/// pub struct Order {
///     pub lines: Vec<String>,
///     pub count: u32,
/// }
///
/// assert_eq!(Order::LINES.size().gt(1).to_string(), "size(lines) > ?");
/// assert_eq!(Order::COUNT.eq(Order::LINES.size()).to_string(), "count = size(lines)");
/// ```
pub struct Size<E> {
    pub(super) steps: Steps,
    of: PhantomData<fn() -> E>,
}

impl<E> Clone for Size<E> {
    fn clone(&self) -> Self {
        Self { steps: self.steps.clone(), of: PhantomData }
    }
}

impl<E> fmt::Debug for Size<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Size({})", self.steps)
    }
}

/// The left side of an operator.
trait LeftOperand {
    fn into_kind(self) -> TermKind;
}

impl<E, T, R> LeftOperand for Attribute<E, T, R> {
    fn into_kind(self) -> TermKind {
        TermKind::Path(Path::from(self).steps)
    }
}

impl<E, T, R> LeftOperand for Path<E, T, R> {
    fn into_kind(self) -> TermKind {
        TermKind::Path(self.steps)
    }
}

impl<E> LeftOperand for Size<E> {
    fn into_kind(self) -> TermKind {
        TermKind::Size(self.steps)
    }
}

type Operands<T> = Result<T, ExpressionError>;

fn compare(subject: impl LeftOperand, comparator: Comparator, operand: Operands<Term>) -> Operands<Node> {
    let left = subject.into_kind();
    let right = left.operand(operand)?;
    check_order(comparator, &right)?;
    Node::compare(comparator, left, right)
}

fn between(subject: impl LeftOperand, lower: Operands<Term>, upper: Operands<Term>) -> Operands<Node> {
    let subject = subject.into_kind();
    let (lower, upper) = (subject.operand(lower)?, subject.operand(upper)?);
    Node::between(subject, lower, upper)
}

fn is_in(subject: impl LeftOperand, operands: impl Iterator<Item = Operands<Term>>) -> Operands<Node> {
    let subject = subject.into_kind();
    let operands = operands.map(|operand| subject.operand(operand)).collect::<Operands<_>>()?;
    Node::is_in(subject, operands)
}

macro_rules! comparisons {
    ($([$($generics:tt)*] $subject:ty, $holds:ty, $ordered:ty;)*) => { $(
        impl<$($generics)*> $subject {
            /// True if the value equals the operand: renders `#n0 = :v0`. For every data type.
            ///
            /// Numbers are equal by value, sets, lists and maps by their members. Without the attribute it is false.
            pub fn eq(self, operand: impl Operand<E, $holds, Kind: ConditionOperand>) -> Condition<E> {
                Condition::new(compare(self, Comparator::Equal, operand.into_term()))
            }

            /// True if the value differs from the operand: renders `#n0 <> :v0`. For every data type.
            ///
            /// DynamoDB: without the attribute it is true.
            pub fn ne(self, operand: impl Operand<E, $holds, Kind: ConditionOperand>) -> Condition<E> {
                Condition::new(compare(self, Comparator::NotEqual, operand.into_term()))
            }

            /// True if the value is one of the operands, 1 to 100: renders `#n0 IN (:v0, :v1)`. For every data type.
            #[doc(alias = "IN")]
            pub fn is_in<O>(self, operands: impl IntoIterator<Item = O>) -> Condition<E>
            where
                O: Operand<E, $holds, Kind: ConditionOperand>,
            {
                Condition::new(is_in(self, operands.into_iter().map(Operand::into_term)))
            }

            /// True if the value is less than the operand: renders `#n0 < :v0`. For S, N and B.
            ///
            /// Strings have the order of their bytes in UTF-8. Without the attribute it is false.
            pub fn lt(self, operand: impl Operand<E, $holds, Kind: ConditionOperand>) -> Condition<E>
            where
                $ordered: Ordered,
            {
                Condition::new(compare(self, Comparator::Less, operand.into_term()))
            }

            /// True if the value is less than the operand or equals it: renders `#n0 <= :v0`. For S, N and B.
            pub fn le(self, operand: impl Operand<E, $holds, Kind: ConditionOperand>) -> Condition<E>
            where
                $ordered: Ordered,
            {
                Condition::new(compare(self, Comparator::LessOrEqual, operand.into_term()))
            }

            /// True if the value is greater than the operand: renders `#n0 > :v0`. For S, N and B.
            pub fn gt(self, operand: impl Operand<E, $holds, Kind: ConditionOperand>) -> Condition<E>
            where
                $ordered: Ordered,
            {
                Condition::new(compare(self, Comparator::Greater, operand.into_term()))
            }

            /// True if the value is greater than the operand or equals it: renders `#n0 >= :v0`. For S, N and B.
            pub fn ge(self, operand: impl Operand<E, $holds, Kind: ConditionOperand>) -> Condition<E>
            where
                $ordered: Ordered,
            {
                Condition::new(compare(self, Comparator::GreaterOrEqual, operand.into_term()))
            }

            /// True if the value is not below `lower` and not above `upper`: renders `#n0 BETWEEN :v0 AND :v1`. For S,
            /// N and B.
            ///
            /// Bounds that are values must not be swapped, which is an error before any request.
            pub fn between(
                self,
                lower: impl Operand<E, $holds, Kind: ConditionOperand>,
                upper: impl Operand<E, $holds, Kind: ConditionOperand>,
            ) -> Condition<E>
            where
                $ordered: Ordered,
            {
                Condition::new(between(self, lower.into_term(), upper.into_term()))
            }
        }
    )* };
}

comparisons! {
    [E, T: AttributeType, R] Attribute<E, T, R>, T, T::DataType;
    [E, T: AttributeType, R] Path<E, T, R>, T, T::DataType;
    [E] Size<E>, usize, marker::N;
}

macro_rules! functions {
    ($($subject:ident)*) => { $(
        impl<E, T, R> $subject<E, T, R> {
            /// The attribute is there, whatever it holds: renders `attribute_exists(#n0)`. For every data type.
            #[doc(alias = "attribute_exists")]
            pub fn exists(self) -> Condition<E> {
                Condition::new(Ok(Node::Exists(Path::from(self).steps)))
            }

            /// The attribute is not there: renders `attribute_not_exists(#n0)`. For every data type.
            #[doc(alias = "attribute_not_exists")]
            pub fn not_exists(self) -> Condition<E> {
                Condition::new(Ok(Node::NotExists(Path::from(self).steps)))
            }

            /// The attribute is stored as this data type: renders `attribute_type(#n0, :v0)`. For every data type.
            #[doc(alias = "attribute_type")]
            pub fn is_type(self, data_type: DataType) -> Condition<E> {
                Condition::new(Ok(Node::IsType(Path::from(self).steps, data_type)))
            }
        }

        impl<E, T: AttributeType, R> $subject<E, T, R> {
            /// True if the value begins with the operand: renders `begins_with(#n0, :v0)`. For S and B.
            pub fn begins_with<O>(self, beginning: O) -> Condition<E>
            where
                T::DataType: HasBeginning,
                O: Operand<E, <T::DataType as HasBeginning>::Beginning, Kind: ConditionOperand>,
            {
                let subject = self.into_kind();
                let beginning = subject.operand(beginning.into_term());
                Condition::new(beginning.and_then(|beginning| Node::begins_with(subject, beginning)))
            }

            /// True if the value contains the operand: renders `contains(#n0, :v0)`. For S, B, SS, NS, BS and L.
            ///
            /// The operand is a part of a string or binary value, a member of a set, or an element of a list.
            pub fn contains<O>(self, element: O) -> Condition<E>
            where
                T::DataType: Container<T>,
                O: Operand<E, <T::DataType as Container<T>>::Element, Kind: ConditionOperand>,
            {
                let subject = self.into_kind();
                let element = subject.operand(element.into_term());
                Condition::new(element.and_then(|element| Node::contains(subject, element)))
            }

            /// Its size, to be compared: renders `size(#n0)`. For S, B, SS, NS, BS, L and M.
            pub fn size(self) -> Size<E>
            where
                T::DataType: HasSize,
            {
                Size { steps: Path::from(self).steps, of: PhantomData }
            }
        }
    )* };
}

functions! { Attribute Path }
