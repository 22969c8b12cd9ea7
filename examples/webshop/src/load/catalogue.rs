use dynamap::Table;
use examples_shared::Failure;

use crate::{
    import::{self, Mistakes, Source, Sources},
    model::Shop,
};

/// The product groups.
pub(super) const GROUPS: u32 = 4;

/// The products of each group.
pub(super) const PRODUCTS: u32 = 50;

/// Creates the table, with groups and products that are made up.
pub(super) async fn fill(shop: &Table<Shop>) -> Result<(), Failure> {
    shop.create_table_if_absent().send().await?;
    let groups: String = (1..=GROUPS).map(|group| format!("{group}\tGroup {group}\n")).collect();
    let products = (0..GROUPS * PRODUCTS).map(|id| {
        let group = id % GROUPS + 1;
        format!("{id}\t{group}\tProduct {id}\t{id}.25\tMaker\t1999\tIceland\tCategory\n")
    });
    let sources = Sources {
        groups: vec![Source::new("groups", groups)],
        products: vec![Source::new("products", products.collect::<String>())],
        users: Vec::new(),
    };
    import::write(shop, &import::parse(&sources, Mistakes::default())?, |_| {}).await?;
    Ok(())
}
