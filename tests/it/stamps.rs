//! Fields that dynamap writes by itself.

use crate::MAPPING;
use dynamap::value::EpochSeconds;
use dynamap::{Entity, Index, Table, TableSchema};
use dynamap_local::Local;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", ttl = "expires_at", indexes(ByChange))]
struct Wiki;

#[derive(Index)]
#[dynamap(table = Wiki, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
struct ByChange;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Wiki, pk = "PAGE#{name}")]
#[dynamap(index = ByChange, pk = "PAGES", sk = "{changed}#{name}")]
struct Page {
    #[dynamap(key_only)]
    name: String,
    text: String,
    #[dynamap(created_at)]
    created: EpochSeconds,
    #[dynamap(updated_at)]
    changed: jiff::Timestamp,
    #[dynamap(counter)]
    writes: u32,
    #[dynamap(ttl)]
    expires_at: Option<EpochSeconds>,
}

fn page(text: &str) -> Page {
    let (created, changed) = (EpochSeconds(-1), jiff::Timestamp::UNIX_EPOCH);
    Page { name: "p".into(), text: text.into(), created, changed, writes: 77, expires_at: None }
}

/// A table, and its clock.
async fn wiki() -> (Table<Wiki>, Arc<AtomicU64>) {
    let seconds = Arc::new(AtomicU64::new(0));
    let clock = seconds.clone();
    let now = move || -> SystemTime { UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed)) };
    let wiki = Table::new(Local::memory().unwrap().client(), "wiki").with_mapping(MAPPING).with_clock(now);
    wiki.create_table_if_absent().send().await.unwrap();
    (wiki, seconds)
}

/// The text, when it was created and changed, and how often it was written.
async fn stored(wiki: &Table<Wiki>) -> (String, i64, i64, u32) {
    let page = wiki.get(Page::key("p")).consistent_read().send().await.unwrap().unwrap();
    (page.text, page.created.0, page.changed.as_second(), page.writes)
}

async fn changed_at(wiki: &Table<Wiki>) -> Vec<i64> {
    let pages = wiki.query(Page::by_change()).try_collect().await.unwrap();
    pages.iter().map(|page| page.changed.as_second()).collect()
}

#[tokio::test]
async fn each_write_stamps_what_it_should() {
    let (wiki, clock) = wiki().await;
    let at = |seconds| clock.store(seconds, Ordering::Relaxed);
    at(10);
    wiki.create(&mut page("a")).send().await.unwrap();
    assert_eq!(stored(&wiki).await, ("a".into(), 10, 10, 1));
    at(20);
    let update = || wiki.update(Page::key("p")).apply(Page::TEXT.set("b"));
    let request = update().explain().unwrap().request_json();
    assert!(!request.contains("created"), "an item that is there was created before: {request}");
    update().send().await.unwrap();
    assert_eq!(stored(&wiki).await, ("b".into(), 10, 20, 2));
    assert_eq!(changed_at(&wiki).await, [20], "the index follows the stamp");
    at(30);
    wiki.save(&mut page("c")).send().await.unwrap();
    assert_eq!(stored(&wiki).await, ("c".into(), 10, 30, 3), "what the item says of its past is kept");
    assert_eq!(changed_at(&wiki).await, [30]);
    at(40);
    wiki.upsert(Page::key("p")).apply(Page::TEXT.set("d")).send().await.unwrap();
    assert_eq!(stored(&wiki).await, ("d".into(), 10, 40, 4));
    at(50);
    // The whole item is replaced, with what the entity says of its past.
    let mut loaded = wiki.get(Page::key("p")).send().await.unwrap().unwrap();
    wiki.replace(&mut loaded).send().await.unwrap();
    assert_eq!(stored(&wiki).await, ("d".into(), 10, 50, 5));
    at(60);
    wiki.put(&mut page("e")).send().await.unwrap();
    assert_eq!(stored(&wiki).await, ("e".into(), -1, 60, 78));
    assert_eq!(changed_at(&wiki).await, [60]);

    wiki.delete(Page::key("p")).send().await.unwrap();
    at(70);
    wiki.upsert(Page::key("p")).apply(Page::TEXT.set("f")).send().await.unwrap();
    assert_eq!(stored(&wiki).await, ("f".into(), 70, 70, 1), "it was created");
    assert_eq!(changed_at(&wiki).await, [70]);
}

