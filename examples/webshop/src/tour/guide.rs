use std::fmt::Display;

use dynamap::Table;
use dynamap_local::{RecordedRequest, Requests};
use serde_json::Value;

use super::Failure;
use crate::{
    model::{ProductSummary, Shop},
    output::{Align, Columns, Output, compact},
};

/// Leads from one stop to the next and prints what happens there.
pub(super) struct Guide<'o, 'w> {
    out: &'o mut Output<'w>,
    requests: Requests,
    pub(super) shop: Table<Shop>,
    stops: usize,
}

impl<'o, 'w> Guide<'o, 'w> {
    pub(super) fn new(out: &'o mut Output<'w>, requests: Requests, shop: Table<Shop>) -> Self {
        Self { out, requests, shop, stops: 0 }
    }

    /// Announces an access pattern, its function and what it does.
    pub(super) fn stop(&mut self, pattern: &str, function: &str, what: &str) -> Result<(), Failure> {
        self.stops += 1;
        self.requests.clear();
        let paint = self.out.paint;
        let heading = paint.heading(&format!("{}. {pattern}", self.stops));
        self.out.line("")?;
        self.out.line(format_args!("{heading}  {}", paint.faint(function)))?;
        Ok(self.out.indented(what)?)
    }

    /// Prints the requests since the last call.
    pub(super) fn sent(&mut self) -> Result<(), Failure> {
        self.requests.take().iter().try_for_each(|request| self.print(request))
    }

    /// Prints the requests of one operation since the last call; returns the operations of all.
    pub(super) fn sent_only(&mut self, operation: &str) -> Result<Vec<String>, Failure> {
        let requests = self.requests.take();
        let shown = requests.iter().filter(|request| request.operation == operation);
        shown.into_iter().try_for_each(|request| self.print(request))?;
        Ok(requests.into_iter().map(|request| request.operation).collect())
    }

    /// Prints a put of an entity; of those in the batches since the last call the one with the least key.
    pub(super) fn sent_put_of(&mut self, entity: &str) -> Result<(), Failure> {
        let requests = self.requests.take();
        let tables = requests.iter().filter_map(|request| request.body["RequestItems"].as_object());
        let puts = tables.flat_map(|tables| tables.values()).filter_map(|puts| puts.as_array()).flatten();
        let item = |put: &Value| put["PutRequest"]["Item"].clone();
        let of_entity = puts.filter(|put| item(put)["entity_type"]["S"] == entity);
        let Some(put) = of_entity.min_by_key(|put| item(put)["pk"].to_string()) else { return Ok(()) };
        let operation = self.out.paint.operation("BatchWriteItem");
        Ok(self.out.indented(format_args!("{operation} {}", compact(put)))?)
    }

    fn print(&mut self, request: &RecordedRequest) -> Result<(), Failure> {
        let operation = self.out.paint.operation(&request.operation);
        Ok(self.out.indented(format_args!("{operation} {}", compact(&request.body)))?)
    }

    /// Prints what came back.
    pub(super) fn got(&mut self, answer: impl Display) -> Result<(), Failure> {
        for (index, line) in answer.to_string().lines().enumerate() {
            let arrow = if index == 0 { "=>" } else { "  " };
            self.out.indented(format_args!("{arrow} {line}"))?;
        }
        Ok(())
    }

    /// Prints the products that came back.
    pub(super) fn got_products(&mut self, products: &[ProductSummary]) -> Result<(), Failure> {
        self.got(summaries(products))
    }

    pub(super) fn end(&mut self) -> Result<(), Failure> {
        self.out.line("")?;
        self.out.line("That was all. Go on with: cargo run -p webshop -- help")?;
        Ok(())
    }
}

/// A table of products.
pub(crate) fn summaries(products: &[ProductSummary]) -> Columns<3> {
    let headings = [("id", Align::Right), ("title", Align::Left), ("price", Align::Right)];
    Columns::new(headings)
        .rows(products, |product| [product.id.to_string(), product.title.clone(), product.price.to_string()])
}
