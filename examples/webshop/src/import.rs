//! The import of tab-separated files: everything is read and checked first, then written.

mod mistake;
mod name;
mod parse;
mod row;
mod write;

pub use mistake::{Mistake, Mistakes};
pub use parse::parse;
pub use row::{Place, Source};
pub use write::{Interrupted, RemainingItem, RemainingItems, Written, write};

use std::path::{Path, PathBuf};

use crate::model::{Product, ProductGroup, User};

/// The files of an import.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// Group id, name.
    pub groups: Vec<PathBuf>,
    /// Product id, group id, title, price, creator, year, country, category.
    pub products: Vec<PathBuf>,
    /// User id, email, first name, last name, hashed password.
    pub users: Vec<PathBuf>,
}

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
    places: Places,
}

/// The lines that the items of a catalogue come from.
#[derive(Debug, Clone, Default, PartialEq)]
struct Places {
    groups: Vec<Place>,
    products: Vec<Place>,
    users: Vec<Place>,
}

impl Catalogue {
    /// The number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.len() + self.products.len() + self.users.len()
    }

    /// The line that an item comes from, by its position: groups, then products, then users.
    fn place(&self, position: usize) -> Option<&Place> {
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

/// Reads and checks the files.
///
/// # Errors
/// Every mistake in them, each with its file and line.
pub fn read(files: &Files) -> Result<Catalogue, Mistakes> {
    let mut mistakes = Mistakes::default();
    let mut load = |paths: &[PathBuf]| -> Vec<Source> {
        paths.iter().filter_map(|path| load(path, &mut mistakes)).collect()
    };
    let sources =
        Sources { groups: load(&files.groups), products: load(&files.products), users: load(&files.users) };
    parse(&sources, mistakes)
}

fn load(path: &Path, mistakes: &mut Mistakes) -> Option<Source> {
    let name = path.display().to_string();
    match std::fs::read(path) {
        Ok(bytes) => Some(Source::new(&name, bytes)),
        Err(error) => {
            mistakes.in_file(&name, format!("cannot be read: {error}"));
            None
        }
    }
}
