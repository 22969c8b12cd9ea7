//! Searches of vector indexes.

use crate::MAPPING;
use crate::library::{Branch, Doc, Kind, Library, Title, doc, library, of};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::{
    Budget, Error, Table,
    capacity::Meter,
    entity::Key,
    error::ExpressionErrorKind,
    op::{Capacity, Nearest},
    value::{EpochSeconds, Vector},
};
use dynamap_local::{
    Local, Request, Response, SharedTransport, Transport, TransportFuture,
    faults::{Fault, Plan, Throttling, When},
};
use std::time::{Duration, SystemTime};

fn vector<const N: usize>(values: [f32; N]) -> Vector<N> {
    Vector::new(values).unwrap()
}

/// Documents around a circle, ten degrees apart: the first points east.
async fn circle() -> Table<Library> {
    let library = library().await;
    for id in 0..36_u16 {
        let (sin, cos) = (f32::from(id) * 10.0).to_radians().sin_cos();
        let lang = if id % 2 == 0 { "fi" } else { "sv" };
        let at =
            Doc { lang: lang.into(), year: Some(2000 + id / 12), ..doc(id.into(), [cos, sin, 0.0, 0.0]) };
        library.put(&at).send().await.unwrap();
    }
    library
}

const EAST: [f32; 4] = [1.0, 0.05, 0.0, 0.0];

fn ids<D>(nearest: Nearest<Doc, D>) -> Vec<u32> {
    nearest.into_items().into_iter().map(|doc| doc.id).collect()
}

#[tokio::test]
async fn the_nearest_come_first_with_their_scores() {
    let library = circle().await;
    let nearest =
        library.search(Doc::by_meaning("acme", Kind::Book, &vector(EAST))).top_k(4).send().await.unwrap();
    assert!(nearest.hits.is_sorted_by(|a, b| a.score.is_nearer_than(b.score)));
    assert!(nearest.hits[0].score.similarity() > 0.99);
    assert_eq!((nearest.skipped, nearest.expired, &nearest.consumed), (0, 0, &None));
    assert_eq!(nearest.hits[0].item.meaning, vector([1.0, 0.0, 0.0, 0.0]), "the vector is read as well");
    assert_eq!(ids(nearest), [0, 1, 35, 2]);
    let all = library.search(Doc::by_meaning("acme", Kind::Book, &vector(EAST))).top_k(100).await.unwrap();
    assert_eq!(all.hits.len(), 36);
    assert_eq!(
        library.search(Doc::by_meaning("acme", Kind::Book, &vector(EAST))).await.unwrap().hits.len(),
        10
    );
}

#[tokio::test]
async fn a_search_is_of_one_partition() {
    let library = circle().await;
    let other = Doc { tenant: "other".into(), ..doc(99, EAST) };
    let map = Doc { kind: Some(Kind::Map), ..doc(98, EAST) };
    let outside = Doc { kind: None, ..doc(97, EAST) };
    for doc in [&other, &map, &outside] {
        library.put(doc).send().await.unwrap();
    }
    let docs = library.repository::<Doc>();
    let search =
        |tenant: &str, kind| docs.search(Doc::by_meaning(tenant, kind, &vector(EAST))).top_k(1).send();
    assert_eq!(ids(search("other", Kind::Book).await.unwrap()), [99]);
    assert_eq!(ids(search("acme", Kind::Map).await.unwrap()), [98]);
    assert_eq!(ids(search("acme", Kind::Book).await.unwrap()), [0]);
    assert!(search("nobody", Kind::Book).await.unwrap().hits.is_empty());
    // An update moves it to another partition.
    docs.update(map.to_key()).apply(Doc::KIND.set(Kind::Book)).send().await.unwrap();
    assert_eq!(ids(search("acme", Kind::Book).await.unwrap()), [98]);
    assert!(search("acme", Kind::Map).await.unwrap().hits.is_empty());
}

