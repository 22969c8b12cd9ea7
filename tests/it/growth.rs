//! Several appends to one list in one update, and numbers that begin somewhere.

use crate::MAPPING;
use dynamap::expr::Update;
use dynamap::{Attribute, Entity, Error, Table, TableSchema, entity};
use dynamap_local::Local;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Desk;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Desk, pk = "LOG#{id}")]
struct Log {
    id: u32,
    lines: Vec<String>,
    others: Vec<String>,
    next: Option<u64>,
    page: Page,
}

#[derive(Debug, Clone, Default, PartialEq, Attribute)]
struct Page {
    notes: Vec<u32>,
    number: Option<i64>,
}

fn log() -> Log {
    Log { id: 1, lines: vec!["c".into()], others: vec![], next: None, page: Page::default() }
}

/// What is stored after an update of `before`, which in memory is the same.
async fn after(before: &Log, update: Update<Log>) -> Log {
    let desk = Table::<Desk>::new(Local::memory().unwrap().client(), "desk").with_mapping(MAPPING);
    desk.create_table_if_absent().send().await.unwrap();
    desk.create(before).send().await.unwrap();
    let after = desk.update(Log::key(1)).apply(update.clone()).return_new().send().await.unwrap();
    let item = update.apply_to(&entity::to_item(before).unwrap()).unwrap();
    assert_eq!(entity::from_item::<Log>(item).unwrap(), after, "{update}");
    after
}

fn lines(log: &Log) -> String {
    log.lines.concat()
}

#[tokio::test]
async fn elements_that_are_appended_to_one_list_are_one_action() {
    let append = |line: &'static str| Log::LINES.append([line]);
    let prepend = |line: &'static str| Log::LINES.prepend([line]);
    let more = append("d").and(Log::NEXT.set(1)).and(append("e")).and(Update::all([append("f")]));
    assert_eq!(more.to_string(), "SET lines = list_append(if_not_exists(lines, ?), ?), next = ?");
    assert_eq!(lines(&after(&log(), more).await), "cdef");
    let before = after(&log(), prepend("b").and(prepend("a"))).await;
    assert_eq!(lines(&before), "abc");
    let nested = || Log::PAGE.field(Page::NOTES);
    let after = after(&log(), nested().append([1]).and(nested().append([2, 3])).and(append("d"))).await;
    assert_eq!((after.page.notes, after.lines.concat()), (vec![1, 2, 3], "cd".to_owned()));
}

#[tokio::test]
async fn other_actions_on_one_list_overlap_as_before() {
    let desk = Table::<Desk>::new(Local::memory().unwrap().client(), "desk").with_mapping(MAPPING);
    desk.create_table_if_absent().send().await.unwrap();
    let append = || Log::LINES.append(["x"]);
    for update in [
        append().and(Log::LINES.prepend(["y"])),
        append().and(Log::LINES.append(Log::OTHERS)),
        append().and(Log::LINES.set(vec!["y".to_owned()])),
        Log::LINES.set(vec!["y".to_owned()]).and(append()),
    ] {
        let refused = desk.update(Log::key(1)).apply(update).send().await;
        assert!(matches!(refused, Err(Error::Expression(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn a_number_begins_where_it_is_told() {
    let first = after(&log(), Log::NEXT.add_or(1000, 1)).await;
    assert_eq!(first.next, Some(1001));
    assert_eq!(after(&first, Log::NEXT.add_or(1000, 5)).await.next, Some(1006));
    let number = Log::PAGE.field(Page::NUMBER);
    assert_eq!(after(&first, number.add_or(10, -3)).await.page.number, Some(7));
    // It is written once, and stays.
    let once = after(&first, Log::NEXT.set_if_not_exists(7)).await;
    assert_eq!(once.next, Some(1001));
    assert_eq!(after(&log(), Log::NEXT.set_if_not_exists(7)).await.next, Some(7));
}
