//! Responses that arrive damaged, and responses in a form that is not ours.

use crate::answer::{Order, Shop, answering, kind, order};
use dynamap::error::ServiceErrorKind;
use dynamap::{Error, Table, direct, entity::Item};
use dynamap_local::Response;
use std::sync::atomic::Ordering::Relaxed;

const PAGE: &str = r#"{"Items":[{"pk":{"S":"ORDER#0000000001"},"sk":{"S":"ORDER"},"id":{"N":"1"},"title":{"S":"x\u00fc"}}],"Count":1}"#;

#[tokio::test]
async fn a_response_that_is_cut_off_is_never_taken_for_a_whole() {
    for end in 1..PAGE.len() {
        let (client, calls) = answering(vec![Response::new(200, &PAGE[..end])]);
        let error = direct::query::<Item>(client.query().table_name("shop")).await.unwrap_err();
        assert_eq!(kind(&error), ServiceErrorKind::UnreadableResponse, "{end}");
        assert!(kind(&error).is_ambiguous());
        // A read is repeated, as after a lost connection.
        assert_eq!(calls.load(Relaxed), 3, "{end}");
    }
}

#[tokio::test]
async fn what_comes_after_the_document_is_damage() {
    for more in ["x", "}", ",", "{}", "\0"] {
        let (client, _) = answering(vec![Response::new(200, format!("{PAGE}{more}"))]);
        let error = direct::query::<Item>(client.query().table_name("shop")).await.unwrap_err();
        assert_eq!(kind(&error), ServiceErrorKind::UnreadableResponse, "{more}");
    }
}

#[tokio::test]
async fn a_read_is_repeated_until_the_response_is_whole() {
    let (client, calls) = answering(vec![Response::new(200, &PAGE[..50]), Response::new(200, PAGE)]);
    let (items, output) = direct::query::<Item>(client.query().table_name("shop")).await.unwrap();
    assert_eq!((items.len(), output.count(), calls.load(Relaxed)), (1, 1, 2));
}

#[tokio::test]
async fn a_response_that_differs_from_its_checksum_is_damaged() {
    let mut damaged = Response::new(200, PAGE);
    damaged.body = PAGE.replace("\"1\"", "\"7\"").into_bytes();
    let (client, calls) = answering(vec![damaged.clone(), Response::new(200, PAGE)]);
    let (items, _) = direct::query::<Item>(client.query().table_name("shop")).await.unwrap();
    assert_eq!(items[0]["id"].as_n().unwrap(), "1");
    assert_eq!(calls.load(Relaxed), 2);

    let (client, _) = answering(vec![damaged.clone()]);
    let error = Table::<Shop>::new(client, "shop").get(Order::key(1)).send().await.unwrap_err();
    assert_eq!(kind(&error), ServiceErrorKind::UnreadableResponse);

    // Whoever puts something before DynamoDB that sends no checksum is not bothered.
    damaged.headers.remove("x-amz-crc32");
    let (client, _) = answering(vec![damaged]);
    let (items, _) = direct::query::<Item>(client.query().table_name("shop")).await.unwrap();
    assert_eq!(items[0]["id"].as_n().unwrap(), "7");
}

#[tokio::test]
async fn a_write_whose_response_is_damaged_is_ambiguous_and_repeated_where_it_does_no_harm() {
    let mut damaged = Response::new(200, "{}");
    damaged.body = b"{ }".to_vec();
    for response in [damaged, Response::new(200, "{"), Response::new(200, "{\"Attributes\":{\"a\":")] {
        let (client, calls) = answering(vec![response.clone()]);
        let error = Table::<Shop>::new(client, "shop").put(&order(1)).send().await.unwrap_err();
        let Error::Unknown(unknown) = &error else { panic!("{error}") };
        assert_eq!(unknown.service_error().unwrap().kind(), ServiceErrorKind::UnreadableResponse);
        assert_eq!(calls.load(Relaxed), 3);
        let (client, calls) = answering(vec![response]);
        let error = Table::<Shop>::new(client, "shop").delete(Order::key(1)).send().await.unwrap_err();
        assert!(matches!(error, Error::Unknown(_)), "{error}");
        assert_eq!(calls.load(Relaxed), 1);
    }
}

#[tokio::test]
async fn an_item_of_another_form_is_no_damage() {
    let page = PAGE.replace(r#"{"N":"1"}"#, r#"{"S":"CANARY"}"#);
    let (client, calls) = answering(vec![Response::new(200, page)]);
    let shop = Table::<Shop>::new(client, "shop");
    let error = shop.query(Order::partition(1)).send().await.unwrap_err();
    assert!(matches!(&error, Error::Decode(error) if error.path() == "id"), "{error}");
    assert!(!format!("{error}{error:?}").contains("CANARY"));
    assert_eq!(calls.load(Relaxed), 1);
}

#[tokio::test]
async fn an_answer_of_another_content_type_is_read_if_it_is_a_document() {
    // JSON by its form, but not by its content type.
    let mut response = Response::new(200, PAGE);
    response.headers.insert("content-type", "text/plain");
    let (client, _) = answering(vec![response]);
    let (items, output) = direct::query::<Item>(client.query().table_name("shop")).await.unwrap();
    assert_eq!((items.len(), output.items), (1, None));

    // Its checksum counts all the same: a proxy that changes the one may change the other.
    let mut response = Response::new(200, PAGE);
    response.headers.insert("content-type", "text/plain");
    response.headers.insert("x-amz-crc32", "7");
    let (client, _) = answering(vec![response]);
    let error = direct::query::<Item>(client.query().table_name("shop")).await.unwrap_err();
    assert_eq!(kind(&error), ServiceErrorKind::UnreadableResponse);

    for (status, body) in
        [(502, "<html>Bad Gateway</html>"), (200, "<html>Log in to this network</html>"), (503, "")]
    {
        let mut response = Response::new(status, body);
        response.headers.insert("content-type", "text/html");
        let (client, _) = answering(vec![response]);
        let error = direct::query::<Item>(client.query().table_name("shop")).await.unwrap_err();
        assert!(kind(&error).is_ambiguous(), "{status} {error}");
    }
}
