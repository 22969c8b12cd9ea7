use super::{
    Fingerprint,
    token::{decoded, encoded},
};
use crate::{entity::Item, error::CursorError, wire};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{collections::BTreeMap, fmt, str::FromStr};

/// A pagination token of a parallel scan: how far it has come in each of its segments.
///
/// As a [`Cursor`](crate::Cursor) it is text with a checksum that continues the scan which made it, with as many segments,
/// and no other. A segment that failed goes on where it failed. The text holds a key for each segment that has begun and not ended,
/// encoded but not encrypted: a client that gets it can read them.
#[derive(Clone, PartialEq)]
pub struct ParallelCursor {
    scan: Fingerprint,
    /// The places of the segments in their order, and in how many segments after one another each is. What a token holds
    /// is so never larger than the token, however many segments it names.
    runs: Vec<(SegmentPlace, u32)>,
}

/// The place at which a segment continues.
#[derive(Clone, PartialEq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) enum SegmentPlace {
    Start,
    /// After the item with this key.
    After(BTreeMap<String, AttributeValue>),
    End,
}

/// Tells it from the text of a [`Cursor`](super::Cursor), whose versions are smaller; 129 had no checksum.
const VERSION: u8 = 130;

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
        let mut runs: Vec<(SegmentPlace, u32)> = Vec::new();
        for place in segments {
            match runs.last_mut() {
                Some((last, count)) if *last == place && !matches!(place, SegmentPlace::After(_)) => {
                    *count = count.saturating_add(1);
                }
                _ => runs.push((place, 1)),
            }
        }
        Self { scan, runs }
    }

    /// The places of the `segments` segments of the scan with this fingerprint.
    pub(crate) fn into_places(
        self,
        scan: Fingerprint,
        segments: u32,
    ) -> Result<Vec<SegmentPlace>, CursorError> {
        // The fingerprint tells the number of segments as well, but a token that a client made up need not have as many.
        if self.scan != scan || self.segments() != u64::from(segments) {
            return Err(CursorError::OtherQuery);
        }
        let mut places = Vec::new();
        for (place, count) in self.runs {
            places.resize(places.len() + usize::try_from(count).unwrap_or(0), place);
        }
        Ok(places)
    }

    /// The number of segments.
    fn segments(&self) -> u64 {
        self.runs.iter().map(|(_, count)| u64::from(*count)).sum()
    }

    /// True if every segment was read to its end.
    pub fn is_at_end(&self) -> bool {
        self.runs.iter().all(|(place, _)| *place == SegmentPlace::End)
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
        for (place, count) in &self.runs {
            let (tag, text) = match place {
                SegmentPlace::After(key) => (AFTER, wire::item_to_json(key).map_err(|_| fmt::Error)?),
                SegmentPlace::End => (AT_END, Vec::new()),
                SegmentPlace::Start => (AT_START, Vec::new()),
            };
            let length = match tag {
                AFTER => u32::try_from(text.len()).map_err(|_| fmt::Error)?,
                _ => *count,
            };
            bytes.push(tag);
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend(text);
        }
        f.write_str(&encoded(VERSION, self.scan, &bytes))
    }
}

impl FromStr for ParallelCursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (scan, runs) = decoded(text, VERSION, MAX_TEXT)?;
        Ok(Self { scan, runs: read_runs(&runs).ok_or(CursorError::Malformed)? })
    }
}

fn read_runs(mut text: &[u8]) -> Option<Vec<(SegmentPlace, u32)>> {
    let (mut runs, mut segments) = (Vec::new(), 0_u64);
    while let Some((&tag, rest)) = text.split_first() {
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length);
        let count = if tag == AFTER { 1 } else { length };
        segments += u64::from(count);
        if segments > u64::from(MAX_SEGMENTS) || length == 0 {
            return None;
        }
        let (place, read) = match tag {
            AT_START => (SegmentPlace::Start, 0),
            AT_END => (SegmentPlace::End, 0),
            AFTER => {
                let read = usize::try_from(length).ok()?;
                let key = wire::item_from_json::<BTreeMap<String, AttributeValue>>(rest.get(..read)?).ok()?;
                // What DynamoDB does not store is no key, and could not be shown as text again.
                wire::item_to_json(&key).ok()?;
                (SegmentPlace::After(key), read)
            }
            _ => return None,
        };
        // A place that is written in two parts has another text than its own.
        if tag != AFTER && runs.last().is_some_and(|(last, _)| *last == place) {
            return None;
        }
        runs.push((place, count));
        text = rest.get(read..)?;
    }
    // DynamoDB: a scan has at least one segment.
    (segments > 0).then_some(runs)
}

