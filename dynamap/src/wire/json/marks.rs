use crate::value::FieldTable;

/// Attributes of an item whose places a reader notes on its way: what the item is, when it expires, its keys.
///
/// So a page is read in one pass, wherever these attributes stand.
#[derive(Debug)]
pub(crate) struct Marks {
    names: Vec<&'static str>,
    /// The offset of each value; 0, where no value can be, if the item does not have it.
    places: Vec<usize>,
    /// The fields of the entity that are marked as well: a bit for each.
    fields: [u64; 4],
}

impl Marks {
    /// Marks for `names` in items that are read by `table`; an empty name marks nothing.
    pub(crate) fn new(names: Vec<&'static str>, table: &FieldTable) -> Self {
        let mut fields = [0; 4];
        for index in names.iter().filter_map(|name| table.find(name.as_bytes())) {
            fields[index / 64] |= 1 << (index % 64);
        }
        Self { places: vec![0; names.len()], names, fields }
    }

    pub(super) fn reset(&mut self) {
        self.places.fill(0);
    }

    /// Of members with the same name the last counts.
    #[inline(always)]
    pub(super) fn note(&mut self, name: &str, field: Option<usize>, offset: usize) {
        if field.is_none_or(|index| self.fields[index / 64] >> (index % 64) & 1 == 1) {
            self.note_named(name, offset);
        }
    }

    #[inline(never)]
    fn note_named(&mut self, name: &str, offset: usize) {
        for (place, marked) in self.places.iter_mut().zip(&self.names) {
            if *marked == name {
                *place = offset;
            }
        }
    }

    pub(super) fn place(&self, position: usize) -> Option<usize> {
        self.places.get(position).copied().filter(|&place| place != 0)
    }

    pub(super) fn places_from(&self, position: usize) -> impl Iterator<Item = (&'static str, usize)> {
        let marks = self.names.iter().zip(&self.places).skip(position);
        marks.filter(|(_, place)| **place != 0).map(|(name, place)| (*name, *place))
    }
}
