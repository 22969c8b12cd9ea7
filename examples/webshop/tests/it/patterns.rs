//! The access patterns, on the embedded engine.

use std::time::{Duration, SystemTime};

use dynamap::{Table, value::EpochSeconds};
use dynamap_local::Local;
use webshop::{
    ShopError, catalogue, group_page, import, log_in,
    model::{Email, GroupId, ProductId, Shop},
    move_product, product, product_group, product_groups, products, products_between, products_page,
    products_priced, rename_group, restock, sell, session, sign_up, start_session,
};

use crate::passwords::cheap;

/// A shop with the built-in catalogue.
pub(crate) async fn shop() -> (Local, Table<Shop>) {
    let local = Local::memory().unwrap();
    let shop = Table::new(local.client(), "webshop");
    assert!(shop.create_table_if_absent().send().await.unwrap());
    import::write(&shop, &catalogue::built_in().unwrap(), |_| {}).await.unwrap();
    (local, shop)
}

fn ada() -> Email {
    "ada@example.com".parse().unwrap()
}

async fn item_count(local: &Local) -> i32 {
    let scan = local.client().scan().table_name("webshop").send().await.unwrap();
    assert!(scan.last_evaluated_key.is_none());
    scan.count
}

#[tokio::test]
async fn importing_twice_changes_nothing() {
    let (local, shop) = shop().await;
    let catalogue = catalogue::built_in().unwrap();
    assert_eq!((catalogue.groups.len(), catalogue.products.len(), catalogue.users.len()), (3, 12, 2));
    let before = local.client().scan().table_name("webshop").send().await.unwrap().items;
    let mut progress = Vec::new();
    let written = import::write(&shop, &catalogue, |done| progress.push(done)).await.unwrap();
    assert_eq!(written.to_string(), "3 product groups, 12 products, 2 users");
    assert!(progress.is_sorted() && progress.last() == Some(&17), "{progress:?}");
    assert_eq!(item_count(&local).await, 17);
    let after = local.client().scan().table_name("webshop").send().await.unwrap().items;
    assert_eq!(before, after);
}

#[tokio::test]
async fn what_was_imported_comes_back() {
    let (_local, shop) = shop().await;
    let catalogue = catalogue::built_in().unwrap();
    assert_eq!(product_groups(&shop).await.unwrap(), catalogue.groups);
    for expected in catalogue.products {
        let found = product(&shop, expected.group, expected.id).await.unwrap();
        assert_eq!(found, Some(expected));
    }
    assert_eq!(product(&shop, GroupId(1), ProductId(20)).await.unwrap(), None);
}

#[tokio::test]
async fn products_are_listed_in_the_order_of_their_ids() {
    let (_local, shop) = shop().await;
    let books = products(&shop, GroupId(1)).await.unwrap();
    let ids: Vec<u32> = books.iter().map(|book| book.id.0).collect();
    assert_eq!(ids, [2, 9, 10, 11, 100]);
    assert_eq!(
        (books[0].title.as_str(), books[0].price.to_string()),
        ("The Lighthouse Ledger", "14.90".into())
    );

    let some = products_between(&shop, GroupId(1), ProductId(9)..=ProductId(11)).await.unwrap();
    assert_eq!(some, books[1..4]);
    assert_eq!(products(&shop, GroupId(9)).await.unwrap(), []);
}

#[tokio::test]
async fn a_groups_page_has_the_group_and_its_products() {
    let (_local, shop) = shop().await;
    let page = group_page(&shop, GroupId(1)).await.unwrap();
    assert_eq!((page.group.id, page.group.name.as_str()), (GroupId(1), "Books"));
    assert_eq!(page.products, products(&shop, GroupId(1)).await.unwrap());
    assert!(matches!(group_page(&shop, GroupId(9)).await, Err(ShopError::NoSuchGroup)));

    // The index has the new name as well, and a product that moves is on the page of its new group.
    rename_group(&shop, GroupId(3), "Games").await.unwrap();
    move_product(&shop, ProductId(22), GroupId(3)).await.unwrap();
    let page = group_page(&shop, GroupId(3)).await.unwrap();
    assert_eq!(page.group.name, "Games");
    assert!(page.products.iter().any(|product| product.id == ProductId(22)));
}

#[tokio::test]
async fn a_groups_page_is_one_request() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = Table::new(local.client(), "webshop");
    shop.create_table_if_absent().send().await.unwrap();
    import::write(&shop, &catalogue::built_in().unwrap(), |_| {}).await.unwrap();
    requests.clear();
    group_page(&shop, GroupId(1)).await.unwrap();
    let requests = requests.take();
    assert_eq!(requests.len(), 1);
    assert_eq!((requests[0].operation.as_str(), &requests[0].body["IndexName"]), ("Query", &"gsi1".into()));
}

