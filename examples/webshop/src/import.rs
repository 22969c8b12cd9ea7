//! The import of tab-separated files: everything is read and checked first, then written.

mod catalogue;
mod mistake;
mod name;
mod parse;
mod place;
mod row;
mod write;

pub use catalogue::{Catalogue, Sources};
pub use mistake::{Mistake, Mistakes};
pub use parse::parse;
pub use place::Place;
pub use row::Source;
pub use write::{Interrupted, RemainingItem, RemainingItems, Written, write};

use std::path::{Path, PathBuf};

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
