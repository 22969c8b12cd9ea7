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
                if let Some((number, scale)) = r.plain_number(1 << f64::MANTISSA_DIGITS, POWERS.len() - 1) {
                    return Ok($float::nearest(number, scale));
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

/// Integers up to 2^53 and these are floats without rounding, so that only the division of one by the other rounds: to the nearest.
const POWERS: [f64; 16] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

trait NearestFloat {
    /// The float that is nearest to `number` / 10^`scale`.
    fn nearest(number: i64, scale: usize) -> Self;
}

impl NearestFloat for f64 {
    #[inline(always)]
    fn nearest(number: i64, scale: usize) -> f64 {
        number as f64 / POWERS[scale]
    }
}

impl NearestFloat for f32 {
    #[inline(always)]
    fn nearest(number: i64, scale: usize) -> f32 {
        const MIDDLE: u64 = 1 << (f64::MANTISSA_DIGITS - f32::MANTISSA_DIGITS - 1);
        let value = f64::nearest(number, scale);
        // In the middle between two `f32`s, the `f64` does not tell which of them the number itself is nearer to.
        match value.to_bits() % (2 * MIDDLE) == MIDDLE {
            true => nearest_of_text(number, scale),
            false => value as f32,
        }
    }
}

#[cold]
#[inline(never)]
fn nearest_of_text(number: i64, scale: usize) -> f32 {
    // An integer with an exponent is a text that Rust reads.
    format!("{number}e-{scale}").parse().unwrap_or(f32::NAN)
}

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
