//! The routes as clients of the shop that this one stands in for know them: bodies, messages, codes.

use axum::{body::Body, http::Request};
use serde_json::{Value, json};

use super::service::{Service, assert_refused, credentials, outcome, user};

#[tokio::test]
async fn info_tells_where_the_pages_are() {
    let service = Service::start().await;
    let reply = service.client().await.get("/info").await;
    assert_eq!(
        (reply.status.as_u16(), &*reply.text),
        (200, r#"{"info":"index.html => Info in HTML format"}"#)
    );
    assert_eq!(reply.headers["content-type"], "application/json; charset=utf-8");
}

#[tokio::test]
async fn a_new_user_signs_in_once_and_logs_in() {
    let service = Service::start().await;
    let mut client = service.client().await;
    let reply = client.post("/signin", &user("Cleo@Example.com")).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json(), json!({ "email": "Cleo@Example.com", "ret": "ok" }));
    assert_eq!(service.count("USER#").await, 3);

    // However it is typed.
    let again = client.post("/signin", &user("cleo@example.com")).await;
    assert_eq!(again.status, 409);
    let expected = json!({ "email": "cleo@example.com", "ret": "failed", "msg": "Email already exists", "code": "email_taken" });
    assert_eq!(again.json(), expected);
    assert_eq!(service.count("USER#").await, 3);

    assert_eq!(service.count("SESSION#").await, 0);
    let login = client.post("/login", &credentials("cleo@example.com", "pancake")).await;
    let body = login.json();
    assert_eq!(
        (login.status.as_u16(), &body["ret"], &body["msg"]),
        (200, &json!("ok"), &json!("Credentials ok"))
    );
    assert_eq!(body.as_object().unwrap().len(), 3);
    assert_eq!(service.count("SESSION#").await, 1);

    for (email, password) in
        [("cleo@example.com", "Pancake"), ("dan@example.com", "pancake"), ("dan", "pancake")]
    {
        let refused = client.post("/login", &credentials(email, password)).await;
        assert_refused(&refused, 401, "wrong_credentials");
        let msg = "Credentials are not good - either email or password is not correct";
        assert_eq!(refused.json()["msg"], msg);
        assert_eq!(refused.json().as_object().unwrap().len(), 3, "no more than of any other");
    }
    assert_eq!(service.count("SESSION#").await, 1);
}

#[tokio::test]
async fn two_sign_ins_at_once_give_one_user_and_one_refusal() {
    let service = Service::start().await;
    for round in 0..20 {
        let email = format!("user-{round}@example.com");
        let mut clients = [service.client().await, service.client().await];
        let [one, two] = &mut clients;
        let (first, second) = (user(&email), user(&email.to_uppercase()));
        let (one, two) = tokio::join!(one.post("/signin", &first), two.post("/signin", &second));
        let mut outcomes = [outcome(&one), outcome(&two)];
        outcomes.sort();
        assert_eq!(outcomes, [(200, String::new()), (409, "email_taken".to_owned())]);
    }
    assert_eq!(service.count("USER#").await, 2 + 20);
}

#[tokio::test]
async fn fields_that_are_empty_are_refused_and_spaces_are_not() {
    let service = Service::start().await;
    let mut client = service.client().await;
    for path in ["/signin", "/login"] {
        let names: &[&str] = if path == "/login" {
            &["email", "password"]
        } else {
            &["email", "password", "first-name", "last-name"]
        };
        for name in names {
            for empty in [None, Some(Value::Null), Some(json!(""))] {
                let mut body = user("dan@example.com");
                body.as_object_mut().unwrap().remove(*name);
                if let Some(empty) = empty {
                    body[*name] = empty;
                }
                let refused = client.post(path, &body).await;
                assert_refused(&refused, 400, "empty_fields");
                assert_eq!(refused.json()["msg"], "Validation failed - some fields were empty");
            }
            for other in [json!(5), json!(false), json!(["x"]), json!({})] {
                let mut body = user("dan@example.com");
                body[*name] = other;
                assert_refused(&client.post(path, &body).await, 400, "field_not_text");
            }
        }
        for nothing in [json!([]), json!("text"), json!(null), json!({})] {
            assert_refused(&client.post(path, &nothing).await, 400, "empty_fields");
        }
    }
    let spaces = json!({ "first-name": " ", "last-name": " ", "email": "dan@example.com", "password": " " });
    assert_eq!(client.post("/signin", &spaces).await.status, 200);
    assert_eq!(client.post("/login", &credentials("dan@example.com", " ")).await.status, 200);
}

