//! Malformed answers that have done harm, each by itself.

use crate::layer::Layer;
use crate::malformation::Malformation;
use crate::model::{Order, Shop, World, behind, order};
use dynamap::error::ServiceErrorKind;
use dynamap::{Error, Mapping, Table};
use dynamap_local::{Local, Request, Response, SharedTransport, Transport, TransportFuture};
use std::time::Duration;

const MAPPINGS: [Mapping; 2] = [Mapping::Direct, Mapping::AttributeValue];

/// The answer has its checksum and no body: all ten were told to be written, and one was.
#[tokio::test(start_paused = true)]
async fn an_emptied_batch_write_is_sent_again() {
    for mapping in MAPPINGS {
        let world = World::new().await;
        let layer = Layer::new(Malformation::Emptied { sum: true }, 0, false);
        let (shop, seen) = behind(&world.written, layer, mapping);
        let many = (0..10).map(|number| order("c-2", number));
        let report = shop.repository::<Order>().batch_write().put_all(many).send().await.unwrap();
        assert_eq!((report.written(), seen.requests()), (10, 2));
    }
}

/// Such a dump was complete, with no items.
#[tokio::test(start_paused = true)]
async fn a_dump_of_documents_without_items_is_not_complete() {
    let world = World::new().await;
    let without_items = Malformation::Missing { member: 0, null: false };
    let documents = ["{}", "null", "[]"].map(Malformation::Replaced);
    for malformation in documents.into_iter().chain([
        without_items,
        Malformation::ErrorWithSuccess,
        Malformation::NoContent,
        Malformation::Emptied { sum: false },
    ]) {
        let (shop, _) = behind(&world.read, Layer::new(malformation, 0, true), Mapping::Direct);
        let dump = shop.dump(Vec::new()).segments(1).retry_timeout(Duration::from_secs(2)).send().await;
        let Err(Error::IncompleteDump(incomplete)) = dump else { panic!("{malformation:?}: {dump:?}") };
        assert_eq!((incomplete.report().items(), incomplete.report().failed().len()), (0, 1));
    }
}

/// Answers that each page ends where it begins.
#[derive(Debug)]
struct Turning(SharedTransport);

impl Transport for Turning {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(async move {
            let asked: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
            let answer = self.0.call(request).await?;
            let mut page: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
            if let Some(start) = asked.get("ExclusiveStartKey") {
                page["LastEvaluatedKey"] = start.clone();
            }
            Ok(Response::new(200, page.to_string()))
        })
    }
}

fn turning(local: &Local, mapping: Mapping) -> Table<Shop> {
    Table::new(local.wrap(Turning).client(), "shop").with_mapping(mapping)
}

#[tokio::test(start_paused = true)]
async fn pages_that_do_not_advance_end_in_an_error() {
    let world = World::new().await;
    let is_unreadable = |error: &Error| matches!(error, Error::Service(error) if error.kind() == ServiceErrorKind::UnreadableResponse);
    for mapping in MAPPINGS {
        let shop = turning(&world.read, mapping);
        let error = shop.query(Order::partition("c-1")).page_size(2).try_collect().await.unwrap_err();
        assert!(is_unreadable(&error), "{error}");
        let error = shop.scan::<Order>().page_size(2).limit(100).send().await.unwrap_err();
        assert!(is_unreadable(&error), "{error}");
        let scan = shop.scan::<Order>().page_size(2).parallel(1).retry_timeout(Duration::from_secs(2));
        let error = scan.try_collect().await.unwrap_err();
        assert!(is_unreadable(&error), "{error}");
    }
}

/// DynamoDB: an empty `LastEvaluatedKey` is the end, as none is.
#[tokio::test(start_paused = true)]
async fn an_empty_last_key_is_the_end() {
    #[derive(Debug)]
    struct Ending(SharedTransport);

    impl Transport for Ending {
        fn call(&self, request: Request) -> TransportFuture<'_> {
            Box::pin(async move {
                let answer = self.0.call(request).await?;
                let mut page: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
                page["LastEvaluatedKey"] = serde_json::json!({});
                Ok(Response::new(200, page.to_string()))
            })
        }
    }

    let world = World::new().await;
    let local = world.read.wrap(Ending);
    for mapping in MAPPINGS {
        let shop = Table::<Shop>::new(local.client(), "shop").with_mapping(mapping);
        let page = shop.query(Order::partition("c-1")).send().await.unwrap();
        assert_eq!((page.items.len(), page.cursor), (5, None));
    }
}

/// The code is in a header, and the checksum says that there was a body.
#[tokio::test(start_paused = true)]
async fn an_emptied_error_is_not_believed_for_the_code_in_its_header() {
    #[derive(Debug)]
    struct Refusing(&'static str);

    impl Transport for Refusing {
        fn call(&self, _: Request) -> TransportFuture<'_> {
            let mut answer = Response::new(400, "");
            answer.headers.insert("x-amz-crc32", self.0);
            answer.headers.insert("x-amzn-errortype", "AccessDeniedException:");
            Box::pin(async move { Ok(answer) })
        }
    }

    for mapping in MAPPINGS {
        let shop = |sum| {
            let local = Local::memory().unwrap().wrap(|_: SharedTransport| Refusing(sum));
            Table::<Shop>::new(local.client(), "shop").with_mapping(mapping)
        };
        let put = shop("7").put(&order("c-1", 1)).send().await;
        assert!(matches!(put, Err(Error::Unknown(_))), "{put:?}");
        let put = shop("0").put(&order("c-1", 1)).send().await;
        let Err(Error::Service(error)) = put else { panic!("{put:?}") };
        assert_eq!(error.kind(), ServiceErrorKind::AccessDenied);
    }
}
