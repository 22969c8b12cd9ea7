//! The stock of a product.

use clap::Args;
use dynamap::Table;
use examples_shared::{Failure, output::Output, profile::Profile};

use crate::{
    model::{Product, ProductId, Shop},
    restock as add, sell as take,
};

/// A number of pieces of a product.
#[derive(Debug, Args)]
pub struct StockArguments {
    /// The product's id
    id: ProductId,
    /// The number of pieces
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    count: u32,
}

/// Adds to the stock of a product that is there, and prints what it has then.
pub(super) async fn restock(
    shop: &Table<Shop>,
    StockArguments { id, count }: StockArguments,
    profile: &Profile,
    out: &mut Output<'_>,
) -> Result<(), Failure> {
    if shop.get(Product::key(id)).send().await.map_err(crate::ShopError::from)?.is_none() {
        return Err(format!("there is no product {id}").into());
    }
    let stock = add(shop, id, count).await?;
    out.line(format_args!("product {id}: {stock} in stock"))?;
    if *profile == Profile::Memory {
        out.line("(in memory, so they are gone now; --db FILE keeps them)")?;
    }
    Ok(())
}

/// Takes from the stock of a product, and prints what is left.
pub(super) async fn sell(
    shop: &Table<Shop>,
    StockArguments { id, count }: StockArguments,
    out: &mut Output<'_>,
) -> Result<(), Failure> {
    let left = take(shop, id, count).await?;
    Ok(out.line(format_args!("product {id}: {count} sold, {left} left"))?)
}
