//! Members that are projections, in an index that does not hold whole items.

use dynamap::error::{ExpressionErrorKind, ItemCollectionError};
use dynamap::value::EpochSeconds;
use dynamap::{Attribute, Entity, Error, Index, ItemCollection, Projection, Table, TableSchema};
use dynamap_local::Local;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", indexes(ByGroup, ByMaker))]
struct Goods;

/// Holds neither the entity type nor the time to live: what an item is, its key tells.
#[derive(Index)]
#[dynamap(table = Goods, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
#[dynamap(projection = include("name", "title", "size", "expires_at"))]
struct ByGroup;

/// Holds whole items.
#[derive(Index)]
#[dynamap(table = Goods, name = "gsi2", partition_key = "gsi2pk")]
struct ByMaker;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Goods, pk = "GROUPS", sk = "GROUP#{id}")]
#[dynamap(index = ByGroup, pk = "GROUP#{id}", sk = "GROUP")]
struct ProductGroup {
    #[dynamap(key_only)]
    id: u32,
    name: String,
    secret: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Goods, pk = "PRODUCT#{id}", sk = "PRODUCT")]
#[dynamap(index = ByGroup, pk = "GROUP#{group}", sk = "PRODUCT#{id}")]
#[dynamap(index = ByMaker, pk = "MAKER#{maker}")]
struct Product {
    #[dynamap(key_only)]
    id: u32,
    group: u32,
    maker: u32,
    title: String,
    size: Size,
    #[dynamap(ttl)]
    expires_at: Option<EpochSeconds>,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Size {
    width: u32,
    height: u32,
}

/// Of no collection below.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Goods, pk = "NOTICE#{id}", sk = "NOTICE")]
#[dynamap(index = ByGroup, pk = "GROUP#{group}", sk = "NOTICE#{id}")]
struct Notice {
    id: u32,
    group: u32,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = ProductGroup, index = ByGroup)]
struct GroupTitle {
    #[dynamap(key)]
    id: u32,
    name: String,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(of = Size)]
struct Width {
    width: u32,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Product, index = [ByGroup, ByMaker])]
struct ProductSummary {
    #[dynamap(key)]
    id: u32,
    title: String,
    #[dynamap(nested)]
    size: Width,
}

#[derive(Debug, PartialEq, ItemCollection)]
#[dynamap(index = ByGroup)]
struct GroupPage {
    group: GroupTitle,
    products: Vec<ProductSummary>,
}

#[derive(Debug, PartialEq, ItemCollection)]
#[dynamap(index = ByGroup, unknown = skip)]
enum GroupItem {
    Group(GroupTitle),
    Product(ProductSummary),
}

/// Whole products and parts of them can stand in one enum where the index holds them.
#[derive(Debug, PartialEq, ItemCollection)]
#[dynamap(index = ByMaker)]
enum MakerItem {
    Product(Product),
}

fn product(id: u32, group: u32) -> Product {
    let size = Size { width: id * 2, height: 1 };
    Product { id, group, maker: 1, title: format!("Product {id}"), size, expires_at: None }
}

fn summary(id: u32) -> ProductSummary {
    ProductSummary { id, title: format!("Product {id}"), size: Width { width: id * 2 } }
}

fn title() -> GroupTitle {
    GroupTitle { id: 7, name: "Books".into() }
}

async fn goods() -> Table<Goods> {
    let client = Local::memory().unwrap().client();
    let goods = Table::<Goods>::new(client, "goods").with_mapping(crate::MAPPING);
    goods.create_table_if_absent().send().await.unwrap();
    goods.put(&ProductGroup { id: 7, name: "Books".into(), secret: "s".into() }).send().await.unwrap();
    for id in [3, 10, 1] {
        goods.put(&product(id, 7)).send().await.unwrap();
    }
    goods.put(&product(4, 8)).send().await.unwrap();
    goods
}

#[tokio::test]
async fn a_parent_and_its_children_as_the_index_holds_them() {
    let goods = goods().await;
    let page = goods.query(GroupPage::by_group(7)).assemble().await.unwrap();
    assert_eq!(page, GroupPage { group: title(), products: [1, 3, 10].map(summary).into() });
    let error = goods.query(GroupPage::by_group(8)).assemble().await.unwrap_err();
    let missing = ItemCollectionError::Missing { collection: "GroupPage", entity: "ProductGroup" };
    assert!(matches!(error, Error::ItemCollection(ref found) if *found == missing), "{error}");
}

#[tokio::test]
async fn items_one_by_one() {
    let goods = goods().await;
    let query = || goods.query(GroupItem::by_group(7));
    let all = || {
        let products = [1, 3, 10].map(summary).map(GroupItem::Product);
        std::iter::once(GroupItem::Group(title())).chain(products).collect::<Vec<_>>()
    };
    assert_eq!(query().try_collect().await.unwrap(), all());
    let mut cursor = None;
    let mut found = Vec::new();
    loop {
        let mut page = query().limit(1);
        if let Some(cursor) = cursor.take() {
            page = page.start_after(cursor);
        }
        let page = page.send().await.unwrap();
        found.extend(page.items);
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(found, all());
    let some = goods.query(GroupItem::by_group(7).of::<Product>().id(2..)).try_collect().await.unwrap();
    assert_eq!(some, [3, 10].map(summary).map(GroupItem::Product));
    let scanned = goods.scan::<GroupItem>().index::<ByGroup>().try_collect().await.unwrap();
    assert_eq!(scanned.len(), 5);
    // Both entities can be read from the table as well.
    assert_eq!(goods.scan::<GroupItem>().try_collect().await.unwrap().len(), 5);
    let whole = goods.query(MakerItem::by_maker(1)).try_collect().await.unwrap();
    assert_eq!(whole.len(), 4);
}

#[tokio::test]
async fn an_item_of_no_member_is_told_by_its_key() {
    let goods = goods().await;
    goods.put(&Notice { id: 1, group: 7 }).send().await.unwrap();
    let error = goods.query(GroupPage::by_group(7)).assemble().await.unwrap_err();
    let unknown = ItemCollectionError::UnknownEntity { collection: "GroupPage", found: None };
    assert!(matches!(error, Error::ItemCollection(ref found) if *found == unknown), "{error}");
    let page = goods.query(GroupItem::by_group(7)).send().await.unwrap();
    assert_eq!((page.items.len(), page.skipped), (4, 1));
}

#[tokio::test]
async fn a_filter_of_a_member_needs_the_entity_type_in_the_index() {
    let goods = goods().await;
    let filter = Product::TITLE.begins_with("Product 1");
    let error = goods.query(GroupPage::by_group(7)).filter(filter.clone()).assemble().await.unwrap_err();
    let Error::Expression(error) = error else { panic!("{error}") };
    let expected = ExpressionErrorKind::NotInIndex { attribute: "entity_type".into(), index: "gsi1" };
    assert_eq!(*error.kind(), expected);
    let of_all = goods.query(MakerItem::by_maker(1)).filter(filter).try_collect().await.unwrap();
    assert_eq!(of_all.len(), 2);
}
