//! Vector indexes that are added to a table that is there, and removed from it.

use crate::MAPPING;
use crate::library::{ByMeaning, ByPlace, ByTaste, Doc, Kind, Library, doc};
use aws_sdk_dynamodb::Client;
use dynamap::{
    Error, Result, Table, TableSchema, VectorIndex, direct,
    error::{ServiceError, ServiceErrorKind},
    op::{SearchableProgress, VectorIndexPhase},
    value::Vector,
};
use dynamap_local::{
    Local, Request, Requests, Response, SharedTransport, Transport, TransportFuture,
    faults::{Fault, Plan, Throttling, When},
};
use std::{
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::{Duration, UNIX_EPOCH},
};
use tokio::time::{Instant, sleep};

/// The library's table before it had vector indexes.
#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at")]
struct Bare;

/// The same with an index by meaning that has fewer dimensions.
#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", vector_indexes(ByGist))]
struct Brief;

#[derive(VectorIndex)]
#[dynamap(table = Brief, name = "by-meaning", vector = "gist", dimensions = 2, distance = cosine)]
struct ByGist;

/// An engine whose clock follows tokio's.
fn local() -> Local {
    let start = Instant::now();
    Local::memory_with_clock(move || UNIX_EPOCH + Duration::from_secs(1_800_000_000) + start.elapsed())
        .unwrap()
}

fn library(client: Client) -> Table<Library> {
    Table::new(client, "library").with_mapping(MAPPING)
}

/// A library that has documents, and no vector index yet.
async fn bare(local: &Local) -> Table<Library> {
    Table::<Bare>::new(local.client(), "library").create_table_if_absent().send().await.unwrap();
    let library = library(local.client());
    for id in 0..5_u16 {
        let taste = Some(Box::new(Vector::new([f32::from(id), 1.0, 0.0]).unwrap()));
        let doc = Doc { shelf: Some(7), taste, ..doc(id.into(), [1.0, f32::from(id), 0.0, 0.0]) };
        library.put(&doc).send().await.unwrap();
    }
    library
}

async fn found(library: &Table<Library>) -> Result<usize> {
    let east = Vector::new([1.0, 0.0, 0.0, 0.0]).unwrap();
    Ok(library.search(Doc::by_meaning("acme", Kind::Book, &east)).send().await?.hits.len())
}

fn kind<T: std::fmt::Debug>(failed: Result<T>) -> ServiceErrorKind {
    let Err(Error::Service(error)) = failed else { panic!("{failed:?}") };
    error.kind()
}

fn service<T: std::fmt::Debug>(failed: Result<T>) -> ServiceError {
    let Err(Error::Service(error)) = failed else { panic!("{failed:?}") };
    error
}

fn operations(requests: &Requests) -> Vec<String> {
    requests.take().into_iter().map(|request| request.operation).collect()
}

#[tokio::test(start_paused = true)]
async fn an_index_is_added_to_a_live_table_and_searched_once_it_answers() {
    let library = bare(&local()).await;
    let start = Instant::now();
    assert!(library.add_vector_index::<ByMeaning>().send().await.unwrap());
    assert_eq!(start.elapsed(), Duration::ZERO, "it does not wait");
    assert_eq!(kind(found(&library).await), ServiceErrorKind::IndexBackfilling);
    let mut seen: Vec<SearchableProgress> = Vec::new();
    let wait = library.wait_until_searchable::<ByMeaning>();
    wait.on_progress(|progress| seen.push(*progress)).send().await.unwrap();
    assert_eq!(found(&library).await.unwrap(), 5);

    assert!(start.elapsed() >= Duration::from_secs(30), "{seen:?}");
    assert!(seen.is_sorted_by_key(|progress| progress.waited));
    let mut phases: Vec<VectorIndexPhase> = seen.iter().map(|progress| progress.phase).collect();
    phases.dedup();
    let all = [
        VectorIndexPhase::Allocating,
        VectorIndexPhase::Backfilling,
        VectorIndexPhase::Active,
        VectorIndexPhase::Searchable,
    ];
    assert_eq!(phases, all);
    let active = seen.iter().find(|progress| progress.phase == VectorIndexPhase::Active).unwrap();
    assert!(active.waited < Duration::from_secs(30), "it was active before it could be searched");
}

