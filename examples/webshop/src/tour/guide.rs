//! The guide, and the shop that it shows.

use dynamap::Table;
use examples_shared::{
    Failure,
    output::{Align, Columns},
    tour::Guide,
};
use serde_json::Value;

use crate::{
    ProductHit,
    model::{Finder, ProductSummary, Shop},
    passwords::Passwords,
};

/// The tour of one shop.
pub(super) struct Tour<'o, 'w> {
    pub(super) guide: Guide<'o, 'w>,
    pub(super) shop: Table<Shop>,
    pub(super) finder: Table<Finder>,
    pub(super) passwords: Passwords,
}

impl Tour<'_, '_> {
    /// Prints a put of an entity; of those in the batches since the last call the one with the least key.
    pub(super) fn sent_put_of(&mut self, entity: &str) -> Result<(), Failure> {
        let requests = self.guide.take_requests();
        let tables = requests.iter().filter_map(|request| request.body["RequestItems"].as_object());
        let puts = tables.flat_map(|tables| tables.values()).filter_map(|puts| puts.as_array()).flatten();
        let item = |put: &Value| put["PutRequest"]["Item"].clone();
        let of_entity = puts.filter(|put| item(put)["entity_type"]["S"] == entity);
        let Some(put) = of_entity.min_by_key(|put| item(put)["pk"].to_string()) else { return Ok(()) };
        self.guide.sent_body("BatchWriteItem", put)
    }

    /// Prints the products that came back.
    pub(super) fn got_products(&mut self, products: &[ProductSummary]) -> Result<(), Failure> {
        self.guide.got(summaries(products))
    }
}

/// A table of products that were found, with how like each is to what was searched.
pub(crate) fn found(found: &[ProductHit]) -> Columns<4> {
    let headings =
        [("id", Align::Right), ("title", Align::Left), ("price", Align::Right), ("like", Align::Right)];
    Columns::new(headings).rows(found, |found| {
        let product = &found.item;
        let similarity = format!("{:.2}", found.score.similarity());
        [product.id.to_string(), product.title.clone(), product.price.to_string(), similarity]
    })
}

/// A table of products.
pub(crate) fn summaries(products: &[ProductSummary]) -> Columns<3> {
    let headings = [("id", Align::Right), ("title", Align::Left), ("price", Align::Right)];
    Columns::new(headings)
        .rows(products, |product| [product.id.to_string(), product.title.clone(), product.price.to_string()])
}
