//! The page at `/`, as a person uses it.

use std::path::Path;

use axum::http::HeaderMap;
use dynamap::Table;
use examples_shared::browser::Browser;
use serde_json::{Value, json};
use webshop::model::{Details, GroupId, Product, ProductId, Shop};

use super::service::Service;
use crate::scratch::Scratch;

const FILES: [(&str, &str); 4] = [
    ("/", "text/html; charset=utf-8"),
    ("/index.html", "text/html; charset=utf-8"),
    ("/page.css", "text/css; charset=utf-8"),
    ("/page.js", "text/javascript; charset=utf-8"),
];

#[tokio::test]
async fn the_page_asks_no_other_host_for_anything() {
    let service = Service::start().await;
    let mut client = service.client().await;
    let policy = |headers: &HeaderMap| headers["content-security-policy"].to_str().unwrap().to_owned();
    for (path, content_type) in FILES {
        let reply = client.get(path).await;
        assert_eq!(reply.headers["content-type"], content_type);
        assert_eq!(reply.headers["x-content-type-options"], "nosniff");
        let policy = policy(&reply.headers);
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");
        assert!(!policy.contains("http:") && !policy.contains("https:") && !policy.contains('*'), "{policy}");
        assert!(!reply.text.contains("://"), "{path}");
        for unsafe_word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
            assert!(!reply.text.contains(unsafe_word), "{path} has {unsafe_word}");
        }
    }
}

/// Adds 21 products to a group, of which one would be a script if it were HTML.
async fn many_products(service: &Service) {
    let shop = Table::<Shop>::new(service.local.client(), "webshop");
    for id in 1000..1021 {
        let title = if id == 1000 { "<img src=x onerror=alert(1)>".to_owned() } else { format!("Game {id}") };
        let product = Product {
            id: ProductId(id),
            group: GroupId(3),
            title,
            price: "7".parse().unwrap(),
            year: None,
            country: None,
            details: Details::Other { maker: "Maker".to_owned(), category: "Game".to_owned() },
        };
        shop.put(&product).send().await.unwrap();
    }
}

/// A person in front of the page.
struct Person {
    browser: Browser,
    home: String,
}

impl Person {
    fn open(&mut self, hash: &str) {
        let url = format!("{}/{hash}", self.home);
        self.browser.evaluate(&format!("location.href = {}", json!(url)));
        self.sees_page(hash);
    }

    /// Waits until the page with this hash is shown.
    #[track_caller]
    fn sees_page(&mut self, hash: &str) {
        let at = format!("document.querySelector('main')?.dataset.hash === {}", json!(hash));
        self.browser.wait(&at);
    }

    #[track_caller]
    fn fills_in(&mut self, fields: &[(&str, &str)]) {
        for (name, text) in fields {
            let field = format!("document.querySelector('input[name={name}]')");
            self.browser.evaluate(&format!("{field}.focus(), {field}.select()"));
            self.browser.call("Input.insertText", json!({ "text": text }));
        }
        self.browser.evaluate("document.querySelector('form button').click()");
    }

    #[track_caller]
    fn clicks(&mut self, text: &str) {
        let link = format!(
            "[...document.querySelectorAll('main a, nav a, button')].find((a) => a.textContent === {})",
            json!(text)
        );
        self.browser.wait(&format!("Boolean({link})"));
        self.browser.evaluate(&format!("{link}.click()"));
    }

    #[track_caller]
    fn sees(&mut self, text: &str) {
        self.browser.wait(&format!("document.querySelector('main').innerText.includes({})", json!(text)));
    }

    /// The cells of the table, row by row.
    fn rows(&mut self) -> Vec<Vec<String>> {
        let cells = "[...document.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => cell.innerText))";
        serde_json::from_value(self.browser.evaluate(cells)).unwrap()
    }

