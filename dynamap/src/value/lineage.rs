//! The ids of the last writes of an item, by which a write tells that it was applied.

use super::{AttributeType, FromAttribute, Reader, ToAttribute, Writer, marker};
use crate::error::{DecodeError, EncodeError};
use std::fmt;

/// The id of one write of an item: 64 random bits, which tell it from all other writes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct WriteId([u8; WriteId::BYTES]);

impl WriteId {
    /// The length of an id in bytes.
    pub(crate) const BYTES: usize = 8;

    pub(crate) fn new(random: [u8; Self::BYTES]) -> Self {
        Self(random)
    }
}

/// The ids of the last writes of an item, the oldest first.
///
/// Each write that checks the version adds its own id and drops the oldest. So a write that was sent again finds its id here
/// if an attempt without a response was applied, also where other writers have written the item since. If it finds the
/// write that it followed, but not its own id, it was not applied, and never will be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Lineage {
    ids: [WriteId; Lineage::WRITES],
    count: u8,
}

impl Lineage {
    /// The number of writes that a lineage holds.
    pub(crate) const WRITES: usize = 8;

    /// The lineage of an item that no write has been noted in.
    pub(crate) const NONE: Self = Self { ids: [WriteId([0; WriteId::BYTES]); Self::WRITES], count: 0 };

    fn ids(&self) -> &[WriteId] {
        self.ids.get(..self.count.into()).unwrap_or(&self.ids)
    }

    /// The same after one more write.
    pub(crate) fn and(mut self, id: WriteId) -> Self {
        match self.ids.get_mut(usize::from(self.count)) {
            Some(free) => {
                *free = id;
                self.count += 1;
            }
            None => {
                self.ids.rotate_left(1);
                self.ids[Self::WRITES - 1] = id;
            }
        }
        self
    }

    /// The last write.
    pub(crate) fn last(&self) -> Option<WriteId> {
        self.ids().last().copied()
    }

    pub(crate) fn holds(&self, id: WriteId) -> bool {
        self.ids().contains(&id)
    }
}

impl AttributeType for Lineage {
    type DataType = marker::B;
}

/// One after the other.
impl ToAttribute for Lineage {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        let ids = self.ids().iter();
        w.bytes(&ids.flat_map(|WriteId(id)| *id).collect::<Vec<u8>>())
    }

    fn is_absent(&self) -> bool {
        self.count == 0
    }
}

impl FromAttribute for Lineage {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        let bytes = r.bytes()?;
        let (ids, rest) = bytes.as_chunks::<{ WriteId::BYTES }>();
        match rest {
            [] => Ok(ids.iter().fold(Self::NONE, |lineage, id| lineage.and(WriteId(*id)))),
            _ => Err(DecodeError::new("the ids of the last writes", "other bytes")),
        }
    }

    fn absent() -> Option<Self> {
        Some(Self::NONE)
    }
}

/// Shows nothing: who knows the ids of an item's writes could pass for one of them.
impl fmt::Debug for WriteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WriteId(..)")
    }
}

/// Shows how many writes there are.
impl fmt::Debug for Lineage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lineage").field("writes", &self.count).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{FromAttribute, Lineage, ToAttribute, WriteId};
    use crate::wire;

    fn of(writes: std::ops::Range<u8>) -> Lineage {
        writes.fold(Lineage::NONE, |lineage, write| lineage.and(WriteId([write; 8])))
    }

    #[test]
    fn it_holds_the_last_writes_and_is_read_as_it_was_written() {
        for writes in [0, 1, 7, 8, 9, 20] {
            let lineage = of(0..writes);
            let held = |write: u8| lineage.holds(WriteId([write; 8]));
            assert!((0..writes).all(|write| held(write) == (write + 8 >= writes)), "{lineage:?}");
            assert_eq!(lineage.last(), writes.checked_sub(1).map(|last| WriteId([last; 8])));
            if writes > 0 {
                let stored = wire::to_attribute_value(&lineage).unwrap();
                assert_eq!(stored.as_b().unwrap().as_ref().len(), 8 * usize::from(writes.min(8)));
                assert_eq!(wire::from_attribute_value::<Lineage>(stored).unwrap(), lineage);
            }
        }
    }

    #[test]
    fn other_bytes_are_refused() {
        assert!(wire::from_json::<Lineage>(br#"{"B":"AAAA"}"#).is_err());
        assert!(wire::from_json::<Lineage>(br#"{"S":"ancestors"}"#).is_err());
    }

    #[test]
    fn a_lineage_without_writes_is_no_attribute_and_holds_nothing() {
        assert!(Lineage::NONE.is_absent() && !of(0..1).is_absent());
        assert_eq!(Lineage::absent(), Some(Lineage::NONE));
        // The room for writes that were not made is no write.
        let zero = WriteId([0; 8]);
        assert!(!Lineage::NONE.holds(zero) && !of(1..3).holds(zero));
    }
}
