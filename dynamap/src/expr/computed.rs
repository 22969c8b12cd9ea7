//! Values that DynamoDB computes when it applies an update.

use super::{
    Attribute, ComparableWith, Operand, Path,
    operand::{ArithmeticOperand, Computed, Term, TermKind, kind},
    path::Steps,
};
use crate::{
    error::{ExpressionError, ExpressionErrorKind},
    value::{AttributeType, DataType, marker},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{
    fmt,
    marker::PhantomData,
    ops::{Add, Sub},
};

/// The value of a function of an update: an operand of `set`, `+` and `-` for attributes of `E` that hold a `T`.
pub struct Function<E, T> {
    pub(super) term: Result<TermKind, ExpressionError>,
    of: PhantomData<fn() -> (E, T)>,
}

/// A sum or difference, which `set` takes for attributes of `E` that hold a `T`.
///
/// ```
/// use dynamap::Attribute;
///
/// #[derive(Attribute)]
/// pub struct Product {
///     pub stock: u32,
///     pub reserved: u32,
///     pub sold: Option<u64>,
/// }
///
/// let restock = Product::STOCK.set(Product::STOCK + 12);
/// assert_eq!(restock.to_string(), "SET stock = stock + ?");
/// let free = Product::STOCK.set(Product::STOCK - Product::RESERVED);
/// assert_eq!(free.to_string(), "SET stock = stock - reserved");
/// let sold = Product::SOLD.set(Product::SOLD.if_not_exists(0) + 1);
/// assert_eq!(sold.to_string(), "SET sold = if_not_exists(sold, ?) + ?");
/// ```
///
/// DynamoDB computes with 38 digits, exactly. An action has one `+` or `-`.
pub struct Arithmetic<E, T> {
    term: Result<TermKind, ExpressionError>,
    of: PhantomData<fn() -> (E, T)>,
}

/// A data type to compute with: N.
#[diagnostic::on_unimplemented(
    message = "`+` and `-` need a number (N)",
    label = "the attribute is stored as `{Self}`"
)]
pub trait Numeric {}

impl Numeric for marker::N {}
impl Numeric for marker::Any {}

/// A value that is added to an attribute of `E` that holds a `T`, or subtracted from it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be added to an attribute of `{E}` that holds a `{T}`, nor subtracted from it",
    label = "expected a `{T}`, a reference to one, or an attribute of `{E}` that is a number"
)]
pub trait Addend<E, T>: Operand<E, T> {}

impl<E, T: AttributeType<DataType: Numeric>, O: Operand<E, T, Kind: ArithmeticOperand>> Addend<E, T> for O {}

impl<E, T> Function<E, T> {
    pub(super) fn new(term: Result<TermKind, ExpressionError>) -> Self {
        Self { term, of: PhantomData }
    }
}

impl<E, T> fmt::Debug for Function<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Function").finish_non_exhaustive()
    }
}

impl<E, T> fmt::Debug for Arithmetic<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arithmetic").finish_non_exhaustive()
    }
}

#[diagnostic::do_not_recommend]
impl<E, T: AttributeType, U: AttributeType> Operand<E, T> for Function<E, U>
where
    T::DataType: ComparableWith<U::DataType>,
{
    type Kind = kind::Function;

    fn into_term(self) -> Result<Term, ExpressionError> {
        self.term.map(Term)
    }
}

#[diagnostic::do_not_recommend]
impl<E, T: AttributeType, U: AttributeType> Operand<E, T> for Arithmetic<E, U>
where
    T::DataType: ComparableWith<U::DataType>,
{
    type Kind = kind::Arithmetic;

    fn into_term(self) -> Result<Term, ExpressionError> {
        self.term.map(Term)
    }
}

/// Refuses a value that is none of these data types.
pub(super) fn check_data_type(
    operator: &'static str,
    term: &TermKind,
    takes: &[DataType],
) -> Result<(), ExpressionError> {
    let TermKind::Value(value) = term else { return Ok(()) };
    match super::condition::data_type(value) {
        Some(found) if takes.contains(&found) => Ok(()),
        found => {
            let found = found.map_or("an unknown data type", DataType::phrase);
            Err(ExpressionError::new(ExpressionErrorKind::DataType { operator, found }))
        }
    }
}

/// An operand of an update at the place of `steps`, where nothing is no operand.
pub(super) fn something(
    steps: &Steps,
    operand: Result<Term, ExpressionError>,
) -> Result<TermKind, ExpressionError> {
    TermKind::Path(steps.clone()).operand(operand)
}

fn arithmetic(
    operator: &'static str,
    left: Result<TermKind, ExpressionError>,
    right: Result<Term, ExpressionError>,
    compute: fn(TermKind, TermKind) -> Computed,
) -> Result<TermKind, ExpressionError> {
    let left = left?;
    let right = left.operand(right)?;
    check_data_type(operator, &right, &[DataType::N])?;
    Ok(TermKind::Computed(Box::new(compute(left, right))))
}

macro_rules! arithmetic {
    ($([$($generics:tt)*] $left:ty, $term:expr;)*) => { $(
        /// Renders `#n0 + :v0`.
        impl<E, T: AttributeType, O: Addend<E, T>, $($generics)*> Add<O>
            for $left
        {
            type Output = Arithmetic<E, T>;

            fn add(self, right: O) -> Arithmetic<E, T> {
                let term = arithmetic("+", $term(self), right.into_term(), Computed::Plus);
                Arithmetic { term, of: PhantomData }
            }
        }

        /// Renders `#n0 - :v0`.
        impl<E, T: AttributeType, O: Addend<E, T>, $($generics)*> Sub<O>
            for $left
        {
            type Output = Arithmetic<E, T>;

            fn sub(self, right: O) -> Arithmetic<E, T> {
                let term = arithmetic("-", $term(self), right.into_term(), Computed::Minus);
                Arithmetic { term, of: PhantomData }
            }
        }
    )* };
}

fn stored<E, T, R>(path: impl Into<Path<E, T, R>>) -> Result<TermKind, ExpressionError> {
    Ok(TermKind::Path(path.into().steps))
}

arithmetic! {
    [R] Attribute<E, T, R>, stored;
    [R] Path<E, T, R>, stored;
    [] Function<E, T>, |function: Self| function.term;
}

macro_rules! functions {
    ($($path:ident)*) => { $(
        impl<E, T: AttributeType, R> $path<E, T, R> {
            /// The value that the attribute holds, or the operand where it is absent: renders `if_not_exists(#n0,
            /// :v0)`. For every data type; `set`, `+` and `-` take it.
            pub fn if_not_exists(self, operand: impl Operand<E, T, Kind: ArithmeticOperand>) -> Function<E, T> {
                let steps = Path::from(self).steps;
                let operand = something(&steps, operand.into_term());
                Function::new(operand.map(|operand| {
                    TermKind::Computed(Box::new(Computed::IfNotExists(steps, operand)))
                }))
            }
        }
    )* };
}

functions! { Attribute Path }

/// A list (L) without elements.
pub(super) fn empty_list() -> TermKind {
    TermKind::Value(AttributeValue::L(Vec::new()))
}