#[tokio::test]
async fn inline_filters_find_only_what_equals_them() {
    let library = circle().await;
    let search = || Doc::by_meaning("acme", Kind::Book, &vector(EAST));
    let swedish = library.search(search().lang("sv")).top_k(3).send().await.unwrap();
    assert_eq!(ids(swedish), [1, 35, 3]);
    let of_a_year = library.search(search().year(2001)).top_k(2).send().await.unwrap();
    assert_eq!(ids(of_a_year), [12, 13]);
    let both = search().year(2001_u16).lang("sv");
    assert_eq!(ids(library.search(&both).top_k(2).send().await.unwrap()), [13, 23]);
    assert_eq!(ids(library.search(both).top_k(100).send().await.unwrap()).len(), 6, "and again");
}

#[tokio::test]
async fn a_projection_and_keys_of_what_an_index_holds() {
    let library = library().await;
    for id in 1..=3 {
        let x = f32::from(u8::try_from(id).unwrap());
        let (place, taste) = (Some(vector([x, 0.0])), Some(Box::new(vector([x, 1.0, -1.0]))));
        library.put(&Doc { place, taste, shelf: Some(id / 3), ..doc(id, EAST) }).send().await.unwrap();
    }
    let near =
        library.search(Doc::by_place(&vector([3.25, 0.0]))).project::<Title>().top_k(2).send().await.unwrap();
    let title = |id| Title { id, title: format!("Title {id}") };
    assert_eq!(near.hits.iter().map(|hit| hit.score.value()).collect::<Vec<_>>(), [0.25, 1.25]);
    assert_eq!(near.into_items(), [title(3), title(2)]);
    let search = library.search(Doc::by_taste(0_u32, &vector([2.0, 0.0, 0.0])));
    let keys = search.keys().send().await.unwrap();
    assert_eq!(
        keys.hits.iter().map(|hit| hit.score.value()).collect::<Vec<_>>(),
        [4.0, 2.0],
        "more is nearer"
    );
    let keys: Vec<_> = keys.hits.iter().map(|hit| hit.item.to_text().unwrap().1.unwrap()).collect();
    assert_eq!(keys, ["DOC#0000000002", "DOC#0000000001"]);
}

#[tokio::test]
async fn only_items_of_the_entity_are_found() {
    let library = library().await;
    for (id, city) in [(1, "Helsinki"), (2, "Turku"), (3, "Oulu")] {
        let x = f32::from(u8::try_from(id).unwrap());
        library.put(&Doc { place: Some(vector([x, 0.0])), ..doc(id, EAST) }).send().await.unwrap();
        let branch = Branch { city: city.into(), place: vector([x, 0.5]), expires_at: None };
        library.put(&branch).send().await.unwrap();
    }
    // The index has the entity type as an inline filter.
    let near = library.search(Doc::by_place(&vector([2.0, 0.5]))).keys().top_k(3).send().await.unwrap();
    assert_eq!((near.hits.len(), near.skipped), (3, 0));
    let near = library.search(Branch::by_place(&vector([2.0, 0.0]))).keys().top_k(2).send().await.unwrap();
    assert_eq!(near.hits[0].item, Branch::key("Turku"));
    // The other index has not.
    let stranger = [("vec1pk", "TENANT#acme#Book"), ("pk", "X"), ("sk", "X"), ("entity_type", "Stranger")];
    let numbers = EAST.map(|value| AttributeValue::N(value.to_string())).to_vec();
    let mut put =
        library.client().put_item().table_name("library").item("meaning", AttributeValue::L(numbers));
    for (name, value) in stranger {
        put = put.item(name, AttributeValue::S(value.into()));
    }
    put.send().await.unwrap();
    let near =
        library.search(Doc::by_meaning("acme", Kind::Book, &vector(EAST))).top_k(4).send().await.unwrap();
    assert_eq!((near.hits.len(), near.skipped), (3, 1), "it counts for `top_k`");
}

