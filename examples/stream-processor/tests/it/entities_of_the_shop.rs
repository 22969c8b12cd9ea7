//! Item collections of entities that another crate defines.

use dynamap::{
    ItemCollection, Table,
    stream::{Change, NewAndOldImages, json},
};
use dynamap_local::Local;
use webshop::model::{
    ByGroup, GroupId, GroupTitle, Product, ProductGroup, ProductId, ProductSummary, Shop, Stock,
};

use crate::events::event;

#[derive(Debug, Clone, PartialEq, ItemCollection)]
#[dynamap(table = Shop, unknown = skip)]
enum Goods {
    #[dynamap(entity = ProductGroup)]
    Group(ProductGroup),
    #[dynamap(entity = Stock)]
    Stock(Stock),
}

/// A page of the shop with titles only.
#[derive(Debug, PartialEq, ItemCollection)]
#[dynamap(index = ByGroup)]
struct Titles {
    #[dynamap(entity = ProductGroup)]
    group: GroupTitle,
    #[dynamap(entity = Product)]
    products: Vec<ProductSummary>,
}

async fn shop() -> Table<Shop> {
    let shop = Table::<Shop>::new(Local::memory().unwrap().client(), "shop");
    shop.create_table_if_absent().send().await.unwrap();
    shop.put(&ProductGroup { id: GroupId(1), name: "Books".into() }).send().await.unwrap();
    shop.put(&Stock { id: ProductId(7), count: 3 }).send().await.unwrap();
    shop
}

#[tokio::test]
async fn they_are_scanned_filtered_and_read_by_their_keys() {
    let shop = shop().await;
    let mut all = shop.scan::<Goods>().try_collect().await.unwrap();
    all.sort_by_key(|goods| matches!(goods, Goods::Stock(_)));
    let stock = Goods::Stock(Stock { id: ProductId(7), count: 3 });
    let group = Goods::Group(ProductGroup { id: GroupId(1), name: "Books".into() });
    assert_eq!(all, [group.clone(), stock.clone()]);
    let filtered = shop.scan::<Goods>().filter(Stock::COUNT.gt(3)).try_collect().await.unwrap();
    assert_eq!(filtered, [group]);
    assert_eq!(shop.get_member::<Goods>(Stock::key(ProductId(7))).send().await.unwrap(), Some(stock));
}

#[tokio::test]
async fn projections_of_them_are_put_together() {
    let shop = shop().await;
    let titles: Titles = shop.query(Titles::by_group(GroupId(1))).assemble().await.unwrap();
    let group = GroupTitle { id: GroupId(1), name: "Books".into() };
    assert_eq!(titles, Titles { group, products: Vec::new() });
}

#[test]
fn their_changes_are_read() {
    let sale = event("sale");
    let mut counts = Vec::new();
    for changes in json::lambda_changes::<Goods, NewAndOldImages>(&sale).unwrap() {
        for record in changes.unwrap() {
            if let Change::Modify { old: Goods::Stock(old), new: Goods::Stock(new) } = record.change {
                counts.push((old.count, new.count));
            }
        }
    }
    assert!(!counts.is_empty() && counts.iter().all(|(old, new)| new < old), "{counts:?}");
}