#[tokio::test(start_paused = true)]
async fn what_is_there_is_not_added_and_what_is_absent_is_not_removed() {
    let local = local();
    bare(&local).await;
    let (local, requests) = local.recording();
    let library = library(local.client());
    assert!(!library.remove_vector_index::<ByMeaning>().send().await.unwrap());
    assert_eq!(operations(&requests), ["DescribeTable"]);
    assert!(library.add_vector_index::<ByMeaning>().send().await.unwrap());
    requests.clear();
    assert!(!library.add_vector_index::<ByMeaning>().send().await.unwrap(), "it is being filled");
    assert_eq!(operations(&requests), ["DescribeTable"]);
    library.wait_until_searchable::<ByMeaning>().send().await.unwrap();
    assert!(!library.add_vector_index::<ByMeaning>().send().await.unwrap());
    requests.clear();
    assert!(library.remove_vector_index::<ByMeaning>().send().await.unwrap());
    assert_eq!(operations(&requests), ["DescribeTable", "UpdateTable", "DescribeTable"]);
    assert_eq!(kind(found(&library).await), ServiceErrorKind::IndexNotFound);
    let doc = library.get(Doc::key("acme", 3)).send().await.unwrap().unwrap();
    assert_eq!(doc.meaning.as_array(), &[1.0, 3.0, 0.0, 0.0], "the items stay as they are");
}

