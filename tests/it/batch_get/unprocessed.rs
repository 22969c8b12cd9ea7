use super::found;
use crate::MAPPING;
use crate::model::{Order, Shop, numbers, order, table};
use dynamap::batch::{Fetched, Unread};
use dynamap::error::ServiceErrorKind;
use dynamap::{Entity, Error, Repository, Table};
use dynamap_local::faults::{Fault, Plan, Throttling, When};
use dynamap_local::{Local, Request, Response, SharedTransport, Transport, TransportFuture};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Processes so many keys of each BatchGetItem request, as long as there is throughput, and leaves the others out.
#[derive(Debug)]
struct Sluggish {
    inner: SharedTransport,
    keys: usize,
    /// How many requests find throughput.
    requests: usize,
    /// How many keys the requests had, and when they came.
    asked: Asked,
}

type Asked = Arc<Mutex<Vec<(usize, tokio::time::Instant)>>>;

impl Transport for Sluggish {
    fn call(&self, mut request: Request) -> TransportFuture<'_> {
        if request.operation != "BatchGetItem" {
            return self.inner.call(request);
        }
        Box::pin(async move {
            let mut body: Value = serde_json::from_slice(&request.body).unwrap();
            let keys = body["RequestItems"]["shop"]["Keys"].as_array_mut().unwrap();
            let request_number = {
                let mut asked = self.asked.lock().unwrap();
                asked.push((keys.len(), tokio::time::Instant::now()));
                asked.len()
            };
            let processed = if request_number <= self.requests { self.keys } else { 0 };
            let left = keys.split_off(processed.min(keys.len()));
            let mut answer = json!({ "Responses": { "shop": [] }, "UnprocessedKeys": {} });
            if processed > 0 {
                request.body = serde_json::to_vec(&body).unwrap();
                let response = self.inner.call(request).await?;
                answer = serde_json::from_slice(&response.body).unwrap();
            }
            if !left.is_empty() {
                answer["UnprocessedKeys"] = json!({ "shop": { "Keys": left } });
            }
            Ok(Response::new(200, serde_json::to_vec(&answer).unwrap()))
        })
    }
}

/// The orders 1 to 30 in a table that processes so many keys of each of so many requests.
async fn sluggish(keys: usize, requests: usize) -> (Repository<Order>, Asked) {
    let asked = Asked::default();
    let counted = asked.clone();
    let local = Local::memory().unwrap().wrap(|inner| Sluggish { inner, keys, requests, asked: counted });
    let orders = Table::<Shop>::new(local.client(), "shop").with_mapping(MAPPING);
    orders.create_table_if_absent().send().await.unwrap();
    let orders = orders.repository::<Order>();
    for number in 1..=30 {
        orders.put(&order("c-1", 2024, number)).send().await.unwrap();
    }
    (orders, asked)
}

fn keys() -> impl Iterator<Item = <Order as Entity>::Key> {
    (1..=30).rev().chain([7, 7]).map(|number| Order::key("c-1", 2024, number))
}

#[tokio::test(start_paused = true)]
async fn keys_that_were_not_processed_are_asked_for_again() {
    let (orders, asked) = sluggish(7, usize::MAX).await;
    let fetched = orders.batch_get(keys()).send().await.unwrap();
    let counts: Vec<usize> = asked.lock().unwrap().iter().map(|(count, _)| *count).collect();
    assert_eq!(counts, [30, 23, 16, 9, 2]);
    let expected: Vec<(u16, u32)> = (1..=30).rev().chain([7, 7]).map(|number| (2024, number)).collect();
    assert_eq!(numbers(&found(fetched)), expected);
}

#[tokio::test(start_paused = true)]
async fn keys_that_stay_unprocessed_are_in_the_error() {
    let (orders, asked) = sluggish(0, 0).await;
    let error = orders.batch_get(keys()).send().await.unwrap_err();
    assert_eq!(error.to_string(), "BatchGetItem on table `shop`: 30 of 30 keys were not processed");
    assert!(!format!("{error:?}").contains("c-1"), "{error:?}");
    let Error::UnprocessedKeys(unprocessed) = error else { panic!("{error}") };
    assert_eq!((unprocessed.asked(), unprocessed.count()), (30, 30));
    assert_eq!(unprocessed.keys::<Order>().unwrap(), keys().take(30).collect::<Vec<_>>());

    let times: Vec<_> = asked.lock().unwrap().iter().map(|(_, at)| *at).collect();
    let pauses: Vec<u128> = times.windows(2).map(|pair| (pair[1] - pair[0]).as_millis()).collect();
    for (at, pause) in pauses.iter().enumerate() {
        let longest = (100_u128 << at.min(8)).min(5000);
        assert!(*pause <= longest + 5, "pause {at} of {pause} ms");
    }
    let tried = (times[times.len() - 1] - times[0]).as_secs();
    assert!((60..=65).contains(&tried), "tried for {tried} s");
}