#[tokio::test]
async fn an_expired_item_is_absent() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(2_000_000_000);
    let library = library().await.with_clock(move || now);
    let at = |seconds| Some(EpochSeconds::from(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)));
    for (id, expires_at) in [(1, None), (2, at(1_999_999_999)), (3, at(2_000_000_001))] {
        library.put(&Doc { expires_at, ..doc(id, EAST) }).send().await.unwrap();
    }
    let search = || library.search(Doc::by_meaning("acme", Kind::Book, &vector(EAST)));
    let near = search().send().await.unwrap();
    assert_eq!(near.expired, 1);
    let mut alive = ids(near);
    alive.sort_unstable();
    assert_eq!(alive, [1, 3]);
    let all = search().include_expired().send().await.unwrap();
    assert_eq!((all.hits.len(), all.expired), (3, 0));
}

#[tokio::test]
async fn an_item_of_another_form_is_an_error_with_its_key() {
    let library = circle().await;
    let key = doc(1, EAST).to_key();
    let update = library.client().update_item().table_name("library");
    let update = update.set_key(Some(
        [("pk", key.partition_key().unwrap()), ("sk", key.sort_key().unwrap().unwrap())]
            .map(|(name, value)| (name.to_owned(), value))
            .into(),
    ));
    update
        .update_expression("SET title = :title")
        .expression_attribute_values(":title", AttributeValue::N("7".into()))
        .send()
        .await
        .unwrap();
    let search = || library.search(Doc::by_meaning("acme", Kind::Book, &vector(EAST))).top_k(3);
    let Err(Error::Decode(error)) = search().send().await else { panic!("it was read") };
    assert_eq!(
        error.to_string(),
        "attribute `title` of entity `Doc`: expected a string (S), found a number (N) (item 1 of page 0)"
    );
    assert_eq!(error.item_key().unwrap()["sk"], AttributeValue::S("DOC#0000000001".into()));
    let results = search().results().send().await.unwrap();
    let read: Vec<Option<u32>> =
        results.hits.iter().map(|hit| hit.item.as_ref().ok().map(|doc| doc.id)).collect();
    assert_eq!(read, [Some(0), None, Some(35)]);
    assert!(results.hits[1].item.as_ref().is_err_and(|error| error.item_key().is_some()));
}

#[tokio::test]
async fn what_dynamodb_refuses_is_not_sent() {
    let (local, requests) = Local::memory().unwrap().recording();
    let library = of(&local).await;
    requests.clear();
    let search = || Doc::by_meaning("acme", Kind::Book, &vector(EAST));
    for top_k in [0, 101, usize::MAX] {
        let Err(Error::Expression(error)) = library.search(search()).top_k(top_k).send().await else {
            panic!("{top_k}")
        };
        assert_eq!(error.kind(), &ExpressionErrorKind::TopK(top_k));
    }
    let twice = library.search(search().lang("fi").lang("sv")).send().await;
    let Err(Error::Expression(error)) = twice else { panic!("{twice:?}") };
    assert_eq!(error.kind(), &ExpressionErrorKind::InlineFilterTwice("lang"));
    let long = Doc::by_meaning("x".repeat(3000), Kind::Book, &vector(EAST));
    assert!(matches!(library.search(long).send().await, Err(Error::Key(_))));
    assert!(requests.take().is_empty());
}

#[tokio::test]
async fn the_request_is_explained_and_given_to_the_sdk() {
    let library = circle().await;
    let search = || {
        let search = Doc::by_meaning("acme", Kind::Book, &vector(EAST)).lang("fi");
        library.search(search).project::<OnlyTitle>().top_k(5)
    };
    let explained = search().explain().unwrap();
    assert_eq!((explained.operation(), explained.capacity()), ("SearchVectors", &Capacity::VectorSearch));
    assert_eq!(explained.expressions()[0].operators, 3);
    let output = search().into_sdk().unwrap().send().await.unwrap();
    assert_eq!(output.search_results().len(), 5);
    assert!(!output.search_results()[0].item().unwrap().contains_key("meaning"), "it was not asked for");
}

#[derive(dynamap::Projection)]
#[dynamap(entity = Doc)]
#[allow(dead_code)]
struct OnlyTitle {
    title: String,
}

