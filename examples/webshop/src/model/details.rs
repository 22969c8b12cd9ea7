use dynamap::Attribute;

/// The details that only products of one kind have.
#[derive(Debug, Clone, PartialEq, Eq, Attribute)]
#[dynamap(tag = "kind")]
pub enum Details {
    /// A book.
    Book {
        /// The author.
        author: String,
        /// The language it is in.
        language: String,
    },
    /// A film.
    Film {
        /// The director.
        director: String,
        /// The genre, such as `Drama-Crime`.
        genre: String,
    },
    /// Anything else.
    Other {
        /// The maker.
        maker: String,
        /// The category.
        category: String,
    },
}

impl Details {
    /// The author or director, and the language or genre, each with its label.
    #[must_use]
    pub fn labelled(&self) -> [(&'static str, &str); 2] {
        match self {
            Self::Book { author, language } => [("Author", author), ("Language", language)],
            Self::Film { director, genre } => [("Director", director), ("Genre", genre)],
            Self::Other { maker, category } => [("Maker", maker), ("Category", category)],
        }
    }
}

/// The kind of the products of a group. The meaning of a product file's columns depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The group `Books`.
    Book,
    /// The group `Movies` or `Films`.
    Film,
    /// Every other group.
    Other,
}

impl Kind {
    /// The kind of a group with this name.
    #[must_use]
    pub fn of_group(name: &str) -> Self {
        match name.to_lowercase().as_str() {
            "books" => Self::Book,
            "movies" | "films" => Self::Film,
            _ => Self::Other,
        }
    }

    /// The details of a product of this kind that `creator` made.
    #[must_use]
    pub fn details(self, creator: String, category: String) -> Details {
        match self {
            Self::Book => Details::Book { author: creator, language: category },
            Self::Film => Details::Film { director: creator, genre: category },
            Self::Other => Details::Other { maker: creator, category },
        }
    }
}
