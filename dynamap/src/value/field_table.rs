/// The attribute names of a struct, arranged by the compiler so that a reader finds a name at once.
///
/// Names are hashed by their first and last eight bytes and their length; up to sixteen bytes, these are the whole
/// name, so that no bytes need to be compared.
#[derive(Debug)]
pub struct FieldTable {
    names: &'static [&'static str],
    /// `"name":` for each name, ready to be written; may hold fewer entries than `names`.
    quoted: &'static [&'static str],
    heads: &'static [Head],
    slots: [u8; SLOTS],
    multiplier: u64,
}

/// The first eight bytes of a name, the last eight if it is longer, and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    first: u64,
    last: u64,
    length: usize,
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
        heads: &'static [Head],
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
    pub const fn heads<const N: usize>(names: &[&str; N]) -> [Head; N] {
        let mut heads = [Head { first: 0, last: 0, length: 0 }; N];
        let mut i = 0;
        while i < N {
            heads[i] = Head::new(names[i].as_bytes());
            i += 1;
        }
        heads
    }

    /// The position of `name` in the table.
    #[inline(always)]
    pub fn find(&self, name: &[u8]) -> Option<usize> {
        let at = self.find_head(Head::new(name))?;
        if name.len() <= 16 || self.names[at].as_bytes() == name {
            return Some(at);
        }
        // Another name has the same head: names this long are compared one by one.
        self.names.iter().position(|known| known.as_bytes() == name)
    }

    /// The position of a name in the table by its head, which is the whole of a name of up to 16 bytes.
    #[inline(always)]
    pub(crate) fn find_head(&self, wanted: Head) -> Option<usize> {
        let mut slot = wanted.slot(self.multiplier);
        loop {
            // `fill` leaves at least one slot empty, which ends this loop.
            let at = usize::from(self.slots[slot]);
            match self.heads.get(at) {
                Some(&head) if head == wanted => return Some(at),
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
    pub const fn names(&self) -> &'static [&'static str] {
        self.names
    }
}

impl Head {
    #[inline(always)]
    const fn new(name: &[u8]) -> Self {
        let n = name.len();
        if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
            let first = u64::from_le_bytes(*first);
            if n == 8 {
                return Self::of_short(first, n);
            }
            return Self::of_long(first, u64::from_le_bytes(*last), n);
        }
        let word = if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
            // Where the two halves overlap they are the same bytes.
            let (first, last) = (u32::from_le_bytes(*first) as u64, u32::from_le_bytes(*last) as u64);
            first | last << (8 * (n - 4))
        } else if n > 0 {
            let (middle, last) =
                ((name[n / 2] as u64) << (8 * (n / 2)), (name[n - 1] as u64) << (8 * (n - 1)));
            name[0] as u64 | middle | last
        } else {
            0
        };
        Self::of_short(word, n)
    }

    /// The head of a name of at most eight bytes, which are the lower ones of `word`; its others are zero.
    #[inline(always)]
    pub(crate) const fn of_short(word: u64, length: usize) -> Self {
        Self { first: word, last: 0, length }
    }

    /// The head of a longer name, by its first and last eight bytes.
    #[inline(always)]
    pub(crate) const fn of_long(first: u64, last: u64, length: usize) -> Self {
        Self { first, last, length }
    }

    #[inline(always)]
    const fn slot(self, multiplier: u64) -> usize {
        let mixed = self.first ^ self.last.rotate_left(29) ^ self.length as u64;
        (mixed.wrapping_mul(multiplier) >> 56) as usize
    }
}

const fn fill(heads: &[Head], multiplier: u64) -> ([u8; SLOTS], usize) {
    let mut slots = [EMPTY; SLOTS];
    let (mut i, mut collisions) = (0, 0);
    while i < heads.len() {
        let mut at = heads[i].slot(multiplier);
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
    use super::{FieldTable, Head};

    #[test]
    fn every_name_is_found_and_no_other() {
        const NAMES: [&str; 9] = [
            "",
            "a",
            "ab",
            "abc",
            "abcd",
            "abXcd",
            "abYcd",
            "sixteen_is_whole",
            "a longer name than sixteen",
        ];
        static TABLE: FieldTable = FieldTable::new(&NAMES, &[], &FieldTable::heads(&NAMES));
        for (i, name) in NAMES.iter().enumerate() {
            assert_eq!(TABLE.find(name.as_bytes()), Some(i), "{name}");
        }
        for name in
            ["b", "ac", "abZcd", "abcde", "\0", "a\0", "a longer nume than sixteen", "sixteen_is_whale", "pk"]
        {
            assert_eq!(TABLE.find(name.as_bytes()), None, "{name}");
        }
        assert_eq!(FieldTable::EMPTY.find(b""), None);
        for name in NAMES.iter().filter(|name| name.len() <= 8) {
            let mut word = [0; 8];
            word[..name.len()].copy_from_slice(name.as_bytes());
            assert_eq!(Head::of_short(u64::from_le_bytes(word), name.len()), Head::new(name.as_bytes()));
        }
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