#[tokio::test]
async fn bodies_that_are_no_json_and_texts_that_are_no_address_are_refused() {
    let service = Service::start().await;
    let mut client = service.client().await;
    for path in ["/signin", "/login"] {
        let deep = "[".repeat(8000);
        for body in ["", "{", "email=a", r#"{"email":"a@b.c"} x"#, "\u{feff}{}", &deep] {
            let refused = client.post_text(path, body.to_owned()).await;
            assert_refused(&refused, 400, "malformed_json");
            assert_eq!(refused.json()["msg"], "Malformed JSON in request body.");
        }
        let refused = client.post_text(path, b"{\"email\":\"\xff\"}".to_vec()).await;
        assert_refused(&refused, 400, "malformed_json");
    }
    let long = format!("{}@example.com", "x".repeat(254));
    for email in ["dan", "@", "a@b@c", "a b@c", " ", "a\u{0}@b", &long] {
        assert_refused(&client.post("/signin", &user(email)).await, 400, "email_invalid");
    }
    assert_eq!(service.count("USER#").await, 2);
}

#[tokio::test]
async fn groups_products_and_one_product() {
    let service = Service::start().await;
    let mut ada = service.ada().await;
    let groups = ada.get("/product-groups").await;
    let expected =
        json!({ "ret": "ok", "product-groups": { "1": "Books", "2": "Movies", "3": "Board games" } });
    assert_eq!(groups.json(), expected);

    let products = ada.get("/products/2").await;
    let expected = json!({ "ret": "ok", "pg-id": "2", "products": [
        ["20", "2", "The Quiet Harbour", "19.99"],
        ["21", "2", "Eleven Umbrellas", "8.4"],
        ["22", "2", "Signal from Tuva", "24.05"],
        ["23", "2", "The Last Ferry", "11"],
    ] });
    assert_eq!(products.json(), expected);
    for group in ["9", "02", "+2", "x", "4294967296", "%20"] {
        let none = ada.get(&format!("/products/{group}")).await.json();
        assert_eq!((&none["ret"], &none["products"]), (&json!("ok"), &json!([])), "{group}");
    }

    let product = ada.get("/product/1/9").await;
    let expected = json!({ "ret": "ok", "pg-id": "1", "p-id": "9", "product":
        ["9", "1", "Salt and Cedar", "9.5", "Marek Dvořák", "2004", "Czechia", "Czech"] });
    assert_eq!(product.json(), expected);
    for (group, id) in [("2", "10000"), ("1", "20"), ("01", "9"), ("1", "+9"), ("x", "y")] {
        let refused = ada.get(&format!("/product/{group}/{id}")).await;
        assert_refused(&refused, 404, "product_not_found");
        let msg = format!("Did not find product for pg-id: {group}, and p-id: {id}");
        assert_eq!(refused.json()["msg"], msg);
    }
}

