use std::{net::SocketAddr, time::Instant};

use serde_json::{Value, json};

use super::{
    catalogue::{GROUPS, PRODUCTS},
    client::{Client, ClientError, Reply},
    report::Times,
};

/// The products of a page.
const PAGE: usize = 20;

/// A user who goes through the shop.
pub(super) struct Browser {
    client: Client,
    number: u32,
}

/// A reply that is not the one that the shop should give.
type Wrong = String;

impl Browser {
    /// Signs in and logs in; no browser if that fails, for a reason in the times.
    pub(super) async fn log_in(address: SocketAddr, number: u32) -> (Option<Self>, Times) {
        let mut times = Times::default();
        match Self::started(address, number, &mut times).await {
            Ok(browser) => (Some(browser), times),
            Err(wrong) => {
                times.fail(wrong);
                (None, times)
            }
        }
    }

    async fn started(address: SocketAddr, number: u32, times: &mut Times) -> Result<Self, Wrong> {
        let client = Client::connect(address).await.map_err(|error| error.to_string())?;
        let mut browser = Self { client, number };
        let (email, password) = (format!("user-{number}@example.com"), format!("password {number}"));
        let user = json!({ "first-name": "Uma", "last-name": "User", "email": email, "password": password });
        let began = Instant::now();
        let signed_in = browser.client.post("/signin", &user).await;
        let signed_in = times.record("POST /signin", began, signed_in)?;
        expect(&signed_in, "email", &json!(email))?;
        let began = Instant::now();
        let login = browser.client.post("/login", &json!({ "email": email, "password": password })).await;
        let login = times.record("POST /login", began, login)?;
        let token = login["json-web-token"].as_str().ok_or("a login without a token")?;
        browser.client.token = Some(token.to_owned());
        Ok(browser)
    }

    /// Goes through the shop until a time, and at least once.
    pub(super) async fn browse(mut self, until: Instant) -> Times {
        let mut times = Times::default();
        for round in self.number.. {
            if let Err(wrong) = self.round(round, &mut times).await {
                times.fail(wrong);
                break;
            }
            if Instant::now() >= until {
                break;
            }
        }
        times
    }

    /// All groups, the pages of one, and one product of each page.
    async fn round(&mut self, round: u32, times: &mut Times) -> Result<(), Wrong> {
        let groups = self.get("GET /product-groups", "/product-groups", times).await?;
        let count = groups["product-groups"].as_object().map(serde_json::Map::len);
        if count != Some(GROUPS as usize) {
            return Err(format!("{count:?} product groups"));
        }
        let group = round % GROUPS + 1;
        let mut seen = 0;
        let mut cursor = String::new();
        loop {
            let path = format!("/products/{group}?limit={PAGE}{cursor}");
            let page = self.get("GET /products/{group}", &path, times).await?;
            let products = page["products"].as_array().ok_or("a page without products")?;
            seen += products.len();
            if let Some(product) = products.get(round as usize % PAGE) {
                self.product(group, product, times).await?;
            }
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        if seen == PRODUCTS as usize { Ok(()) } else { Err(format!("{seen} products of group {group}")) }
    }

    async fn product(&mut self, group: u32, summary: &Value, times: &mut Times) -> Result<(), Wrong> {
        let id = summary[0].as_str().ok_or("a product without an id")?;
        let found = self.get("GET /product/{group}/{id}", &format!("/product/{group}/{id}"), times).await?;
        expect(&found["product"], "2", &json!(format!("Product {id}")))
    }

    async fn get(&mut self, route: &'static str, path: &str, times: &mut Times) -> Result<Value, Wrong> {
        let began = Instant::now();
        let reply = self.client.get(path).await;
        times.record(route, began, reply)
    }
}

impl Times {
    /// Records the time of a request, and returns its body if it succeeded.
    fn record(
        &mut self,
        route: &'static str,
        began: Instant,
        reply: Result<Reply, ClientError>,
    ) -> Result<Value, Wrong> {
        let reply = reply.map_err(|error| format!("{route}: {}", examples_shared::with_sources(&error)))?;
        self.add(route, began.elapsed());
        match reply.status.as_u16() {
            200 => Ok(reply.json()),
            status => Err(format!("{route}: {status} {}", reply.text)),
        }
    }
}

/// Compares a member, or an element, of a body.
fn expect(body: &Value, name: &str, expected: &Value) -> Result<(), Wrong> {
    let found = match name.parse::<usize>() {
        Ok(index) => &body[index],
        Err(_) => &body[name],
    };
    if found == expected { Ok(()) } else { Err(format!("{name} is {found} instead of {expected}")) }
}
