use super::{place::Place, row::Source};
use crate::model::{Product, ProductGroup, User};

/// The contents of the files of an import.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The files of product groups.
    pub groups: Vec<Source>,
    /// The files of products.
    pub products: Vec<Source>,
    /// The files of users.
    pub users: Vec<Source>,
}

/// All that a shop starts with.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalogue {
    /// The product groups, in the order of the files.
    pub groups: Vec<ProductGroup>,
    /// The products.
    pub products: Vec<Product>,
    /// The users.
    pub users: Vec<User>,
    pub(super) places: Places,
}

/// The lines that the items of a catalogue come from.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Places {
    pub(super) groups: Vec<Place>,
    pub(super) products: Vec<Place>,
    pub(super) users: Vec<Place>,
}

impl Catalogue {
    /// The number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.len() + self.products.len() + self.users.len()
    }

    /// The line that an item comes from, by its position: groups, then products, then users.
    pub(super) fn place(&self, position: usize) -> Option<&Place> {
        let Self { groups, products, places, .. } = self;
        let Some(position) = position.checked_sub(groups.len()) else { return places.groups.get(position) };
        match position.checked_sub(products.len()) {
            None => places.products.get(position),
            Some(position) => places.users.get(position),
        }
    }

    /// True if there are no items.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