#[tokio::test]
async fn pages_go_on_at_their_cursor() {
    let service = Service::start().await;
    let mut ada = service.ada().await;
    let all = ada.get("/products/1").await.json();
    assert_eq!(all.get("next"), None);
    assert_eq!(all.get("prev"), None);
    for limit in 1..=6 {
        let mut pages = Vec::new();
        let mut cursor = String::new();
        let last = loop {
            let page = ada.get(&format!("/products/1?limit={limit}{cursor}")).await.json();
            pages.push(page["products"].as_array().unwrap().clone());
            assert_eq!(page["prev"].is_string(), pages.len() > 1, "{page}");
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break page,
            }
        };
        assert!(pages.iter().all(|page| page.len() <= limit), "{pages:?}");
        // No page is empty: `next` is there only if there is one.
        assert_eq!(pages.len(), 5_usize.div_ceil(limit));
        assert_eq!(json!(pages.concat()), all["products"]);
        // And back again.
        let (mut page, mut before) = (last, Vec::new());
        while let Some(prev) = page["prev"].as_str() {
            page = ada.get(&format!("/products/1?limit={limit}&cursor={prev}")).await.json();
            assert!(page["next"].is_string(), "{page}");
            before.insert(0, page["products"].as_array().unwrap().clone());
        }
        assert_eq!(before[..], pages[..pages.len() - 1]);
    }
    let page = ada.get("/products/1?limit=2").await.json();
    let next = page["next"].as_str().unwrap();
    // Of another group, damaged, or none at all.
    assert_refused(&ada.get(&format!("/products/2?cursor={next}")).await, 400, "cursor_invalid");
    for cursor in [&next[1..], "x", "", "%00"] {
        let refused = ada.get(&format!("/products/1?cursor={cursor}")).await;
        assert_refused(&refused, 400, "cursor_invalid");
        // In the same words, whatever it is.
        assert_eq!(refused.json()["msg"], "cursor is none of this product group, or has expired");
    }
    // Of another user, and again of the one whose it is, after another login.
    let mut ben = service.client().await;
    ben.post("/signin", &user("ben@example.org")).await;
    let login = ben.post("/login", &credentials("ben@example.org", "pancake")).await;
    ben.client.token = Some(login.json()["json-web-token"].as_str().unwrap().to_owned());
    assert_refused(&ben.get(&format!("/products/1?cursor={next}")).await, 400, "cursor_invalid");
    let second = ada.get(&format!("/products/1?limit=2&cursor={next}")).await.json();
    let again = service.ada().await.get(&format!("/products/1?limit=2&cursor={next}")).await.json();
    assert_eq!(second["products"], again["products"]);
    for limit in ["0", "1001", "-1", "x", "", "01", "1.0"] {
        assert_refused(&ada.get(&format!("/products/1?limit={limit}")).await, 400, "limit_invalid");
    }
    assert_refused(&ada.get("/products/1?limit=1&limit=2").await, 400, "query_invalid");
    assert_eq!(ada.get("/products/1?limit=1000&other=x").await.json(), all);
}

#[tokio::test]
async fn other_paths_and_methods_are_refused_as_json() {
    let service = Service::start().await;
    let mut client = service.ada().await;
    for path in ["/nothing", "/products", "/products/", "/product/1", "/product/1/2/3", "/Info", "/info/"] {
        let refused = client.get(path).await;
        assert_refused(&refused, 404, "route_not_found");
        let msg = "Not Found. Use /info to get information how to use the commands.";
        assert_eq!(refused.json()["msg"], msg);
    }
    for path in ["/products/%ff", "/product/1/%ff"] {
        assert_refused(&client.get(path).await, 404, "route_not_found");
    }
    for (method, path, allowed) in
        [("GET", "/login", "POST"), ("POST", "/info", "GET,HEAD"), ("DELETE", "/signin", "POST")]
    {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let refused = client.send(request).await;
        assert_refused(&refused, 405, "method_not_allowed");
        assert_eq!(refused.headers["allow"], allowed);
    }
}

#[tokio::test]
async fn scripts_of_all_origins_can_call_the_shop() {
    let service = Service::start().await;
    let mut client = service.client().await;
    let preflight = Request::builder()
        .method("OPTIONS")
        .uri("/login")
        .header("origin", "https://shop.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type,authorization");
    let reply = client.client.send(preflight.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(reply.status, 200);
    assert_eq!(reply.headers["access-control-allow-origin"], "https://shop.example");
    assert_eq!(reply.headers["access-control-allow-headers"], "content-type,authorization");
    assert_eq!(reply.headers["access-control-allow-methods"], "GET,POST");
    assert!(reply.headers.get("access-control-allow-credentials").is_none());

    let request =
        |path: &str| Request::get(path).header("origin", "https://shop.example").body(Body::empty());
    for (path, status) in [("/info", 200), ("/product-groups", 401), ("/nothing", 404)] {
        let reply = client.send(request(path).unwrap()).await;
        assert_eq!(reply.status, status);
        assert_eq!(reply.headers["access-control-allow-origin"], "https://shop.example", "{path}");
    }
}
