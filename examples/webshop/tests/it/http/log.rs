//! The log: a line for each request with its id and what it consumed, and no secret.

use std::{cell::RefCell, io, sync::Once};

use axum::{body::Body, http::Request};
use dynamap_local::faults::{Fault, When};
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use super::service::{Service, assert_refused, credentials, until, user};

thread_local! {
    /// What the test of this thread has logged; its server runs on this thread as well.
    static LOGGED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Logs from now on. All tests do so before their first request: a place in the code that once had no subscriber may
/// stay silent.
pub(crate) fn begin() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(|| Logged);
        let own = Targets::new().with_target("webshop", LevelFilter::TRACE);
        tracing_subscriber::registry().with(lines).with(own).init();
    });
}

struct Logged;

impl io::Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGGED.with_borrow_mut(|logged| logged.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn logged() -> String {
    LOGGED.with_borrow(|logged| String::from_utf8(logged.clone()).unwrap())
}

/// The line of the request with this id.
fn line(id: &str) -> String {
    let text = logged();
    let lines: Vec<&str> = text.lines().filter(|line| line.contains(&format!("id={id} "))).collect();
    assert_eq!(lines.len(), 1, "{id}: {lines:?}");
    lines[0].to_owned()
}

fn with_id(path: &str, id: &str) -> Request<Body> {
    Request::get(path).header("x-request-id", id).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn each_request_leaves_a_line_with_its_id_and_the_capacity_it_consumed() {
    let service = Service::start().await;
    let mut ada = service.ada().await;
    let token = ada.client.token.clone().unwrap();

    // A consistent read of the session, and a query of half a read unit in the index.
    let page = ada.get("/products/1?limit=2&cursor=").await;
    let told = line(page.headers["x-request-id"].to_str().unwrap());
    assert!(told.contains(" INFO ") && told.contains("method=GET") && told.contains("refused"), "{told}");
    assert!(told.contains("route=\"/products/{group}\"") && told.contains("status=400"), "{told}");
    // For the log alone: why.
    assert!(told.contains("cause=\"Malformed\""), "{told}");
    assert!(told.contains("code=cursor_invalid") && told.contains("requests=1 read=1.0 write=0.0"), "{told}");

    let page = ada.get("/products/1?limit=2").await;
    let told = line(page.headers["x-request-id"].to_str().unwrap());
    assert!(told.contains("answered") && told.contains("status=200"), "{told}");
    assert!(told.contains("requests=2 read=1.5 write=0.0"), "{told}");

    let signed_in = ada.post("/signin", &user("cleo@example.com")).await;
    let told = line(signed_in.headers["x-request-id"].to_str().unwrap());
    assert!(told.contains("method=POST") && told.contains("requests=1 read=0.0 write=1.0"), "{told}");

    let login = ada.post("/login", &credentials("cleo@example.com", "pancake")).await;
    let told = line(login.headers["x-request-id"].to_str().unwrap());
    assert!(told.contains("requests=2 read=0.5 write=1.0"), "{told}");
    let other = login.json()["json-web-token"].as_str().unwrap().to_owned();

    let info = ada.get("/info").await;
    let told = line(info.headers["x-request-id"].to_str().unwrap());
    assert!(told.contains("requests=0 read=0.0 write=0.0"), "{told}");
    let none = ada.get("/nothing?x=secret-query").await;
    let told = line(none.headers["x-request-id"].to_str().unwrap());
    assert!(told.contains("route=\"none\"") && told.contains("status=404"), "{told}");

    let text = logged();
    assert!(text.lines().count() >= 7, "{text}");
    for secret in
        ["umbrella", "pancake", "argon2id", "ada@", "cleo@", "Marsh", "secret-query", &token, &other]
    {
        assert!(!text.contains(secret), "{secret} is logged");
    }
}

#[tokio::test]
async fn the_id_that_a_client_gives_is_kept_if_it_can_stand_in_a_log() {
    let service = Service::start().await;
    let mut client = service.client().await;
    let long = "x".repeat(64);
    for id in ["a", "7f-3_a.B", &long] {
        assert_eq!(client.send(with_id("/info", id)).await.headers["x-request-id"], id);
        line(id);
    }
    let too_long = "x".repeat(65);
    for id in ["", "a b", "a\tb", "é", "a=\"b\"", &too_long] {
        let reply = client.send(with_id("/info", id)).await;
        let given = reply.headers["x-request-id"].to_str().unwrap().to_owned();
        assert_ne!(given, id);
        assert!(uuid::Uuid::try_parse(&given).is_ok(), "{given}");
    }
    // A preflight, and what no route is for.
    let preflight = Request::builder()
        .method("OPTIONS")
        .uri("/login")
        .header("origin", "https://shop.example")
        .header("access-control-request-method", "POST")
        .header("x-request-id", "preflight");
    client.client.send(preflight.body(Body::empty()).unwrap()).await.unwrap();
    assert!(line("preflight").contains("method=OPTIONS"));
}

#[tokio::test]
async fn a_failure_is_logged_with_its_cause_and_the_client_is_told_nothing_of_it() {
    let service = Service::start().await;
    service.faults.add(When::operation("GetItem"), Fault::Error(400, "AccessDeniedException".to_owned()));
    let mut client = service.client().await;
    let failed = client.post("/login", &credentials("ada@example.com", "umbrella")).await;
    assert_refused(&failed, 500, "internal");
    assert!(!failed.text.contains("Denied") && !failed.text.contains("GetItem"), "{}", failed.text);
    let told = line(failed.headers["x-request-id"].to_str().unwrap());
    assert!(
        told.contains("ERROR") && told.contains("code=internal") && told.contains("AccessDenied"),
        "{told}"
    );
}

#[tokio::test]
async fn a_request_whose_client_goes_away_leaves_a_line_too() {
    let service = Service::start().await;
    service.faults.add(When::operation("GetItem").always(), Fault::HangBefore);
    let mut client = service.client().await;
    let request = with_id("/products/1", "gone");
    let (parts, body) = request.into_parts();
    let mut request = Request::from_parts(parts, body);
    let token = "Bearer b0e52b5d-9acf-4fec-86dc-a21e0978a9bc".parse().unwrap();
    request.headers_mut().insert("authorization", token);
    let asking = tokio::spawn(async move { client.send(request).await });
    until(async || !service.faults.log().is_empty()).await;
    asking.abort();
    until(async || logged().contains("abandoned")).await;
    assert!(line("gone").contains("WARN"));
}
