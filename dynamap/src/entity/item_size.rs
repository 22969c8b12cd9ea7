use super::Item;
use aws_sdk_dynamodb::types::AttributeValue;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// How large the items of an entity are on the wire, as those that were read and written one by one tell.
///
/// Setting up the direct way costs some microseconds, which small items do not bring in again.
#[derive(Debug)]
pub struct ItemSize(AtomicUsize);

impl ItemSize {
    /// There was none.
    pub const UNKNOWN: Self = Self(AtomicUsize::new(usize::MAX));

    /// Above this many bytes, reading an item is faster the direct way.
    const SMALL: usize = 512;

    /// Above this many bytes, writing one is.
    const SMALL_TO_WRITE: usize = 1024;

    /// True if most items are so small that they are better read by the SDK's types.
    pub(crate) fn is_small(&self) -> bool {
        self.0.load(Relaxed) < Self::SMALL
    }

    /// True if most items are so small that they are better written by the SDK's types.
    pub(crate) fn is_small_to_write(&self) -> bool {
        self.0.load(Relaxed) < Self::SMALL_TO_WRITE
    }

    /// Remembers an item: the mean follows the last dozen or so.
    pub(crate) fn observe(&self, bytes: usize) {
        // Where two threads come together, one of them is not counted.
        let mean = match self.0.load(Relaxed) {
            usize::MAX => bytes,
            mean => mean - mean / 8 + bytes / 8,
        };
        self.0.store(mean, Relaxed);
    }

    /// Remembers an item in the SDK's types.
    pub(crate) fn observe_item(&self, item: &Item) {
        self.observe(members(item));
    }
}

fn members<'i>(members: impl IntoIterator<Item = (&'i String, &'i AttributeValue)>) -> usize {
    members.into_iter().map(|(name, value)| name.len() + 4 + size(value)).sum()
}

/// About as many bytes as the JSON of the value has.
fn size(value: &AttributeValue) -> usize {
    8 + match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.len(),
        AttributeValue::B(bytes) => bytes.as_ref().len() * 4 / 3,
        AttributeValue::Ss(texts) | AttributeValue::Ns(texts) => {
            texts.iter().map(|text| text.len() + 3).sum()
        }
        AttributeValue::Bs(sets) => sets.iter().map(|bytes| bytes.as_ref().len() * 4 / 3 + 3).sum(),
        AttributeValue::L(elements) => elements.iter().map(size).sum(),
        AttributeValue::M(map) => members(map),
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::ItemSize;

    #[test]
    fn the_mean_follows_what_is_read() {
        let size = ItemSize::UNKNOWN;
        assert!(!size.is_small());
        size.observe(100);
        assert!(size.is_small());
        for _ in 0..4 {
            size.observe(5_000);
        }
        assert!(!size.is_small());
        for _ in 0..40 {
            size.observe(100);
        }
        assert!(size.is_small());
    }
}
