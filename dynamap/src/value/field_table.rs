/// The attribute names of a struct, arranged by the compiler so that a reader finds a name at once.
///
/// Names are hashed by their first four bytes, last three bytes and length: two loads and one multiplication.
#[derive(Debug)]
pub struct FieldTable {
    names: &'static [&'static str],
    /// `"name":` for each name, ready to be written; may hold fewer entries than `names`.
    quoted: &'static [&'static str],
    heads: &'static [u64],
    slots: [u8; SLOTS],
    multiplier: u64,
}

const SLOTS: usize = 256;
const EMPTY: u8 = u8::MAX;

impl FieldTable {
    /// A table without names.
    pub const EMPTY: Self = Self::new(&[], &[], &[]);

    /// The most names that a table can hold.
    pub const MAX_NAMES: usize = SLOTS - 1;

    /// A table of `names`, whose `heads` come from [`FieldTable::heads`].
    ///
    /// `quoted` holds the JSON form of the names that are written, in the same order.
    ///
    /// # Panics
    /// While compiling, if there are more than [`FieldTable::MAX_NAMES`] names.
    pub const fn new(
        names: &'static [&'static str],
        quoted: &'static [&'static str],
        heads: &'static [u64],
    ) -> Self {
        assert!(names.len() <= Self::MAX_NAMES, "a struct has at most 255 attributes");
        assert!(names.len() == heads.len());
        let mut multiplier: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut attempt = 0;
        // Looks for a multiplier without collisions; large tables settle for probing the next slots.
        while attempt < 32 {
            let (slots, collisions) = fill(heads, multiplier);
            if collisions == 0 {
                return Self { names, quoted, heads, slots, multiplier };
            }
            multiplier = multiplier.wrapping_mul(0xD134_2543_DE82_EF95).wrapping_add(2) | 1;
            attempt += 1;
        }
        let (slots, _) = fill(heads, multiplier);
        Self { names, quoted, heads, slots, multiplier }
    }

    /// The hash input of each name.
    pub const fn heads<const N: usize>(names: &[&str; N]) -> [u64; N] {
        let mut heads = [0; N];
        let mut i = 0;
        while i < N {
            heads[i] = head(names[i].as_bytes());
            i += 1;
        }
        heads
    }

    /// The position of `name` in the table.
    #[inline(always)]
    pub fn find(&self, name: &[u8]) -> Option<usize> {
        let wanted = head(name);
        let mut slot = slot(wanted, self.multiplier);
        loop {
            // `fill` leaves at least one slot empty, which ends this loop.
            let index = self.slots[slot];
            let at = index as usize;
            match self.heads.get(at) {
                // A head holds all bytes of a name of up to three bytes, and of one of seven bytes.
                Some(&head) if head == wanted && self.names[at].as_bytes() == name => return Some(at),
                Some(_) => slot = (slot + 1) % SLOTS,
                None => return None,
            }
        }
    }

    /// The name at `index`; `?` past the end.
    pub fn name(&self, index: usize) -> &'static str {
        self.names.get(index).copied().unwrap_or("?")
    }

    /// `"name":` for the name at `index`.
    #[inline]
    pub fn quoted(&self, index: usize) -> Option<&'static str> {
        self.quoted.get(index).copied()
    }

    /// All names.
    pub fn names(&self) -> &'static [&'static str] {
        self.names
    }
}

#[inline(always)]
const fn head(name: &[u8]) -> u64 {
    let n = name.len();
    let length = (n as u64) << 56;
    if n >= 4 {
        let first = u32::from_le_bytes([name[0], name[1], name[2], name[3]]) as u64;
        let last = u32::from_le_bytes([name[n - 4], name[n - 3], name[n - 2], name[n - 1]]) as u64;
        first | ((last >> 8) << 32) | length
    } else if n > 0 {
        (name[0] as u64) | ((name[n / 2] as u64) << 8) | ((name[n - 1] as u64) << 16) | length
    } else {
        0
    }
}

#[inline(always)]
const fn slot(head: u64, multiplier: u64) -> usize {
    (head.wrapping_mul(multiplier) >> 56) as usize
}

const fn fill(heads: &[u64], multiplier: u64) -> ([u8; SLOTS], usize) {
    let mut slots = [EMPTY; SLOTS];
    let (mut i, mut collisions) = (0, 0);
    while i < heads.len() {
        let mut at = slot(heads[i], multiplier);
        while slots[at] != EMPTY {
            collisions += 1;
            at = (at + 1) % SLOTS;
        }
        slots[at] = i as u8;
        i += 1;
    }
    (slots, collisions)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::FieldTable;

    #[test]
    fn every_name_is_found_and_no_other() {
        const NAMES: [&str; 9] =
            ["", "a", "ab", "abc", "abcd", "abXcd", "abYcd", "préis", "a longer name than eight"];
        static TABLE: FieldTable = FieldTable::new(&NAMES, &[], &FieldTable::heads(&NAMES));
        for (i, name) in NAMES.iter().enumerate() {
            assert_eq!(TABLE.find(name.as_bytes()), Some(i), "{name}");
        }
        for name in ["b", "ac", "abZcd", "abcde", "a longer nume than eight", "pk"] {
            assert_eq!(TABLE.find(name.as_bytes()), None, "{name}");
        }
        assert_eq!(FieldTable::EMPTY.find(b""), None);
    }

    #[test]
    fn a_full_table_still_finds_all_names() {
        let names: Vec<&'static str> = (0..FieldTable::MAX_NAMES)
            .map(|n| &*Box::leak(format!("attribute_{n}").into_boxed_str()))
            .collect();
        let names: &'static [&'static str; FieldTable::MAX_NAMES] =
            Box::leak(Box::new(names.try_into().unwrap()));
        let table = FieldTable::new(names, &[], Box::leak(Box::new(FieldTable::heads(names))));
        for (i, name) in names.iter().enumerate() {
            assert_eq!(table.find(name.as_bytes()), Some(i));
        }
        assert_eq!(table.find(b"attribute_255"), None);
    }
}