#[tokio::test]
async fn a_meter_adds_up_the_bytes_of_vector_indexes() {
    let meter = Meter::new();
    let library = library().await.with_meter(&meter);
    library.put(&doc(1, EAST)).send().await.unwrap();
    let written = meter.reset();
    assert_eq!(written.vector_indexes["by-meaning"].write, 1024.0, "of at least 1 KB");
    assert!(!written.vector_indexes.contains_key("by-place"), "it is not in there");
    let near = library.search(Doc::by_meaning("acme", Kind::Book, &vector(EAST))).send().await.unwrap();
    let consumed = near.consumed.unwrap();
    assert!(consumed.vector_indexes["by-meaning"].search >= 1024.0);
    assert_eq!((consumed.requests, consumed.total().read), (1, 0.0));
    assert_eq!(meter.consumed(), consumed);
    assert_eq!(
        consumed.to_string(),
        "table: 0 read, 0 write units\nvector index by-meaning: 0 bytes written, 1024 bytes searched\nrequests: 1"
    );
    let again = library.search(Doc::by_meaning("acme", Kind::Book, &vector(EAST))).meter(&Meter::new());
    again.budget(&Budget::builder().reads(1.0).build().unwrap()).send().await.unwrap();
    let since = meter.consumed().since(&consumed);
    assert_eq!(since.vector_indexes["by-meaning"].search, 1024.0);
}

#[tokio::test]
async fn a_lost_answer_and_a_throttled_search_are_sent_again() {
    let local = Local::memory().unwrap();
    let library = of(&local).await;
    library.put(&doc(1, EAST)).send().await.unwrap();
    let throttle = Fault::Throttle(Throttling::MaxOnDemandThroughput);
    for fault in
        [Fault::DropAfter, throttle, Fault::Corrupted(20), Fault::Truncated(30), Fault::ProxyAfter(200)]
    {
        let plan = Plan::script([(When::operation("SearchVectors"), fault.clone())]);
        let (faulty, faults) = local.with_faults(plan);
        let library = Table::<Library>::new(faulty.client(), "library").with_mapping(MAPPING);
        let near = library.search(Doc::by_meaning("acme", Kind::Book, &vector(EAST))).send().await.unwrap();
        assert_eq!(ids(near), [1]);
        assert_eq!(faults.log().len(), 2, "{fault:?}");
        assert!(faults.illegal().take().is_empty());
    }
}

/// Answers searches with these results.
#[derive(Debug)]
struct Found(&'static str, SharedTransport);

impl Transport for Found {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        match request.operation.as_str() {
            "SearchVectors" => {
                let body = format!(r#"{{"SearchResults":[{}]}}"#, self.0);
                Box::pin(async { Ok(Response::new(200, body)) })
            }
            _ => self.1.call(request),
        }
    }
}

#[tokio::test]
async fn a_result_without_an_item_or_a_score_that_is_a_number_is_refused() {
    let results = [
        (r#"{"Score":0.5}"#, "one without an item"),
        (r#"{"Item":{},"Score":"NaN"}"#, "no number"),
        (r#"{"Item":{},"Score":"Infinity"}"#, "no number"),
        (r#"{"Item":{},"Score":"-Infinity"}"#, "no number"),
    ];
    for (result, refused) in results {
        let library = of(&Local::memory().unwrap().wrap(|inner| Found(result, inner))).await;
        let found = library.search(Doc::by_meaning("acme", Kind::Book, &vector([1.0; 4]))).send().await;
        let Err(Error::Decode(error)) = found else { panic!("{result}: {found:?}") };
        assert!(error.to_string().contains(refused), "{result}: {error}");
    }
    let other = of(&Local::memory().unwrap().wrap(|inner| Found(r#"{"Item":{},"Score":-0.0}"#, inner))).await;
    let found = other.search(Doc::by_meaning("acme", Kind::Book, &vector([1.0; 4]))).send().await.unwrap();
    assert_eq!((found.hits.len(), found.skipped), (0, 1), "an item of nothing is of no entity");
}
