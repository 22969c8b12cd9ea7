use crate::value::FieldTable;

/// Attributes of an item whose places a reader notes on its way: what the item is, when it expires, its keys.
///
/// So a page is read in one pass, wherever these attributes stand.
#[derive(Debug)]
pub(crate) struct Marks {
    names: Vec<&'static str>,
    /// The offset of each value; 0, where no value can be, if the item does not have it.
    places: Vec<usize>,
    table: &'static FieldTable,
    /// The fields of the table that are marked as well: a bit for each.
    fields: [u64; 4],
}

impl Marks {
    /// Marks for `names` in items that are read by `table`; an empty name marks nothing.
    pub(crate) fn new(names: Vec<&'static str>, table: &'static FieldTable) -> Self {
        let mut fields = [0; 4];
        for index in names.iter().filter_map(|name| table.find(name.as_bytes())) {
            fields[index / 64] |= 1 << (index % 64);
        }
        Self { places: vec![0; names.len()], names, table, fields }
    }

    pub(super) fn reset(&mut self) {
        self.places.fill(0);
    }

    /// Of members with the same name the last counts.
    pub(super) fn note(&mut self, name: &str, offset: usize) {
        for (place, marked) in self.places.iter_mut().zip(&self.names) {
            if *marked == name {
                *place = offset;
            }
        }
    }

    #[inline(always)]
    pub(super) fn has_field(&self, index: usize) -> bool {
        self.fields[index / 64 % 4] >> (index % 64) & 1 == 1
    }

    #[inline(never)]
    pub(super) fn note_field(&mut self, index: usize, offset: usize) {
        self.note(self.table.name(index), offset);
    }

    pub(super) fn place(&self, position: usize) -> Option<usize> {
        self.places.get(position).copied().filter(|&place| place != 0)
    }

    pub(super) fn places_from(&self, position: usize) -> impl Iterator<Item = (&'static str, usize)> {
        let marks = self.names.iter().zip(&self.places).skip(position);
        marks.filter(|(_, place)| **place != 0).map(|(name, place)| (*name, *place))
    }
}
