//! A server with the built-in catalogue on a free port, and clients whose responses are compared with `/openapi.json`.

use std::{net::SocketAddr, time::Duration};

use axum::{body::Body, http::Request};
use dynamap::{
    Table,
    cursor::{CursorKey, CursorSealer},
};
use dynamap_local::{Local, faults::Faults, faults::Plan};
use serde_json::{Value, json};
use tokio::{sync::oneshot, task::JoinHandle};
use webshop::{
    catalogue,
    http::{App, Limits, Server, Stopped},
    import::{self, Catalogue},
    load::{Client, Reply},
};

use super::{document, log};
use crate::passwords::cheap;

/// Keys that are known to the test.
pub(crate) fn sealer() -> CursorSealer {
    CursorSealer::new(CursorKey::from_bytes([1; 32]))
}

/// A running server. It ends with the test.
pub(crate) struct Service {
    pub(crate) local: Local,
    pub(crate) faults: Faults,
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Stopped>,
}

impl Service {
    pub(crate) async fn start() -> Self {
        Self::with(Limits::default()).await
    }

    pub(crate) async fn with(limits: Limits) -> Self {
        Self::of(&catalogue::built_in().unwrap(), limits).await
    }

    /// A shop with this catalogue.
    pub(crate) async fn of(catalogue: &Catalogue, limits: Limits) -> Self {
        log::begin();
        let local = Local::memory().unwrap();
        let table = Table::new(local.client(), "webshop");
        table.create_table_if_absent().send().await.unwrap();
        import::write(&table, catalogue, |_| {}).await.unwrap();
        let (faulty, faults) = local.with_faults(Plan::none());
        let app = App::new(Table::new(faulty.client(), "webshop"), cheap(), limits, sealer());
        let server = Server::bind(("127.0.0.1", 0), app).await.unwrap();
        let address = server.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        Self { local, faults, address, stop, serving }
    }

    pub(crate) async fn client(&self) -> Checked {
        Checked { client: Client::connect(self.address).await.unwrap() }
    }

    /// A client that is logged in as Ada.
    pub(crate) async fn ada(&self) -> Checked {
        let mut client = self.client().await;
        let login = client.post("/login", &credentials("ada@example.com", "umbrella")).await;
        client.client.token = Some(login.json()["json-web-token"].as_str().unwrap().to_owned());
        client
    }

    pub(crate) fn stop(self) -> JoinHandle<Stopped> {
        let _ = self.stop.send(());
        self.serving
    }

    pub(crate) async fn count(&self, prefix: &str) -> usize {
        let items = self.local.client().scan().table_name("webshop").send().await.unwrap().items.unwrap();
        items.iter().filter(|item| item["pk"].as_s().unwrap().starts_with(prefix)).count()
    }
}

/// A client that compares every response with the description of the interface.
pub(crate) struct Checked {
    pub(crate) client: Client,
}

impl Checked {
    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        let reply = self.client.get(path).await.unwrap();
        Self::check("get", path, reply)
    }

    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Reply {
        let reply = self.client.post(path, body).await.unwrap();
        Self::check("post", path, reply)
    }

    pub(crate) async fn post_text(&mut self, path: &str, body: impl Into<Body>) -> Reply {
        self.send(Request::post(path).body(body.into()).unwrap()).await
    }

    pub(crate) async fn send(&mut self, request: Request<Body>) -> Reply {
        let (method, path) = (request.method().as_str().to_lowercase(), request.uri().path().to_owned());
        let reply = self.client.send(request).await.unwrap();
        Self::check(&method, &path, reply)
    }

    fn check(method: &str, path: &str, reply: Reply) -> Reply {
        document::check(method, path, &reply);
        reply
    }
}

/// What comes soon; a test that waits for what never comes fails.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), what).await.expect("it comes")
}

/// Waits until something is so.
pub(crate) async fn until(is_so: impl AsyncFn() -> bool) {
    soon(async {
        while !is_so().await {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

pub(crate) fn credentials(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password })
}

pub(crate) fn user(email: &str) -> Value {
    json!({ "first-name": "Cleo", "last-name": "Marsh", "email": email, "password": "pancake" })
}

/// The status, and the code of a refusal.
pub(crate) fn outcome(reply: &Reply) -> (u16, String) {
    (reply.status.as_u16(), reply.json()["code"].as_str().unwrap_or_default().to_owned())
}

#[track_caller]
pub(crate) fn assert_refused(reply: &Reply, status: u16, code: &str) {
    assert_eq!(outcome(reply), (status, code.to_owned()), "{}", reply.text);
}
