use dynamap::Attribute;

/// What only products of one kind have.
#[derive(Debug, Clone, PartialEq, Eq, Attribute)]
#[dynamap(tag = "kind")]
pub enum Details {
    /// A book.
    Book {
        /// Who wrote it.
        author: String,
        /// The language it is in.
        language: String,
    },
    /// A film.
    Film {
        /// Who directed it.
        director: String,
        /// Such as `Drama-Crime`.
        genre: String,
    },
    /// Anything else.
    Other {
        /// Who made it.
        maker: String,
        /// What it is.
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

/// What kind of products a group has. It says what the columns of a product file mean.
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
