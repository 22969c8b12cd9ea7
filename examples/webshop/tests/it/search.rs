//! Products that are found by their words.

use dynamap::Table;
use webshop::{
    ShopError, index_products,
    model::{Finder, GroupId, ProductId, Shop},
    search, similar,
};

use crate::patterns::shop;

async fn searchable() -> (Table<Shop>, Table<Finder>) {
    let (local, shop) = shop().await;
    let finder = Table::new(local.client(), "webshop-search");
    assert_eq!(index_products(&shop, &finder).await.unwrap(), 12);
    (shop, finder)
}

fn ids(found: &[webshop::ProductHit]) -> Vec<u32> {
    found.iter().map(|found| found.item.id.0).collect()
}

#[tokio::test]
async fn words_are_found_in_other_forms_and_with_mistakes() {
    let (_shop, finder) = searchable().await;
    for words in ["quiet harbour", "the QUIET harbor", "Quiet, Harbours!"] {
        let found = search(&finder, words, None, 2).await.unwrap();
        assert_eq!(ids(&found)[0], 20, "{words}");
        assert!(found[0].score.is_nearer_than(found[1].score), "{found:?}");
        assert_eq!(found[0].item.title, "The Quiet Harbour");
    }
    let by_director = search(&finder, "solheim", None, 2).await.unwrap();
    assert_eq!(ids(&by_director).iter().copied().collect::<std::collections::BTreeSet<_>>(), [20, 23].into());
}

#[tokio::test]
async fn a_group_is_searched_by_itself() {
    let (_shop, finder) = searchable().await;
    let games = search(&finder, "quiet harbour", Some(GroupId(3)), 10).await.unwrap();
    let (first, mut all) = (games[0].item.id, ids(&games));
    all.sort_unstable();
    assert_eq!((first, all), (ProductId(302), vec![301, 302, 303]));
    assert_eq!(search(&finder, "quiet harbour", Some(GroupId(9)), 10).await.unwrap(), []);
}

#[tokio::test]
async fn a_product_is_not_like_itself() {
    let (_shop, finder) = searchable().await;
    let found = similar(&finder, ProductId(302), 2).await.unwrap();
    assert_eq!(ids(&found)[0], 303, "of the same maker: {found:?}");
    assert_eq!(similar(&finder, ProductId(20), 99).await.unwrap().len(), 11);
    let absent = similar(&finder, ProductId(999), 2).await;
    assert!(matches!(absent, Err(ShopError::NoSuchProduct)), "{absent:?}");
}

#[tokio::test]
async fn a_search_without_words_is_refused() {
    let (_shop, finder) = searchable().await;
    let refused = search(&finder, " -- ", None, 2).await;
    assert!(matches!(refused, Err(ShopError::NoWords)), "{refused:?}");
    let too_many = search(&finder, "harbour", None, 101).await;
    assert!(matches!(too_many, Err(ShopError::Table(dynamap::Error::Expression(_)))), "{too_many:?}");
}

/// Products that are changed are found as they are when they are made searchable again.
#[tokio::test]
async fn products_are_made_searchable_again() {
    let (shop, finder) = searchable().await;
    webshop::move_product(&shop, ProductId(302), GroupId(1)).await.unwrap();
    assert_eq!(index_products(&shop, &finder).await.unwrap(), 12);
    let books = search(&finder, "harbour master", Some(GroupId(1)), 1).await.unwrap();
    assert_eq!(ids(&books), [302]);
}
