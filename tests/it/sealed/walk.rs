//! Random tables, walked through in pages of random sizes, forward, backward and from random places.

use super::{ByColour, ByWeight, ListItem, Lists, Note, Thing, Weight, lists, sealer};
use dynamap::cursor::SealedCursor;
use dynamap::op::read::{HeldBy, PageInfo, SealedPage};
use dynamap::op::{Query, Scan};
use dynamap::value::EpochSeconds;
use dynamap::{Table, schema::Source};
use fastrand::Rng;
use std::fmt::Debug;

/// How many tables there are; `DYNAMAP_CASES` sets it.
const TABLES: u64 = 12;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

/// Two lists of things in a few colours and weights, some of them expired, with notes between them.
async fn random_table(random: &mut Rng) -> Table<Lists> {
    let (lists, _) = lists().await;
    let (colours, weights) = (random.u8(1..3), random.u8(1..4));
    let mut things = Vec::new();
    for list in 1..3 {
        for number in 0..random.u32(0..40) {
            things.push(Thing {
                list,
                shelf: random.u8(0..2),
                number,
                colour: random.u8(..colours),
                weight: random.u8(..weights),
                expires_at: EpochSeconds(if random.u8(..8) == 0 { 1 } else { 4_000_000_000 }),
            });
        }
    }
    let notes = things.iter().filter(|_| random.bool());
    let notes: Vec<Note> =
        notes.map(|thing| Note { list: thing.list, shelf: thing.shelf, number: thing.number }).collect();
    lists.repository::<Thing>().batch_write().put_all(things).send().await.unwrap();
    lists.repository::<Note>().batch_write().put_all(notes).send().await.unwrap();
    lists
}

fn chosen<E: 'static, I: Source, T: HeldBy<E, I>>(query: Query<E, I, T>, random: &mut Rng) -> Query<E, I, T> {
    let query = if random.bool() { query.descending() } else { query };
    if random.bool() { query.page_size(random.usize(1..6)) } else { query }
}

/// Compares pages with the list of all items.
struct Walk<'r, T> {
    all: Vec<T>,
    random: &'r mut Rng,
    pages: usize,
}

impl<T: PartialEq + Debug + Clone> Walk<'_, T> {
    /// A page of `limit` items that begins at `start`.
    fn check(&mut self, page: &SealedPage<T>, start: usize, limit: usize) {
        let end = (start + limit).min(self.all.len());
        assert_eq!(page.items, self.all[start..end]);
        self.pages += 1;
        assert_eq!(page.page_info.start_cursor.is_some(), !page.items.is_empty());
        assert_eq!(page.page_info.end_cursor.is_some(), !page.items.is_empty());
        assert_eq!(page.next_cursor().is_some(), page.page_info.has_next_page);
        assert_eq!(page.previous_cursor().is_some(), page.page_info.has_previous_page);
    }

    fn assert_info(&self, info: &PageInfo, (previous, next): (bool, bool)) {
        assert_eq!((info.has_previous_page, info.has_next_page), (previous, next));
    }
}

/// Walks through a query and returns the number of pages.
async fn walk<E: 'static, I: Source, T: HeldBy<E, I>>(query: Query<E, I, T>, random: &mut Rng) -> usize
where
    T::Output: PartialEq + Debug + Clone,
{
    let query = chosen(query, random);
    let all = query.clone().try_collect().await.unwrap();
    let count = all.len();
    let mut walk = Walk { all, random, pages: 0 };
    let pages = |limit: usize| query.clone().limit(limit).sealed(&sealer()).principal("me");
    // Forward, and backward again from where it ended, each page of another size.
    let (mut at, mut cursor) = (0, None::<SealedCursor>);
    let mut edges = Vec::new();
    let last = loop {
        let limit = walk.random.usize(1..9);
        let page = pages(limit).at(cursor.as_ref()).await.unwrap();
        walk.check(&page, at, limit);
        walk.assert_info(&page.page_info, (at > 0, at + limit < count));
        let start = at;
        at = (at + limit).min(count);
        let previous = page.previous_cursor().cloned();
        let next = page.next_cursor().cloned();
        edges.extend(page.into_edges().unwrap());
        cursor = next.or_else(|| previous.filter(|_| at == count));
        if at == count {
            break start;
        }
    };
    at = last;
    while at > 0 {
        let limit = walk.random.usize(1..9);
        let page = pages(limit).at(cursor.as_ref()).await.unwrap();
        let start = at.saturating_sub(limit);
        walk.check(&page, start, at - start);
        walk.assert_info(&page.page_info, (start > 0, true));
        (at, cursor) = (start, page.previous_cursor().cloned());
    }
    // From the end.
    let limit = walk.random.usize(1..9);
    let page = pages(limit).from_end().await.unwrap();
    let start = count.saturating_sub(limit);
    walk.check(&page, start, limit);
    walk.assert_info(&page.page_info, (start > 0, false));
    // From any item, to both sides.
    assert!(edges.iter().map(|edge| &edge.node).eq(&walk.all));
    for _ in 0..edges.len().min(6) {
        let (index, limit) = (walk.random.usize(..edges.len()), walk.random.usize(1..9));
        let after = pages(limit).after(edges[index].cursor.as_str()).await.unwrap();
        walk.check(&after, index + 1, limit);
        walk.assert_info(&after.page_info, (true, index + 1 + limit < count));
        let before = pages(limit).before(Some(edges[index].cursor.to_string())).await.unwrap();
        let start = index.saturating_sub(limit);
        walk.check(&before, start, index - start);
        walk.assert_info(&before.page_info, (start > 0, true));
        // Beside an empty page are the last and the first one.
        if after.items.is_empty() {
            let last = pages(limit).at(after.previous_cursor()).await.unwrap();
            walk.check(&last, count.saturating_sub(limit), limit);
        }
        if before.items.is_empty() {
            let first = pages(limit).at(before.next_cursor()).await.unwrap();
            walk.check(&first, 0, limit);
        }
    }
    walk.pages
}

