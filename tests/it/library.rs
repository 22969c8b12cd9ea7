//! A library whose documents are searched by their vectors: one table with vector indexes of each distance function.

use crate::MAPPING;
use dynamap::{
    Attribute, Entity, Projection, Table, TableSchema, VectorIndex,
    value::{EpochSeconds, Vector},
};
use dynamap_local::Local;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at")]
#[dynamap(vector_indexes(ByMeaning, ByPlace, ByTaste))]
pub(crate) struct Library;

/// Documents of one tenant.
#[derive(VectorIndex)]
#[dynamap(table = Library, name = "by-meaning", vector = "meaning", dimensions = 4, distance = cosine)]
#[dynamap(partition_key = "vec1pk", inline_filters("lang", number("year")))]
pub(crate) struct ByMeaning;

/// Documents of all tenants. Several entities have places.
#[derive(VectorIndex)]
#[dynamap(table = Library, name = "by-place", vector = "place", dimensions = 2, distance = euclidean)]
#[dynamap(inline_filters("entity_type"), projection = include("title", "expires_at"))]
pub(crate) struct ByPlace;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "by-taste", vector = "taste", dimensions = 3, distance = dot_product)]
#[dynamap(partition_key = number("shelf"), projection = keys_only)]
pub(crate) struct ByTaste;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Library, pk = "TENANT#{tenant}", sk = "DOC#{id}")]
#[dynamap(vector_index = ByMeaning, vector = meaning, pk = "TENANT#{tenant}#{kind}", inline_filters(lang, year))]
#[dynamap(vector_index = ByPlace, vector = place)]
#[dynamap(vector_index = ByTaste, vector = taste, pk = shelf, returns_expired)]
pub(crate) struct Doc {
    pub(crate) tenant: String,
    pub(crate) id: u32,
    pub(crate) kind: Option<Kind>,
    pub(crate) title: String,
    pub(crate) lang: String,
    pub(crate) year: Option<u16>,
    pub(crate) shelf: Option<u32>,
    pub(crate) meaning: Vector<4>,
    pub(crate) place: Option<Vector<2>>,
    pub(crate) taste: Option<Box<Vector<3>>>,
    #[dynamap(ttl)]
    pub(crate) expires_at: Option<EpochSeconds>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
pub(crate) enum Kind {
    Book,
    Map,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Doc, index = ByPlace)]
pub(crate) struct Title {
    #[dynamap(key)]
    pub(crate) id: u32,
    pub(crate) title: String,
}

/// An entity that is in the index by place as well.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Library, pk = "BRANCH#{city}", sk = "BRANCH")]
#[dynamap(vector_index = ByPlace, vector = place)]
pub(crate) struct Branch {
    pub(crate) city: String,
    pub(crate) place: Vector<2>,
    #[dynamap(ttl)]
    pub(crate) expires_at: Option<EpochSeconds>,
}

/// An entity whose items must be in its index if they have a vector.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Library, pk = "NOTE#{id}", sk = "NOTE")]
#[dynamap(vector_index = ByMeaning, vector = meaning, pk = "NOTES#{owner}", strict)]
pub(crate) struct Note {
    pub(crate) id: u32,
    pub(crate) owner: Option<String>,
    pub(crate) meaning: Option<Vector<4>>,
}

pub(crate) async fn library() -> Table<Library> {
    of(&Local::memory().unwrap()).await
}

pub(crate) async fn of(local: &Local) -> Table<Library> {
    let library = Table::<Library>::new(local.client(), "library").with_mapping(MAPPING);
    assert!(library.create_table_if_absent().send().await.unwrap());
    library
}

pub(crate) fn doc(id: u32, meaning: [f32; 4]) -> Doc {
    Doc {
        tenant: "acme".into(),
        id,
        kind: Some(Kind::Book),
        title: format!("Title {id}"),
        lang: "fi".into(),
        year: Some(2026),
        shelf: None,
        meaning: Vector::new(meaning).unwrap(),
        place: None,
        taste: None,
        expires_at: None,
    }
}