#[tokio::test(start_paused = true)]
async fn all_indexes_are_added_one_after_the_other() {
    let library = bare(&local()).await;
    // One has a partition key of text, one has none, one has a number.
    assert!(library.add_vector_index::<ByMeaning>().send().await.unwrap());
    library.wait_until_searchable::<ByMeaning>().send().await.unwrap();
    assert!(library.add_vector_index::<ByPlace>().send().await.unwrap());
    library.wait_until_searchable::<ByPlace>().send().await.unwrap();
    assert!(library.add_vector_index::<ByTaste>().send().await.unwrap());
    library.wait_until_searchable::<ByTaste>().send().await.unwrap();
    library.wait_until_active().send().await.unwrap();
    let near = Vector::new([1.0, 0.0, 0.0]).unwrap();
    assert_eq!(library.search(Doc::by_taste(7, &near)).keys().send().await.unwrap().hits.len(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_busy_table_takes_no_other_change() {
    let library = bare(&local()).await;
    library.add_vector_index::<ByMeaning>().send().await.unwrap();
    // While resources are allocated, and while the index is filled.
    for seconds in [0, 10] {
        sleep(Duration::from_secs(seconds)).await;
        let busy = service(library.add_vector_index::<ByPlace>().send().await);
        assert_eq!((busy.kind(), busy.operation()), (ServiceErrorKind::TableInUse, "UpdateTable"));
        assert!(busy.to_string().contains("Only 1 online index can be created or deleted"), "{busy}");
        if seconds == 0 {
            let busy = service(library.remove_vector_index::<ByMeaning>().send().await);
            assert_eq!(busy.kind(), ServiceErrorKind::TableInUse);
            assert!(busy.to_string().contains("Retry deletion during backfilling phase"), "{busy}");
        }
    }
    // An index that is being filled can be removed, which ends that.
    assert!(library.remove_vector_index::<ByMeaning>().send().await.unwrap());
    assert!(library.add_vector_index::<ByPlace>().send().await.unwrap());
    let gone = service(library.wait_until_searchable::<ByMeaning>().send().await);
    assert_eq!(gone.kind(), ServiceErrorKind::IndexNotFound);
    assert_eq!(
        gone.to_string(),
        "SearchVectors on table `library`: the table has no vector index `by-meaning`"
    );
}

#[tokio::test(start_paused = true)]
async fn an_index_of_another_schema_is_told_and_can_be_removed() {
    let local = local();
    Table::<Brief>::new(local.client(), "library").create_table_if_absent().send().await.unwrap();
    let library = library(local.client());
    let differ = [
        library.add_vector_index::<ByMeaning>().send().await.map(drop),
        library.wait_until_searchable::<ByMeaning>().send().await,
    ];
    for differs in differ {
        let Err(Error::SchemaMismatch(mismatch)) = differs else { panic!("{differs:?}") };
        assert_eq!(mismatch.part(), "vector index `by-meaning`");
        assert_eq!(mismatch.found(), "the vector `gist` of 2 dimensions by COSINE");
    }
    assert!(library.remove_vector_index::<ByMeaning>().send().await.unwrap());
    assert!(library.add_vector_index::<ByMeaning>().send().await.unwrap());
    library.wait_until_searchable::<ByMeaning>().send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_not_there_has_no_index() {
    let library = library(local().client());
    let missing = [
        library.add_vector_index::<ByMeaning>().send().await.map(drop),
        library.remove_vector_index::<ByMeaning>().send().await.map(drop),
        library.wait_until_searchable::<ByMeaning>().send().await,
    ];
    for missing in missing {
        assert_eq!(kind(missing), ServiceErrorKind::TableNotFound);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_in_time() {
    let library = bare(&local()).await;
    library.add_vector_index::<ByMeaning>().send().await.unwrap();
    for (seconds, state) in
        [(0, "allocating resources"), (8, "backfilling"), (12, "active, and not searchable yet")]
    {
        let (start, timeout) = (Instant::now(), Duration::from_secs(seconds));
        let wait = library.wait_until_searchable::<ByMeaning>().retry_timeout(timeout).send().await;
        let late = service(wait);
        assert!(start.elapsed() <= timeout, "{:?}", start.elapsed());
        assert_eq!((late.kind(), late.operation()), (ServiceErrorKind::TimedOut, "SearchVectors"));
        let says = format!("vector index `by-meaning` cannot be searched in time: it is {state}");
        assert!(late.to_string().contains(&says), "{late}");
        sleep(timeout.saturating_sub(start.elapsed())).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_index_of_a_new_table_is_searched_at_once() {
    let (local, requests) = local().recording();
    let library = library(local.client());
    library.create_table_if_absent().send().await.unwrap();
    requests.clear();
    let mut phases = Vec::new();
    let wait = library.wait_until_searchable::<ByTaste>();
    wait.on_progress(|progress| phases.push((progress.phase, progress.waited))).await.unwrap();
    assert_eq!(phases, [(VectorIndexPhase::Searchable, Duration::ZERO)]);
    assert_eq!(operations(&requests), ["DescribeTable", "SearchVectors"]);
}

/// Refuses the first searches, as nodes do that do not know the index yet.
#[derive(Debug)]
struct Unaware(SharedTransport, AtomicUsize);

impl Transport for Unaware {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        if request.operation == "SearchVectors" && self.1.fetch_add(1, Relaxed) < 4 {
            let message = "The table does not have the specified index: by-meaning";
            return Box::pin(async move { Ok(Response::error(400, "ValidationException", message)) });
        }
        self.0.call(request)
    }
}

#[tokio::test(start_paused = true)]
async fn a_search_that_does_not_know_the_index_yet_is_sent_again() {
    let local = local();
    bare(&local).await;
    let library = library(local.wrap(|inner| Unaware(inner, AtomicUsize::new(0))).client());
    assert!(library.add_vector_index::<ByMeaning>().send().await.unwrap());
    library.wait_until_searchable::<ByMeaning>().send().await.unwrap();
    assert_eq!(found(&library).await.unwrap(), 5);
}

/// Sends until DynamoDB answers, as its callers would.
async fn until_answered<T, F: Future<Output = Result<T>>>(mut call: impl FnMut() -> F) -> T {
    for _ in 0..5 {
        if let Ok(answer) = call().await {
            return answer;
        }
    }
    call().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn lost_responses_and_throttling_leave_nothing_undone() {
    let throttled = Fault::Throttle(Throttling::MaxOnDemandThroughput);
    for (fault, operations) in [
        (Fault::DropBefore, &["UpdateTable", "SearchVectors", "DescribeTable"][..]),
        (Fault::DropAfter, &["UpdateTable", "SearchVectors", "DescribeTable"]),
        (Fault::ErrorAfter, &["UpdateTable", "SearchVectors", "DescribeTable"]),
        (Fault::Truncated(30), &["UpdateTable", "SearchVectors", "DescribeTable"]),
        (throttled, &["SearchVectors"]),
    ] {
        for times in [1, 3, 7] {
            let local = local();
            bare(&local).await;
            let of = |operation: &&str| (When::operation(*operation).times(times), fault.clone());
            let (faulty, _) = local.with_faults(Plan::script(operations.iter().map(of)));
            let (library, plain) = (library(faulty.client()), library(local.client()));
            let context = format!("{fault:?}, {times} times");
            until_answered(|| library.add_vector_index::<ByMeaning>().send()).await;
            let wait = library.wait_until_searchable::<ByMeaning>().send().await;
            assert!(wait.is_ok(), "{context}: {wait:?}");
            assert_eq!(found(&plain).await.unwrap(), 5, "{context}");
            assert!(!plain.add_vector_index::<ByMeaning>().send().await.unwrap(), "{context}");
            until_answered(|| library.remove_vector_index::<ByMeaning>().send()).await;
            assert_eq!(kind(found(&plain).await), ServiceErrorKind::IndexNotFound, "{context}");
        }
    }
}

/// Whatever answer is lost, an index is added once and removed once.
#[tokio::test(start_paused = true)]
async fn a_lost_answer_to_a_change_is_no_error() {
    for fault in [Fault::DropAfter, Fault::ErrorAfter] {
        let local = local();
        bare(&local).await;
        let lost = || [(When::operation("UpdateTable").times(1), fault.clone())];
        let (faulty, _) = local.with_faults(Plan::script(lost()));
        let added = library(faulty.client()).add_vector_index::<ByMeaning>().send().await;
        assert!(!added.unwrap(), "it is there, and nothing tells who has added it");
        library(local.client()).wait_until_searchable::<ByMeaning>().send().await.unwrap();
        let (faulty, _) = local.with_faults(Plan::script(lost()));
        assert!(!library(faulty.client()).remove_vector_index::<ByMeaning>().send().await.unwrap());
    }
}

#[tokio::test(start_paused = true)]
async fn calls_for_an_index_that_are_not_answered_end() {
    for prepare in [direct::prepare, std::convert::identity] {
        let local = local();
        bare(&local).await;
        let (faulty, faults) = local.with_faults(Plan::script([]));
        let library = library(Client::from_conf(prepare(faulty.config()).build()));
        for operation in ["DescribeTable", "UpdateTable", "SearchVectors"] {
            faults.add(When::operation(operation).always(), Fault::HangBefore);
            let (start, minute) = (Instant::now(), Duration::from_secs(60));
            let outcomes = [
                library.add_vector_index::<ByMeaning>().send().await.map(drop),
                library.wait_until_searchable::<ByMeaning>().retry_timeout(minute).send().await,
                library.remove_vector_index::<ByMeaning>().retry_timeout(minute).send().await.map(drop),
            ];
            assert!(outcomes.iter().any(Result::is_err), "{operation}: {outcomes:?}");
            assert!(start.elapsed() < 6 * minute, "{operation}: {:?}", start.elapsed());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_longest_of_all_times_can_be_waited_for() {
    let local = local();
    let library = bare(&local).await;
    assert!(library.add_vector_index::<ByMeaning>().send().await.unwrap());
    library.wait_until_searchable::<ByMeaning>().retry_timeout(Duration::MAX).send().await.unwrap();
    assert!(library.remove_vector_index::<ByMeaning>().retry_timeout(Duration::MAX).send().await.unwrap());
    let bare = Table::<Bare>::new(local.client(), "library");
    bare.wait_until_active().retry_timeout(Duration::MAX).send().await.unwrap();
}