async fn walk_scan<E: 'static, I: Source, T: HeldBy<E, I>>(scan: Scan<E, I, T>, random: &mut Rng) -> usize
where
    T::Output: PartialEq + Debug + Clone,
{
    let all = scan.clone().try_collect().await.unwrap();
    let (mut at, mut cursor) = (0, None::<SealedCursor>);
    let mut walk = Walk { all, random, pages: 0 };
    loop {
        let limit = walk.random.usize(1..9);
        let page = scan.clone().limit(limit).sealed(&sealer()).at(cursor).await.unwrap();
        walk.check(&page, at, limit);
        walk.assert_info(&page.page_info, (false, at + limit < walk.all.len()));
        at += limit;
        cursor = page.next_cursor().cloned();
        if cursor.is_none() {
            return walk.pages;
        }
    }
}

#[tokio::test]
async fn all_pages_are_those_of_the_whole_list() {
    let seed = number("DYNAMAP_SEED").unwrap_or_else(|| fastrand::u64(..u64::MAX / 2));
    let tables = number("DYNAMAP_CASES").unwrap_or(TABLES);
    let mut pages = 0;
    for seed in seed..seed + tables {
        eprintln!("DYNAMAP_SEED={seed} DYNAMAP_CASES=1");
        let mut random = Rng::with_seed(seed);
        let lists = random_table(&mut random).await;
        let random = &mut random;
        let filter = Thing::WEIGHT.ge(1);
        pages += walk(lists.query(Thing::partition(1)), random).await;
        pages += walk(lists.query(Thing::partition(1).shelf(1)).include_expired(), random).await;
        pages += walk(lists.query(Thing::partition(2).shelf(0..=1)).filter(filter.clone()), random).await;
        pages += walk(lists.query(Thing::partition(2)).project::<Weight>(), random).await;
        pages += walk(lists.query(Thing::partition(1)).keys(), random).await;
        pages += walk(lists.query(ListItem::partition(1)), random).await;
        // Of an index, in which many have the same key.
        pages += walk(lists.query(Thing::by_colour(0)), random).await;
        pages += walk(lists.query(Thing::by_colour(0)).filter(Thing::LIST.eq(1)).project::<Weight>(), random)
            .await;
        pages += walk(lists.query(Thing::by_colour(0).weight(0)), random).await;
        pages += walk(lists.query(Thing::by_weight(1)), random).await;
        pages +=
            walk(lists.query(Thing::by_weight(2).weight(..=1)).filter(Thing::COLOUR.eq(0)), random).await;
        pages += walk_scan(lists.scan::<Thing>(), random).await;
        pages += walk_scan(lists.scan::<Thing>().filter(filter).keys(), random).await;
        pages += walk_scan(lists.scan::<Thing>().index::<ByColour>(), random).await;
        pages += walk_scan(lists.scan::<Thing>().index::<ByWeight>().project::<Weight>(), random).await;
        pages += walk_scan(lists.scan::<ListItem>(), random).await;
    }
    eprintln!("{tables} tables, {pages} pages");
    assert!(pages as u64 > tables * 60);
}
