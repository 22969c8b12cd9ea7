//! `/openapi.json` is true to the handlers: it has all routes and codes, and each response that it describes occurs.

use std::{
    collections::BTreeSet,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use aws_sdk_dynamodb::{Client, config::retry::RetryConfig};
use axum::{
    Router,
    body::{Body, Bytes},
    http::Request,
};
use dynamap::Table;
use dynamap_local::{
    Local,
    faults::{Fault, Faults, Plan, When},
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::Service as _;
use webshop::{
    catalogue,
    http::{App, Code, Limits, OPENAPI, ROUTES, router},
    import,
    load::Reply,
};

use super::{
    document::{self, DOCUMENT, Seen},
    log,
    service::{Service, credentials, sealer, user},
};
use crate::passwords::cheap;

#[tokio::test]
async fn it_is_served() {
    let service = Service::start().await;
    let reply = service.client().await.get("/openapi.json").await;
    assert_eq!(reply.text, OPENAPI);
}

#[test]
fn it_has_all_routes() {
    let mut described = BTreeSet::new();
    for (path, methods) in DOCUMENT["paths"].as_object().unwrap() {
        described
            .extend(methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    let routes = ROUTES.iter().map(|&(method, path)| (method.to_owned(), path.to_owned())).collect();
    assert_eq!(described, routes);
}

#[test]
fn it_has_all_codes_each_with_its_status() {
    let text = |code: &Code| serde_json::to_value(code).unwrap().as_str().unwrap().to_owned();
    let codes: Vec<String> = Code::ALL.iter().map(text).collect();
    assert_eq!(DOCUMENT["components"]["schemas"]["Code"]["enum"], json!(codes));
    let mut used: BTreeSet<String> = document::described().into_iter().map(|(.., code)| code).collect();
    for (_, _, status, described) in document::described() {
        if let Some(code) = Code::ALL.iter().find(|code| text(code) == described) {
            assert_eq!(code.status(), status, "{described}");
        } else {
            assert_eq!((status, described.as_str()), (200, ""));
        }
    }
    used.insert("method_not_allowed".to_owned());
    used.remove("");
    assert_eq!(used, codes.into_iter().collect());
}

/// A shop without a socket, so that time is virtual.
struct Shop {
    router: Router,
    faults: Faults,
    seen: BTreeSet<Seen>,
}

/// A body that never comes.
struct Endless;

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        Poll::Pending
    }
}

impl Shop {
    async fn new(limits: Limits) -> Self {
        log::begin();
        let local = Local::memory().unwrap();
        let table = Table::new(local.client(), "webshop");
        table.create_table_if_absent().send().await.unwrap();
        import::write(&table, &catalogue::built_in().unwrap(), |_| {}).await.unwrap();
        let (faulty, faults) = local.with_faults(Plan::none());
        let config = faulty.config().retry_config(RetryConfig::disabled()).build();
        let table = Table::new(Client::from_conf(config), "webshop");
        let router = router(App::new(table, cheap(), limits, sealer()));
        Self { router, faults, seen: BTreeSet::new() }
    }

    async fn send(&mut self, request: Request<Body>) -> Reply {
        let (method, path) = (request.method().as_str().to_lowercase(), request.uri().path().to_owned());
        let (parts, body) = self.router.call(request).await.unwrap().into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().into()).unwrap();
        let reply = Reply { status: parts.status, headers: parts.headers, text };
        self.seen.insert(document::check(&method, &path, &reply));
        reply
    }

    async fn post(&mut self, path: &str, body: impl Into<Body>) -> Reply {
        self.send(Request::post(path).body(body.into()).unwrap()).await
    }

    async fn get(&mut self, path: &str, token: &str) -> Reply {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }
}

/// The routes with a body, and a body that is right.
fn bodies() -> [(&'static str, Value); 2] {
    [("/signin", user("cleo@example.com")), ("/login", credentials("ada@example.com", "umbrella"))]
}

const READS: [&str; 3] = ["/product-groups", "/products/1", "/product/1/9"];

/// Sees what the shop does when requests to the table have a fault.
async fn faults(seen: &mut BTreeSet<Seen>) {
    let token = "b0e52b5d-9acf-4fec-86dc-a21e0978a9bc";
    let denied = Fault::Error(400, "AccessDeniedException".to_owned());
    let limits = Limits { request_time: Duration::from_millis(1), ..Limits::default() };
    for (limits, when, fault) in [
        (Limits::default(), When::any(), denied),
        (Limits::default(), When::any(), Fault::NeverConnected),
        (Limits::default(), When::operation("PutItem"), Fault::DropAfter),
        (limits, When::any(), Fault::HangBefore),
    ] {
        let mut shop = Shop::new(limits).await;
        shop.faults.add(when.always(), fault);
        for (path, body) in bodies() {
            shop.post(path, body.to_string()).await;
        }
        for path in READS {
            shop.get(path, token).await;
        }
        seen.extend(shop.seen);
    }
}

#[tokio::test(start_paused = true)]
async fn every_response_that_it_describes_occurs() {
    let mut shop = Shop::new(Limits::default()).await;
    faults(&mut shop.seen).await;
    for (method, path) in ROUTES {
        let path = path.replace("{group}", "1").replace("{id}", "9");
        let mut request = Request::builder().method(*method).uri(path);
        for number in 0..100 {
            request = request.header(format!("x-{number}"), "x");
        }
        shop.send(request.body(Body::empty()).unwrap()).await;
    }
    for path in ["/", "/index.html", "/page.css", "/page.js", "/openapi.json", "/info"] {
        shop.get(path, "").await;
    }
    for (path, body) in bodies() {
        for body in ["{", "{}", r#"{"email":1,"password":1,"first-name":1,"last-name":1}"#] {
            shop.post(path, body).await;
        }
        shop.post(path, "x".repeat(100_000)).await;
        shop.post(path, Body::new(Endless)).await;
        shop.post(path, body.to_string()).await;
    }
    shop.post("/signin", user("no address").to_string()).await;
    shop.post("/signin", user("cleo@example.com").to_string()).await;
    let login = shop.post("/login", credentials("cleo@example.com", "pancake").to_string()).await;
    let token = login.json()["json-web-token"].as_str().unwrap().to_owned();
    for _ in 0..10 {
        shop.post("/login", credentials("cleo@example.com", "guess").to_string()).await;
    }
    for path in READS {
        shop.get(path, &token).await;
        shop.get(path, "").await;
    }
    for path in
        ["/products/1?limit=1&limit=1", "/products/1?limit=0", "/products/1?cursor=x", "/products/%ff"]
    {
        shop.get(path, &token).await;
    }
    for path in ["/product/1/10000", "/product/1/%ff"] {
        shop.get(path, &token).await;
    }
    let missing: Vec<_> = document::described().difference(&shop.seen).cloned().collect();
    assert!(missing.is_empty(), "described, and never seen: {missing:#?}");
}
