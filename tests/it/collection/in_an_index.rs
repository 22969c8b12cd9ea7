use dynamap::entity::Item;
use dynamap::{Entity, Index, ItemCollection, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByGroup))]
struct Goods;

#[derive(Index)]
#[dynamap(table = Goods, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
struct ByGroup;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Goods, pk = "GROUPS", sk = "GROUP#{id}")]
#[dynamap(index = ByGroup, pk = "{shop}#GROUP#{id}", sk = "GROUP")]
struct ProductGroup {
    shop: String,
    #[dynamap(key_only)]
    id: u32,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Goods, pk = "PRODUCT#{id}", sk = "PRODUCT")]
#[dynamap(index = ByGroup, pk = "{shop}#GROUP#{group}", sk = "PRODUCT#{id}")]
struct Product {
    shop: String,
    #[dynamap(key_only)]
    id: u32,
    group: u32,
    title: String,
}

#[derive(Debug, PartialEq, ItemCollection)]
#[dynamap(index = ByGroup)]
struct GroupPage {
    group: Option<ProductGroup>,
    products: Vec<Product>,
    #[dynamap(unknown)]
    others: Vec<Item>,
}

#[derive(Debug, PartialEq, ItemCollection)]
#[dynamap(index = ByGroup)]
enum GroupItem {
    ProductGroup(ProductGroup),
    Product(Product),
}

#[tokio::test]
async fn a_parent_and_its_children() {
    let client = dynamap_local::Local::memory().unwrap().client();
    let goods = Table::<Goods>::new(client, "goods").with_mapping(crate::MAPPING);
    goods.create_table_if_absent().send().await.unwrap();
    let group = ProductGroup { shop: "s".into(), id: 7, name: "Books".into() };
    goods.put(&group).send().await.unwrap();
    let product = |id| Product { shop: "s".into(), id, group: 7, title: format!("Book {id}") };
    for id in [3, 1, 2] {
        goods.put(&product(id)).send().await.unwrap();
    }
    goods.put(&Product { group: 8, ..product(4) }).send().await.unwrap();
    let page = goods.query(GroupPage::by_group(("s", 7))).assemble().await.unwrap();
    let products = [1, 2, 3].map(product).to_vec();
    assert_eq!(page, GroupPage { group: Some(group.clone()), products, others: Vec::new() });

    let items = goods.query(GroupItem::by_group(("s", 7)).of::<Product>().id(2..)).try_collect().await;
    assert_eq!(items.unwrap(), [GroupItem::Product(product(2)), GroupItem::Product(product(3))]);
    let all = goods.scan::<GroupItem>().index::<ByGroup>().limit(4).send().await.unwrap();
    assert_eq!(all.items.len(), 4);
    assert!(all.cursor.is_some());

    let mut other = dynamap::entity::to_item(&product(9)).unwrap();
    other.insert("entity_type".into(), aws_sdk_dynamodb::types::AttributeValue::S("Magazine".into()));
    goods.client().put_item().table_name("goods").set_item(Some(other.clone())).send().await.unwrap();
    let page = goods.query(GroupPage::by_group(("s", 7u32))).assemble().await.unwrap();
    assert_eq!(page.others, [other]);
}