#[tokio::test]
async fn the_clock_says_what_has_expired() {
    let (wiki, clock) = wiki().await;
    wiki.put(&mut Page { expires_at: Some(EpochSeconds(100)), ..page("a") }).send().await.unwrap();
    clock.store(99, Ordering::Relaxed);
    assert!(wiki.exists(Page::key("p")).send().await.unwrap());
    clock.store(100, Ordering::Relaxed);
    assert!(!wiki.exists(Page::key("p")).send().await.unwrap());
    wiki.create(&mut page("b")).send().await.unwrap();
    assert_eq!(stored(&wiki).await, ("b".into(), 100, 100, 1));
}

#[tokio::test]
async fn an_update_in_memory_is_stamped_as_well() {
    let before = dynamap::entity::to_item(&page("a")).unwrap();
    let after = Page::TEXT.set("b").apply_to(&before).unwrap();
    let after: Page = dynamap::entity::from_item(after).unwrap();
    assert_eq!((&*after.text, after.created, after.writes), ("b", EpochSeconds(-1), 78));
    assert!(after.changed.as_second() > 1_700_000_000);
}

/// What the entity in memory says is what is stored, after each write as a whole.
#[tokio::test]
async fn what_is_written_is_what_memory_then_says() {
    let (wiki, clock) = wiki().await;
    let at = |seconds| clock.store(seconds, Ordering::Relaxed);
    let get = async || wiki.get(Page::key("p")).consistent_read().send().await.unwrap().unwrap();
    let mut mine = page("a");
    at(10);
    wiki.create(&mut mine).send().await.unwrap();
    assert_eq!((mine.created, mine.writes), (EpochSeconds(10), 1));
    assert_eq!(mine, get().await);
    at(20);
    wiki.save(&mut mine).send().await.unwrap();
    assert_eq!(mine, get().await);
    // Others write meanwhile: how often it was written, the item knows.
    for seconds in 30..33 {
        at(seconds);
        wiki.update(Page::key("p")).apply(Page::TEXT.set("theirs")).send().await.unwrap();
    }
    at(40);
    wiki.save(&mut mine).send().await.unwrap();
    assert_eq!((mine.created, mine.changed.as_second(), mine.writes), (EpochSeconds(10), 40, 6));
    assert_eq!(mine, get().await);
    let mut stale = Page { created: EpochSeconds(-7), ..mine.clone() };
    let new = wiki.save(&mut stale).return_new().send().await.unwrap();
    assert_eq!((&stale, stale.created, stale.writes), (&new, EpochSeconds(10), 7));
    at(50);
    wiki.replace(&mut stale).send().await.unwrap();
    assert_eq!((stale.created, stale.writes), (EpochSeconds(10), 8), "they were not lost");
    assert_eq!(stale, get().await);
    at(60);
    wiki.put(&mut stale).send().await.unwrap();
    assert_eq!(stale, get().await);
    at(70);
    wiki.transact_write().save(&mut stale).send().await.unwrap();
    assert_eq!(stale, get().await);
    at(80);
    wiki.replace(&mut stale).transactional().send().await.unwrap();
    assert_eq!(stale, get().await);
    // A write that is refused changes nothing in memory.
    let before = stale.clone();
    at(90);
    for refused in [
        wiki.create(&mut stale).send().await,
        wiki.save(&mut stale).condition(Page::TEXT.eq("x")).send().await,
        wiki.put(&mut stale).condition(Page::TEXT.eq("x")).send().await,
        wiki.transact_write().create(&mut stale).send().await,
    ] {
        refused.unwrap_err();
    }
    assert_eq!((&stale, &stale), (&before, &get().await));
}

#[tokio::test]
async fn an_expired_page_is_created_anew() {
    let (wiki, clock) = wiki().await;
    wiki.put(&mut Page { expires_at: Some(EpochSeconds(100)), ..page("old") }).send().await.unwrap();
    clock.store(200, Ordering::Relaxed);
    let mut mine = page("new");
    wiki.save_or_create(&mut mine).send().await.unwrap();
    assert_eq!((mine.created, mine.writes), (EpochSeconds(200), 1), "nothing of the old one is left");
    assert_eq!(mine, wiki.get(&mine).send().await.unwrap().unwrap());
}
