//! The catalogue that is built in: small, invented, and for the tour.

use crate::import::{self, Catalogue, Mistakes, Source, Sources};

/// The password of `ada@example.com`, of whose users the catalogue has the hash only.
pub const ADAS_PASSWORD: &str = "umbrella";

macro_rules! sources {
    ($($file:literal),*) => {
        vec![$(Source::new($file, include_str!(concat!("../catalogue/", $file)))),*]
    };
}

/// The files of the built-in catalogue, which lie beside this crate in `catalogue`.
#[must_use]
pub fn sources() -> Sources {
    Sources {
        groups: sources!["product-groups.tsv"],
        products: sources!["books.tsv", "movies.tsv", "board-games.tsv"],
        users: sources!["users.tsv"],
    }
}

/// Three product groups, twelve products and two users.
///
/// # Errors
/// The built-in files have mistakes, which a test excludes.
pub fn built_in() -> Result<Catalogue, Mistakes> {
    import::parse(&sources(), Mistakes::default())
}
