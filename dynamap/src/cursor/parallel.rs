use super::{Fingerprint, decoded, encoded};
use crate::{entity::Item, error::CursorError, wire};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{collections::BTreeMap, fmt, str::FromStr};

/// How far a parallel scan has come in each of its segments.
///
/// As a [`Cursor`](crate::Cursor) it is text that continues the scan which made it, with as many segments, and no other. A
/// segment that failed goes on where it failed. The text holds a key for each segment that has begun and not ended,
/// encoded but not encrypted: who gets it can read them.
#[derive(Clone, PartialEq)]
pub struct ParallelCursor {
    scan: Fingerprint,
    segments: Vec<SegmentPlace>,
}

/// Where a segment goes on.
#[derive(Clone, PartialEq)]
pub(crate) enum SegmentPlace {
    Start,
    /// After the item with this key.
    After(BTreeMap<String, AttributeValue>),
    End,
}

/// Tells it from the text of a [`Cursor`](super::Cursor), whose versions are smaller.
const VERSION: u8 = 129;

/// DynamoDB: the most segments of a scan.
pub(crate) const MAX_SEGMENTS: u32 = 1_000_000;

/// Enough for four thousand keys of the greatest size.
const MAX_TEXT: usize = 64 * 1024 * 1024;

// What a run of segments begins with: how many there are follows, or the length of a key and the key.
const AT_START: u8 = 0;
const AT_END: u8 = 1;
const AFTER: u8 = 2;

impl ParallelCursor {
    pub(crate) fn new(scan: Fingerprint, segments: Vec<SegmentPlace>) -> Self {
        Self { scan, segments }
    }

    /// The places of the segments of the scan with this fingerprint.
    pub(crate) fn into_places(self, scan: Fingerprint) -> Result<Vec<SegmentPlace>, CursorError> {
        match self.scan == scan {
            true => Ok(self.segments),
            false => Err(CursorError::OtherQuery),
        }
    }

    /// True if every segment was read to its end.
    pub fn is_at_end(&self) -> bool {
        self.segments.iter().all(|segment| *segment == SegmentPlace::End)
    }
}

impl SegmentPlace {
    /// `ExclusiveStartKey`
    pub(crate) fn into_start_key(self) -> Option<Item> {
        match self {
            Self::After(key) => Some(key.into_iter().collect()),
            Self::Start | Self::End => None,
        }
    }
}

impl fmt::Display for ParallelCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = Vec::new();
        for run in
            self.segments.chunk_by(|left, right| left == right && !matches!(left, SegmentPlace::After(_)))
        {
            let (tag, text) = match run.first() {
                Some(SegmentPlace::After(key)) => (AFTER, wire::item_to_json(key).map_err(|_| fmt::Error)?),
                Some(SegmentPlace::End) => (AT_END, Vec::new()),
                _ => (AT_START, Vec::new()),
            };
            let length = if tag == AFTER { text.len() } else { run.len() };
            bytes.push(tag);
            bytes.extend_from_slice(&u32::try_from(length).map_err(|_| fmt::Error)?.to_be_bytes());
            bytes.extend(text);
        }
        f.write_str(&encoded(VERSION, self.scan, &bytes))
    }
}

impl FromStr for ParallelCursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (scan, runs) = decoded(text, VERSION, MAX_TEXT)?;
        Ok(Self { scan, segments: segments(&runs).ok_or(CursorError::Malformed)? })
    }
}