#[tokio::test(start_paused = true)]
async fn the_error_has_those_keys_only_that_were_not_processed() {
    let (orders, asked) = sluggish(7, 2).await;
    let error = orders.batch_get(keys()).send().await.unwrap_err();
    let Error::UnprocessedKeys(unprocessed) = error else { panic!("{error}") };
    assert_eq!((unprocessed.asked(), unprocessed.count(), unprocessed.raw_keys().len()), (30, 16, 16));
    assert_eq!(unprocessed.keys::<Order>().unwrap(), keys().skip(14).take(16).collect::<Vec<_>>());
    assert!(asked.lock().unwrap().len() > 12);
}

#[tokio::test(start_paused = true)]
async fn the_report_keeps_what_was_read() {
    let (orders, _) = sluggish(7, 2).await;
    let report = orders.batch_get(keys()).retry_timeout(Duration::from_secs(10)).report().await.unwrap();
    assert_eq!(report.len(), 32);
    let found = report.iter().filter(|result| matches!(result, Ok(Fetched::Found(_)))).count();
    // Order 7 was asked for by three of the keys.
    let unread: Vec<_> = report.into_iter().filter_map(Result::err).collect();
    assert_eq!((found, unread.len()), (14, 18));
    assert!(unread.iter().all(|unread| matches!(unread.reason(), Unread::Unprocessed)));
    assert_eq!(unread.iter().filter(|unread| *unread.key() == Order::key("c-1", 2024, 7)).count(), 3);
    assert!(!format!("{unread:?}").contains("c-1"), "{unread:?}");
}

/// Nobody knows what is at keys whose request failed: they are not absent.
#[tokio::test(start_paused = true)]
async fn what_a_failed_request_asked_for_is_not_absent() {
    let denied = Fault::Error(400, "AccessDeniedException".into());
    let second = When::operation("BatchGetItem").after(1);
    let (local, faults) = Local::memory().unwrap().with_faults(Plan::script([(second, denied)]));
    let orders = table(&local).await.repository::<Order>();
    for number in [50, 150, 250] {
        orders.put(&order("c-1", 2024, number)).send().await.unwrap();
    }
    let keys = || (0..300).map(|number| Order::key("c-1", 2024, number));
    let report = orders.batch_get(keys()).report().await.unwrap();
    for (at, result) in report.iter().enumerate() {
        match (at, result) {
            (100..200, Err(unread)) => assert!(matches!(unread.reason(), Unread::Failed(_)), "{unread:?}"),
            (50 | 250, Ok(Fetched::Found(order))) => assert_eq!(order.number as usize, at),
            (_, Ok(fetched)) => assert!(fetched.is_absent() && !(100..200).contains(&at)),
            (_, Err(unread)) => panic!("{at}: {unread:?}"),
        }
    }
    faults.add(When::operation("BatchGetItem").after(1), Fault::Error(400, "AccessDeniedException".into()));
    let error = orders.batch_get(keys()).send().await.unwrap_err();
    assert!(
        matches!(&error, Error::Service(error) if error.kind() == ServiceErrorKind::AccessDenied),
        "{error}"
    );
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
}

/// DynamoDB throttles a whole request if it can process no key of it.
#[tokio::test(start_paused = true)]
async fn a_batch_that_is_throttled_as_a_whole_is_asked_for_again() {
    let throttled = When::operation("BatchGetItem").times(8);
    let plan = Plan::script([(throttled, Fault::Throttle(Throttling::ProvisionedThroughput))]);
    let (local, _) = Local::memory().unwrap().with_faults(plan);
    let orders = table(&local).await.repository::<Order>();
    orders.put(&order("c-1", 2024, 3)).send().await.unwrap();
    let fetched = orders.batch_get([Order::key("c-1", 2024, 3)]).send().await.unwrap();
    assert_eq!(found(fetched).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn progress_is_told_with_each_answer() {
    // Seven keys of each of three requests are processed, and nothing after that.
    let (orders, _) = sluggish(7, 3).await;
    let keys = (1..=30).map(|number| Order::key("c-1", 2024, number % 28));
    let told = Arc::new(Mutex::new(Vec::new()));
    let noted = told.clone();
    let batch = orders.batch_get(keys).retry_timeout(Duration::from_secs(10));
    let batch = batch.on_progress(move |progress| noted.lock().unwrap().push(*progress));
    let results = batch.report().await.unwrap();
    let unread = results.iter().filter(|result| result.is_err()).count();
    let told = told.lock().unwrap();
    // Two of the thirty are given twice.
    assert!(told.iter().all(|progress| progress.keys == 28));
    let done: Vec<u64> = told.iter().take(3).map(|progress| progress.done).collect();
    assert_eq!(done, [7, 14, 21]);
    let last = told.last().unwrap();
    assert_eq!((last.done, last.given_up, last.requests), (28, 7, told.len() as u64));
    assert!((7..=9).contains(&unread), "{unread}");
}
