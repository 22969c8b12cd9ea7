use crate::value::FieldTable;

/// Attributes of an item whose places a reader notes: the entity type, the time to live, and the keys.
///
/// So a page is read in one pass, wherever these attributes stand.
#[derive(Debug)]
pub(crate) struct Marks {
    names: [&'static str; Self::MOST],
    count: usize,
    /// The offset of each value. One before `start` is of an item before.
    places: [usize; Self::MOST],
    /// The offset at which the item that is being read starts.
    start: usize,
    /// The position among the marks of each field of the table, or [`Marks::MOST`].
    positions: [u8; FieldTable::MAX_NAMES + 1],
}

impl Marks {
    /// The entity type, the time to live, the two keys of the table, and the eight that an index may have.
    const MOST: usize = 12;

    /// Marks for `names`, of which at most twelve count, in items that are read by `table`; an empty name marks
    /// nothing.
    pub(crate) fn new(names: impl IntoIterator<Item = &'static str>, table: &FieldTable) -> Self {
        let (places, positions) = ([0; Self::MOST], [Self::MOST as u8; FieldTable::MAX_NAMES + 1]);
        let mut new = Self { names: [""; Self::MOST], count: 0, places, start: usize::MAX, positions };
        for (at, name) in (0..).zip(names).take(Self::MOST) {
            new.names[usize::from(at)] = name;
            new.count += 1;
            if let Some(position) = table.find(name.as_bytes()).and_then(|index| new.positions.get_mut(index))
            {
                *position = at;
            }
        }
        new
    }

    /// Forgets the places in the item before; the next one starts at `start`.
    #[inline(always)]
    pub(super) fn reset(&mut self, start: usize) {
        self.start = start;
    }

    /// Of members with the same name the last counts.
    pub(super) fn note(&mut self, name: &str, offset: usize) {
        if let Some(position) = self.names[..self.count].iter().position(|marked| *marked == name) {
            self.places[position] = offset;
        }
    }

    /// Notes the offset of a field of the table, as [`Marks::note`] does by its name.
    #[inline(always)]
    pub(super) fn note_field(&mut self, index: usize, offset: usize) {
        let position = self.positions.get(index).map_or(Self::MOST, |&position| usize::from(position));
        if let Some(place) = self.places.get_mut(position) {
            *place = offset;
        }
    }

    pub(super) fn place(&self, position: usize) -> Option<usize> {
        self.places.get(position).copied().filter(|&place| place > self.start)
    }

    pub(super) fn places_from(&self, position: usize) -> impl Iterator<Item = (&'static str, usize)> {
        let marked = (position..self.count).filter_map(|position| Some((position, self.place(position)?)));
        marked.map(|(position, place)| (self.names[position], place))
    }
}
