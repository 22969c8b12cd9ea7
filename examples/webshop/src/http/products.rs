use std::{collections::BTreeMap, str::FromStr};

use axum::{
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::StatusCode,
    response::Response,
};
use dynamap::cursor::SealedCursor;
use serde::{Deserialize, Serialize};

use super::{
    app::{App, MeteredTable},
    authorization::Authorized,
    code::Code,
    refusal::Refusal,
    reply,
};
use crate::{
    model::{Product, ProductSummary},
    sealed_products_page,
};

/// The most products of a page, and as many as it has unless the client says otherwise.
const MAX_PAGE: usize = 1000;

/// The part of a page that the query of the URL names.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PageQuery {
    limit: Option<String>,
    cursor: Option<String>,
}

#[derive(Serialize)]
struct Groups {
    ret: &'static str,
    #[serde(rename = "product-groups")]
    groups: BTreeMap<u32, String>,
}

#[derive(Serialize)]
struct Products<'a> {
    ret: &'static str,
    #[serde(rename = "pg-id")]
    group: &'a str,
    products: Vec<[String; 4]>,
    /// The cursor of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<SealedCursor>,
    /// The cursor of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    prev: Option<SealedCursor>,
}

#[derive(Serialize)]
struct Found<'a> {
    ret: &'static str,
    #[serde(rename = "pg-id")]
    group: &'a str,
    #[serde(rename = "p-id")]
    id: &'a str,
    product: [String; 8],
}

/// `GET /product-groups`: all groups, by id.
pub(super) async fn product_groups(
    _: Authorized,
    MeteredTable(table): MeteredTable,
) -> Result<Response, Refusal> {
    let groups =
        crate::product_groups(&table).await?.into_iter().map(|group| (group.id.0, group.name)).collect();
    Ok(reply::json(StatusCode::OK, &Groups { ret: "ok", groups }))
}

/// `GET /products/{group}`: a page of the products of a group, in the order of their ids.
///
/// A group that is not there has no products, as clients of the shop know it.
pub(super) async fn products(
    Authorized(reader): Authorized,
    State(app): State<App>,
    MeteredTable(table): MeteredTable,
    group: Result<Path<String>, PathRejection>,
    query: Result<Query<PageQuery>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Path(group) = group.map_err(|_| Code::RouteNotFound)?;
    let Query(query) = query.map_err(|_| Code::QueryInvalid)?;
    let limit = match query.limit {
        Some(limit) => number(&limit).filter(|limit| (1..=MAX_PAGE).contains(limit)),
        None => Some(MAX_PAGE),
    };
    let limit = limit.ok_or(Code::LimitInvalid)?;
    let cursor = query.cursor.map(|cursor| cursor.parse::<SealedCursor>()).transpose();
    let cursor = cursor.map_err(dynamap::Error::from)?;
    let (products, next, prev) = match number(&group) {
        Some(id) => {
            let page = sealed_products_page(&table, id, limit, (app.cursors(), &reader), cursor).await?;
            let (next, prev) = (page.next_cursor().cloned(), page.previous_cursor().cloned());
            (page.items, next, prev)
        }
        None => (Vec::new(), None, None),
    };
    let reply = Products {
        ret: "ok",
        group: &group,
        products: products.into_iter().map(|product| summary(&group, product)).collect(),
        next,
        prev,
    };
    Ok(reply::json(StatusCode::OK, &reply))
}

/// `GET /product/{group}/{id}`: one product with all its details.
pub(super) async fn product(
    _: Authorized,
    MeteredTable(table): MeteredTable,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Refusal> {
    let Path((group, id)) = path.map_err(|_| Code::RouteNotFound)?;
    let found = match (number(&group), number(&id)) {
        (Some(group), Some(id)) => crate::product(&table, group, id).await?,
        _ => None,
    };
    let product = found.ok_or_else(|| Refusal::no_product(&group, &id))?;
    let found = Found { ret: "ok", group: &group, id: &id, product: details(product) };
    Ok(reply::json(StatusCode::OK, &found))
}

/// A number in the only form in which the shop writes it: `01` and `+1` are not the id of anything.
fn number<T: FromStr + ToString>(text: &str) -> Option<T> {
    text.parse().ok().filter(|number: &T| number.to_string() == text)
}

fn summary(group: &str, product: ProductSummary) -> [String; 4] {
    [product.id.to_string(), group.to_owned(), product.title, product.price.shortest()]
}

fn details(product: Product) -> [String; 8] {
    let [(_, creator), (_, category)] =
        product.details.labelled().map(|(label, text)| (label, text.to_owned()));
    [
        product.id.to_string(),
        product.group.to_string(),
        product.title,
        product.price.shortest(),
        creator,
        product.year.map(|year| year.to_string()).unwrap_or_default(),
        product.country.unwrap_or_default(),
        category,
    ]
}
