//! Conditions on a sort key attribute that is a field of its own: DynamoDB's operators as they are.

use super::{KeyRole, SortKeyOperator, neighbor};
use crate::{
    error::{EncodeError, KeyErrorKind},
    value::{
        Number, ToAttribute,
        scalar::{self, ScalarSink, ScalarWriter},
    },
};
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use std::ops::Bound::{self, Excluded, Included, Unbounded};

/// A key attribute's value, in DynamoDB's order.
#[derive(PartialEq, PartialOrd)]
enum KeyScalar {
    S(String),
    N(Number),
    B(Vec<u8>),
}

/// Checks a key attribute's value.
pub(crate) fn checked(value: AttributeValue, role: KeyRole) -> Result<AttributeValue, KeyErrorKind> {
    match &value {
        AttributeValue::S(text) => check_size(text.len(), role)?,
        AttributeValue::B(bytes) => check_size(bytes.as_ref().len(), role)?,
        AttributeValue::N(text) if text.parse::<Number>().is_ok() => {}
        _ => return Err(KeyErrorKind::NotAKeyType),
    }
    Ok(value)
}

/// True if `value` can be a key attribute, seen without making it one.
pub(crate) fn is_key<T: ToAttribute>(value: &T, role: KeyRole) -> bool {
    is_key_taken(value, role, |scalar| match scalar {
        scalar::Scalar::N(text) => text.parse::<Number>().is_ok(),
        _ => true,
    })
}

/// True if `value` has the size and type of a key attribute, and `take` says so too.
pub(crate) fn is_key_taken<T: ToAttribute>(
    value: &T,
    role: KeyRole,
    take: impl FnMut(&scalar::Scalar<'_>) -> bool,
) -> bool {
    let mut check = Check { role, take, is_key: false };
    value.write(&mut ScalarWriter::new(&mut check)).is_ok() && check.is_key
}

struct Check<F> {
    role: KeyRole,
    take: F,
    is_key: bool,
}

impl<F: FnMut(&scalar::Scalar<'_>) -> bool> ScalarSink for Check<F> {
    fn put(&mut self, scalar: scalar::Scalar<'_>) -> Result<(), EncodeError> {
        let fits = match &scalar {
            scalar::Scalar::S(text) => check_size(text.len(), self.role).is_ok(),
            scalar::Scalar::B(bytes) => check_size(bytes.len(), self.role).is_ok(),
            scalar::Scalar::N(_) => true,
        };
        self.is_key = fits && (self.take)(&scalar);
        Ok(())
    }
}

fn check_size(size: usize, role: KeyRole) -> Result<(), KeyErrorKind> {
    match size {
        0 => Err(KeyErrorKind::Empty),
        _ if size > role.limit() => Err(KeyErrorKind::TooLong { size, limit: role.limit() }),
        _ => Ok(()),
    }
}

/// The condition for values between two bounds; `None` asks for no condition.
pub(super) fn range(
    from: Bound<AttributeValue>,
    to: Bound<AttributeValue>,
) -> Result<Option<SortKeyOperator>, KeyErrorKind> {
    Ok(Some(match (from, to) {
        (Unbounded, Unbounded) => return Ok(None),
        (Included(from), Unbounded) => SortKeyOperator::GreaterOrEqual(bound(from)?),
        (Excluded(from), Unbounded) => SortKeyOperator::Greater(bound(from)?),
        (Unbounded, Included(to)) => SortKeyOperator::LessOrEqual(bound(to)?),
        (Unbounded, Excluded(to)) => SortKeyOperator::Less(bound(to)?),
        (Included(from) | Excluded(from), Included(to) | Excluded(to))
            if std::mem::discriminant(&from) != std::mem::discriminant(&to) =>
        {
            return Err(KeyErrorKind::NotAKeyType);
        }
        (from, to) => between(from, to)?,
    }))
}

fn between(from: Bound<AttributeValue>, to: Bound<AttributeValue>) -> Result<SortKeyOperator, KeyErrorKind> {
    let least = closed(from, KeyScalar::above)?;
    let greatest = closed(to, KeyScalar::below)?;
    match (least, greatest) {
        (Some((least, from)), Some((greatest, to))) if least <= greatest => {
            Ok(SortKeyOperator::Between(from, to))
        }
        _ => Err(KeyErrorKind::EmptyRange),
    }
}

/// A bound as an included one; `None` if no key is on its side.
fn closed(
    end: Bound<AttributeValue>,
    neighbor: fn(KeyScalar) -> Option<KeyScalar>,
) -> Result<Option<(KeyScalar, AttributeValue)>, KeyErrorKind> {
    Ok(match end {
        Included(value) => {
            let value = bound(value)?;
            Some((KeyScalar::of(&value)?, value))
        }
        Excluded(value) => neighbor(KeyScalar::of(&bound(value)?)?).map(|scalar| {
            let value = scalar.to_attribute();
            (scalar, value)
        }),
        Unbounded => None,
    })
}

fn bound(value: AttributeValue) -> Result<AttributeValue, KeyErrorKind> {
    checked(value, KeyRole::Sort)
}

impl KeyScalar {
    fn of(value: &AttributeValue) -> Result<Self, KeyErrorKind> {
        match value {
            AttributeValue::S(text) => Some(Self::S(text.clone())),
            AttributeValue::N(text) => text.parse().ok().map(Self::N),
            AttributeValue::B(bytes) => Some(Self::B(bytes.as_ref().to_vec())),
            _ => None,
        }
        .ok_or(KeyErrorKind::NotAKeyType)
    }

    fn to_attribute(&self) -> AttributeValue {
        match self {
            Self::S(text) => AttributeValue::S(text.clone()),
            Self::N(number) => AttributeValue::N(number.to_string()),
            Self::B(bytes) => AttributeValue::B(Blob::new(bytes.clone())),
        }
    }

    fn above(self) -> Option<Self> {
        match self {
            Self::S(text) => neighbor::string_above(text).map(Self::S),
            Self::N(number) => number.above().map(Self::N),
            Self::B(bytes) => neighbor::bytes_above(bytes).map(Self::B),
        }
    }

    fn below(self) -> Option<Self> {
        match self {
            Self::S(text) => neighbor::string_below(text).map(Self::S),
            Self::N(number) => number.below().map(Self::N),
            Self::B(bytes) => neighbor::bytes_below(bytes).map(Self::B),
        }
    }
}
