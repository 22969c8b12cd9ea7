use crate::{
    error::{DecodeError, EncodeError},
    value::{AttributeType, FromAttribute, Reader, ToAttribute, Writer, marker},
};
use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

/// The sequence number of a record: a decimal number of any length, which tells its place in its shard.
///
/// DynamoDB's have 21 to 40 digits, those of Kinesis 56: more than the integers of a computer hold. They are compared as numbers, so
/// that leading zeros count for nothing: equal numbers are equal and have equal hashes. `Display` gives the digits as
/// they came, which is what requests take.
///
/// ```
/// use dynamap::stream::SequenceNumber;
///
/// let nine: SequenceNumber = "900000000000000000000".parse()?;
/// let ten: SequenceNumber = "1000000000000000000000".parse()?;
/// assert!(nine < ten);
/// assert_eq!("0900000000000000000000".parse::<SequenceNumber>()?, nine);
/// # Ok::<(), dynamap::stream::InvalidSequenceNumber>(())
/// ```
#[derive(Clone)]
pub struct SequenceNumber {
    digits: Box<str>,
    /// The number of zeros at the beginning that count for nothing.
    zeros: usize,
}

impl SequenceNumber {
    /// The digits as they came.
    pub fn as_str(&self) -> &str {
        &self.digits
    }

    /// The digits without zeros before them; none of zero.
    fn significant(&self) -> &str {
        self.digits.get(self.zeros..).unwrap_or_default()
    }
}

/// A text that is no sequence number: it is empty, or has other characters than digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidSequenceNumber;

impl fmt::Display for InvalidSequenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence number has digits only, and at least one")
    }
}

impl std::error::Error for InvalidSequenceNumber {}

impl FromStr for SequenceNumber {
    type Err = InvalidSequenceNumber;

    fn from_str(text: &str) -> Result<Self, InvalidSequenceNumber> {
        // Without an early exit, so that the compiler can compare many bytes at once.
        let has_digits_only = text.bytes().fold(true, |digits, byte| digits & byte.is_ascii_digit());
        match !text.is_empty() && has_digits_only {
            true => Ok(Self { zeros: text.len() - text.trim_start_matches('0').len(), digits: text.into() }),
            false => Err(InvalidSequenceNumber),
        }
    }
}

impl Ord for SequenceNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        let (own, other) = (self.significant(), other.significant());
        own.len().cmp(&other.len()).then_with(|| own.cmp(other))
    }
}

impl PartialOrd for SequenceNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for SequenceNumber {
    fn eq(&self, other: &Self) -> bool {
        self.significant() == other.significant()
    }
}

impl Eq for SequenceNumber {}

impl Hash for SequenceNumber {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.significant().hash(state);
    }
}

impl fmt::Display for SequenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.digits)
    }
}

impl fmt::Debug for SequenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SequenceNumber({})", self.digits)
    }
}

impl AttributeType for SequenceNumber {
    type DataType = marker::S;
}

/// A string: a number of DynamoDB has at most 38 digits.
impl ToAttribute for SequenceNumber {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.string(&self.digits)
    }
}

impl FromAttribute for SequenceNumber {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        let text = r.str()?;
        text.parse().map_err(|_| DecodeError::new("a sequence number", "another text"))
    }
}
