//! Floating-point numbers, as numbers (N).

use super::{AttributeType, FromAttribute, Reader, ToAttribute, Writer, marker};
use crate::error::{DecodeError, EncodeError};

macro_rules! floats {
    ($($float:ident)*) => { $(
        impl AttributeType for $float {
            type DataType = marker::N;
        }

        /// Written with the fewest digits that read back as the same float; `-0.0` becomes 0.
        impl ToAttribute for $float {
            fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
                check_range(f64::from(*self))?;
                let mut buffer = zmij::Buffer::new();
                write_shortest(buffer.format_finite(*self), w)
            }
        }

        /// Reads the nearest float; a number that is beyond the type's range is an error.
        impl FromAttribute for $float {
            fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
                // Both are floats without rounding, so that only the division rounds: to the nearest.
                const POWERS: [$float; 8] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];
                if let Some((number, scale)) = r.plain_number(1 << <$float>::MANTISSA_DIGITS, POWERS.len() - 1) {
                    return Ok(number as $float / POWERS[scale]);
                }
                match r.number()?.parse::<Self>() {
                    Ok(value) if value.is_finite() => Ok(value),
                    Ok(_) => Err(DecodeError::new(
                        concat!("a number in the range of ", stringify!($float)),
                        "a number out of this range",
                    )),
                    Err(_) => Err(DecodeError::new("a number", "a text that is not a number")),
                }
            }
        }
    )* };
}

floats! { f32 f64 }

fn check_range(value: f64) -> Result<(), EncodeError> {
    let magnitude = value.abs();
    if magnitude == 0.0 || (1e-130..1e126).contains(&magnitude) {
        Ok(())
    } else if value.is_finite() {
        Err(EncodeError::new("the magnitude of the number is out of DynamoDB's range, 1E-130 to 9.99E+125"))
    } else {
        Err(EncodeError::new("the number is not finite"))
    }
}

fn write_shortest<W: Writer>(text: &str, w: &mut W) -> Result<(), EncodeError> {
    match text.strip_suffix(".0") {
        Some("-0") => w.number("0"),
        Some(integer) => w.number(integer),
        None => w.number(text),
    }
}