fn segments(mut runs: &[u8]) -> Option<Vec<SegmentPlace>> {
    let mut segments = Vec::new();
    while let Some((&tag, rest)) = runs.split_first() {
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length);
        let count = if tag == AFTER { 1 } else { length };
        if segments.len() as u64 + u64::from(count) > u64::from(MAX_SEGMENTS) || length == 0 {
            return None;
        }
        let place = match tag {
            AT_START => SegmentPlace::Start,
            AT_END => SegmentPlace::End,
            AFTER => {
                let key = rest.get(..usize::try_from(length).ok()?)?;
                let key = wire::item_from_json::<BTreeMap<String, AttributeValue>>(key).ok()?;
                // What DynamoDB does not store is no key, and could not be shown as text again.
                wire::item_to_json(&key).ok()?;
                SegmentPlace::After(key)
            }
            _ => return None,
        };
        segments.resize(segments.len() + usize::try_from(count).ok()?, place);
        let read = if tag == AFTER { usize::try_from(length).ok()? } else { 0 };
        runs = rest.get(read..)?;
    }
    Some(segments)
}

/// Shows how many segments there are, not the keys.
impl fmt::Debug for ParallelCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParallelCursor").field("segments", &self.segments.len()).finish_non_exhaustive()
    }
}

impl serde::Serialize for ParallelCursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for ParallelCursor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn cursor() -> ParallelCursor {
        let key = |text: &str| {
            let key = [("pk".to_owned(), AttributeValue::S(text.into()))];
            SegmentPlace::After(key.into_iter().collect())
        };
        let (start, end) = (SegmentPlace::Start, SegmentPlace::End);
        let segments = vec![
            end.clone(),
            end.clone(),
            key("a"),
            key("a"),
            start.clone(),
            key("ü\""),
            start.clone(),
            start,
        ];
        ParallelCursor::new(Fingerprint::of_scan("shop", None), segments)
    }

    #[test]
    fn a_cursor_survives_its_text() {
        let text = cursor().to_string();
        assert_eq!(text.parse::<ParallelCursor>().unwrap(), cursor());
        let json = serde_json::to_string(&cursor()).unwrap();
        assert_eq!(serde_json::from_str::<ParallelCursor>(&json).unwrap(), cursor());
        assert!(!cursor().is_at_end());
        // A scan that has hardly begun has a short one.
        let fingerprint = Fingerprint::of_scan("shop", None);
        let begun = ParallelCursor::new(fingerprint, vec![SegmentPlace::Start; 1_000_000]);
        let text = begun.to_string();
        assert!(text.len() < 32, "{}", text.len());
        assert_eq!(text.parse::<ParallelCursor>().unwrap().segments.len(), 1_000_000);
    }

    #[test]
    fn another_scan_refuses_it() {
        let shop = Fingerprint::of_scan("shop", None);
        assert_eq!(cursor().into_places(shop).map(|places| places.len()), Ok(8));
        let mut eight = shop;
        eight.add_segments(8);
        assert_eq!(cursor().into_places(eight).map(|places| places.len()), Err(CursorError::OtherQuery));
    }

    #[test]
    fn damaged_text_is_an_error() {
        let text = cursor().to_string();
        for end in 0..text.len() {
            // Cut between two segments it is whole, and belongs to a scan of fewer.
            let cut = text[..end].parse::<ParallelCursor>();
            assert!(cut.is_err() || cut.unwrap().segments.len() < 8, "{end}");
        }
        let of = |runs: &[u8]| {
            let bytes = [&[VERSION, 0, 0, 0, 0, 0, 0, 0, 0], runs].concat();
            base64_simd::URL_SAFE_NO_PAD.encode_to_string(bytes).parse::<ParallelCursor>()
        };
        assert!(of(&[AT_START, 0, 0, 0, 2]).is_ok());
        for runs in [
            &[AT_START, 0, 0, 0, 0][..],
            &[AT_END, 255, 255, 255, 255],
            &[AT_START, 0, 15, 66, 64, AT_END, 0, 0, 0, 1],
            &[3, 0, 0, 0, 1],
            &[AFTER, 0, 0, 0, 2, b'{'],
            &[AFTER, 0, 0, 0, 2, b'{', b'{'],
        ] {
            assert_eq!(of(runs), Err(CursorError::Malformed), "{runs:?}");
        }
        let of_query = "AQAAAAAAAAAAe30".parse::<ParallelCursor>();
        assert_eq!(of_query, Err(CursorError::Version));
    }
}