/// Shows how many segments there are, not the keys.
impl fmt::Debug for ParallelCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParallelCursor").field("segments", &self.segments()).finish_non_exhaustive()
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
        assert_eq!(text.parse::<ParallelCursor>().unwrap().runs.len(), 1);
    }

    #[test]
    fn it_is_at_its_end_when_all_segments_are() {
        let key = [("pk".to_owned(), AttributeValue::S("a".into()))];
        let (start, end) = (SegmentPlace::Start, SegmentPlace::End);
        let after = SegmentPlace::After(key.into_iter().collect());
        let of = |segments| ParallelCursor::new(Fingerprint::of_scan("shop", None), segments).is_at_end();
        assert!(of(vec![end.clone()]) && of(vec![end.clone(), end.clone()]));
        assert!(!of(vec![end.clone(), after]) && !of(vec![start, end]));
    }

    #[test]
    fn another_scan_refuses_it() {
        let shop = Fingerprint::of_scan("shop", None);
        assert_eq!(cursor().into_places(shop, 8).map(|places| places.len()), Ok(8));
        let mut eight = shop;
        eight.add_segments(8);
        assert_eq!(cursor().into_places(eight, 8).map(|places| places.len()), Err(CursorError::OtherQuery));
        // Made up, with the fingerprint of the scan and another number of segments.
        for segments in [0, 7, 9, 1_000_000] {
            let places = cursor().into_places(shop, segments);
            assert_eq!(places.map(|places| places.len()), Err(CursorError::OtherQuery), "{segments}");
        }
    }

    #[test]
    fn damaged_text_is_an_error() {
        let text = cursor().to_string();
        for end in 0..text.len() {
            assert!(text[..end].parse::<ParallelCursor>().is_err(), "{end}");
        }
        let of = |runs: &[u8]| encoded(VERSION, Fingerprint(0), runs).parse::<ParallelCursor>();
        assert!(of(&[AT_START, 0, 0, 0, 2]).is_ok());
        for runs in [
            &[][..],
            &[AT_START, 0, 0, 0, 0],
            &[AT_START, 0, 0, 0, 0, AT_END, 0, 0, 0, 1],
            &[AT_END, 255, 255, 255, 255],
            &[AT_START, 0, 15, 66, 64, AT_END, 0, 0, 0, 1],
            &[AT_START, 0, 0, 0, 2, AT_START, 0, 0, 0, 2],
            &[3, 0, 0, 0, 1],
            &[AFTER, 0, 0, 0, 2, b'{'],
            &[AFTER, 0, 0, 0, 2, b'{', b'{'],
        ] {
            assert_eq!(of(runs), Err(CursorError::Malformed), "{runs:?}");
        }
        // No key is of such a number, and it would have no text.
        let key = br#"{"n":{"N":"x"}}"#;
        assert_eq!(of(&[&[AFTER, 0, 0, 0, 15], &key[..]].concat()), Err(CursorError::Malformed));
        let of_query = encoded(2, Fingerprint(0), b"{}").parse::<ParallelCursor>();
        assert_eq!(of_query, Err(CursorError::Version));
    }

    /// The memory of a token is bounded by the token's own length, not by the number of segments that it names.
    #[test]
    fn a_short_token_takes_little_memory() {
        let token = encoded(VERSION, Fingerprint(0), &[AT_START, 0, 15, 66, 64]);
        let read = token.parse::<ParallelCursor>().unwrap();
        assert_eq!((read.segments(), read.runs.capacity() <= 4), (1_000_000, true));
        // It is a scan of the caller's with as many segments that makes them places.
        assert_eq!(read.into_places(Fingerprint(0), 4), Err(CursorError::OtherQuery));
    }
}
