use crate::{
    error::{DecodeError, EncodeError},
    value::{AttributeType, FromAttribute, Number, Reader, ToAttribute, Writer, marker},
};
use rust_decimal::Decimal;

impl AttributeType for Decimal {
    type DataType = marker::N;
}

/// A number without loss; DynamoDB drops the zeros at the end of a fraction.
impl ToAttribute for Decimal {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.number(&self.to_string())
    }
}

/// Reads without loss; a number that does not fit is an error.
impl FromAttribute for Decimal {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        let number = Number::from_stored(&r.number()?)?;
        exact(number).ok_or_else(|| DecodeError::new("a number that a `Decimal` can hold", "another number"))
    }
}

fn exact(number: Number) -> Option<Decimal> {
    let (negative, coefficient, exponent) = number.parts();
    let power = 10_i128.checked_pow(exponent.max(0).unsigned_abs().into())?;
    let integer = i128::try_from(coefficient).ok()?.checked_mul(power)?;
    let scale = exponent.min(0).unsigned_abs();
    Decimal::try_from_i128_with_scale(if negative { -integer } else { integer }, scale.into()).ok()
}