    fn goes_to_page(&mut self, direction: &str, number: usize) -> Vec<Vec<String>> {
        self.clicks(direction);
        self.sees(&format!("Page {number}"));
        self.rows()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Chromium"]
async fn a_person_signs_in_logs_in_and_looks_at_groups_and_products() {
    let scratch = Scratch::new("page");
    let service = Service::start().await;
    many_products(&service).await;
    let (home, folder) = (format!("http://{}", service.address), scratch.path().to_owned());
    tokio::task::spawn_blocking(move || visit(home, &folder)).await.unwrap();
    assert_eq!((service.count("USER#").await, service.count("SESSION#").await), (3, 1));
}

fn visit(home: String, folder: &Path) {
    let mut person = Person { browser: Browser::start(folder), home };
    let url = format!("{}/", person.home);
    person.browser.call("Page.navigate", json!({ "url": url }));
    person.browser.wait("document.querySelectorAll('main a').length === 3");
    signs_in_and_logs_in(&mut person);
    looks_at_products(&mut person);
    logs_out(&mut person);

    let events = person.browser.events();
    let of = |method: &str| {
        events.iter().filter(|event| event["method"] == method).cloned().collect::<Vec<Value>>()
    };
    assert!(of("Runtime.exceptionThrown").is_empty() && of("Page.javascriptDialogOpening").is_empty());
    // The refusals are of the test's own making.
    let logged = of("Log.entryAdded");
    let other: Vec<&Value> =
        logged.iter().filter(|event| event["params"]["entry"]["source"] != "network").collect();
    assert!(other.is_empty(), "{other:#?}");
    let requests = of("Network.requestWillBeSent");
    assert!(requests.len() > 15, "{}", requests.len());
    for request in requests {
        let url = request["params"]["request"]["url"].as_str().unwrap().to_owned();
        assert!(url.starts_with(&person.home) || url.starts_with("data:,"), "{url}");
    }
}

fn signs_in_and_logs_in(person: &mut Person) {
    person.clicks("Product groups");
    person.sees("Given token is not valid");

    person.open("#/signin");
    person.fills_in(&[("first-name", "Cleo"), ("last-name", "Marsh"), ("email", "cleo@example.com")]);
    person.sees("Validation failed - some fields were empty");
    person.fills_in(&[("password", "pancake")]);
    person.sees("cleo@example.com is signed in");
    person.fills_in(&[]);
    person.sees("Email already exists");

    person.open("#/login");
    person.fills_in(&[("email", "cleo@example.com"), ("password", "guess")]);
    person.sees("Credentials are not good");
    person.fills_in(&[("password", "pancake")]);
    person.sees_page("#/productgroups");
    assert_eq!(person.rows(), [["1", "Books"], ["2", "Movies"], ["3", "Board games"]]);
}

fn looks_at_products(person: &mut Person) {
    person.clicks("Board games");
    person.sees_page("#/products/3");
    let first = person.rows();
    assert_eq!((first.len(), first[0].len()), (10, 3));
    let second = person.goes_to_page("Next", 2);
    let third = person.goes_to_page("Next", 3);
    // There are three games in the catalogue.
    assert_eq!((second.len(), third.len()), (10, 3 + 21 - 20));
    assert!(person.browser.evaluate("document.querySelector('a[rel=next]') === null").as_bool().unwrap());
    let ids: Vec<u32> =
        [&first[..], &second, &third].concat().iter().map(|row| row[0].parse().unwrap()).collect();
    assert!(ids.is_sorted() && ids.len() == 24, "{ids:?}");
    assert_eq!(person.goes_to_page("Previous", 2), second);
    person.browser.evaluate("history.back()");
    person.sees("Page 3");
    assert_eq!(person.rows(), third);
    assert_eq!(person.goes_to_page("Previous", 2), second);
    assert_eq!(person.goes_to_page("Previous", 1), first);
    assert!(person.browser.evaluate("document.querySelector('a[rel=prev]') === null").as_bool().unwrap());
    assert_eq!(person.goes_to_page("Next", 2), second);
    person.open("#/products/3");
    assert!(person.browser.evaluate("document.querySelector('a[rel=prev]') === null").as_bool().unwrap());

    person.open("#/products/3");
    person.clicks("<img src=x onerror=alert(1)>");
    person.sees_page("#/product/3/1000");
    let product = person.rows();
    let values: Vec<&str> = product.iter().map(|row| row[1].as_str()).collect();
    assert_eq!(values, ["1000", "3", "<img src=x onerror=alert(1)>", "7", "Maker", "", "", "Game"]);
    assert_eq!(product[7][0], "Language or Category");

    person.open("#/product/3/9");
    person.sees("Did not find product for pg-id: 3, and p-id: 9");
}

fn logs_out(person: &mut Person) {
    person.clicks("Log out");
    person.sees("Welcome");
    person.open("#/productgroups");
    person.sees("Given token is not valid");
    person.open("#/nothing");
    person.sees("There is no such page.");
}
