//! Tokens: what is one, and that all others are refused alike.

use std::time::{Duration, SystemTime};

use axum::{body::Body, http::Request};
use dynamap::{Table, value::EpochSeconds};
use webshop::{
    SESSION_LIFETIME,
    model::{Session, SessionToken, Shop},
    start_session,
};

use super::service::{Checked, Service, outcome};

const PATHS: [&str; 3] = ["/product-groups", "/products/1", "/product/1/9"];

async fn with(client: &mut Checked, path: &str, authorization: Option<&str>) -> (u16, String) {
    let mut request = Request::get(path);
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    let reply = client.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(reply.headers.contains_key("www-authenticate"), reply.status == 401);
    if reply.status == 401 {
        let body = r#"{"ret":"failed","msg":"Given token is not valid","code":"token_invalid"}"#;
        assert_eq!(reply.text, body);
    }
    outcome(&reply)
}

fn basic(text: &str) -> String {
    format!("Basic {}", base64_simd::STANDARD.encode_to_string(text))
}

#[tokio::test]
async fn a_token_is_taken_by_both_schemes() {
    let service = Service::start().await;
    let mut ada = service.ada().await;
    let token = ada.client.token.clone().unwrap();
    for path in PATHS {
        for authorization in [format!("Bearer {token}"), basic(&token), basic(&format!("{token}:NOT"))] {
            assert_eq!(with(&mut ada, path, Some(&authorization)).await, (200, String::new()));
        }
    }
}

#[tokio::test]
async fn absent_unknown_damaged_and_expired_tokens_are_refused_alike() {
    let service = Service::start().await;
    let mut client = service.client().await;
    let shop = Table::<Shop>::new(service.local.client(), "webshop");
    let ended = EpochSeconds::from(SystemTime::now()) - Duration::from_secs(1);
    let expired = start_session(&shop, &"ada@example.com".parse().unwrap(), ended).await.unwrap().token;
    let unknown = SessionToken::random().to_string();
    let tokens = [expired.to_string(), unknown, "garbage".to_owned(), String::new(), "#".to_owned()];
    for path in PATHS {
        assert_eq!(with(&mut client, path, None).await, (401, "token_invalid".to_owned()));
        for token in &tokens {
            for authorization in [format!("Bearer {token}"), basic(token), basic(&format!("{token}:NOT"))] {
                let refused = with(&mut client, path, Some(&authorization)).await;
                assert_eq!(refused, (401, "token_invalid".to_owned()), "{authorization}");
            }
        }
        for authorization in ["Basic ***", "Digest x", "Bearer", "\u{e9}"] {
            let refused = with(&mut client, path, Some(authorization)).await;
            assert_eq!(refused, (401, "token_invalid".to_owned()), "{authorization}");
        }
    }
}

/// The token is the session's, and nothing in the server's memory: another server takes it, and a deleted one is none.
#[tokio::test]
async fn a_token_is_valid_as_long_as_its_session_is_there() {
    let service = Service::start().await;
    let mut ada = service.ada().await;
    let token = ada.client.token.clone().unwrap();
    let shop = Table::<Shop>::new(service.local.client(), "webshop");
    let key = Session::key(SessionToken(token.parse().unwrap()));
    let session = shop.get(key).send().await.unwrap().unwrap();
    let latest = EpochSeconds::from(SystemTime::now()) + SESSION_LIFETIME;
    assert!(session.expires_at <= latest && session.expires_at > latest - Duration::from_secs(600));
    assert_eq!(ada.get("/product-groups").await.status, 200);
    shop.delete(&session).send().await.unwrap();
    assert_eq!(ada.get("/product-groups").await.status, 401);
}