#[tokio::test]
async fn pages_follow_one_another() {
    let (_local, shop) = shop().await;
    let mut pages = Vec::new();
    let mut cursor = None;
    loop {
        let page = products_page(&shop, GroupId(1), 2, cursor).await.unwrap();
        pages.push(page.items);
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    assert_eq!(pages.concat(), products(&shop, GroupId(1)).await.unwrap());
}

#[tokio::test]
async fn an_email_address_belongs_to_one_user() {
    let (local, shop) = shop().await;
    let mut user = catalogue::built_in().unwrap().users.remove(0);
    user.email = "ADA@Example.com".parse().unwrap();
    user.first_name = "Impostor".to_owned();
    assert!(matches!(sign_up(&shop, &user).await, Err(ShopError::EmailTaken)));
    user.email = "dan@example.com".parse().unwrap();
    sign_up(&shop, &user).await.unwrap();
    assert_eq!(item_count(&local).await, 18);
}

#[tokio::test]
async fn only_the_right_password_starts_a_session() {
    let (local, shop) = shop().await;
    for (email, password) in [("ada@example.com", "Umbrella"), ("nobody@example.com", "umbrella")] {
        let refused = log_in(&shop, &cheap(), &email.parse().unwrap(), password).await;
        assert!(matches!(refused, Err(ShopError::WrongCredentials)), "{email}");
    }
    assert_eq!(item_count(&local).await, 17);

    let started = log_in(&shop, &cheap(), &ada(), catalogue::ADAS_PASSWORD).await.unwrap();
    assert!(started.expires_at > EpochSeconds::from(SystemTime::now()) + Duration::from_secs(1990));
    assert_eq!(session(&shop, started.token).await.unwrap(), Some(started));
}

#[tokio::test]
async fn an_expired_session_is_absent_though_its_item_is_there() {
    let (local, shop) = shop().await;
    let ended = EpochSeconds::from(SystemTime::now()) - Duration::from_secs(1);
    let expired = start_session(&shop, &ada(), ended).await.unwrap();
    assert_eq!(session(&shop, expired.token).await.unwrap(), None);
    assert_eq!(item_count(&local).await, 18);
    assert_eq!(local.sweep_ttl().unwrap(), 1);
}

#[tokio::test]
async fn prices_filter_products() {
    let (_local, shop) = shop().await;
    let all = products(&shop, GroupId(1)).await.unwrap();
    let (low, high) = ("12.00".parse().unwrap(), "12.90".parse().unwrap());
    let some = products_priced(&shop, GroupId(1), low..=high).await.unwrap();
    let expected: Vec<_> =
        all.iter().filter(|product| (low..=high).contains(&product.price)).cloned().collect();
    assert_eq!(some, expected);
    assert!(!some.is_empty() && some.len() < all.len());
    let swapped = products_priced(&shop, GroupId(1), high..=low).await;
    assert!(matches!(swapped, Err(ShopError::Table(dynamap::Error::Expression(_)))), "{swapped:?}");
}

#[tokio::test]
async fn stock_is_counted_by_the_table() {
    let (_local, shop) = shop().await;
    let id = ProductId(22);
    assert!(matches!(sell(&shop, id, 1).await, Err(ShopError::SoldOut { left: 0 })));
    let restocks = (0..10).map(|_| {
        let shop = shop.clone();
        tokio::spawn(async move { restock(&shop, id, 2).await.unwrap() })
    });
    for restock in restocks.collect::<Vec<_>>() {
        restock.await.unwrap();
    }
    assert_eq!(sell(&shop, id, 19).await.unwrap(), 1);
    assert!(matches!(sell(&shop, id, 2).await, Err(ShopError::SoldOut { left: 1 })));
    // An import writes the products anew, and leaves the stock.
    import::write(&shop, &catalogue::built_in().unwrap(), |_| {}).await.unwrap();
    assert_eq!(restock(&shop, id, 1).await.unwrap(), 2);
}

#[tokio::test]
async fn a_product_that_moves_is_in_the_list_of_its_new_group_only() {
    let (_local, shop) = shop().await;
    let ids = async |group| {
        let products = products(&shop, GroupId(group)).await.unwrap();
        products.into_iter().map(|product| product.id.0).collect::<Vec<_>>()
    };
    assert!(ids(2).await.contains(&22) && !ids(3).await.contains(&22));
    move_product(&shop, ProductId(22), GroupId(3)).await.unwrap();
    assert!(!ids(2).await.contains(&22) && ids(3).await.contains(&22));
    let moved = product(&shop, GroupId(3), ProductId(22)).await.unwrap().unwrap();
    assert_eq!(moved.group, GroupId(3));
    let none = move_product(&shop, ProductId(999), GroupId(3)).await;
    assert!(matches!(none, Err(ShopError::NoSuchProduct)), "{none:?}");
}

#[tokio::test]
async fn only_a_group_that_is_there_can_be_renamed() {
    let (_local, shop) = shop().await;
    rename_group(&shop, GroupId(1), "Novels").await.unwrap();
    assert_eq!(product_group(&shop, GroupId(1)).await.unwrap().unwrap().name, "Novels");
    assert!(matches!(rename_group(&shop, GroupId(9), "x").await, Err(ShopError::NoSuchGroup)));
    assert_eq!(product_group(&shop, GroupId(9)).await.unwrap(), None);
}
