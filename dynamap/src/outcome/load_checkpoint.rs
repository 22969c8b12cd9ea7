use std::{fmt, str::FromStr};

/// The progress of a load: everything up to the end of a line has an outcome.
///
/// It counts only lines before the first one that is still on its way. Behind it lines may have been written as well; a
/// load that goes on from here writes them again, and counts them once.
///
/// Its text holds numbers only, and reads back with [`FromStr`]:
///
/// ```
/// # use dynamap::batch::LoadCheckpoint;
/// let checkpoint = LoadCheckpoint::default();
/// assert_eq!(checkpoint.to_string().parse(), Ok(checkpoint));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LoadCheckpoint {
    pub(crate) line: u64,
    pub(crate) offset: u64,
    /// CRC-32 of the input up to `offset`.
    pub(crate) checksum: u32,
    pub(crate) written: u64,
    pub(crate) replaced: u64,
    pub(crate) not_written: u64,
    pub(crate) bytes: u64,
}

const VERSION: u64 = 1;

impl LoadCheckpoint {
    /// The number of the line, which is that of all lines up to here; 0 at the start.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The offset of the line's end, in bytes of the decompressed text.
    pub fn offset(&self) -> u64 {
        self.offset
    }
}

/// The text is not that of a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is not that of a checkpoint")]
#[non_exhaustive]
pub struct MalformedCheckpoint;

impl fmt::Display for LoadCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, offset, checksum, written, replaced, not_written, bytes } = self;
        write!(f, "{VERSION}.{line}.{offset}.{checksum}.{written}.{replaced}.{not_written}.{bytes}")
    }
}

impl FromStr for LoadCheckpoint {
    type Err = MalformedCheckpoint;

    fn from_str(text: &str) -> Result<Self, MalformedCheckpoint> {
        let numbers: Result<Vec<u64>, _> = text.split('.').map(str::parse).collect();
        let numbers = numbers.map_err(|_| MalformedCheckpoint)?;
        let [VERSION, line, offset, checksum, written, replaced, not_written, bytes] = numbers[..] else {
            return Err(MalformedCheckpoint);
        };
        let checksum = u32::try_from(checksum).map_err(|_| MalformedCheckpoint)?;
        Ok(Self { line, offset, checksum, written, replaced, not_written, bytes })
    }
}

impl serde::Serialize for LoadCheckpoint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for LoadCheckpoint {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
