use crate::MAPPING;
use crate::model::{Customer, Order, Shop, order, shop};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::error::{KeyErrorKind, ServiceErrorKind};
use dynamap::{Error, Table};
use dynamap_local::{ConnectorError, Local, Request, Response, SharedTransport, Transport, TransportFuture};

/// Answers everything with one response, or with none.
#[derive(Debug)]
struct Always(Option<Response>);

impl Transport for Always {
    fn call(&self, _: Request) -> TransportFuture<'_> {
        let answer = self.0.clone().ok_or_else(|| ConnectorError::io("the connection broke".into()));
        Box::pin(async { answer })
    }
}

/// The error of a read where DynamoDB answers so.
async fn answered(response: Option<Response>) -> Error {
    let local = Local::memory().unwrap().wrap(|_: SharedTransport| Always(response));
    let retries = aws_sdk_dynamodb::config::retry::RetryConfig::disabled();
    let client = aws_sdk_dynamodb::Client::from_conf(local.config().retry_config(retries).build());
    Table::<Shop>::new(client, "shop")
        .with_mapping(MAPPING)
        .get(Order::key("c-1", 2024, 1))
        .send()
        .await
        .unwrap_err()
}

fn kind(error: &Error) -> ServiceErrorKind {
    match error {
        Error::Service(error) => error.kind(),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn answers_of_dynamodb_are_typed() {
    for (code, expected) in [
        ("ProvisionedThroughputExceededException", ServiceErrorKind::Throttled),
        ("ThrottlingException", ServiceErrorKind::Throttled),
        ("RequestLimitExceeded", ServiceErrorKind::Throttled),
        ("ResourceNotFoundException", ServiceErrorKind::TableNotFound),
        ("ExpiredTokenException", ServiceErrorKind::ExpiredCredentials),
        ("UnrecognizedClientException", ServiceErrorKind::AccessDenied),
        ("AccessDeniedException", ServiceErrorKind::AccessDenied),
        ("ValidationException", ServiceErrorKind::Validation),
        ("SomethingNewException", ServiceErrorKind::Other),
    ] {
        let error = answered(Some(Response::error(400, code, "CANARY-secret"))).await;
        assert_eq!(kind(&error), expected, "{code}");
        let Error::Service(service) = &error else { panic!("{error}") };
        assert_eq!(service.code(), Some(code));
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("CANARY"), "{shown}");
        assert!(shown.contains("GetItem on table `shop`") && shown.contains(code), "{shown}");
    }
    let error = answered(Some(Response::error(500, "InternalServerError", "x"))).await;
    assert_eq!(kind(&error), ServiceErrorKind::Internal);
    assert_eq!(kind(&answered(None).await), ServiceErrorKind::Unreachable);
    let error = answered(Some(Response::new(200, "{\"Item\":{\"pk\":{\"S\":\"CANARY"))).await;
    assert_eq!(kind(&error), ServiceErrorKind::UnreadableResponse);
    assert!(!format!("{error} {error:?}").contains("CANARY"));
}

#[tokio::test]
async fn an_unknown_table_is_typed() {
    let shop = Table::<Shop>::new(Local::memory().unwrap().client(), "nowhere").with_mapping(MAPPING);
    assert_eq!(
        kind(&shop.get(Order::key("c-1", 2024, 1)).send().await.unwrap_err()),
        ServiceErrorKind::TableNotFound
    );
    assert_eq!(
        kind(&shop.put(&order("c-1", 2024, 1)).send().await.unwrap_err()),
        ServiceErrorKind::TableNotFound
    );
    let query = shop.query(Order::partition("c-1")).send().await.unwrap_err();
    assert_eq!(kind(&query), ServiceErrorKind::TableNotFound);
}

#[tokio::test]
async fn bad_keys_are_errors_before_any_request() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = Table::<Shop>::new(local.client(), "shop").with_mapping(MAPPING);
    let long = "x".repeat(3000);
    let errors = [
        shop.get(Order::key(&long, 2024, 1)).send().await.unwrap_err(),
        shop.exists(Order::key(&long, 2024, 1)).send().await.unwrap_err(),
        shop.delete(Order::key(&long, 2024, 1)).send().await.unwrap_err(),
        shop.put(&order(&long, 2024, 1)).send().await.unwrap_err(),
        shop.query(Order::partition(&long)).send().await.unwrap_err(),
    ];
    for error in errors {
        let Error::Key(key) = &error else { panic!("{error}") };
        assert!(matches!(key.kind(), KeyErrorKind::TooLong { limit: 2048, .. }), "{error}");
        assert!(!format!("{error} {error:?}").contains("xxx"));
    }
    let (from, to) = (2025, 2024);
    let reversed = shop.query(Order::partition("c-1").year(from..=to)).send().await;
    assert!(matches!(reversed, Err(Error::Key(_))), "{reversed:?}");
    assert!(requests.take().is_empty(), "nothing was sent");
}

#[tokio::test]
async fn a_damaged_item_says_where_and_never_what() {
    let shop = shop().await;
    let mut item = dynamap::entity::to_item(&order("c-1", 2024, 1)).unwrap();
    item.insert("total".into(), AttributeValue::S("CANARY-secret".into()));
    shop.client().put_item().table_name("shop").set_item(Some(item)).send().await.unwrap_err();
    let mut item =
        dynamap::entity::to_item(&Customer { customer_id: "c-1".into(), name: "x".into() }).unwrap();
    item.insert("name".into(), AttributeValue::N("4711".into()));
    shop.client().put_item().table_name("shop").set_item(Some(item)).send().await.unwrap();

    let error = shop.get(Customer::key("c-1")).send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "attribute `name` of entity `Customer`: expected a string (S), found a number (N)"
    );
    assert!(!format!("{error:?}").contains("4711"));
}

/// What DynamoDB gives no code of its own, and what only its message tells.
#[tokio::test]
async fn dynamodbs_message_is_there_for_those_who_ask() {
    for (code, message, expected) in [
        (
            "ValidationException",
            "The table does not have the specified index: gsi9",
            ServiceErrorKind::IndexNotFound,
        ),
        (
            "ValidationException",
            "Item size has exceeded the maximum allowed size",
            ServiceErrorKind::ItemTooLarge,
        ),
        (
            "ValidationException",
            "One or more parameter values were invalid: hunter2",
            ServiceErrorKind::Validation,
        ),
        ("IdempotentParameterMismatchException", "hunter2 differs", ServiceErrorKind::IdempotencyMismatch),
    ] {
        let error = answered(Some(Response::error(400, code, message))).await;
        let Error::Service(error) = error else { panic!("{error}") };
        assert_eq!((error.kind(), error.message_unredacted()), (expected, Some(message)));
        // Shown is what is known to quote nothing.
        let is_shown = format!("{error} {error:?}").contains(message);
        assert_eq!(is_shown, !message.contains("hunter2"), "{error}");
    }
    // A request about a table holds no values.
    let local = Local::memory().unwrap();
    let local = local
        .wrap(|_: SharedTransport| Always(Some(Response::error(400, "ValidationException", "too short"))));
    let shop = Table::<Shop>::new(local.client(), "shop").with_mapping(MAPPING);
    let error = shop.create_table_if_absent().send().await.unwrap_err();
    assert!(error.to_string().ends_with(": too short"), "{error}");
}
