use dynamap::{Entity, Projection, TableSchema, VectorIndex, value::Vector};

use super::{GroupId, Price, Product, ProductId};
use crate::embedding::{DIMENSIONS, embed};

/// The table that products are searched in.
///
/// It is a table of its own: a read or a write of an item with a vector costs units for the vector as well, which the products of
/// the shop do not pay here; and the shop itself runs on engines that have no vector indexes.
#[derive(Debug, Clone, Copy, TableSchema)]
#[dynamap(partition_key = "pk", vector_indexes(ByWords), entities(ProductWords))]
pub struct Finder;

/// Products by their words, all of them or those of a group.
#[derive(Debug, Clone, Copy, VectorIndex)]
#[dynamap(table = Finder, name = "vec1", vector = "words", dimensions = 256, distance = cosine)]
#[dynamap(inline_filters(number("group")), projection = include("title", "price"))]
pub struct ByWords;

/// The words of a product, and what a list of products shows of it.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Finder, pk = "PRODUCT#{id}")]
#[dynamap(vector_index = ByWords, vector = words, inline_filters(group))]
pub struct ProductWords {
    /// The product's number.
    #[dynamap(key_only)]
    pub id: ProductId,
    /// The group it belongs to.
    pub group: GroupId,
    /// The title.
    pub title: String,
    /// The price.
    pub price: Price,
    /// The words of the title and of the details.
    pub words: Vector<DIMENSIONS>,
}

impl ProductWords {
    /// The words of a product; `None` if it has none.
    #[must_use]
    pub fn of(product: &Product) -> Option<Self> {
        let [(_, creator), (_, category)] = product.details.labelled();
        let words = embed(&format!("{} {creator} {category}", product.title))?;
        let Product { id, group, price, .. } = *product;
        Some(Self { id, group, title: product.title.clone(), price, words })
    }
}

/// The part of a product's words that the index [`ByWords`] holds.
#[derive(Debug, Clone, PartialEq, Projection)]
#[dynamap(entity = ProductWords, index = ByWords)]
pub struct FoundProduct {
    /// The product's number, read from the key.
    #[dynamap(key)]
    pub id: ProductId,
    /// The title.
    pub title: String,
    /// The price.
    pub price: Price,
}
